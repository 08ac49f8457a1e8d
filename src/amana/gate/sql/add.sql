-- More about somebody who said nothing of who they are when they came: added later, by themselves.

-- The key that seals for a person, as the vault keeps it: wrapped. Only for somebody who still has no address.
CREATE FUNCTION gate.key_to_add(to_customer uuid, journal bigint, head bytea) RETURNS TABLE (epoch integer, wrapped bytea)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET timezone = 'UTC' AS $$
BEGIN
    PERFORM gate.enter_gate(journal, head);
    RETURN QUERY SELECT k.epoch, k.wrapped FROM vault.key k WHERE k.person = (gate.lock_nameless(to_customer)).id;
END $$;
GRANT EXECUTE ON FUNCTION gate.key_to_add TO amana_app;

-- Lock somebody to whom more may be added: whoever gave an address is found by it and decides by its links, and nothing is
-- attached to them by anybody who only knows their number.
CREATE FUNCTION gate.lock_nameless(to_customer uuid) RETURNS vault.person
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    found vault.person;
BEGIN
    SELECT * INTO found FROM vault.person p WHERE p.customer = to_customer AND p.erased_at IS NULL FOR UPDATE;
    IF found.id IS NULL THEN
        PERFORM gate.refuse('person_unknown');
    ELSIF EXISTS (SELECT FROM vault.blind b WHERE b.person = found.id) THEN
        PERFORM gate.refuse('person_named');
    END IF;
    RETURN found;
END $$;

CREATE FUNCTION gate.addition_payload(a vault.addition, customer uuid) RETURNS text
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp SET timezone = 'UTC' AS $$
    SELECT concat_ws('|', 'added', a.person, customer,
        to_char(a.at, 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'), encode(a.manifest, 'hex'))
$$;

-- Keep what was not there yet; a fact that was given already stays as it was given.
CREATE FUNCTION gate.add(
    to_customer uuid, by_source text, spoken text, sealed gate.sealed[], plain gate.plain[], blind gate.addressed[],
    tokens gate.indexed[], wishes gate.wished[], shown integer, journal bigint, head bytea
) RETURNS TABLE (added_entry uuid, confirmation_task bigint)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET timezone = 'UTC' AS $$
DECLARE
    v integer := policy.current_version();
    of_source smallint;
    person vault.person;
    made vault.addition;
    fresh gate.plain[];
BEGIN
    PERFORM gate.enter_gate(journal, head);
    of_source := gate.term('source', by_source, 'source_undeclared');
    PERFORM gate.check_index_keys(blind, tokens);
    person := gate.lock_nameless(to_customer);
    PERFORM gate.check_given(v, shown, of_source, sealed, plain);
    IF EXISTS (SELECT FROM unnest(sealed) s JOIN vault.value x
            ON x.person = person.id AND x.field = policy.term_id('field', s.field)) THEN
        PERFORM gate.refuse('field_present');
    END IF;
    fresh := ARRAY(SELECT p FROM unnest(plain) p WHERE NOT EXISTS (
        SELECT FROM vault.fact f WHERE f.person = person.id AND f.field = policy.term_id('field', p.field)));
    made.entry := gen_random_uuid();
    made.person := person.id;
    made.at := gate.now();
    PERFORM gate.keep_values(person.id, made.entry, of_source, v, sealed, fresh, blind, tokens);
    made.manifest := gate.manifest_of_addition(made.entry, person, fresh);
    INSERT INTO vault.addition SELECT made.*;
    PERFORM ledger.enter(made.entry, 'vault.added',
        ledger.commit_to(person.id, made.entry, gate.addition_payload(made, to_customer)));
    PERFORM gate.keep_wishes(person.id, gate.version_read(shown), of_source, spoken, wishes, false);
    RETURN QUERY SELECT made.entry, gate.ask_to_confirm(person.id);
END $$;
GRANT EXECUTE ON FUNCTION gate.add TO amana_app;

CREATE FUNCTION gate.manifest_of_addition(of_entry uuid, p vault.person, plain gate.plain[]) RETURNS bytea
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
    SELECT coalesce(string_agg(h.hash, ''::bytea ORDER BY h.field), '') FROM (
        SELECT v.field, gate.value_hash(v, p.customer) AS hash FROM vault.value v
        WHERE v.person = p.id AND v.entry = of_entry
        UNION ALL SELECT f.field, gate.fact_hash(f, p.customer) FROM vault.fact f
        JOIN unnest(plain) g ON policy.term_id('field', g.field) = f.field WHERE f.person = p.id) h
$$;

-- What stands of a person's manifests: that of the admission and those of what was added.
CREATE FUNCTION gate.manifests(p vault.person) RETURNS bytea
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
    SELECT p.manifest || coalesce(string_agg(a.manifest, ''::bytea), '') FROM vault.addition a WHERE a.person = p.id
$$;
