-- Keeping one value back: it may tell what nobody asked for. Held, it is released for nothing but what survives a restriction; then
-- an officer gives it free, or it goes by the policy's rule.

-- The value of somebody, locked, for the machine or a data protection officer.
CREATE FUNCTION gate.value_to_judge(token text, of_customer uuid, of_field text, officer_only boolean, why text) RETURNS vault.value
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp SET timezone = 'UTC' AS $$
DECLARE
    roles smallint[] := (SELECT s.role FROM retailer.session_of(token) s);
    found vault.value;
BEGIN
    IF NOT (policy.term_id('role', 'data_protection_officer') = ANY (roles)
            OR (policy.term_id('role', 'system') = ANY (roles) AND NOT officer_only)) THEN
        PERFORM gate.refuse('role_refused');
    ELSIF why !~ '^[a-z_]{1,40}$' THEN
        PERFORM gate.refuse('field_malformed');
    END IF;
    PERFORM FROM vault.person p WHERE p.customer = of_customer AND p.erased_at IS NULL FOR UPDATE;
    SELECT v.* INTO found FROM vault.value v JOIN vault.person p ON p.id = v.person
    WHERE p.customer = of_customer AND v.field = gate.term('field', of_field, 'field_undeclared');
    RETURN found;
END $$;

CREATE FUNCTION gate.hold_value(token text, of_customer uuid, of_field text, why text, journal bigint, head bytea) RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET timezone = 'UTC' AS $$
DECLARE
    held vault.value;
BEGIN
    PERFORM gate.enter_gate(journal, head);
    held := gate.value_to_judge(token, of_customer, of_field, false, why);
    IF held.person IS NULL OR held.held_at IS NOT NULL THEN
        RETURN false;
    END IF;
    UPDATE vault.value SET held_at = gate.now() WHERE person = held.person AND field = held.field;
    PERFORM ledger.record('vault.held', held.person, jsonb_build_object('field', of_field, 'value', held.id, 'why', why));
    RETURN true;
END $$;
GRANT EXECUTE ON FUNCTION gate.hold_value TO amana_app;

CREATE FUNCTION gate.release_value(token text, of_customer uuid, of_field text, why text, journal bigint, head bytea) RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET timezone = 'UTC' AS $$
DECLARE
    held vault.value;
BEGIN
    PERFORM gate.enter_gate(journal, head);
    held := gate.value_to_judge(token, of_customer, of_field, true, why);
    IF held.person IS NULL OR held.held_at IS NULL THEN
        RETURN false;
    END IF;
    UPDATE vault.value SET held_at = NULL WHERE person = held.person AND field = held.field;
    PERFORM ledger.record('vault.released', held.person, jsonb_build_object('field', of_field, 'value', held.id, 'why', why));
    RETURN true;
END $$;
GRANT EXECUTE ON FUNCTION gate.release_value TO amana_app;

-- Delete a value with what finds it. The ledger keeps what stood in its place.
CREATE FUNCTION gate.purge_value(token text, of_customer uuid, of_field text, why text, journal bigint, head bytea) RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET timezone = 'UTC' AS $$
DECLARE
    gone vault.value;
BEGIN
    PERFORM gate.enter_gate(journal, head);
    gone := gate.value_to_judge(token, of_customer, of_field, false, why);
    IF gone.person IS NULL THEN
        RETURN false;
    END IF;
    DELETE FROM vault.value v WHERE v.person = gone.person AND v.field = gone.field;
    DELETE FROM vault.blind b WHERE b.person = gone.person AND b.field = gone.field;
    DELETE FROM vault.token t WHERE t.person = gone.person AND t.field = gone.field;
    PERFORM ledger.record('vault.purged', gone.person, jsonb_build_object('field', of_field, 'value', gone.id, 'why', why));
    RETURN true;
END $$;
GRANT EXECUTE ON FUNCTION gate.purge_value TO amana_app;
