-- The check of the whole record: each row against the commitment that the ledger holds, each use against the decisions
-- that were in sight when it was made. Returns what is wrong, with the entry it is wrong about.

-- An entry's commitment as its leaf prints it, sequenced or still waiting: bytes, so that no altered leaf stops the search.
CREATE FUNCTION gate.printed(of_entry uuid) RETURNS bytea
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
    SELECT substr(coalesce((SELECT e.leaf FROM ledger.entry e WHERE e.id = of_entry),
        (SELECT w.leaf FROM ledger.pending w WHERE w.id = of_entry LIMIT 1)), 51, 64)
$$;

CREATE FUNCTION gate.fits(of_entry uuid, commitment bytea) RETURNS boolean
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
    SELECT (gate.printed(of_entry) = convert_to(encode(commitment, 'hex'), 'UTF8')) IS TRUE
$$;

-- Decisions that narrow, and whose effect was taken away: an objection without a standing, a restriction that is not kept.
CREATE FUNCTION gate.lost_decisions(of_person bigint) RETURNS TABLE (entry uuid, problem text)
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp SET timezone = 'UTC' AS $$
    SELECT d.entry, 'standing_missing' FROM consent.decision d
    WHERE (of_person IS NULL OR d.person = of_person) AND d.kind IN ('given', 'withdrawn', 'objected', 'objection_lifted')
        AND NOT EXISTS (SELECT FROM consent.standing s
            WHERE s.person = d.person AND s.purpose = d.purpose AND s.channel = d.channel)
    UNION ALL
    SELECT last.entry, 'restriction_altered' FROM (
        SELECT DISTINCT ON (d.person) d.person, d.id, d.entry, d.kind FROM consent.decision d
        WHERE (of_person IS NULL OR d.person = of_person) AND d.kind IN ('restricted', 'restriction_lifted')
        ORDER BY d.person, d.id DESC) last
    WHERE (last.kind = 'restricted') <> EXISTS (
        SELECT FROM consent.restriction r WHERE r.person = last.person AND r.decision = last.id)
    UNION ALL
    SELECT NULL::uuid, 'restriction_without_decision' FROM consent.restriction r
    WHERE (of_person IS NULL OR r.person = of_person) AND NOT EXISTS (
        SELECT FROM consent.decision d WHERE d.id = r.decision AND d.person = r.person AND d.kind = 'restricted')
$$;

CREATE FUNCTION gate.bad_decisions(of_person bigint) RETURNS TABLE (entry uuid, problem text)
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp SET timezone = 'UTC' AS $$
    SELECT d.entry, 'decision_altered' FROM consent.decision d JOIN ledger.nonce n ON n.person = d.person
    WHERE (of_person IS NULL OR d.person = of_person) AND NOT gate.fits(d.entry,
        ledger.commitment(n.inner_pad, n.outer_pad, d.entry, consent.payload(d)))
    UNION ALL
    SELECT d.entry, 'decision_without_nonce' FROM consent.decision d LEFT JOIN ledger.nonce n ON n.person = d.person
    WHERE (of_person IS NULL OR d.person = of_person) AND n.person IS NULL
    UNION ALL
    SELECT d.entry, 'standing_altered' FROM consent.standing s JOIN consent.decision d ON d.id = s.decision
    WHERE (of_person IS NULL OR s.person = of_person) AND (
        d.person <> s.person OR d.purpose <> s.purpose OR d.channel <> s.channel OR d.policy <> s.policy
        OR (s.given AND d.kind NOT IN ('given', 'objection_lifted')) OR (d.kind = 'given' AND NOT s.given)
        OR s.objected <> coalesce((SELECT last.kind = 'objected' FROM consent.decision last WHERE last.person = s.person
            AND last.purpose = s.purpose AND last.channel = s.channel
            AND last.kind IN ('given', 'objected', 'objection_lifted') ORDER BY last.id DESC LIMIT 1), false)
        OR EXISTS (SELECT FROM consent.decision later WHERE later.person = s.person AND later.purpose = s.purpose
            AND later.channel = s.channel AND later.id > s.decision
            AND later.kind IN ('given', 'withdrawn', 'objected', 'objection_lifted')))
    UNION ALL
    SELECT NULL::uuid, 'standing_without_decision' FROM consent.standing s
    WHERE (of_person IS NULL OR s.person = of_person)
        AND NOT EXISTS (SELECT FROM consent.decision d WHERE d.id = s.decision)
    UNION ALL
    SELECT d.entry, 'address_altered' FROM consent.address a LEFT JOIN consent.decision d
        ON d.id = a.decision AND d.person = a.person AND d.kind = 'address_confirmed' AND d.subject = a.value
    WHERE (of_person IS NULL OR a.person = of_person) AND (d.id IS NULL
        OR (a.superseded_at IS NOT NULL) <> EXISTS (SELECT FROM consent.decision over WHERE over.person = a.person
            AND over.kind = 'address_superseded' AND over.subject = a.value AND over.id > a.decision))
    UNION ALL
    SELECT * FROM gate.lost_decisions(of_person)
