-- Answer nothing when the erase journal's head is the database's, and refuse otherwise. Waits for a running erasure.
CREATE FUNCTION gate.attend(journal bigint, head bytea) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET timezone = 'UTC' AS $$
BEGIN
    PERFORM gate.enter_gate(journal, head);
END $$;
GRANT EXECUTE ON FUNCTION gate.attend TO amana_app;
