-- Out, second step: with a committed call's ticket, take the ciphertext of those whose standing still allows it.

-- Find the call by its ticket; refuse in the transaction that asked, so that no rollback can hide a use. A plan made while there
-- were few calls would read all of them.
CREATE FUNCTION gate.redeem(by_ticket text) RETURNS uses.call
LANGUAGE plpgsql SET enable_seqscan = off AS $$
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
-- Returns those who may still be opened. Whoever was narrowed since the call looked is judged again, after the lock.
CREATE FUNCTION gate.share_people(made uses.call) RETURNS bigint[]
LANGUAGE plpgsql
SET plan_cache_mode = auto SET enable_hashjoin = off SET work_mem = '64MB' SET jit = off AS $$
DECLARE
    people bigint[] := ARRAY(
        SELECT u.person FROM uses.use u WHERE u.call = made.id AND u.person IS NOT NULL ORDER BY u.person);
    changed bigint[];
BEGIN
    IF policy.current_version() <> made.policy THEN
        PERFORM gate.refuse('policy_changed');
    END IF;
    PERFORM gate.plan_for_number(cardinality(people));
    SELECT array_agg(locked.id) FILTER (WHERE locked.same), array_agg(locked.id) FILTER (WHERE NOT locked.same)
    INTO people, changed FROM (
        SELECT p.id, p.narrowed IS NULL OR pg_visible_in_snapshot(p.narrowed, made.snapshot) AS same
        FROM unnest(people) AS asked (id) JOIN vault.person p ON p.id = asked.id
        ORDER BY p.id FOR SHARE OF p) locked;
    IF changed IS NOT NULL THEN
        people := people || ARRAY(
            SELECT j.person FROM gate.judge(changed, made.policy, made.purpose, made.channel, gate.contact_field(
                (SELECT t.name FROM policy.term t WHERE t.id = made.channel)), made.shops, gate.now()) j
            WHERE j.reason IS NULL);
    END IF;
    RETURN coalesce(people, '{}');
END $$;

-- The uses were flushed to disk when they were asked for; whether they were taken may be lost in a crash of the machine.
CREATE FUNCTION gate.mark_taken(of_call bigint, people integer) RETURNS void
LANGUAGE sql AS $$
    SELECT set_config('synchronous_commit', 'off', true);
    UPDATE uses.call SET taken_at = gate.now(), taken = people WHERE id = of_call
$$;

-- The fields a call may have, each with the time before which its retention, or the purpose's, has passed.
CREATE FUNCTION gate.wanted(made uses.call, as_of timestamptz) RETURNS TABLE (
    field smallint, name text, is_fact boolean, oldest timestamptz, held_too boolean)
LANGUAGE sql STABLE ROWS 3 AS $$
    SELECT f.field, n.name, f.kind = 'fact', as_of - least(f.retention, u.retention), u.survives_restriction
    FROM policy.field f
    JOIN policy.purpose u ON u.version = f.version AND u.purpose = made.purpose
    JOIN policy.term n ON n.id = f.field
    WHERE f.version = made.policy AND f.field = ANY (made.fields)
$$;

-- One row for each person and field: a sealed field comes as ciphertext with the person's wrapped key; facts and links have
-- no epoch and come as they are, in UTF-8. A value whose retention has passed stays, and one that is held. Each field is read by
-- itself: with the field known, its values come in the order of people and are merged, which takes half the time of sorting them.
CREATE FUNCTION gate.take(by_ticket text, journal bigint, head bytea) RETURNS TABLE (
    customer bytea, epoch integer, wrapped bytea, field text, value bigint, version integer, content bytea)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET timezone = 'UTC'
SET plan_cache_mode = auto SET enable_hashjoin = off SET work_mem = '64MB' SET jit = off ROWS 1000 AS $$
DECLARE
    made uses.call;
    people bigint[];
    w record;
BEGIN
    PERFORM gate.enter_gate(journal, head);
    made := gate.redeem(by_ticket);
    people := gate.share_people(made);
    PERFORM gate.mark_taken(made.id, cardinality(people));
    PERFORM gate.plan_for_number(cardinality(people));
    FOR w IN SELECT * FROM gate.wanted(made, gate.now()) LOOP
        RETURN QUERY
            SELECT uuid_send(p.customer), k.epoch, k.wrapped, w.name, v.id, v.version, v.ciphertext
            FROM unnest(people) AS asked (id)
            JOIN vault.person p ON p.id = asked.id
            JOIN vault.key k ON k.person = p.id
            JOIN vault.value v ON v.person = p.id AND v.field = w.field AND v.at > w.oldest
                AND (v.held_at IS NULL OR w.held_too);
        IF w.is_fact THEN
            RETURN QUERY
                SELECT uuid_send(p.customer), NULL::integer, NULL::bytea, w.name, NULL::bigint, NULL::integer,
                    convert_to(t.value, 'UTF8')
                FROM unnest(people) AS asked (id)
                JOIN vault.person p ON p.id = asked.id
                JOIN vault.fact t ON t.person = p.id AND t.field = w.field AND t.at > w.oldest;
        END IF;
    END LOOP;
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
    people := gate.share_people(made);
    RETURN QUERY SELECT p.customer FROM vault.person p WHERE p.id = ANY (people);
END $$;
GRANT EXECUTE ON FUNCTION gate.hold TO amana_app;
