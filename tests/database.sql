-- What a database for tests has beside the migrations: a clock that can be set, and a way back to the first state.
CREATE SCHEMA test_seed;

CREATE PROCEDURE test_seed.remember() LANGUAGE plpgsql AS $$
DECLARE
    t record;
    filled boolean;
BEGIN
    CREATE TABLE test_seed.kept (original regclass PRIMARY KEY, copy text NOT NULL);
    CREATE TABLE test_seed.numbers (sequence regclass PRIMARY KEY, last_value bigint NOT NULL);
    FOR t IN SELECT * FROM test_seed.tables() LOOP
        EXECUTE format('SELECT EXISTS (SELECT FROM %s)', t.name) INTO filled;
        IF filled THEN
            EXECUTE format('CREATE TABLE test_seed.%I AS TABLE %s', 'copy_' || t.name::oid, t.name);
            INSERT INTO test_seed.kept VALUES (t.name, 'copy_' || t.name::oid);
        END IF;
    END LOOP;
    INSERT INTO test_seed.numbers
        SELECT format('%I.%I', schemaname, sequencename)::regclass, last_value FROM pg_sequences
        WHERE last_value IS NOT NULL AND schemaname <> 'test_seed';
END $$;

CREATE FUNCTION test_seed.tables() RETURNS TABLE (name regclass) LANGUAGE sql AS $$
    SELECT c.oid::regclass FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
    WHERE c.relkind IN ('r', 'p') AND NOT c.relispartition
      AND n.nspname NOT IN ('pg_catalog', 'information_schema', 'test_seed') AND n.nspname NOT LIKE 'pg\_%'
      AND c.oid <> to_regclass('public.django_migrations')
$$;

CREATE PROCEDURE test_seed.restore() LANGUAGE plpgsql AS $$
DECLARE
    t record;
    filled boolean;
    dirty text[] := '{}';
BEGIN
    FOR t IN SELECT name FROM test_seed.tables() LOOP
        EXECUTE format('SELECT EXISTS (SELECT FROM %s)', t.name) INTO filled;
        IF filled THEN
            dirty := dirty || t.name::text;
        END IF;
    END LOOP;
    -- A table emptied by the test itself, or by another that reaches it, has to get its first rows back too.
    dirty := ARRAY(SELECT unnest(dirty) UNION SELECT original::text FROM test_seed.kept);
    IF cardinality(dirty) > 0 THEN
        EXECUTE 'TRUNCATE ' || array_to_string(dirty, ', ') || ' CASCADE';
    END IF;
    FOR t IN SELECT original, copy FROM test_seed.kept LOOP
        EXECUTE format('INSERT INTO %s %s OVERRIDING SYSTEM VALUE SELECT %s FROM test_seed.%I',
            t.original, '(' || test_seed.columns(t.original) || ')', test_seed.columns(t.original), t.copy);
    END LOOP;
    PERFORM CASE WHEN n.last_value IS NULL
            THEN setval(format('%I.%I', s.schemaname, s.sequencename)::regclass, s.start_value, false)
            ELSE setval(n.sequence, n.last_value, true) END
    FROM pg_sequences s
    LEFT JOIN test_seed.numbers n ON n.sequence = format('%I.%I', s.schemaname, s.sequencename)::regclass
    WHERE s.schemaname <> 'test_seed' AND s.last_value IS DISTINCT FROM n.last_value;
END $$;

CREATE FUNCTION test_seed.columns(of regclass) RETURNS text LANGUAGE sql AS $$
    SELECT string_agg(quote_ident(attname), ', ' ORDER BY attnum) FROM pg_attribute
    WHERE attrelid = of AND attnum > 0 AND NOT attisdropped AND attgenerated = ''
$$;

DO $$
BEGIN
    IF to_regprocedure('ledger.now()') IS NULL THEN
        RETURN;
    END IF;
    CREATE TABLE ledger.test_clock (at timestamptz NOT NULL);
    GRANT SELECT ON ledger.test_clock TO amana_definer;
    CREATE OR REPLACE FUNCTION ledger.now() RETURNS timestamptz LANGUAGE sql VOLATILE
        SECURITY DEFINER SET search_path = pg_catalog, pg_temp
        RETURN coalesce((SELECT c.at FROM ledger.test_clock c LIMIT 1), clock_timestamp());
END $$;

-- Tests sign in by password alone; those of the second factor demand it themselves.
DO $$
BEGIN
    IF to_regclass('retailer.second_factor_demand') IS NOT NULL THEN
        DELETE FROM retailer.second_factor_demand;
    END IF;
END $$;
