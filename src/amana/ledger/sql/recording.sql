-- Adding to the record, and forgetting a person in it.

-- JSON with sorted keys and without spaces. Every value of `extra` is public.
CREATE FUNCTION ledger.canonical(value jsonb) RETURNS text
LANGUAGE plpgsql IMMUTABLE SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    CASE jsonb_typeof(value)
    WHEN 'object' THEN
        RETURN '{' || coalesce((SELECT string_agg(to_json(o.key)::text || ':' || ledger.canonical(o.value), ','
            ORDER BY o.key COLLATE "C") FROM jsonb_each(value) AS o), '') || '}';
    WHEN 'array' THEN
        RETURN '[' || coalesce((SELECT string_agg(ledger.canonical(a.value), ',' ORDER BY a.ordinality)
            FROM jsonb_array_elements(value) WITH ORDINALITY AS a), '') || ']';
    ELSE
        RETURN value::text;
    END CASE;
END $$;

-- A leaf is `before` ‖ commitment ‖ `after` ‖ id ‖ "}, so that many leaves of one event share the outer parts.
CREATE FUNCTION ledger.leaf_before(at timestamptz) RETURNS text
LANGUAGE sql STABLE
RETURN '{"at":"' || to_char(at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') || '","commitment":"';

CREATE FUNCTION ledger.leaf_after(event text, extra jsonb) RETURNS text
LANGUAGE sql STABLE
RETURN '","event":"' || event || '",'
    || CASE WHEN extra IS NULL THEN '' ELSE '"extra":' || ledger.canonical(extra) || ',' END || '"id":"';

-- An event stands in the leaf unescaped. Checked once for a call: for each row it costs as much as the row itself.
CREATE FUNCTION ledger.check_event(event text) RETURNS void
LANGUAGE plpgsql IMMUTABLE SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    IF event IS NULL OR event !~ '^[a-z][a-z0-9_]*(\.[a-z][a-z0-9_]*)+$' THEN
        RAISE EXCEPTION 'an event is dotted words';
    END IF;
END $$;

CREATE FUNCTION ledger.enter(entry uuid, event text, commitment bytea, extra jsonb DEFAULT NULL) RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp SET timezone = 'UTC' AS $$
DECLARE
    moment timestamptz := ledger.now();
BEGIN
    PERFORM ledger.check_event(event);
    IF octet_length(commitment) IS DISTINCT FROM 32 THEN
        RAISE EXCEPTION 'a commitment is 32 bytes';
    END IF;
    INSERT INTO ledger.pending (id, at, event, leaf) VALUES (entry, moment, event, convert_to(
        ledger.leaf_before(moment) || encode(commitment, 'hex') || ledger.leaf_after(event, extra) || entry || '"}',
        'UTF8'));
END $$;

CREATE FUNCTION ledger.record(event text, person bigint, payload jsonb, extra jsonb DEFAULT NULL) RETURNS uuid
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp SET timezone = 'UTC' AS $$
DECLARE
    entry uuid := ledger.new_id(ledger.stamp(ledger.now()));
    nonce ledger.nonce := ledger.nonce_of(person);
BEGIN
    INSERT INTO ledger.opening (entry, person, payload) VALUES (entry, person, payload::text);
    PERFORM ledger.enter(entry, event,
        ledger.commitment(nonce.inner_pad, nonce.outer_pad, entry, payload::text), extra);
    RETURN entry;
END $$;

-- One event about many people at once; the ids come back in the order of `people`.
CREATE FUNCTION ledger.record_many(event text, people bigint[], payloads jsonb[]) RETURNS uuid[]
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp SET timezone = 'UTC' SET jit = off SET work_mem = '64MB' AS $$
DECLARE
    moment timestamptz := ledger.now();
    stamp bytea := ledger.stamp(moment);
    before text := ledger.leaf_before(moment);
    after text := ledger.leaf_after(event, NULL);
    made uuid[];
    entered bigint;
BEGIN
    PERFORM ledger.check_event(event);
    WITH given AS MATERIALIZED (
        SELECT g.person, g.payload::text AS payload, g.place, ledger.new_id(stamp) AS id
        FROM unnest(people, payloads) WITH ORDINALITY AS g (person, payload, place)
    ), opened AS (
        INSERT INTO ledger.opening (entry, person, payload) SELECT g.id, g.person, g.payload FROM given g
    ), entered AS (
        INSERT INTO ledger.pending (id, at, event, leaf)
        SELECT g.id, moment, record_many.event, convert_to(
            before || encode(ledger.commitment(n.inner_pad, n.outer_pad, g.id, g.payload), 'hex') || after || g.id
            || '"}', 'UTF8')
        FROM given g JOIN ledger.nonce n ON n.person = g.person ORDER BY g.place
        RETURNING 1
    )
    SELECT (SELECT array_agg(g.id ORDER BY g.place) FROM given g), (SELECT count(*) FROM entered) INTO made, entered;
    IF entered <> coalesce(cardinality(made), 0) THEN
        PERFORM ledger.refuse('person_forgotten');
    END IF;
    RETURN coalesce(made, '{}');
END $$;

-- For the rooms above the lock: events about the deployment, none that a room of the lock answers for.
CREATE FUNCTION ledger.note(event text, payload jsonb) RETURNS uuid
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET timezone = 'UTC' AS $$
BEGIN
    IF split_part(event, '.', 1) IN ('consent', 'gate', 'policy', 'vault', 'retailer', 'ledger', 'uses') THEN
        PERFORM ledger.refuse('event_reserved');
    END IF;
    RETURN ledger.record(event, 0, payload);
END $$;
GRANT EXECUTE ON FUNCTION ledger.note TO amana_app;

-- Destroy the person's nonce and openings. The erasure's own entry commits to how many and which openings went; only
-- inside the database can they be told, so that the public record ties no entries together.
CREATE FUNCTION ledger.forget_person(person bigint) RETURNS uuid
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp SET timezone = 'UTC' AS $$
DECLARE
    gone uuid[];
    made uuid;
BEGIN
    IF forget_person.person = 0 THEN
        RAISE EXCEPTION 'the deployment itself is never forgotten';
    END IF;
    DELETE FROM ledger.nonce n WHERE n.person = forget_person.person;
    IF NOT FOUND THEN
        PERFORM ledger.refuse('person_forgotten');
    END IF;
    WITH removed AS (DELETE FROM ledger.opening o WHERE o.person = forget_person.person RETURNING o.entry)
    SELECT coalesce(array_agg(r.entry), '{}') INTO gone FROM removed r;
    made := ledger.record('ledger.forgotten', 0, jsonb_build_object(
        'openings', cardinality(gone), 'root', encode(ledger.root_of_entries(gone), 'hex')));
    INSERT INTO ledger.blanked (entry, erasure) SELECT e, made FROM unnest(gone) AS e;
    RETURN made;
END $$;

CREATE FUNCTION ledger.root_of_entries(entries uuid[]) RETURNS bytea
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
    SELECT ledger.merkle_root(string_agg(sha256('\x00'::bytea || uuid_send(e)), ''::bytea ORDER BY e))
    FROM unnest(entries) AS e
$$;
