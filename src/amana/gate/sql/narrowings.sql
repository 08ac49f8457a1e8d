-- Decisions that narrow, and suppressions, kept outside the database and applied again after a restore. None of these functions
-- widens anything.

-- Hand over up to `most` decisions that are to be kept outside, and as many suppressions, the oldest first; taken for good once
-- the caller commits. Of somebody erased meanwhile nothing is left to keep.
CREATE FUNCTION gate.take_unkept(most integer) RETURNS TABLE (
    entry uuid, at timestamptz, customer uuid, kind text, purpose text, channel text, language text)
LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET timezone = 'UTC' AS $$
    WITH taken AS (
        DELETE FROM consent.unkept w USING (
            SELECT u.decision FROM consent.unkept u ORDER BY u.decision LIMIT most FOR UPDATE SKIP LOCKED) x
        WHERE w.decision = x.decision RETURNING w.decision),
    suppressed AS (
        UPDATE uses.suppression s SET kept = true FROM (
            SELECT u.entry FROM uses.suppression u WHERE NOT u.kept ORDER BY u.at LIMIT most FOR UPDATE SKIP LOCKED) x
        WHERE s.entry = x.entry RETURNING s.entry, s.at, s.person, s.channel)
    (SELECT d.entry, d.at, p.customer, d.kind, u.name, c.name, d.language
    FROM taken t JOIN consent.decision d ON d.id = t.decision JOIN vault.person p ON p.id = d.person
    JOIN policy.term u ON u.id = d.purpose LEFT JOIN policy.term c ON c.id = d.channel ORDER BY d.id)
    UNION ALL
    (SELECT s.entry, s.at, p.customer, 'suppressed', NULL, c.name, NULL
    FROM suppressed s JOIN vault.person p ON p.id = s.person JOIN policy.term c ON c.id = s.channel ORDER BY s.at)
$$;
GRANT EXECUTE ON FUNCTION gate.take_unkept TO amana_sequencer, amana_owner;

-- The last number of the file whose decision this database has, for whoever changes it; others wait until the caller commits.
CREATE FUNCTION gate.lock_kept() RETURNS bigint
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    known bigint;
BEGIN
    INSERT INTO consent.kept (number) VALUES (0) ON CONFLICT DO NOTHING;
    SELECT k.number INTO known FROM consent.kept k FOR UPDATE;
    RETURN known;
END $$;
GRANT EXECUTE ON FUNCTION gate.lock_kept TO amana_sequencer, amana_owner;

-- It never goes back: only restoring an older database does that.
CREATE FUNCTION gate.note_kept(up_to bigint) RETURNS void
LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    UPDATE consent.kept SET number = up_to WHERE number < up_to
$$;
GRANT EXECUTE ON FUNCTION gate.note_kept TO amana_sequencer, amana_owner;

-- How far this database knows the file, and whether something has waited for it too long. Waits for whoever is writing: the
-- file is a moment ahead while they do.
CREATE FUNCTION gate.kept(OUT number bigint, OUT late boolean)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET timezone = 'UTC' AS $$
BEGIN
    SELECT k.number INTO number FROM consent.kept k FOR SHARE;
    number := coalesce(number, 0);
    late := EXISTS (
        SELECT FROM (SELECT u.decision FROM consent.unkept u ORDER BY u.decision LIMIT 1) first
        JOIN consent.decision d ON d.id = first.decision WHERE d.at <= gate.now() - interval '10 minutes')
        OR EXISTS (SELECT FROM uses.suppression x WHERE NOT x.kept AND x.at <= gate.now() - interval '10 minutes');
END $$;
GRANT EXECUTE ON FUNCTION gate.kept TO amana_app, amana_owner;

-- Which of these entries this database holds no decision or suppression for: lost by a restore, or gone with their person.
CREATE FUNCTION gate.unknown_decisions(entries uuid[]) RETURNS SETOF uuid
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    SELECT e.entry FROM unnest(entries) AS e (entry)
    WHERE NOT EXISTS (SELECT FROM consent.decision d WHERE d.entry = e.entry)
      AND NOT EXISTS (SELECT FROM uses.suppression x WHERE x.entry = e.entry)
$$;
GRANT EXECUTE ON FUNCTION gate.unknown_decisions TO amana_owner;

