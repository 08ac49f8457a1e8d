-- Look-ups: who was found by an address, for what, by which role. The person found sees it like a use.

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
