-- What the holder of a link may see of their own record: who they are to us, and each decision with what opens its
-- commitment. A receipt's link shows the record as it stood when the link was made: whoever typed an address that somebody
-- else confirms later sees nothing of theirs.

-- The moment a link shows: a receipt's own, or now. A call that its retention removed shows nothing.
CREATE FUNCTION gate.shown_until(link gate.link) RETURNS timestamptz
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp SET timezone = 'UTC' AS $$
    SELECT CASE WHEN (link).scope = 'preferences' THEN gate.now()
        ELSE coalesce((SELECT c.at FROM uses.call c WHERE c.id = (link).mark), '-infinity') END
$$;

CREATE FUNCTION gate.holder_of_link(token text, journal bigint, head bytea) RETURNS TABLE (
    customer uuid, jurisdiction text, entry uuid, admitted_at timestamptz, shown_until timestamptz, fields text[],
    source text, payload text, blinding bytea)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET timezone = 'UTC' AS $$
DECLARE
    link gate.link;
BEGIN
    PERFORM gate.enter_gate(journal, head);
    link := gate.check_link(token, ARRAY['receipt', 'preferences']);
    RETURN QUERY
        SELECT p.customer, j.name, p.entry, p.admitted_at, gate.shown_until(link),
            ARRAY(SELECT f.name FROM (
                    SELECT v.field, v.at FROM vault.value v WHERE v.person = p.id
                    UNION ALL SELECT x.field, x.at FROM vault.fact x WHERE x.person = p.id) given
                JOIN policy.term f ON f.id = given.field WHERE given.at <= gate.shown_until(link) ORDER BY f.id),
            (SELECT s.name FROM (
                    SELECT v.source FROM vault.value v WHERE v.person = p.id AND v.at = p.admitted_at
                    UNION ALL SELECT x.source FROM vault.fact x WHERE x.person = p.id LIMIT 1) came
                JOIN policy.term s ON s.id = came.source LIMIT 1),
            gate.admission_payload(p), ledger.blinding(p.id, p.entry)
        FROM vault.person p JOIN policy.term j ON j.id = p.jurisdiction WHERE p.id = link.person;
END $$;
GRANT EXECUTE ON FUNCTION gate.holder_of_link TO amana_app;

CREATE FUNCTION gate.decisions_of_link(token text, journal bigint, head bytea) RETURNS TABLE (
    entry uuid, purpose text, channel text, kind text, at timestamptz, version integer, wording text, language text,
    source text, actor text, payload text, blinding bytea)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET timezone = 'UTC' AS $$
DECLARE
    link gate.link;
BEGIN
    PERFORM gate.enter_gate(journal, head);
    link := gate.check_link(token, ARRAY['receipt', 'preferences']);
    RETURN QUERY
        SELECT d.entry, t.name, c.name, d.kind, d.at, d.policy, w.text, d.language, s.name, d.actor,
            consent.payload(d), ledger.blinding(d.person, d.entry)
        FROM consent.decision d
        LEFT JOIN policy.term t ON t.id = d.purpose LEFT JOIN policy.term c ON c.id = d.channel
        LEFT JOIN policy.term s ON s.id = d.source LEFT JOIN consent.wording w ON w.hash = d.wording
        WHERE d.person = link.person AND d.at <= gate.shown_until(link) ORDER BY d.id;
END $$;
GRANT EXECUTE ON FUNCTION gate.decisions_of_link TO amana_app;