$$;

-- Wishes against their entries, and what a link granted against the wish it was asked by: a wish is granted once.
CREATE FUNCTION gate.bad_wishes(of_person bigint) RETURNS TABLE (entry uuid, problem text)
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp SET timezone = 'UTC' AS $$
    SELECT w.entry, 'wish_altered' FROM consent.wish w LEFT JOIN ledger.nonce n ON n.person = w.person
    WHERE (of_person IS NULL OR w.person = of_person) AND NOT gate.fits(w.entry,
        ledger.commitment(n.inner_pad, n.outer_pad, w.entry, consent.wish_payload(w)))
    UNION ALL
    SELECT l.entry, 'wish_altered' FROM consent.lifting l LEFT JOIN ledger.nonce n ON n.person = l.person
    WHERE (of_person IS NULL OR l.person = of_person) AND NOT gate.fits(l.entry,
        ledger.commitment(n.inner_pad, n.outer_pad, l.entry, consent.lifting_payload(l)))
    UNION ALL
    SELECT d.entry, 'decision_without_wish' FROM consent.decision d
    LEFT JOIN consent.wish w ON w.id = d.subject AND w.granted_at IS NOT NULL
        AND (w.person, w.purpose, w.channel, w.policy, w.wording, w.language)
            = (d.person, d.purpose, d.channel, d.policy, d.wording, d.language)
    WHERE (of_person IS NULL OR d.person = of_person) AND d.kind = 'given' AND d.actor = 'customer:link' AND (
        w.id IS NULL OR EXISTS (SELECT FROM consent.decision before WHERE before.person = d.person
            AND before.subject = d.subject AND before.kind = d.kind AND before.actor = d.actor AND before.id < d.id))
    UNION ALL
    SELECT d.entry, 'decision_without_wish' FROM consent.decision d
    WHERE (of_person IS NULL OR d.person = of_person) AND d.kind IN ('objection_lifted', 'restriction_lifted')
        AND d.actor = 'customer:link' AND NOT EXISTS (
            SELECT FROM consent.lifting l WHERE l.granted_at IS NOT NULL
            AND (l.person, l.kind, l.purpose, l.channel, l.policy, l.wording, l.language)
                = (d.person, d.kind, d.purpose, d.channel, d.policy, d.wording, d.language))
$$;

