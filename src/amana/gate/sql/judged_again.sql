-- What the rule decided (gate.judge), decided again from the rows that are kept. A release is accused only where they prove that
-- it must have been refused: what was written down since, or is gone by now, accuses nobody. What narrows counts when it was both
-- in sight of the release and earlier by the clock: another cluster, restored into, numbers its transactions anew.

-- Each release with what its policy said: the address it wrote to, and the time before which that address was too old; and the
-- shops that whoever opened it, and whoever planned it, was limited to.
CREATE FUNCTION gate.ruled_calls() RETURNS TABLE (
    id bigint, entry uuid, at timestamptz, xid xid8, snapshot pg_snapshot, policy integer, purpose smallint, channel smallint,
    shops bigint[], planned_shops bigint[], contact smallint, oldest timestamptz, min_age smallint, held_too boolean,
    confirmed_only boolean, consent_since integer)
LANGUAGE sql STABLE
BEGIN ATOMIC
    SELECT c.id, c.entry, c.at, c.xid, c.snapshot, c.policy, c.purpose, c.channel, c.shops, t.shops, w.contact,
        c.at - least(f.retention, u.retention), u.min_age, u.survives_restriction, u.needs_confirmed_address, u.consent_since
    FROM uses.call c JOIN policy.purpose u ON u.version = c.policy AND u.purpose = c.purpose
    LEFT JOIN uses.task t ON t.id = c.task
    LEFT JOIN (SELECT k.id AS channel, gate.contact_field(k.name) AS contact FROM policy.term k WHERE k.kind = 'channel'
        OFFSET 0) w ON w.channel = c.channel
    LEFT JOIN policy.field f ON f.version = c.policy AND f.field = w.contact
    -- A time that no clock has said is named as altered; it must not stop the search.
    WHERE c.at BETWEEN '2000-01-01Z' AND '9999-01-01Z';
END;

-- By what is kept of the person. Facts and values are never changed, only deleted, so that one older than the release is the one
-- it was judged by; and a year of birth that is missing was never there, as long as no retention can have taken it. A use has one
-- reason, as with the rule itself.
CREATE FUNCTION gate.uses_against_person(of_person bigint) RETURNS TABLE (entry uuid, problem text)
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp SET timezone = 'UTC' SET plan_cache_mode = force_custom_plan
SET work_mem = '64MB' SET jit = off AS $$
DECLARE
    birth smallint := policy.term_id('field', 'birth_year');
    kept_since timestamptz := gate.now() - (SELECT min(f.retention) FROM policy.field f WHERE f.field = birth);
BEGIN
    RETURN QUERY SELECT DISTINCT judged.entry, judged.problem FROM (
        SELECT r.entry, CASE
            WHEN d.id IS NULL AND b.basis = 'consent' THEN NULL -- It is named for that.
            -- Whoever planned it was limited too, though the machine that opened it is not.
            WHEN r.shops IS NOT NULL AND (p.shop = ANY (r.shops)) IS NOT TRUE
                OR r.planned_shops IS NOT NULL AND (p.shop = ANY (r.planned_shops)) IS NOT TRUE THEN 'use_of_other_shop'
            WHEN d.policy < r.consent_since THEN 'use_of_outdated_consent'
            WHEN r.min_age IS NOT NULL AND CASE WHEN y.person IS NULL THEN p.admitted_at > kept_since ELSE y.at <= r.at
                AND extract(year FROM r.at)::int - substring(y.value FROM '^[0-9]{4}$')::int <= r.min_age END
                THEN 'use_under_age'
            WHEN v.at <= r.oldest THEN 'use_beyond_retention'
            WHEN r.contact IS NOT NULL AND x.at <= r.at AND pg_visible_in_snapshot(x.xid, r.snapshot) THEN 'use_of_suppressed'
            WHEN r.contact IS NOT NULL AND r.confirmed_only
                AND (a.at <= r.at OR pg_visible_in_snapshot(a.xid, r.snapshot)) IS NOT TRUE THEN 'use_of_unconfirmed'
            END AS problem
        FROM uses.use u JOIN gate.ruled_calls() r ON r.id = u.call JOIN vault.person p ON p.id = u.person
        LEFT JOIN policy.purpose_basis b
            ON b.version = r.policy AND b.purpose = r.purpose AND b.jurisdiction = p.jurisdiction
        LEFT JOIN vault.fact y ON y.person = u.person AND y.field = birth
        LEFT JOIN vault.value v ON v.person = u.person AND v.field = r.contact
        LEFT JOIN uses.suppression x ON x.person = u.person AND x.channel = r.channel
        LEFT JOIN consent.decision d ON d.id = u.decision AND d.person = u.person AND d.kind = 'given'
        LEFT JOIN (SELECT one.person, min(one.at) AS at, min(one.xid) AS xid FROM consent.decision one
            WHERE one.kind = 'address_confirmed' GROUP BY one.person) a ON a.person = u.person
        WHERE of_person IS NULL OR u.person = of_person) judged WHERE judged.problem IS NOT NULL;
