-- What the policy keeps only for a time goes by itself: values after their category's retention, months of uses after that
-- of evidence. The ledger keeps the commitments.

-- Delete up to `most` values and as many facts whose retention has passed, with what finds them, and findings nobody asked for;
-- return how many values and facts went.
CREATE FUNCTION gate.expire(most integer) RETURNS bigint
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET timezone = 'UTC' AS $$
DECLARE
    went bigint;
    people bigint[];
    fields smallint[];
BEGIN
    WITH sealed AS (
        DELETE FROM vault.value v USING (
            SELECT o.person, o.field FROM vault.value o JOIN policy.field f ON f.field = o.field
            WHERE f.version = policy.current_version() AND o.at <= gate.now() - f.retention LIMIT most) x
        WHERE v.person = x.person AND v.field = x.field RETURNING v.person, v.field
    ), plain AS (
        DELETE FROM vault.fact v USING (
            SELECT o.person, o.field FROM vault.fact o JOIN policy.field f ON f.field = o.field
            WHERE f.version = policy.current_version() AND o.at <= gate.now() - f.retention LIMIT most) x
        WHERE v.person = x.person AND v.field = x.field RETURNING 1
    )
    SELECT array_agg(s.person), array_agg(s.field), count(*) + (SELECT count(*) FROM plain) INTO people, fields, went
    FROM sealed s;
    -- In statements of their own: while the values were waited for, a rotation may have indexed them anew.
    DELETE FROM vault.blind b USING unnest(people, fields) AS x (person, field) WHERE b.person = x.person AND b.field = x.field;
    DELETE FROM vault.token t USING unnest(people, fields) AS x (person, field) WHERE t.person = x.person AND t.field = x.field;
    DELETE FROM uses.finding f WHERE f.expires_at <= gate.now();
    IF went > 0 THEN
        PERFORM ledger.record('vault.expired', 0, jsonb_build_object('values', went));
    END IF;
    RETURN went;
END $$;
GRANT EXECUTE ON FUNCTION gate.expire TO amana_app;

-- Drop the oldest month of uses that lies wholly before the retention of evidence, and the look-ups up to its end; tell whether
-- there was one. Its entry keeps what lets anybody check later what went: the calls themselves stay. A month with a release
-- that is not folded yet waits.
CREATE FUNCTION gate.drop_month() RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET timezone = 'UTC' AS $$
DECLARE
    gone uses.dropped_month;
    calls record;
BEGIN
    gone.month := gate.month_over();
    IF gone.month IS NULL THEN
        RETURN false;
    END IF;
    gone.entry := gen_random_uuid();
    gone.at := gate.now();
    WITH deleted AS (
        DELETE FROM uses.looked_up l WHERE l.at < to_date(gone.month, 'YYYYMM') + interval '1 month' RETURNING l.entry)
    INSERT INTO uses.blanked (entry, erasure) SELECT d.entry, gone.entry FROM deleted d;
    EXECUTE format('SELECT count(*) FROM uses.%I', 'use_' || gone.month) INTO gone.uses;
    SELECT * INTO calls FROM gate.calls_of(gone.month);
    PERFORM ledger.enter(gone.entry, 'gate.month_dropped', ledger.commit_to(0, gone.entry, gate.month_payload(gone)),
        jsonb_build_object('month', gone.month, 'calls', calls.calls, 'uses', gone.uses, 'root', encode(calls.root, 'hex')));
    INSERT INTO uses.dropped_month SELECT gone.*;
    EXECUTE format('DROP TABLE uses.%I', 'use_' || gone.month);
    RETURN true;
END $$;
GRANT EXECUTE ON FUNCTION gate.drop_month TO amana_app;

CREATE FUNCTION gate.month_over() RETURNS text
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp SET timezone = 'UTC' AS $$
    SELECT min(m.month) FROM (
        SELECT substr(c.relname, 5) AS month FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid
        JOIN pg_class parent ON parent.oid = i.inhparent JOIN pg_namespace n ON n.oid = parent.relnamespace
        WHERE n.nspname = 'uses' AND parent.relname = 'use' AND c.relname ~ '^use_[0-9]{6}$') m
    WHERE to_date(m.month, 'YYYYMM') + interval '1 month' <= gate.now() - (
            SELECT u.retention FROM policy.use_retention u WHERE u.version = policy.current_version())
        AND NOT EXISTS (SELECT FROM uses.unfolded w WHERE w.call >= gate.first_call_of(to_date(m.month, 'YYYYMM'))
            AND w.call < gate.first_call_of(to_date(m.month, 'YYYYMM') + interval '1 month'))
$$;