CREATE FUNCTION gate.bad_admissions(of_person bigint) RETURNS TABLE (entry uuid, problem text)
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp SET timezone = 'UTC' AS $$
    SELECT p.entry, 'admission_altered' FROM vault.person p JOIN ledger.nonce n ON n.person = p.id
    WHERE (of_person IS NULL OR p.id = of_person) AND p.erased_at IS NULL
        AND NOT gate.fits(p.entry, ledger.commitment(n.inner_pad, n.outer_pad, p.entry, gate.admission_payload(p)))
    UNION ALL
    SELECT a.entry, 'admission_altered' FROM vault.addition a JOIN vault.person p ON p.id = a.person
    JOIN ledger.nonce n ON n.person = a.person
    WHERE (of_person IS NULL OR p.id = of_person)
        AND NOT gate.fits(a.entry, ledger.commitment(n.inner_pad, n.outer_pad, a.entry, gate.addition_payload(a, p.customer)))
    UNION ALL
    SELECT v.entry, 'value_altered' FROM vault.value v JOIN vault.person p ON p.id = v.person
    WHERE (of_person IS NULL OR p.id = of_person) AND position(gate.value_hash(v, p.customer) IN gate.manifests(p)) = 0
    UNION ALL
    SELECT p.entry, 'fact_altered' FROM vault.fact f JOIN vault.person p ON p.id = f.person
    WHERE (of_person IS NULL OR p.id = of_person) AND position(gate.fact_hash(f, p.customer) IN gate.manifests(p)) = 0
$$;

-- Look-ups against their entries: the deployment's own, which found nobody, too.
CREATE FUNCTION gate.bad_look_ups(of_person bigint) RETURNS TABLE (entry uuid, problem text)
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp SET timezone = 'UTC' AS $$
    SELECT l.entry, 'look_up_altered' FROM uses.looked_up l LEFT JOIN ledger.nonce n ON n.person = l.person
    WHERE (of_person IS NULL OR l.person = of_person) AND (n.person IS NULL OR NOT gate.fits(l.entry,
        ledger.commitment(n.inner_pad, n.outer_pad, l.entry, gate.look_up_payload(l))))
$$;

-- Each use against the decision it relied on and the rest of the rule, while its person is known. A cluster that was restored into
-- numbers its transactions anew: a consent ten minutes old was in sight whatever its number, a withdrawal still to come was not.
CREATE FUNCTION gate.bad_uses(of_person bigint) RETURNS TABLE (entry uuid, problem text)
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp SET timezone = 'UTC' AS $$
    WITH relied AS (
        SELECT c.entry, c.at, c.purpose, c.channel, c.policy, c.snapshot, u.person, u.decision, p.jurisdiction
        FROM uses.use u JOIN uses.call c ON c.id = u.call LEFT JOIN vault.person p ON p.id = u.person
        WHERE u.person IS NOT NULL AND (of_person IS NULL OR u.person = of_person)
    )
    SELECT r.entry, 'use_without_consent' FROM relied r
    JOIN policy.purpose_basis b ON b.version = r.policy AND b.purpose = r.purpose AND b.jurisdiction = r.jurisdiction
    LEFT JOIN consent.decision d ON d.id = r.decision AND d.person = r.person AND d.purpose = r.purpose
        AND d.channel = r.channel AND d.kind = 'given'
        AND (pg_visible_in_snapshot(d.xid, r.snapshot) OR d.at < r.at - interval '10 minutes')
    WHERE b.basis = 'consent' AND (
        d.id IS NULL OR EXISTS (
            SELECT FROM consent.decision later WHERE later.person = r.person AND later.purpose = r.purpose
            AND later.channel = r.channel AND later.id > d.id AND later.kind IN ('withdrawn', 'objected')
            AND pg_visible_in_snapshot(later.xid, r.snapshot) AND later.at <= r.at))
    UNION ALL
    SELECT r.entry, 'use_without_basis' FROM relied r
    LEFT JOIN policy.purpose_basis b ON b.version = r.policy AND b.purpose = r.purpose AND b.jurisdiction = r.jurisdiction
    WHERE b.basis IS NULL
    UNION ALL
    SELECT x.entry, 'suppression_altered' FROM uses.suppression x LEFT JOIN ledger.nonce n ON n.person = x.person
    WHERE (of_person IS NULL OR x.person = of_person) AND NOT gate.fits(x.entry,
        ledger.commitment(n.inner_pad, n.outer_pad, x.entry, gate.suppression_payload(x)))
    UNION ALL SELECT * FROM gate.uses_against_person(of_person)
    UNION ALL SELECT * FROM gate.uses_against_decisions(of_person)
    UNION ALL SELECT * FROM gate.uses_against_merged(of_person)
