-- Out, first step: judge, write down the uses, and commit. No value leaves here.

-- Refuse a call whose purpose, channel, recipient, fields, links or role the running policy does not list; return the role that permits it.
CREATE FUNCTION gate.permit(
    v integer, of_purpose smallint, of_channel smallint, to_recipient smallint, wanted smallint[], roles smallint[]
) RETURNS smallint
LANGUAGE plpgsql STABLE AS $$
DECLARE
    allowed smallint;
BEGIN
    IF NOT EXISTS (SELECT FROM policy.purpose p WHERE p.version = v AND p.purpose = of_purpose) THEN
        PERFORM gate.refuse('purpose_undeclared');
    ELSIF of_channel <> 0 AND NOT EXISTS (
        SELECT FROM policy.purpose_channel c WHERE c.version = v AND c.purpose = of_purpose AND c.channel = of_channel) THEN
        PERFORM gate.refuse('channel_undeclared');
    ELSIF NOT EXISTS (
        SELECT FROM policy.purpose_recipient r
        WHERE r.version = v AND r.purpose = of_purpose AND r.recipient = to_recipient) THEN
        PERFORM gate.refuse('recipient_undeclared');
    ELSIF EXISTS (
        SELECT FROM unnest(wanted) AS w (field) LEFT JOIN policy.purpose_field f
            ON f.version = v AND f.purpose = of_purpose AND f.field = w.field WHERE f.field IS NULL) THEN
        PERFORM gate.refuse('field_undeclared');
    END IF;
    SELECT min(r.role) INTO allowed FROM policy.purpose_role r
    WHERE r.version = v AND r.purpose = of_purpose AND r.role = ANY (roles);
    IF allowed IS NULL THEN
        PERFORM gate.refuse('role_refused');
    END IF;
    RETURN allowed;
END $$;

-- A promotion opens an address only for the channel that writes to it, whose confirmation the judgement then asks for.
CREATE FUNCTION gate.permit_addresses(v integer, of_purpose smallint, contact smallint, wanted smallint[]) RETURNS void
LANGUAGE plpgsql STABLE AS $$
BEGIN
    IF EXISTS (
        SELECT FROM policy.purpose p JOIN policy.field f ON f.version = p.version AND f.field = ANY (wanted)
        WHERE p.version = v AND p.purpose = of_purpose AND p.promotional AND f.promotional_needs_confirmation
            AND f.field IS DISTINCT FROM contact) THEN
        PERFORM gate.refuse('address_needs_channel');
    END IF;
END $$;

-- Spend one opening of the task that needs these people; a refusal takes it back with everything else.
CREATE FUNCTION gate.spend_task(for_task bigint, of_purpose smallint, v integer, by_staff bigint) RETURNS uses.task
LANGUAGE plpgsql AS $$
DECLARE
    needed uses.task;
BEGIN
    UPDATE uses.task t SET opens_left = t.opens_left - 1 WHERE t.id = for_task RETURNING * INTO needed;
    IF needed.id IS NULL OR needed.purpose <> of_purpose OR NOT EXISTS (
        SELECT FROM policy.purpose_task k WHERE k.version = v AND k.purpose = of_purpose AND k.task = needed.kind) THEN
        PERFORM gate.refuse('task_unknown');
    ELSIF by_staff IS NOT NULL AND by_staff IS DISTINCT FROM needed.staff THEN
        PERFORM gate.refuse('task_of_another');
    ELSIF needed.expires_at <= gate.now() THEN
        PERFORM gate.refuse('task_expired');
    ELSIF needed.opens_left < 0 THEN
        PERFORM gate.refuse('task_spent');
    END IF;
    RETURN needed;
END $$;

-- Months since January 2000 stand in the upper bits of a call's number.
CREATE FUNCTION gate.first_call_of(at timestamptz) RETURNS bigint
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp SET timezone = 'UTC' AS $$
    SELECT ((extract(year FROM at)::bigint - 2000) * 12 + extract(month FROM at)::bigint - 1) << 40
$$;

CREATE FUNCTION gate.next_call(at timestamptz) RETURNS bigint
LANGUAGE sql VOLATILE AS $$
    SELECT gate.first_call_of(at) | nextval('uses.call_number')
$$;

-- A few people are looked up one by one; many are joined as sets, which only a plan made for their number does. Holds until
-- the calling function ends, which sets plan_cache_mode for itself. Such functions also turn hash joins off: all tables are
-- kept in the order of people, and merging them takes half the time of hashing them.
CREATE FUNCTION gate.plan_for_number(people integer) RETURNS void
LANGUAGE sql AS $$
    SELECT set_config('plan_cache_mode', CASE WHEN people > 50 THEN 'force_custom_plan' ELSE 'force_generic_plan' END, true)
$$;

