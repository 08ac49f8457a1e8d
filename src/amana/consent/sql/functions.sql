-- Called by the gate's functions, which hold the person's lock; nothing here is granted to a login.

-- The words a decision is committed to. The person's number means nothing outside the vault.
CREATE FUNCTION consent.payload(d consent.decision) RETURNS text
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp SET timezone = 'UTC' AS $$
    SELECT concat_ws('|', 'decision', d.id, d.person, d.purpose, d.channel, d.kind,
        to_char(d.at, 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'), d.xid::text, d.policy,
        coalesce(encode(d.wording, 'hex'), '-'), d.language, d.source, d.actor, coalesce(d.subject::text, '-'))
$$;

CREATE FUNCTION consent.keep_wording(words text, spoken text, version integer) RETURNS bytea
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp SET timezone = 'UTC' AS $$
DECLARE
    hashed bytea := sha256(convert_to(words, 'UTF8'));
BEGIN
    INSERT INTO consent.wording (hash, language, text, policy, first_shown_at)
    VALUES (hashed, spoken, words, version, ledger.now()) ON CONFLICT DO NOTHING;
    RETURN hashed;
END $$;

-- The words a wish is committed to; that it was granted is said by the decision that grants it.
CREATE FUNCTION consent.wish_payload(w consent.wish) RETURNS text
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp SET timezone = 'UTC' AS $$
    SELECT concat_ws('|', 'wish', w.id, w.person, w.purpose, w.channel, w.policy, encode(w.wording, 'hex'), w.language,
        to_char(w.asked_at, 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'))
$$;

-- Keep the wish for a consent, with the words that were read, and tell the ledger.
CREATE FUNCTION consent.wish_for(
    of_person bigint, of_purpose smallint, of_channel smallint, of_policy integer, words text, spoken text
) RETURNS bigint
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp SET timezone = 'UTC' AS $$
DECLARE
    made consent.wish;
BEGIN
    INSERT INTO consent.wish (entry, person, purpose, channel, policy, wording, language, asked_at)
    VALUES (gen_random_uuid(), of_person, of_purpose, of_channel, of_policy,
        consent.keep_wording(words, spoken, of_policy), spoken, ledger.now()) RETURNING * INTO made;
    PERFORM ledger.enter(made.entry, 'consent.wished',
        ledger.commit_to(of_person, made.entry, consent.wish_payload(made)));
    RETURN made.id;
END $$;

-- Append one decision, move the standing, and tell the ledger.
CREATE FUNCTION consent.decide(
    of_person bigint, of_purpose smallint, of_channel smallint, of_kind text, of_policy integer,
    of_wording bytea, spoken text, of_source smallint, by_actor text, about bigint DEFAULT NULL
) RETURNS bigint
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp SET timezone = 'UTC' AS $$
DECLARE
    made consent.decision;
BEGIN
    INSERT INTO consent.decision
        (entry, person, purpose, channel, kind, at, xid, policy, wording, language, source, actor, subject)
    VALUES (gen_random_uuid(), of_person, of_purpose, of_channel, of_kind, ledger.now(), pg_current_xact_id(),
        of_policy, of_wording, spoken, of_source, by_actor, about)
    RETURNING * INTO made;
    PERFORM consent.stand(made);
    -- A superseded address is no narrowing: what was decided went over with it, and a database without its new holder needs the old.
    IF of_kind IN ('withdrawn', 'objected', 'restricted') THEN
        INSERT INTO consent.unkept (decision) VALUES (made.id);
    END IF;
    PERFORM ledger.enter(made.entry, 'consent.' || of_kind,
        ledger.commit_to(of_person, made.entry, consent.payload(made)));
    RETURN made.id;
END $$;

CREATE FUNCTION consent.stand(made consent.decision) RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp SET timezone = 'UTC' AS $$
BEGIN
    IF made.kind IN ('given', 'withdrawn', 'objected', 'objection_lifted') THEN
        INSERT INTO consent.standing AS s (person, purpose, channel, given, objected, policy, decision)
        VALUES (made.person, made.purpose, made.channel, made.kind = 'given', made.kind = 'objected', made.policy, made.id)
        ON CONFLICT (person, purpose, channel) DO UPDATE SET
            given = CASE made.kind WHEN 'given' THEN true WHEN 'objection_lifted' THEN s.given ELSE false END,
            objected = CASE made.kind WHEN 'objected' THEN true WHEN 'withdrawn' THEN s.objected ELSE false END,
            policy = made.policy, decision = made.id;
    ELSIF made.kind = 'restricted' THEN
        INSERT INTO consent.restriction (person, decision) VALUES (made.person, made.id)
        ON CONFLICT (person) DO UPDATE SET decision = made.id;
    ELSIF made.kind = 'restriction_lifted' THEN
        DELETE FROM consent.restriction WHERE person = made.person;
    END IF;
END $$;

-- Forget what a person decided; the ledger keeps the commitments. Returns the entries that lost their row.
CREATE FUNCTION consent.forget(of_person bigint) RETURNS uuid[]
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp SET timezone = 'UTC' AS $$
DECLARE
    wished uuid[] := ARRAY(
        SELECT w.entry FROM consent.wish w WHERE w.person = of_person
        UNION ALL SELECT l.entry FROM consent.lifting l WHERE l.person = of_person);
    gone uuid[];
BEGIN
    DELETE FROM consent.standing WHERE person = of_person;
    DELETE FROM consent.restriction WHERE person = of_person;
    DELETE FROM consent.address WHERE person = of_person;
    DELETE FROM consent.wish WHERE person = of_person;
    DELETE FROM consent.lifting WHERE person = of_person;
    WITH deleted AS (DELETE FROM consent.decision WHERE person = of_person RETURNING entry)
    SELECT coalesce(array_agg(entry ORDER BY entry), '{}') INTO gone FROM deleted;
    RETURN gone || wished;
END $$;
