-- Answer nothing when the erase journal's head is the database's, and refuse otherwise. Waits for a running erasure.
CREATE FUNCTION gate.attend(journal bigint, head bytea) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET timezone = 'UTC' AS $$
BEGIN
    PERFORM gate.enter_gate(journal, head);
END $$;
GRANT EXECUTE ON FUNCTION gate.attend TO amana_app;

-- What every request asks: the journal's head as the database knows it, and the hash of the running policy. One row always.
CREATE FUNCTION gate.serving(OUT sequence bigint, OUT head bytea, OUT policy bytea)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    SELECT j.sequence, j.head, (SELECT v.hash FROM policy.running r JOIN policy.version v ON v.id = r.version)
    FROM (VALUES (true)) AS one (row) LEFT JOIN uses.journal j ON true
$$;
GRANT EXECUTE ON FUNCTION gate.serving TO amana_app;
