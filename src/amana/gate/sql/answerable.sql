-- Why somebody who asked for an answer cannot be given it now, or nothing: for the machine, which waits with an answer until an
-- address is confirmed, and says so to whoever wrote it. Releases nothing.
CREATE FUNCTION gate.answerable(
    token text, for_purpose text, via_channel text, customers uuid[], journal bigint, head bytea
) RETURNS TABLE (customer uuid, reason text)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET timezone = 'UTC' AS $$
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
