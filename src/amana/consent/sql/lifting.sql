-- Taking back what narrowed. The caller holds the person's lock.

-- The decision that stands and would be lifted: the objection to a purpose and channel, or the restriction of everything.
CREATE FUNCTION consent.narrowing(of_person bigint, of_kind text, of_purpose smallint, of_channel smallint) RETURNS consent.decision
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
    SELECT d.* FROM consent.decision d
    WHERE CASE of_kind
        WHEN 'restriction_lifted' THEN d.id = (SELECT r.decision FROM consent.restriction r WHERE r.person = of_person)
        WHEN 'objection_lifted' THEN d.person = of_person AND d.kind = 'objected'
            AND d.purpose = of_purpose AND d.channel = of_channel AND EXISTS (
                SELECT FROM consent.standing s WHERE s.person = of_person AND s.purpose = of_purpose
                AND s.channel = of_channel AND s.objected)
        END
    ORDER BY d.id DESC LIMIT 1
$$;

CREATE FUNCTION consent.lifting_payload(l consent.lifting) RETURNS text
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp SET timezone = 'UTC' AS $$
    SELECT concat_ws('|', 'lifting', l.id, l.person, l.kind, l.purpose, l.channel, l.policy, encode(l.wording, 'hex'),
        l.language, l.asked_by, to_char(l.asked_at, 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'))
$$;

-- Keep the wish to lift what stands, with the words that were read; null when nothing stands, or when three were asked for
-- within a day.
CREATE FUNCTION consent.ask_to_lift(
    of_person bigint, of_kind text, of_purpose smallint, of_channel smallint, of_policy integer, words text, spoken text,
    by_actor text
) RETURNS bigint
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp SET timezone = 'UTC' AS $$
DECLARE
    stands consent.decision := consent.narrowing(of_person, of_kind, of_purpose, of_channel);
    asked consent.lifting;
BEGIN
    IF stands.id IS NULL OR (SELECT count(*) FROM consent.lifting l
            WHERE l.person = of_person AND l.asked_at > ledger.now() - interval '24 hours') >= 3 THEN
        RETURN NULL;
    END IF;
    INSERT INTO consent.lifting (entry, person, kind, purpose, channel, policy, wording, language, asked_by, asked_at)
    VALUES (gen_random_uuid(), of_person, of_kind, stands.purpose, stands.channel, of_policy,
        consent.keep_wording(words, spoken, of_policy), spoken, by_actor, ledger.now()) RETURNING * INTO asked;
    PERFORM ledger.enter(asked.entry, 'consent.wished',
        ledger.commit_to(of_person, asked.entry, consent.lifting_payload(asked)));
    RETURN asked.id;
END $$;

-- Lift what its person confirms, once: the decision keeps the words and what it lifts. Null when it does not apply any more.
CREATE FUNCTION consent.lift(of_person bigint, asked bigint, of_source smallint) RETURNS bigint
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp SET timezone = 'UTC' AS $$
DECLARE
    wish consent.lifting;
    stands consent.decision;
BEGIN
    UPDATE consent.lifting l SET granted_at = ledger.now()
    WHERE l.id = asked AND l.person = of_person AND l.granted_at IS NULL RETURNING * INTO wish;
    stands := consent.narrowing(of_person, wish.kind, wish.purpose, wish.channel);
    -- What was narrowed anew since it was asked is not meant.
    IF wish.id IS NULL OR stands.id IS NULL OR stands.at > wish.asked_at THEN
        RETURN NULL;
    END IF;
    RETURN consent.decide(wish.person, wish.purpose, wish.channel, wish.kind, wish.policy, wish.wording,
        wish.language, of_source, 'customer:link', stands.id);
END $$;
