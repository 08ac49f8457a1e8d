-- Tasks, counts before anything is sent, and look-ups.

CREATE FUNCTION gate.task_rules() RETURNS TABLE (kind text, opens smallint, lasts interval)
LANGUAGE sql IMMUTABLE SET search_path = pg_catalog, pg_temp AS $$
    VALUES ('message', 1::smallint, interval '14 days'), ('conversation', 200::smallint, interval '30 days'),
           ('request', 20::smallint, interval '60 days'), ('session', 100::smallint, interval '12 hours'),
           ('answer', 20::smallint, interval '30 days')
$$;

-- Check that this session may need people for this purpose; return the version, the term ids and the role that permits it.
CREATE FUNCTION gate.permit_plan(token text, of_kind text, for_purpose text, reference text) RETURNS uses.task
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp SET timezone = 'UTC' AS $$
DECLARE
    made uses.task;
    who record;
    v integer := policy.current_version();
BEGIN
    SELECT * INTO who FROM retailer.session_of(token);
    made.kind := gate.term('task', of_kind, 'task_undeclared');
    made.purpose := gate.term('purpose', for_purpose, 'purpose_undeclared');
    IF NOT EXISTS (SELECT FROM policy.purpose_task k
        WHERE k.version = v AND k.purpose = made.purpose AND k.task = made.kind) THEN
        PERFORM gate.refuse('task_undeclared');
    END IF;
    SELECT min(r.role) INTO made.role FROM policy.purpose_role r
    WHERE r.version = v AND r.purpose = made.purpose AND r.role = ANY (who.role);
    IF made.role IS NULL THEN
        PERFORM gate.refuse('role_refused');
    END IF;
    SELECT gate.now(), gate.now() + r.lasts, r.opens INTO made.planned_at, made.expires_at, made.opens_left
    FROM gate.task_rules() r WHERE r.kind = of_kind;
    made.ref := reference;
    made.planned_by := who.session;
    made.staff := who.staff;
    made.shops := who.shops;
    RETURN made;
END $$;

CREATE FUNCTION gate.keep_task(made uses.task) RETURNS bigint
LANGUAGE sql SET search_path = pg_catalog, pg_temp SET timezone = 'UTC' AS $$
    INSERT INTO uses.task (kind, purpose, ref, people, planned_by, staff, shops, role, planned_at, expires_at, opens_left)
    VALUES (made.kind, made.purpose, made.ref, made.people, made.planned_by, made.staff, made.shops, made.role,
        made.planned_at, made.expires_at, made.opens_left) RETURNING id
$$;

CREATE FUNCTION gate.plan(
    token text, of_kind text, for_purpose text, customers uuid[], reference text, journal bigint, head bytea
) RETURNS bigint
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET timezone = 'UTC' AS $$
DECLARE
    made uses.task;
BEGIN
    PERFORM gate.enter_gate(journal, head);
    made := gate.permit_plan(token, of_kind, for_purpose, reference);
    -- Whoever is limited to shops plans for their people alone: the machine that opens the task has no such limit.
    made.people := ARRAY(
        SELECT p.id FROM vault.person p WHERE p.customer = ANY (customers) AND p.erased_at IS NULL
            AND (made.shops IS NULL OR p.shop = ANY (made.shops)) ORDER BY p.id);
    IF cardinality(made.people) = 0 OR cardinality(made.people) <> cardinality(customers) THEN
        PERFORM gate.refuse('person_unknown');
    END IF;
    RETURN gate.keep_task(made);
END $$;
GRANT EXECUTE ON FUNCTION gate.plan TO amana_app;

-- Plan one task for each `chunk` of all the people who may be written to now; nothing of them leaves but their numbers.
CREATE FUNCTION gate.plan_reachable(
    token text, for_purpose text, via_channel text, reference text, chunk integer, journal bigint, head bytea
) RETURNS TABLE (task bigint, customer uuid)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET timezone = 'UTC' SET work_mem = '64MB' SET jit = off AS $$
DECLARE
    made uses.task;
    channel smallint := gate.term('channel', via_channel, 'channel_undeclared');
    reachable bigint[];
    first integer := 1;
BEGIN
    PERFORM gate.enter_gate(journal, head);
    made := gate.permit_plan(token, 'message', for_purpose, reference);
    reachable := gate.people_without_reason(made.purpose, channel, gate.contact_field(via_channel), made.shops);
    WHILE first <= cardinality(reachable) LOOP
        made.people := reachable[first : first + chunk - 1];
        made.id := gate.keep_task(made);
        RETURN QUERY SELECT made.id, p.customer FROM vault.person p WHERE p.id = ANY (made.people) ORDER BY p.id;
        first := first + chunk;
    END LOOP;
END $$;
GRANT EXECUTE ON FUNCTION gate.plan_reachable TO amana_app;

CREATE FUNCTION gate.people_without_reason(
    of_purpose smallint, of_channel smallint, contact smallint, in_shops bigint[]
) RETURNS bigint[]
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp SET timezone = 'UTC' SET enable_hashjoin = off SET work_mem = '64MB' SET jit = off
SET plan_cache_mode = force_custom_plan AS $$
DECLARE
    everybody bigint[] := ARRAY(SELECT p.id FROM vault.person p WHERE p.erased_at IS NULL);
