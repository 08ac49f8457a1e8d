-- A fresh start: who was erased and confirms the same address anew is no longer kept from coming back by an import.

-- The tag of the address that a confirmation link is about; none once its value is gone.
CREATE FUNCTION gate.tags_of_link(token text, journal bigint, head bytea) RETURNS bytea[]
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET timezone = 'UTC' AS $$
DECLARE
    link gate.link;
BEGIN
    PERFORM gate.enter_gate(journal, head);
    link := gate.read_link(token);
    IF link.scope <> 'confirm' THEN
        PERFORM gate.refuse('link_wrong_scope');
    END IF;
    RETURN gate.tags_of(link);
END $$;
GRANT EXECUTE ON FUNCTION gate.tags_of_link TO amana_app;

CREATE FUNCTION gate.tags_of(link gate.link) RETURNS bytea[]
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
    SELECT ARRAY(SELECT b.tag FROM vault.blind b
        WHERE b.person = link.person AND b.field = gate.contact_field(
            (SELECT t.name FROM policy.term t WHERE t.id = link.channel)))
$$;

-- First half, as in an erasure: stop the gate and see that the address stands confirmed. The caller writes the journal next.
CREATE FUNCTION gate.afresh_begin(token text, journal bigint, head bytea) RETURNS bytea[]
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET timezone = 'UTC' AS $$
BEGIN
    PERFORM pg_advisory_xact_lock(gate.journal_lock());
    PERFORM gate.enter_gate(journal, head);
    RETURN gate.tags_of(gate.confirmed_link(token));
END $$;
GRANT EXECUTE ON FUNCTION gate.afresh_begin TO amana_app;

CREATE FUNCTION gate.confirmed_link(token text) RETURNS gate.link
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp SET timezone = 'UTC' AS $$
DECLARE
    link gate.link := gate.use_link(token, ARRAY['confirm']);
BEGIN
    IF NOT EXISTS (SELECT FROM consent.address a
        WHERE a.person = link.person AND a.value = link.mark AND a.superseded_at IS NULL) THEN
        PERFORM gate.refuse('link_stale');
    END IF;
    RETURN link;
END $$;

-- Second half: the journal holds the record with this number. Only the tag of the confirmed address goes.
CREATE FUNCTION gate.afresh_finish(token text, sequence bigint, new_head bytea, tags bytea[]) RETURNS uuid
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET timezone = 'UTC' AS $$
DECLARE
    link gate.link;
BEGIN
    PERFORM pg_advisory_xact_lock(gate.journal_lock());
    link := gate.confirmed_link(token);
    IF tags IS DISTINCT FROM gate.tags_of(link) THEN
        PERFORM gate.refuse('link_stale');
    END IF;
    PERFORM gate.move_journal(sequence, new_head);
    DELETE FROM vault.forgotten f WHERE f.tag = ANY (tags);
    RETURN ledger.record('gate.begun_afresh', link.person, jsonb_build_object('journal', sequence));
END $$;
GRANT EXECUTE ON FUNCTION gate.afresh_finish TO amana_app;

-- After a restore: what the journal says of a fresh start, again.
CREATE FUNCTION gate.afresh_again(sequence bigint, new_head bytea, tags bytea[]) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET timezone = 'UTC' AS $$
BEGIN
    PERFORM pg_advisory_xact_lock(gate.journal_lock());
    PERFORM gate.move_journal(sequence, new_head);
    DELETE FROM vault.forgotten f WHERE f.tag = ANY (tags);
END $$;
GRANT EXECUTE ON FUNCTION gate.afresh_again TO amana_owner;