-- Judge the task's people and write one use for each who may be opened, sorted by person.
CREATE FUNCTION gate.use_people(
    made uses.call, people bigint[], contact smallint, in_shops bigint[]
) RETURNS uses.call
LANGUAGE plpgsql
SET plan_cache_mode = auto SET enable_hashjoin = off SET work_mem = '64MB' SET jit = off AS $$
BEGIN
    PERFORM gate.plan_for_number(cardinality(people));
    WITH judged AS MATERIALIZED (
        SELECT * FROM gate.judge(people, made.policy, made.purpose, made.channel, contact, in_shops, made.at)
    ), written AS (
        INSERT INTO uses.use (call, person, decision)
        SELECT made.id, j.person, coalesce(j.decision, 0) FROM judged j WHERE j.reason IS NULL ORDER BY j.person
    )
    SELECT (SELECT count(*) FROM judged j WHERE j.reason IS NULL), pg_current_snapshot(),
        (SELECT coalesce(jsonb_object_agg(r.reason, r.people), '{}') FROM (
            SELECT j.reason, count(*) AS people FROM judged j WHERE j.reason IS NOT NULL GROUP BY j.reason) r)
    INTO made.people, made.snapshot, made.refused;
    RETURN made;
END $$;

-- Under ten people a reason could point at somebody: only the data protection officer sees it.
CREATE FUNCTION gate.shown(counts jsonb, roles smallint[]) RETURNS jsonb
LANGUAGE sql STABLE AS $$
    SELECT CASE WHEN policy.term_id('role', 'data_protection_officer') = ANY (roles) THEN counts ELSE (
        SELECT coalesce(jsonb_object_agg(key, CASE WHEN value::bigint < 10 THEN 'null'::jsonb ELSE value END), '{}')
        FROM jsonb_each(counts)) END
$$;

-- What a call begins with: who asks for what, under the running policy, by a role that it permits.
CREATE FUNCTION gate.begin_call(
    token text, for_purpose text, via_channel text, to_recipient text, wanted text[], journal bigint, head bytea,
    OUT made uses.call, OUT roles smallint[]
)
LANGUAGE plpgsql AS $$
BEGIN
    PERFORM gate.enter_gate(journal, head);
    SELECT s.session, s.staff, s.shops, s.role INTO made.session, made.staff, made.shops, roles
    FROM retailer.session_of(token) s;
    made.policy := policy.current_version();
    made.purpose := gate.term('purpose', for_purpose, 'purpose_undeclared');
    made.channel := CASE WHEN via_channel IS NULL THEN 0 ELSE gate.term('channel', via_channel, 'channel_undeclared') END;
    made.recipient := gate.term('recipient', to_recipient, 'recipient_undeclared');
    made.fields := ARRAY(SELECT gate.term('field', f, 'field_undeclared') FROM unnest(wanted) AS f);
    made.role := gate.permit(made.policy, made.purpose, made.channel, made.recipient, made.fields, roles);
    made.links := '{}';
    made.journal := journal;
END $$;

-- Judge these people for a call, write their uses and the call, and return its ticket; the caller commits.
CREATE FUNCTION gate.write_call(made uses.call, roles smallint[], people bigint[], contact smallint) RETURNS TABLE (
    call bigint, ticket text, people_used integer, refused jsonb)
LANGUAGE plpgsql AS $$
DECLARE
    secret text := gate.secret();
BEGIN
    made.at := gate.now();
    made.id := gate.next_call(made.at);
    made.entry := gen_random_uuid();
    made.xid := pg_current_xact_id();
    made := gate.use_people(made, people, contact, made.shops);
    made.ticket := sha256(secret::bytea);
    made.ticket_expires_at := made.at + interval '60 seconds';
    INSERT INTO uses.call SELECT made.*;
    INSERT INTO uses.unfolded (call) VALUES (made.id);
    RETURN QUERY SELECT made.id, secret, made.people, gate.shown(made.refused, roles);
END $$;

CREATE FUNCTION gate.ask(
    token text, for_purpose text, via_channel text, wanted text[], wanted_links text[], for_task bigint,
    to_recipient text, journal bigint, head bytea
) RETURNS TABLE (call bigint, ticket text, people integer, refused jsonb)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET timezone = 'UTC' AS $$
DECLARE
    asked record;
    made uses.call;
    contact smallint := gate.contact_field(via_channel);
    needed uses.task;
BEGIN
    SELECT * INTO asked FROM gate.begin_call(token, for_purpose, via_channel, to_recipient, wanted, journal, head);
    made := asked.made;
    made.links := wanted_links;
    PERFORM gate.permit_links(wanted_links, for_purpose);
    PERFORM gate.permit_addresses(made.policy, made.purpose, contact, made.fields);
    needed := gate.spend_task(for_task, made.purpose, made.policy, made.staff);
    made.task := needed.id;
    RETURN QUERY SELECT * FROM gate.write_call(made, asked.roles, needed.people, contact);
END $$;
GRANT EXECUTE ON FUNCTION gate.ask TO amana_app;

CREATE FUNCTION gate.secret() RETURNS text
LANGUAGE sql VOLATILE AS $$
    SELECT encode(uuid_send(gen_random_uuid()) || uuid_send(gen_random_uuid()), 'hex')
$$;