BEGIN
    RETURN ARRAY(
        SELECT j.person FROM gate.judge(everybody, policy.current_version(), of_purpose, of_channel, contact, in_shops,
            gate.now()) j WHERE j.reason IS NULL ORDER BY j.person);
END $$;

-- How many could be written to now, and why the others could not. Opens nobody.
CREATE FUNCTION gate.reach(token text, for_purpose text, via_channel text, journal bigint, head bytea) RETURNS jsonb
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET timezone = 'UTC' SET enable_hashjoin = off SET work_mem = '64MB' SET jit = off
SET plan_cache_mode = force_custom_plan AS $$
DECLARE
    who record;
    wanted uses.task;
    channel smallint := gate.term('channel', via_channel, 'channel_undeclared');
    everybody bigint[] := ARRAY(SELECT p.id FROM vault.person p WHERE p.erased_at IS NULL);
    counts jsonb;
BEGIN
    PERFORM gate.enter_gate(journal, head);
    wanted := gate.permit_plan(token, 'message', for_purpose, 'reach:count');
    SELECT * INTO who FROM retailer.session_of(token);
    SELECT coalesce(jsonb_object_agg(r.reason, r.people), '{}') INTO counts FROM (
        SELECT coalesce(j.reason, 'reachable') AS reason, count(*) AS people
        FROM gate.judge(everybody, policy.current_version(), wanted.purpose, channel, gate.contact_field(via_channel),
            who.shops, gate.now()) j GROUP BY 1) r;
    RETURN gate.shown(counts, who.role);
END $$;
GRANT EXECUTE ON FUNCTION gate.reach TO amana_app;

-- How many of the people whom a reference was planned for have withdrawn or objected since: the purpose, whichever channel.
CREATE FUNCTION gate.opted_out(token text, for_purpose text, reference text, journal bigint, head bytea) RETURNS jsonb
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET timezone = 'UTC' SET work_mem = '64MB' SET jit = off AS $$
DECLARE
    who record;
    wanted uses.task;
    counted bigint;
BEGIN
    PERFORM gate.enter_gate(journal, head);
    wanted := gate.permit_plan(token, 'message', for_purpose, reference);
    SELECT * INTO who FROM retailer.session_of(token);
    SELECT count(DISTINCT d.person) INTO counted
    FROM uses.task t CROSS JOIN unnest(t.people) AS p (id)
    JOIN consent.decision d ON d.person = p.id AND d.purpose = t.purpose AND d.kind IN ('withdrawn', 'objected')
        AND d.at > t.planned_at
    WHERE t.ref = reference AND t.purpose = wanted.purpose;
    RETURN gate.shown(jsonb_build_object('opted_out', counted), who.role);
END $$;
GRANT EXECUTE ON FUNCTION gate.opted_out TO amana_app;

-- Record something a room did about a person, in that person's own record.
CREATE FUNCTION gate.note(of_customer uuid, event text, payload jsonb, journal bigint, head bytea) RETURNS uuid
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET timezone = 'UTC' AS $$
DECLARE
    of_person bigint;
BEGIN
    PERFORM gate.enter_gate(journal, head);
    IF event ~ '^(consent|gate|policy|vault|retailer|ledger|uses)[.]' THEN
        PERFORM gate.refuse('event_reserved');
    END IF;
    SELECT p.id INTO of_person FROM vault.person p WHERE p.customer = of_customer AND p.erased_at IS NULL FOR SHARE;
    IF of_person IS NULL THEN
        PERFORM gate.refuse('person_unknown');
    END IF;
    RETURN ledger.record(event, of_person, payload);
END $$;
GRANT EXECUTE ON FUNCTION gate.note TO amana_app;

CREATE FUNCTION gate.suppression_payload(x uses.suppression) RETURNS text
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp SET timezone = 'UTC' AS $$
    SELECT concat_ws('|', 'suppression', x.person, x.channel, x.reason, to_char(x.at, 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'),
        x.xid::text)
$$;

-- Suppress one channel of a person under lock; whether that was not so yet.
CREATE FUNCTION gate.suppress_person(of_person bigint, of_channel smallint, why text) RETURNS boolean
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp SET timezone = 'UTC' AS $$
DECLARE
    made uses.suppression;
BEGIN
    INSERT INTO uses.suppression (entry, person, channel, reason, at)
    VALUES (gen_random_uuid(), of_person, of_channel, why, gate.now()) ON CONFLICT DO NOTHING RETURNING * INTO made;
    IF made.entry IS NULL THEN
        RETURN false;
    END IF;
    PERFORM ledger.enter(made.entry, 'gate.suppressed',
        ledger.commit_to(made.person, made.entry, gate.suppression_payload(made)));
    RETURN true;
END $$;

-- Mark an address that its mail server refuses for good.
CREATE FUNCTION gate.suppress(token text, of_customer uuid, via_channel text, why text, journal bigint, head bytea) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET timezone = 'UTC' AS $$
BEGIN
    PERFORM gate.enter_gate(journal, head);
    PERFORM s.session FROM retailer.session_of(token) s;
    PERFORM gate.lock_people(ARRAY(SELECT p.id FROM vault.person p WHERE p.customer = of_customer));
    PERFORM gate.suppress_person(p.id, gate.term('channel', via_channel, 'channel_undeclared'), why)
    FROM vault.person p WHERE p.customer = of_customer;
END $$;
GRANT EXECUTE ON FUNCTION gate.suppress TO amana_app;