$$;

-- Calls against their entries: the row, the count and the root over all their uses, erased people included. A month that
-- its retention has removed keeps its root in the ledger alone.
CREATE FUNCTION gate.bad_calls() RETURNS TABLE (entry uuid, problem text)
LANGUAGE sql VOLATILE SET search_path = pg_catalog, pg_temp SET timezone = 'UTC' AS $$
    SELECT c.entry, 'call_altered' FROM uses.call c
    WHERE c.root IS NOT NULL AND NOT gate.fits(c.entry, ledger.commit_to(0, c.entry, gate.call_payload(c)))
    UNION ALL
    SELECT c.entry, 'uses_missing' FROM uses.call c LEFT JOIN LATERAL (
        SELECT count(*) AS n, ledger.merkle_root(string_agg(l.leaf, ''::bytea)) AS root
        FROM gate.leaves(c.id, c.entry) l) w ON true
    WHERE (w.n <> c.people OR w.root <> c.root) AND NOT (w.n = 0 AND EXISTS (
        SELECT FROM uses.dropped_month d WHERE c.id >= gate.first_call_of(to_date(d.month, 'YYYYMM'))
            AND c.id < gate.first_call_of(to_date(d.month, 'YYYYMM') + interval '1 month')))
    UNION ALL
    -- The sequencer folds a release within seconds of its commit.
    SELECT c.entry, 'call_unrecorded' FROM uses.call c WHERE c.root IS NULL AND (c.at <= gate.now() - interval '10 minutes'
        OR NOT EXISTS (SELECT FROM uses.unfolded w WHERE w.call = c.id) OR gate.printed(c.entry) IS NOT NULL)
    UNION ALL
    -- A use is blanked with its person; that it relied on no decision where only consent is a ground stays to be seen.
    SELECT DISTINCT c.entry, 'use_without_consent' FROM uses.use u JOIN uses.call c ON c.id = u.call
    WHERE u.person IS NULL AND u.decision = 0 AND NOT EXISTS (
        SELECT FROM policy.purpose_basis b WHERE b.version = c.policy AND b.purpose = c.purpose AND b.basis <> 'consent')
    UNION ALL
    SELECT NULL::uuid, 'use_without_call' FROM uses.use u WHERE NOT EXISTS (SELECT FROM uses.call c WHERE c.id = u.call)
    UNION ALL
    SELECT e.entry, 'erasure_altered' FROM uses.erasure e
    WHERE NOT gate.fits(e.entry, ledger.commit_to(0, e.entry, gate.erasure_payload(e.entry)))
    UNION ALL
    -- A request is erased upon once its owner confirmed it; only the journal replayed knows of none.
    SELECT e.entry, 'erasure_unconfirmed' FROM uses.erasure e LEFT JOIN uses.task t ON t.id = e.task
    WHERE t.confirmed_at IS NULL AND NOT (e.task = 0 AND e.verdict = 'replayed')
    UNION ALL
    SELECT e.entry, 'erased_after_unsound_record' FROM uses.erasure e WHERE e.verdict NOT IN ('sound', 'replayed')
    UNION ALL
    SELECT NULL::uuid, 'wording_altered' FROM consent.wording w WHERE w.hash <> sha256(convert_to(w.text, 'UTF8'))
$$;

-- Months that were dropped against their entries: the calls, which stay, the uses these wrote, the look-ups that went too.
CREATE FUNCTION gate.bad_months() RETURNS TABLE (entry uuid, problem text)
LANGUAGE sql VOLATILE SET search_path = pg_catalog, pg_temp SET timezone = 'UTC' AS $$
    SELECT d.entry, 'month_altered' FROM uses.dropped_month d CROSS JOIN LATERAL gate.calls_of(d.month) c
    WHERE d.uses <> c.people OR NOT gate.fits(d.entry, ledger.commit_to(0, d.entry, gate.month_payload(d)))
$$;