END $$;

-- Whether what ended something had ended it for a release: it was in sight, came with it, or is ten minutes older, whatever its
-- number, which another cluster may have given.
CREATE FUNCTION gate.was_over(ended timestamptz, ended_xid xid8, at timestamptz, xid xid8, snapshot pg_snapshot) RETURNS boolean
LANGUAGE sql STABLE
RETURN ended_xid = xid OR pg_visible_in_snapshot(ended_xid, snapshot) OR ended < at - interval '10 minutes';

-- By the decisions that narrowed: few, so the search begins with them and their people's uses, and never compares all of them
-- with all releases. What was lifted in the releasing transaction is lifted.
CREATE FUNCTION gate.uses_against_decisions(of_person bigint) RETURNS TABLE (entry uuid, problem text)
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp SET timezone = 'UTC' SET plan_cache_mode = force_custom_plan
SET work_mem = '64MB' SET jit = off AS $$
BEGIN
    RETURN QUERY
        WITH narrowed AS MATERIALIZED (
            SELECT d.id, d.person, d.purpose, d.channel, d.kind, d.at, d.xid, p.jurisdiction, u.call
            FROM consent.decision d JOIN vault.person p ON p.id = d.person JOIN uses.use u ON u.person = d.person
            WHERE d.kind IN ('restricted', 'objected') AND (of_person IS NULL OR d.person = of_person)
        )
        SELECT DISTINCT r.entry, 'use_of_' || n.kind FROM narrowed n JOIN gate.ruled_calls() r ON r.id = n.call
        LEFT JOIN policy.purpose_basis b
            ON b.version = r.policy AND b.purpose = r.purpose AND b.jurisdiction = n.jurisdiction
        WHERE n.at <= r.at AND pg_visible_in_snapshot(n.xid, r.snapshot)
            AND CASE n.kind WHEN 'restricted' THEN NOT r.held_too
                ELSE r.purpose = n.purpose AND r.channel = n.channel AND b.basis <> 'consent' END
            AND NOT EXISTS (
                SELECT FROM consent.decision l WHERE l.person = n.person AND l.id > n.id
                AND CASE n.kind WHEN 'restricted' THEN l.kind = 'restriction_lifted'
                    ELSE l.kind IN ('given', 'objection_lifted') AND l.purpose = n.purpose AND l.channel = n.channel END
                AND gate.was_over(l.at, l.xid, r.at, r.xid, r.snapshot));
END $$;

-- From when to when each was held to be one with others; of one person, theirs and those of whoever was.
CREATE FUNCTION gate.held_spans(of_person bigint) RETURNS TABLE (
    person bigint, jurisdiction smallint, whole uuid, at timestamptz, xid xid8, until timestamptz, until_xid xid8)
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp SET timezone = 'UTC' SET plan_cache_mode = force_custom_plan AS $$
DECLARE
    theirs uuid[] := ARRAY(SELECT DISTINCT o.customer FROM vault.person p JOIN consent.held h ON h.customer = p.customer
        JOIN consent.held o ON o.whole = h.whole WHERE p.id = of_person);
