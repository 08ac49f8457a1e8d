-- Who of these people no longer allows a purpose, without a channel: for the machine, which lets go of what it made out of their
-- words. Releases nothing. A consent that the policy has outgrown counts as standing here: it covered what was made then.
CREATE FUNCTION gate.lapsed(token text, for_purpose text, customers uuid[], journal bigint, head bytea) RETURNS SETOF uuid
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET timezone = 'UTC' SET enable_hashjoin = off
SET work_mem = '64MB' SET jit = off SET plan_cache_mode = force_custom_plan AS $$
DECLARE
    who record;
    people bigint[];
BEGIN
    PERFORM gate.enter_gate(journal, head);
    SELECT * INTO who FROM retailer.session_of(token);
    IF NOT policy.term_id('role', 'system') = ANY (who.role) THEN
        PERFORM gate.refuse('role_refused');
    END IF;
    people := ARRAY(SELECT p.id FROM vault.person p WHERE p.customer = ANY (customers) ORDER BY p.id);
    RETURN QUERY
        SELECT j.customer FROM gate.judge(people, policy.current_version(),
            gate.term('purpose', for_purpose, 'purpose_undeclared'), 0::smallint, NULL, NULL, gate.now()) j
        WHERE j.reason IN ('erased', 'restricted', 'objected', 'no_consent', 'merged_refused');
END $$;
GRANT EXECUTE ON FUNCTION gate.lapsed TO amana_app;