-- Entries whose row is gone without an erasure, or a dropped month, that says so.
CREATE FUNCTION gate.bad_entries() RETURNS TABLE (entry uuid, problem text)
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
    SELECT e.id, 'row_missing' FROM (
        SELECT id, event FROM ledger.entry UNION ALL SELECT id, event FROM ledger.pending) e
    WHERE NOT EXISTS (SELECT FROM uses.blanked b WHERE b.entry = e.id AND (
            EXISTS (SELECT FROM uses.erasure x WHERE x.entry = b.erasure)
            OR EXISTS (SELECT FROM uses.dropped_month d WHERE d.entry = b.erasure))) AND CASE
        WHEN e.event = 'gate.opened' THEN NOT EXISTS (SELECT FROM uses.call c WHERE c.entry = e.id)
        WHEN e.event = 'gate.erased' THEN NOT EXISTS (SELECT FROM uses.erasure x WHERE x.entry = e.id)
        WHEN e.event = 'vault.admitted' THEN NOT EXISTS (
            SELECT FROM vault.person p WHERE p.entry = e.id AND p.erased_at IS NULL)
        WHEN e.event = 'vault.added' THEN NOT EXISTS (SELECT FROM vault.addition a WHERE a.entry = e.id)
        WHEN e.event = 'gate.month_dropped' THEN NOT EXISTS (SELECT FROM uses.dropped_month d WHERE d.entry = e.id)
        WHEN e.event = 'gate.looked_up' THEN NOT EXISTS (SELECT FROM uses.looked_up l WHERE l.entry = e.id)
        WHEN e.event = 'gate.suppressed' THEN NOT EXISTS (SELECT FROM uses.suppression x WHERE x.entry = e.id)
        WHEN e.event = 'consent.wished' THEN NOT EXISTS (SELECT FROM consent.wish w WHERE w.entry = e.id)
            AND NOT EXISTS (SELECT FROM consent.lifting l WHERE l.entry = e.id)
        WHEN e.event LIKE 'consent.%' THEN NOT EXISTS (SELECT FROM consent.decision d WHERE d.entry = e.id)
        ELSE false END
$$;

CREATE FUNCTION gate.audit_person(of_person bigint) RETURNS TABLE (entry uuid, problem text)
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
    SELECT * FROM gate.bad_decisions(of_person) UNION ALL SELECT * FROM gate.bad_admissions(of_person)
    UNION ALL SELECT * FROM gate.bad_wishes(of_person)
    UNION ALL SELECT * FROM gate.bad_uses(of_person) UNION ALL SELECT * FROM gate.bad_look_ups(of_person)
    UNION ALL SELECT * FROM ledger.audit_person(of_person)
$$;

-- What the record of these people bears out before it goes: `sound`, or each entry with what is wrong about it.
CREATE FUNCTION gate.verdict_on(people bigint[]) RETURNS text
LANGUAGE sql VOLATILE SET search_path = pg_catalog, pg_temp AS $$
    SELECT coalesce(string_agg(a.entry::text || ' ' || a.problem, '; ' ORDER BY a.entry, a.problem), 'sound')
    FROM unnest(people) AS p (id) CROSS JOIN LATERAL gate.audit_person(p.id) a
$$;

CREATE FUNCTION gate.audit() RETURNS TABLE (entry uuid, problem text)
LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET work_mem = '128MB' AS $$
    SELECT * FROM gate.bad_decisions(NULL) UNION ALL SELECT * FROM gate.bad_admissions(NULL)
    UNION ALL SELECT * FROM gate.bad_wishes(NULL) UNION ALL SELECT * FROM gate.bad_uses(NULL)
    UNION ALL SELECT * FROM gate.bad_calls() UNION ALL SELECT * FROM gate.bad_entries()
    UNION ALL SELECT * FROM gate.bad_look_ups(NULL) UNION ALL SELECT * FROM gate.bad_months()
    UNION ALL SELECT * FROM gate.bad_merges()
$$;
GRANT EXECUTE ON FUNCTION gate.audit TO amana_app, amana_owner;