BEGIN
    RETURN QUERY
        SELECT p.id, p.jurisdiction, h.whole, h.at, h.xid, lead(h.at) OVER later, lead(h.xid) OVER later
        FROM consent.held h JOIN vault.person p ON p.customer = h.customer
        WHERE of_person IS NULL OR h.customer = ANY (theirs) WINDOW later AS (PARTITION BY h.customer ORDER BY h.id);
END $$;

-- By what somebody refused who was held to be one with the person then (gate.merged_refuse): few people are, so the search begins
-- with them, their decisions that narrowed, and the uses of the others. A consent that was objected to is given anew or not at all.
CREATE FUNCTION gate.uses_against_merged(of_person bigint) RETURNS TABLE (entry uuid, problem text)
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp SET timezone = 'UTC' SET plan_cache_mode = force_custom_plan
SET work_mem = '64MB' SET jit = off AS $$
BEGIN
    RETURN QUERY
        WITH span AS MATERIALIZED (SELECT * FROM gate.held_spans(of_person)), narrowed AS MATERIALIZED (
            SELECT d.id, d.person AS refuser, d.purpose, d.channel, d.kind, greatest(d.at, own.at, o.at) AS at, d.xid,
                own.person, own.jurisdiction, own.xid AS own_xid, own.until AS own_until, own.until_xid AS own_until_xid,
                o.xid AS other_xid, o.until AS other_until, o.until_xid AS other_until_xid
            FROM span o JOIN span own ON own.whole = o.whole AND own.person <> o.person
            JOIN consent.decision d ON d.person = o.person AND d.kind IN ('restricted', 'objected', 'withdrawn')
            WHERE of_person IS NULL OR own.person = of_person
        )
        SELECT DISTINCT r.entry, 'use_of_merged_refused' FROM narrowed n JOIN uses.use u ON u.person = n.person
        JOIN gate.ruled_calls() r ON r.id = u.call
        JOIN policy.purpose_basis b
            ON b.version = r.policy AND b.purpose = r.purpose AND b.jurisdiction = n.jurisdiction
        WHERE n.at <= r.at AND pg_visible_in_snapshot(n.xid, r.snapshot)
            AND pg_visible_in_snapshot(n.own_xid, r.snapshot) AND pg_visible_in_snapshot(n.other_xid, r.snapshot)
            AND gate.was_over(n.own_until, n.own_until_xid, r.at, r.xid, r.snapshot) IS NOT TRUE
            AND gate.was_over(n.other_until, n.other_until_xid, r.at, r.xid, r.snapshot) IS NOT TRUE
            AND CASE n.kind WHEN 'restricted' THEN NOT r.held_too ELSE r.purpose = n.purpose AND r.channel = n.channel
                AND (n.kind = 'objected' OR b.basis = 'consent') END
            AND NOT EXISTS (
                SELECT FROM consent.decision l WHERE l.person = n.refuser AND l.id > n.id
                AND CASE WHEN n.kind = 'restricted' THEN l.kind = 'restriction_lifted'
                    ELSE (l.kind = 'given' OR l.kind = 'objection_lifted' AND b.basis <> 'consent')
                        AND l.purpose = n.purpose AND l.channel = n.channel END
                AND gate.was_over(l.at, l.xid, r.at, r.xid, r.snapshot));
END $$;

-- Who stands under whom against what was written down of it last.
CREATE FUNCTION gate.bad_merges() RETURNS TABLE (entry uuid, problem text)
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
    SELECT NULL::uuid, 'merge_altered' FROM consent.together t FULL JOIN (
        SELECT DISTINCT ON (h.customer) h.customer, h.whole FROM consent.held h ORDER BY h.customer, h.id DESC) last
        ON last.customer = t.customer
    WHERE t.whole IS DISTINCT FROM last.whole
$$;
