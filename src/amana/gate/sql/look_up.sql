-- Look-ups: who was found by an address, for what, by which role. The person found sees it like a use. Two steps, as with a
-- release: the look-up is recorded and committed, and its ticket tells who was found.

CREATE FUNCTION gate.look_up_payload(l uses.looked_up) RETURNS text
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp SET timezone = 'UTC' AS $$
    SELECT concat_ws('|', 'looked_up', l.person, to_char(l.at, 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'), l.policy, l.purpose, l.field,
        l.role, l.session, coalesce(l.staff::text, '-'))
$$;

-- The confirmed owners of addresses, each by the place of its keyed hash: a stranger's claim is found by nobody.
CREATE FUNCTION gate.owners_at(sought smallint, keyed bytea[], in_shops bigint[]) RETURNS TABLE (place bigint, person bigint)
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
    SELECT k.place, p.id FROM unnest(keyed) WITH ORDINALITY AS k (index, place)
    JOIN vault.blind b ON b.field = sought AND b.index = k.index
    JOIN vault.person p ON p.id = b.person AND p.erased_at IS NULL
    JOIN vault.value v ON v.person = p.id AND v.field = b.field
    JOIN consent.address a ON a.person = p.id AND a.field = b.field AND a.value = v.id AND a.superseded_at IS NULL
    WHERE in_shops IS NULL OR p.shop = ANY (in_shops)
$$;

-- Keep one look-up for each person it found, or one of the deployment's when it found nobody, each committed under the nonce of
-- whom it is about. The gate was entered before: no erasure runs meanwhile.
CREATE FUNCTION gate.keep_look_up(
    found_people bigint[], of_purpose smallint, of_field smallint, by_role smallint, by_session bigint, by_staff bigint
) RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp SET timezone = 'UTC' AS $$
DECLARE
    moment timestamptz := gate.now();
    made uses.looked_up[];
BEGIN
    WITH kept AS (
        INSERT INTO uses.looked_up AS l (entry, person, at, policy, purpose, field, role, session, staff)
        SELECT ledger.new_id(ledger.stamp(moment)), f.id, moment, policy.current_version(), of_purpose, of_field, by_role,
            by_session, by_staff
        FROM unnest(CASE cardinality(found_people) WHEN 0 THEN '{0}' ELSE found_people END) AS f (id) RETURNING l)
    SELECT array_agg(k.l) INTO made FROM kept k;
    PERFORM ledger.enter(m.entry, 'gate.looked_up', ledger.commit_to(m.person, m.entry, gate.look_up_payload(m)))
    FROM unnest(made) m;
END $$;

-- Record who owns these addresses, once for each person found, who sees it; the caller commits. `keyed` are the addresses under
-- each key, of which `newest` is the newest.
CREATE FUNCTION gate.look_up(
    token text, for_purpose text, of_field text, keyed bytea[], newest integer, journal bigint, head bytea
) RETURNS text
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET timezone = 'UTC' AS $$
DECLARE
    who record;
    secret text := gate.secret();
    sought smallint := gate.term('field', of_field, 'field_undeclared');
    purpose smallint := gate.term('purpose', for_purpose, 'purpose_undeclared');
    allowed smallint;
    places bigint[];
    people bigint[];
BEGIN
    PERFORM gate.enter_gate(journal, head);
    SELECT * INTO who FROM retailer.session_of(token);
    allowed := gate.permit(policy.current_version(), purpose, 0::smallint,
        policy.term_id('recipient', 'controller'), ARRAY[sought], who.role);
    SELECT coalesce(array_agg(o.place), '{}'), coalesce(array_agg(o.person), '{}') INTO places, people
    FROM gate.owners_at(sought, keyed, who.shops) o;
    PERFORM gate.check_index(newest);
    PERFORM gate.keep_look_up(
        ARRAY(SELECT DISTINCT f.id FROM unnest(people) AS f (id) ORDER BY f.id), purpose, sought, allowed, who.session, who.staff);
    INSERT INTO uses.finding (ticket, xid, expires_at, session, purpose, field, places, people) VALUES (sha256(secret::bytea),
        pg_current_xact_id(), gate.now() + interval '60 seconds', who.session, purpose, sought, places, people);
    RETURN secret;
END $$;
GRANT EXECUTE ON FUNCTION gate.look_up TO amana_app;

-- Spend the ticket of a look-up that is committed: in the transaction that looked, a rollback would hide it.
CREATE FUNCTION gate.redeem_finding(by_ticket text) RETURNS uses.finding
LANGUAGE plpgsql AS $$
DECLARE
    made uses.finding;
BEGIN
    DELETE FROM uses.finding f WHERE f.ticket = sha256(by_ticket::bytea) RETURNING * INTO made;
    IF made.ticket IS NULL THEN
        PERFORM gate.refuse('ticket_unknown');
    ELSIF made.xid = pg_current_xact_id() THEN
        PERFORM gate.refuse('ticket_uncommitted');
    ELSIF made.expires_at <= gate.now() THEN
        PERFORM gate.refuse('ticket_expired');
    END IF;
    RETURN made;
END $$;

-- Who was found, each by the place of its keyed address.
CREATE FUNCTION gate.found(by_ticket text, journal bigint, head bytea) RETURNS TABLE (place bigint, customer uuid)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET timezone = 'UTC' AS $$
DECLARE
    made uses.finding;
BEGIN
    PERFORM gate.enter_gate(journal, head);
    made := gate.redeem_finding(by_ticket);
    RETURN QUERY SELECT f.place, p.customer FROM unnest(made.places, made.people) AS f (place, id)
        JOIN vault.person p ON p.id = f.id AND p.erased_at IS NULL ORDER BY f.place, p.id;
END $$;
GRANT EXECUTE ON FUNCTION gate.found TO amana_app;
