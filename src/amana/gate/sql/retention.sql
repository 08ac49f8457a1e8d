-- What the policy keeps only for a time goes by itself: values after their category's retention, months of uses after that
-- of evidence. The ledger keeps the commitments.

-- Delete up to `most` values and as many facts whose retention has passed, with what finds them; return how many went.
CREATE FUNCTION gate.expire(most integer) RETURNS bigint
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET timezone = 'UTC' AS $$
DECLARE
    went bigint;
BEGIN
    WITH sealed AS (
        DELETE FROM vault.value v USING (
            SELECT o.person, o.field FROM vault.value o JOIN policy.field f ON f.field = o.field
            WHERE f.version = policy.current_version() AND o.at <= gate.now() - f.retention LIMIT most) x
        WHERE v.person = x.person AND v.field = x.field RETURNING v.person, v.field
    ), found AS (
        DELETE FROM vault.blind b USING sealed x WHERE b.person = x.person AND b.field = x.field
    ), worded AS (
        DELETE FROM vault.token t USING sealed x WHERE t.person = x.person AND t.field = x.field
    ), plain AS (
        DELETE FROM vault.fact v USING (
            SELECT o.person, o.field FROM vault.fact o JOIN policy.field f ON f.field = o.field
            WHERE f.version = policy.current_version() AND o.at <= gate.now() - f.retention LIMIT most) x
        WHERE v.person = x.person AND v.field = x.field RETURNING 1
    )
    SELECT (SELECT count(*) FROM sealed) + (SELECT count(*) FROM plain) INTO went;
    IF went > 0 THEN
        PERFORM ledger.record('vault.expired', 0, jsonb_build_object('values', went));
    END IF;
    RETURN went;
END $$;
GRANT EXECUTE ON FUNCTION gate.expire TO amana_app;

-- Drop the months of uses that lie wholly before the retention of evidence; return how many went.
CREATE FUNCTION gate.drop_months() RETURNS integer
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET timezone = 'UTC' AS $$
DECLARE
    kept interval := (SELECT u.retention FROM policy.use_retention u WHERE u.version = policy.current_version());
    month name;
    went integer := 0;
BEGIN
    FOR month IN
        SELECT c.relname FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid
        JOIN pg_class parent ON parent.oid = i.inhparent JOIN pg_namespace n ON n.oid = parent.relnamespace
        WHERE n.nspname = 'uses' AND parent.relname = 'use' AND c.relname ~ '^use_[0-9]{6}$'
          AND (to_date(substr(c.relname, 5), 'YYYYMM') + interval '1 month') AT TIME ZONE 'UTC' <= gate.now() - kept
    LOOP
        EXECUTE format('DROP TABLE uses.%I', month);
        PERFORM ledger.record('gate.month_dropped', 0, jsonb_build_object('month', substr(month, 5)));
        went := went + 1;
    END LOOP;
    RETURN went;
END $$;
GRANT EXECUTE ON FUNCTION gate.drop_months TO amana_app;
