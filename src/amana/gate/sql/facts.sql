-- Facts of everybody for one purpose, as a table of columns: asked, recorded and committed like any release, then taken by its
-- ticket, in one statement that an analytical engine can run. Conditions are parameters, never text of a statement.

-- Refuse whatever is no fact: identity opens one by one, never as a column.
CREATE FUNCTION gate.permit_facts(v integer, wanted smallint[]) RETURNS void
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    IF cardinality(wanted) = 0 OR EXISTS (
        SELECT FROM policy.field f WHERE f.version = v AND f.field = ANY (wanted) AND f.kind <> 'fact') THEN
        PERFORM gate.refuse('facts_only');
    END IF;
END $$;

-- The people of whom every condition holds: a fact is known, is among some values, lies between two (compared byte by byte, as
-- years of four digits are). A fact past its retention is as good as unknown.
CREATE FUNCTION gate.people_where(made uses.call, conditions jsonb) RETURNS bigint[]
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp SET timezone = 'UTC' SET work_mem = '64MB' SET jit = off
SET plan_cache_mode = force_custom_plan AS $$
BEGIN
    IF jsonb_array_length(conditions) = 0 THEN
        RETURN ARRAY(SELECT p.id FROM vault.person p
            WHERE p.erased_at IS NULL AND (made.shops IS NULL OR p.shop = ANY (made.shops)) ORDER BY p.id);
    END IF;
    RETURN ARRAY(
        SELECT f.person FROM jsonb_to_recordset(conditions) AS c (field text, among text[], least text, most text)
        JOIN gate.wanted(made, gate.now()) w ON w.name = c.field
        JOIN vault.fact f ON f.field = w.field AND f.at > w.oldest
        JOIN vault.person p ON p.id = f.person AND p.erased_at IS NULL AND (made.shops IS NULL OR p.shop = ANY (made.shops))
        WHERE (c.among IS NULL OR f.value = ANY (c.among)) AND (c.least IS NULL OR f.value COLLATE "C" >= c.least)
            AND (c.most IS NULL OR f.value COLLATE "C" <= c.most)
        GROUP BY f.person HAVING count(*) = jsonb_array_length(conditions) ORDER BY f.person);
END $$;

-- Ask for facts: `wanted` names those of the columns and of the conditions. The task is written with the call: these people are
-- needed for `reference`, once.
CREATE FUNCTION gate.ask_facts(
    token text, of_kind text, for_purpose text, via_channel text, wanted text[], conditions jsonb, reference text,
    journal bigint, head bytea
) RETURNS TABLE (call bigint, ticket text, people integer, refused jsonb)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET timezone = 'UTC' AS $$
DECLARE
    asked record;
    made uses.call;
    needed uses.task;
BEGIN
    SELECT * INTO asked FROM gate.begin_call(token, for_purpose, via_channel, 'controller', wanted, journal, head);
    made := asked.made;
    PERFORM gate.permit_facts(made.policy, made.fields);
    needed := gate.permit_plan(token, of_kind, for_purpose, reference);
    needed.people := gate.people_where(made, conditions);
    needed.opens_left := 0;
    made.task := gate.keep_task(needed);
    RETURN QUERY SELECT * FROM gate.write_call(made, asked.roles, needed.people, NULL);
END $$;
GRANT EXECUTE ON FUNCTION gate.ask_facts TO amana_app;

-- One row for each person, with the values in the order of `columns`; what is not known, or past its retention, is null.
CREATE FUNCTION gate.take_facts(by_ticket text, columns text[], journal bigint, head bytea) RETURNS TABLE (
    customer uuid, known text[])
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET timezone = 'UTC'
SET enable_hashjoin = off SET work_mem = '64MB' SET jit = off SET plan_cache_mode = force_custom_plan ROWS 1000 AS $$
DECLARE
    made uses.call;
    people bigint[];
    as_of timestamptz;
    picked text;
    joined text;
BEGIN
    PERFORM gate.enter_gate(journal, head);
    made := gate.redeem(by_ticket);
    PERFORM gate.permit_facts(made.policy, made.fields);
    people := gate.share_people(made);
    PERFORM gate.mark_taken(made.id, cardinality(people));
    as_of := gate.now();
    -- Only numbers and a time of our own stand in the text.
    SELECT string_agg(format('f%s.value', c.place), ', ' ORDER BY c.place),
        string_agg(format(' LEFT JOIN vault.fact f%s ON f%s.person = p.id AND f%s.field = %s AND f%s.at > %L::timestamptz',
            c.place, c.place, c.place, w.field, c.place, w.oldest), '' ORDER BY c.place)
    INTO picked, joined FROM unnest(columns) WITH ORDINALITY AS c (name, place) JOIN gate.wanted(made, as_of) w ON w.name = c.name;
    IF cardinality(columns) IS DISTINCT FROM (SELECT count(*) FROM gate.wanted(made, as_of) w WHERE w.name = ANY (columns)) THEN
        PERFORM gate.refuse('field_undeclared');
    END IF;
    RETURN QUERY EXECUTE 'SELECT p.customer, ARRAY[' || coalesce(picked, '') || ']::text[] FROM unnest($1) AS asked (id)'
        || ' JOIN vault.person p ON p.id = asked.id' || coalesce(joined, '') USING people;
END $$;
GRANT EXECUTE ON FUNCTION gate.take_facts TO amana_app;
