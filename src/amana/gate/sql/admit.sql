-- In: what the running policy does not list is refused at the door.

CREATE TYPE gate.sealed AS (field text, id bigint, version integer, ciphertext bytea);
CREATE TYPE gate.plain AS (field text, value text);
CREATE TYPE gate.indexed AS (field text, index bytea, key_id smallint);
CREATE TYPE gate.addressed AS (field text, index bytea, key_id smallint, tag bytea);
CREATE TYPE gate.wished AS (purpose text, channel text, wording text);

CREATE FUNCTION gate.check_fields(v integer, of_source smallint, given text[]) RETURNS void
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    IF EXISTS (
        SELECT FROM unnest(given) AS g (name) LEFT JOIN policy.source_field f
            ON f.version = v AND f.source = of_source AND f.field = policy.term_id('field', g.name)
        WHERE f.field IS NULL) THEN
        PERFORM gate.refuse('field_undeclared');
    ELSIF EXISTS (
        SELECT FROM policy.source_field f JOIN policy.term t ON t.id = f.field
        WHERE f.version = v AND f.source = of_source AND f.mandatory AND NOT t.name = ANY (given)) THEN
        PERFORM gate.refuse('field_missing');
    END IF;
END $$;

CREATE FUNCTION gate.value_payload(v vault.value, customer uuid) RETURNS text
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp SET timezone = 'UTC' AS $$
    SELECT concat_ws('|', customer, v.field, v.id, v.version, encode(sha256(v.ciphertext), 'hex'), v.source, v.policy,
        to_char(v.at, 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'))
$$;

CREATE FUNCTION gate.value_hash(v vault.value, customer uuid) RETURNS bytea
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
    SELECT sha256(convert_to(gate.value_payload(v, customer), 'UTF8'))
$$;

CREATE FUNCTION gate.admission_payload(p vault.person) RETURNS text
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp SET timezone = 'UTC' AS $$
    SELECT concat_ws('|', 'admitted', p.id, p.customer, p.jurisdiction,
        to_char(p.admitted_at, 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'), coalesce(p.shop::text, '-'), encode(p.manifest, 'hex'))
$$;

CREATE FUNCTION gate.fact_hash(f vault.fact, customer uuid) RETURNS bytea
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp SET timezone = 'UTC' AS $$
    SELECT sha256(convert_to(concat_ws('|', customer, f.field, f.source, f.policy,
        to_char(f.at, 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'), f.value), 'UTF8'))
$$;

-- The hashes of what came with an admission: sealed values and facts, since a birth year opens doors as well.
CREATE FUNCTION gate.manifest_of(p vault.person) RETURNS bytea
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
    SELECT coalesce(string_agg(h.hash, ''::bytea ORDER BY h.field), '') FROM (
        SELECT v.field, gate.value_hash(v, p.customer) AS hash FROM vault.value v WHERE v.person = p.id
        UNION ALL SELECT f.field, gate.fact_hash(f, p.customer) FROM vault.fact f WHERE f.person = p.id) h
$$;

CREATE FUNCTION gate.keep_values(
    of_person bigint, of_entry uuid, of_source smallint, v integer, sealed gate.sealed[], plain gate.plain[],
    blind gate.addressed[], tokens gate.indexed[]
) RETURNS void
LANGUAGE sql SET search_path = pg_catalog, pg_temp SET timezone = 'UTC' AS $$
    INSERT INTO vault.value (person, field, id, version, ciphertext, entry, source, policy, at)
    SELECT of_person, policy.term_id('field', s.field), s.id, s.version, s.ciphertext, of_entry, of_source, v, gate.now()
    FROM unnest(sealed) s;
    INSERT INTO vault.fact (person, field, value, source, policy, at)
    SELECT of_person, policy.term_id('field', s.field), s.value, of_source, v, gate.now() FROM unnest(plain) s;
    INSERT INTO vault.blind (person, field, index, key_id, tag)
    SELECT of_person, policy.term_id('field', s.field), s.index, s.key_id, s.tag FROM unnest(blind) s;
    INSERT INTO vault.token (field, token, person, key_id)
    SELECT policy.term_id('field', s.field), s.index, of_person, s.key_id FROM unnest(tokens) s ON CONFLICT DO NOTHING;
$$;

-- An identity field must come sealed and a fact plain; the other way round is a mistake that would leak. A birth year that is
-- none would stop every judgement it is part of.
CREATE FUNCTION gate.check_kinds(v integer, sealed gate.sealed[], plain gate.plain[]) RETURNS void
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    IF EXISTS (
        SELECT FROM unnest(sealed) s JOIN policy.field f
            ON f.version = v AND f.field = policy.term_id('field', s.field) WHERE f.kind <> 'identity')
       OR EXISTS (
        SELECT FROM unnest(plain) s JOIN policy.field f
            ON f.version = v AND f.field = policy.term_id('field', s.field) WHERE f.kind <> 'fact') THEN
        PERFORM gate.refuse('field_wrong_kind');
    ELSIF EXISTS (SELECT FROM unnest(plain) s WHERE s.field = 'birth_year' AND s.value !~ '^[12][0-9]{3}$') THEN
        PERFORM gate.refuse('field_malformed');
    END IF;
END $$;

-- What is given must be listed by the running policy and by the one that was read.
CREATE FUNCTION gate.check_given(v integer, shown integer, of_source smallint, sealed gate.sealed[], plain gate.plain[])
RETURNS void
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    given text[] := ARRAY(SELECT s.field FROM unnest(sealed) s) || ARRAY(SELECT p.field FROM unnest(plain) p);
BEGIN
    PERFORM gate.check_fields(v, of_source, given);
    IF gate.version_read(shown) <> v THEN
        PERFORM gate.check_fields(shown, of_source, given);
    END IF;
    PERFORM gate.check_kinds(v, sealed, plain);
END $$;

-- The version of the policy whose words somebody read: the running one unless they say another, which must have been published.
CREATE FUNCTION gate.version_read(shown integer) RETURNS integer
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    IF shown IS NOT NULL AND NOT EXISTS (SELECT FROM policy.version v WHERE v.id = shown) THEN
        PERFORM gate.refuse('version_unknown');
    END IF;
    RETURN coalesce(shown, policy.current_version());
END $$;

-- Consents ticked at the door stand for this new person alone, and promise nothing until the address is confirmed. They are
-- decisions under the version that was read, so that a purpose widened since asks again. What was ticked without a connection
-- is marked as such: no address's owner who withdrew meanwhile is overruled by it.
CREATE FUNCTION gate.keep_wishes(
    of_person bigint, v integer, of_source smallint, spoken text, wishes gate.wished[], offline boolean
) RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp SET timezone = 'UTC' AS $$
BEGIN
    IF EXISTS (
        SELECT FROM unnest(wishes) w LEFT JOIN policy.purpose p
            ON p.version = v AND p.purpose = policy.term_id('purpose', w.purpose)
        LEFT JOIN policy.purpose_channel c ON c.version = v AND c.purpose = p.purpose
            AND c.channel = policy.term_id('channel', w.channel)
        WHERE p.purpose IS NULL OR (w.channel IS NOT NULL AND c.channel IS NULL)) THEN
        PERFORM gate.refuse('purpose_undeclared');
    END IF;
    PERFORM consent.decide(of_person, policy.term_id('purpose', w.purpose),
        coalesce(policy.term_id('channel', w.channel), 0::smallint), 'given', v,
        consent.keep_wording(w.wording, spoken, v), spoken, of_source,
        CASE WHEN offline THEN 'customer:offline' ELSE 'customer:form' END)
    FROM unnest(wishes) w;
END $$;

-- Admit a new person as a claim. Nothing is attached to anybody who is known already, so the answer is the same for
-- known and unknown addresses. Returns the task that lets the machine ask the address's owner to confirm (none when that
-- address was asked three times within a day). `tags` are the erase journal's for the address: an import brings nobody back.
CREATE FUNCTION gate.admit(
    by_source text, new_customer uuid, in_jurisdiction text, in_shop bigint, spoken text, key_epoch integer,
    wrapped_key bytea, sealed gate.sealed[], plain gate.plain[], blind gate.addressed[], tokens gate.indexed[],
    wishes gate.wished[], tags bytea[], shown integer, offline boolean, journal bigint, head bytea
) RETURNS TABLE (person_entry uuid, confirmation_task bigint)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET timezone = 'UTC' AS $$
DECLARE
    v integer;
    of_source smallint;
    made vault.person;
BEGIN
    PERFORM gate.enter_gate(journal, head);
    PERFORM gate.check_epoch(key_epoch);
    PERFORM gate.check_index_keys(blind, tokens);
    v := policy.current_version();
    of_source := gate.term('source', by_source, 'source_undeclared');
    PERFORM gate.check_given(v, shown, of_source, sealed, plain);
    IF by_source = 'import' AND EXISTS (SELECT FROM vault.forgotten f WHERE f.tag = ANY (tags)) THEN
        PERFORM gate.refuse('address_forgotten');
    END IF;
    INSERT INTO vault.person (customer, jurisdiction, shop, entry, admitted_at)
    VALUES (new_customer, gate.term('jurisdiction', in_jurisdiction, 'place_undeclared'), in_shop,
        gen_random_uuid(), gate.now()) RETURNING * INTO made;
    INSERT INTO vault.key (person, epoch, wrapped) VALUES (made.id, key_epoch, wrapped_key);
    PERFORM ledger.new_person(made.id);
    PERFORM gate.keep_values(made.id, made.entry, of_source, v, sealed, plain, blind, tokens);
    UPDATE vault.person p SET manifest = gate.manifest_of(p) WHERE p.id = made.id RETURNING * INTO made;
    PERFORM ledger.enter(made.entry, 'vault.admitted', ledger.commit_to(made.id, made.entry, gate.admission_payload(made)));
    PERFORM gate.keep_wishes(made.id, gate.version_read(shown), of_source, spoken, wishes, offline);
    RETURN QUERY SELECT made.entry,
        CASE WHEN by_source IN ('survey', 'website') THEN gate.ask_to_confirm(made.id) END;
END $$;
GRANT EXECUTE ON FUNCTION gate.admit TO amana_app;

CREATE FUNCTION gate.ask_to_confirm(of_person bigint) RETURNS bigint
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp SET timezone = 'UTC' AS $$
DECLARE
    email smallint := policy.term_id('field', 'email');
    asked bigint;
BEGIN
    SELECT count(*) INTO asked FROM vault.blind b JOIN vault.blind same ON same.field = b.field AND same.tag = b.tag
    JOIN vault.person p ON p.id = same.person
    WHERE b.person = of_person AND b.field = email AND p.admitted_at > gate.now() - interval '24 hours';
    IF asked BETWEEN 1 AND 3 THEN
        RETURN gate.plan_for(of_person, 'message', 'confirmation', 'confirm:' || of_person, 3::smallint, NULL);
    END IF;
    RETURN NULL;
END $$;

-- A task that the person's own act makes, opened by the machine alone.
CREATE FUNCTION gate.plan_for(
    of_person bigint, of_kind text, for_purpose text, reference text, opens smallint, of_wish bigint
) RETURNS bigint
LANGUAGE sql SET search_path = pg_catalog, pg_temp SET timezone = 'UTC' AS $$
    INSERT INTO uses.task (kind, purpose, ref, people, planned_by, staff, role, planned_at, expires_at, opens_left, wish)
    VALUES (policy.term_id('task', of_kind), policy.term_id('purpose', for_purpose), reference, ARRAY[of_person], 0, NULL,
        policy.term_id('role', 'system'), gate.now(), gate.now() + interval '7 days', opens, of_wish)
    RETURNING id
$$;