-- Whether what a decision of this kind brings about stands already.
CREATE FUNCTION gate.is_narrowed(of_person bigint, of_kind text, of_purpose smallint, of_channel smallint) RETURNS boolean
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
    SELECT CASE of_kind
        WHEN 'restricted' THEN EXISTS (SELECT FROM consent.restriction r WHERE r.person = of_person)
        ELSE EXISTS (
            SELECT FROM consent.standing s WHERE s.person = of_person AND s.purpose = of_purpose AND s.channel = of_channel
            AND CASE of_kind WHEN 'objected' THEN s.objected ELSE NOT s.given END) END
$$;

-- After a restore: narrow again what was narrowed since, for who is still there; returns how many decisions that took. One row
-- of the arrays is one decision. What stands already is not decided twice. A purpose that this database does not know yet keeps
-- its number for the day it is published again: an objection to it must be there first.
CREATE FUNCTION gate.narrow_again(
    customers uuid[], kinds text[], purposes text[], channels text[], languages text[]
) RETURNS integer
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET timezone = 'UTC' AS $$
DECLARE
    people bigint[];
    lost record;
    made integer := 0;
BEGIN
    PERFORM pg_advisory_xact_lock_shared(gate.journal_lock());
    IF NOT kinds <@ ARRAY['withdrawn', 'objected', 'restricted'] THEN
        PERFORM gate.refuse('decision_refused');
    END IF;
    people := ARRAY(
        SELECT p.id FROM vault.person p WHERE p.customer = ANY (customers) AND p.erased_at IS NULL ORDER BY p.id);
    IF cardinality(people) = 0 THEN
        RETURN 0;
    END IF;
    PERFORM gate.lock_people(people);
    PERFORM policy.allocate_terms(jsonb_build_object(
        'purposes', (SELECT jsonb_object_agg(p, true) FROM unnest(purposes) p),
        'terms', jsonb_build_object('channel', to_jsonb(array_remove(channels, NULL)))));
    FOR lost IN
        SELECT p.id AS person, n.kind, n.language, policy.term_id('purpose', n.purpose) AS purpose,
            coalesce(policy.term_id('channel', n.channel), 0::smallint) AS channel
        FROM unnest(customers, kinds, purposes, channels, languages) WITH ORDINALITY
            AS n (customer, kind, purpose, channel, language, place)
        JOIN vault.person p ON p.customer = n.customer AND p.erased_at IS NULL ORDER BY n.place
    LOOP
        IF NOT gate.is_narrowed(lost.person, lost.kind, lost.purpose, lost.channel) THEN
            PERFORM consent.decide(lost.person, lost.purpose, lost.channel, lost.kind, policy.current_version(), NULL,
                lost.language, policy.term_id('source', 'service'), 'replayed:restore');
            made := made + 1;
        END IF;
    END LOOP;
    RETURN made;
END $$;
GRANT EXECUTE ON FUNCTION gate.narrow_again TO amana_owner;

-- After a restore: suppress again what was suppressed since, for who is still there; returns how many that were. One row of the
-- arrays is one channel of one person. A channel that this database does not know yet is suppressed for the day it is published.
CREATE FUNCTION gate.suppress_again(customers uuid[], channels text[]) RETURNS integer
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET timezone = 'UTC' AS $$
DECLARE
    people bigint[];
    lost record;
    made integer := 0;
BEGIN
    PERFORM pg_advisory_xact_lock_shared(gate.journal_lock());
    people := ARRAY(
        SELECT p.id FROM vault.person p WHERE p.customer = ANY (customers) AND p.erased_at IS NULL ORDER BY p.id);
    IF cardinality(people) = 0 THEN
        RETURN 0;
    END IF;
    PERFORM gate.lock_people(people);
    PERFORM policy.allocate_terms(jsonb_build_object('terms', jsonb_build_object('channel', to_jsonb(channels))));
    FOR lost IN
        SELECT p.id AS person, policy.term_id('channel', n.channel) AS channel
        FROM unnest(customers, channels) WITH ORDINALITY AS n (customer, channel, place)
        JOIN vault.person p ON p.customer = n.customer AND p.erased_at IS NULL ORDER BY n.place
    LOOP
        IF gate.suppress_person(lost.person, lost.channel, 'replayed:restore') THEN
            made := made + 1;
        END IF;
    END LOOP;
    RETURN made;
END $$;
GRANT EXECUTE ON FUNCTION gate.suppress_again TO amana_owner;
