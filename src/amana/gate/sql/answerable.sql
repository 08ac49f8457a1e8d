-- Why a purpose does not reach these people now, or nothing: for the machine, which waits with an answer until an address is
-- confirmed, and lets go of what it made out of the words of whoever no longer allows it. Releases nothing.
CREATE FUNCTION gate.answerable(
    token text, for_purpose text, via_channel text, customers uuid[], journal bigint, head bytea
) RETURNS TABLE (customer uuid, reason text)
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
        SELECT j.customer, j.reason FROM gate.judge(people, policy.current_version(),
            gate.term('purpose', for_purpose, 'purpose_undeclared'),
            CASE WHEN via_channel IS NULL THEN 0::smallint ELSE gate.term('channel', via_channel, 'channel_undeclared') END,
            gate.contact_field(via_channel), NULL, gate.now()) j;
END $$;
GRANT EXECUTE ON FUNCTION gate.answerable TO amana_app;
