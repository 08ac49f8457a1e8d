-- Out, second step: with a committed call's ticket, take the ciphertext of those whose standing still allows it.

-- Find the call by its ticket; refuse in the transaction that asked, so that no rollback can hide a use.
CREATE FUNCTION gate.redeem(by_ticket text) RETURNS uses.call
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp SET timezone = 'UTC' AS $$
DECLARE
    made uses.call;
BEGIN
    SELECT * INTO made FROM uses.call c WHERE c.ticket = sha256(by_ticket::bytea) FOR NO KEY UPDATE;
    IF made.id IS NULL THEN
        PERFORM gate.refuse('ticket_unknown');
    ELSIF made.xid = pg_current_xact_id() THEN
        PERFORM gate.refuse('ticket_uncommitted');
    ELSIF made.taken_at IS NOT NULL THEN
        PERFORM gate.refuse('ticket_spent');
    ELSIF made.ticket_expires_at <= gate.now() THEN
        PERFORM gate.refuse('ticket_expired');
    END IF;
    RETURN made;
END $$;

-- Share the lock of each person of a call, in the order of their numbers, until the transaction ends: a withdrawal waits.
CREATE FUNCTION gate.share_people(of_call bigint) RETURNS bigint[]
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp SET timezone = 'UTC'
SET plan_cache_mode = auto SET work_mem = '64MB' SET jit = off AS $$
DECLARE
    people bigint[] := ARRAY(
        SELECT u.person FROM uses.use u WHERE u.call = of_call AND u.person IS NOT NULL ORDER BY u.person);
BEGIN
    PERFORM set_config('plan_cache_mode',
        CASE WHEN cardinality(people) > 50 THEN 'force_custom_plan' ELSE 'force_generic_plan' END, true);
    PERFORM count(*) FROM (
        SELECT p.id FROM unnest(people) AS asked (id) JOIN vault.person p ON p.id = asked.id
        ORDER BY p.id FOR SHARE OF p) locked;
    RETURN people;
END $$;

-- Those of the locked people who may still be opened: asked again, after the locks.
CREATE FUNCTION gate.still_allowed(made uses.call, people bigint[]) RETURNS bigint[]
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp SET timezone = 'UTC'
SET plan_cache_mode = auto SET work_mem = '64MB' SET jit = off AS $$
DECLARE
    contact smallint := gate.contact_field((SELECT t.name FROM policy.term t WHERE t.id = made.channel));
BEGIN
    IF policy.current_version() <> made.policy THEN
        PERFORM gate.refuse('policy_changed');
    END IF;
    PERFORM set_config('plan_cache_mode',
        CASE WHEN cardinality(people) > 50 THEN 'force_custom_plan' ELSE 'force_generic_plan' END, true);
    RETURN ARRAY(
        SELECT j.person FROM gate.judge(people, made.policy, made.purpose, made.channel, contact, NULL, gate.now()) j
        WHERE j.reason IS NULL);
END $$;

CREATE FUNCTION gate.mark_taken(of_call bigint, people integer) RETURNS void
LANGUAGE sql SET search_path = pg_catalog, pg_temp SET timezone = 'UTC' AS $$
    UPDATE uses.call SET taken_at = gate.now(), taken = people WHERE id = of_call
$$;

-- One row for each person and field: a sealed field comes as ciphertext with the person's wrapped key; facts and links have
-- no epoch and come as they are, in UTF-8. A value whose retention has passed stays.
CREATE FUNCTION gate.take(by_ticket text, journal bigint, head bytea) RETURNS TABLE (
    customer bytea, epoch integer, wrapped bytea, field text, value bigint, version integer, content bytea)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET timezone = 'UTC'
SET plan_cache_mode = auto SET work_mem = '64MB' SET jit = off ROWS 1000 AS $$
DECLARE
    made uses.call;
    people bigint[];
    as_of timestamptz;
BEGIN
    PERFORM gate.enter_gate(journal, head);
    made := gate.redeem(by_ticket);
    people := gate.still_allowed(made, gate.share_people(made.id));
    PERFORM gate.mark_taken(made.id, cardinality(people));
    as_of := gate.now();
    PERFORM set_config('plan_cache_mode',
        CASE WHEN cardinality(people) > 50 THEN 'force_custom_plan' ELSE 'force_generic_plan' END, true);
    RETURN QUERY
        SELECT uuid_send(p.customer), k.epoch, k.wrapped, n.name, v.id, v.version, v.ciphertext
        FROM unnest(people) AS asked (id)
        JOIN vault.person p ON p.id = asked.id
        JOIN vault.key k ON k.person = p.id
        JOIN vault.value v ON v.person = p.id AND v.field = ANY (made.fields)
        JOIN policy.field f ON f.version = made.policy AND f.field = v.field
        JOIN policy.term n ON n.id = v.field
        WHERE f.retention IS NULL OR v.at + f.retention > as_of;
    RETURN QUERY
        SELECT uuid_send(p.customer), NULL::integer, NULL::bytea, n.name, NULL::bigint, NULL::integer,
            convert_to(t.value, 'UTF8')
        FROM unnest(people) AS asked (id)
        JOIN vault.person p ON p.id = asked.id
        JOIN vault.fact t ON t.person = p.id AND t.field = ANY (made.fields)
        JOIN policy.field f ON f.version = made.policy AND f.field = t.field
        JOIN policy.term n ON n.id = t.field
        WHERE f.retention IS NULL OR t.at + f.retention > as_of;
    IF cardinality(made.links) > 0 THEN
        RETURN QUERY SELECT * FROM gate.links_of(made, people);
    END IF;
END $$;
GRANT EXECUTE ON FUNCTION gate.take TO amana_app;

-- Keep the people of a taken call from being withdrawn while their messages are handed over; the lock lasts as long as
-- the caller's transaction. Returns those who may still be written to.
CREATE FUNCTION gate.hold(of_call bigint, token text, journal bigint, head bytea) RETURNS SETOF uuid
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET timezone = 'UTC' AS $$
DECLARE
    made uses.call;
    who record;
    people bigint[];
BEGIN
    PERFORM gate.enter_gate(journal, head);
    SELECT * INTO who FROM retailer.session_of(token);
    SELECT * INTO made FROM uses.call c WHERE c.id = of_call;
    IF made.taken_at IS NULL OR made.session <> who.session THEN
        PERFORM gate.refuse('ticket_unknown');
    END IF;
    people := gate.still_allowed(made, gate.share_people(of_call));
    RETURN QUERY SELECT p.customer FROM vault.person p WHERE p.id = ANY (people);
END $$;
GRANT EXECUTE ON FUNCTION gate.hold TO amana_app;
