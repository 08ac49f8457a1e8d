-- What every function of the gate asks first, and the one rule that judges people.
-- What runs at every release, and is called by functions of the lock alone, sets neither search path nor time zone: it has
-- those of the function with rights that called it, and setting them anew costs more than most of it does.

CREATE FUNCTION gate.now() RETURNS timestamptz
LANGUAGE sql VOLATILE AS $$ SELECT ledger.now() $$;

CREATE FUNCTION gate.refuse(code text) RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    RAISE EXCEPTION USING ERRCODE = 'AM001', MESSAGE = code;
END $$;

-- A held snapshot could show a consent that is gone; and a database behind its erase journal must serve nobody.
-- An erasure holds the advisory lock alone while it moves the journal; everybody else shares it.
CREATE FUNCTION gate.enter_gate(journal bigint, head bytea) RETURNS void
LANGUAGE plpgsql AS $$
DECLARE
    known uses.journal;
BEGIN
    IF current_setting('transaction_isolation') <> 'read committed' THEN
        PERFORM gate.refuse('isolation_refused');
    END IF;
    PERFORM pg_advisory_xact_lock_shared(gate.journal_lock());
    SELECT * INTO known FROM uses.journal;
    IF journal IS DISTINCT FROM coalesce(known.sequence, 0)
       OR (journal > 0 AND head IS DISTINCT FROM known.head) THEN
        PERFORM gate.refuse('journal_mismatch');
    END IF;
END $$;

CREATE FUNCTION gate.journal_lock() RETURNS bigint
LANGUAGE sql IMMUTABLE SET search_path = pg_catalog, pg_temp AS $$ SELECT 7308604897068083041 $$;

CREATE FUNCTION gate.term(of_kind text, of_name text, otherwise text) RETURNS smallint
LANGUAGE plpgsql STABLE AS $$
DECLARE
    found_id smallint := policy.term_id(of_kind, of_name);
BEGIN
    IF found_id IS NULL THEN
        PERFORM gate.refuse(otherwise);
    END IF;
    RETURN found_id;
END $$;

-- The identity field that a channel writes to.
CREATE FUNCTION gate.contact_field(channel text) RETURNS smallint
LANGUAGE sql STABLE AS $$
    SELECT policy.term_id('field', CASE channel
        WHEN 'email' THEN 'email' WHEN 'sms' THEN 'mobile' WHEN 'whatsapp' THEN 'mobile' END)
$$;

-- Whether somebody held to be one with a person refused what that person allowed, objected, or restricted. Silence is no refusal.
CREATE FUNCTION gate.merged_refuse(
    of_customer uuid, of_purpose smallint, of_channel smallint, by_consent boolean, survives boolean
) RETURNS boolean
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
    SELECT EXISTS (
        SELECT FROM consent.together own JOIN consent.together o ON o.whole = own.whole AND o.customer <> own.customer
        JOIN vault.person p ON p.customer = o.customer AND p.erased_at IS NULL
        LEFT JOIN consent.standing s ON s.person = p.id AND s.purpose = of_purpose AND s.channel = of_channel
        LEFT JOIN consent.restriction r ON r.person = p.id
        WHERE own.customer = of_customer
            AND (s.objected OR (by_consent AND NOT s.given) OR (r.person IS NOT NULL AND NOT survives)))
$$;

-- Whoever is held to be one with these people: what one of them stops holds for all.
CREATE FUNCTION gate.merged_with(people bigint[]) RETURNS bigint[]
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
    SELECT ARRAY(
        SELECT o.id FROM vault.person p JOIN consent.together t ON t.customer = p.customer
        JOIN consent.together w ON w.whole = t.whole
        JOIN vault.person o ON o.customer = w.customer AND o.erased_at IS NULL
        WHERE p.id = ANY (people) AND o.id <> ALL (people))
$$;

-- The rule: one row per person, with the reason that refuses them or none. Years alone are known of a birth, so a
-- person counts as older only when the whole year has passed. Anything missing refuses. What depends on nobody is worked out once.
CREATE FUNCTION gate.judge(
    people bigint[], of_version integer, of_purpose smallint, of_channel smallint, contact smallint,
    in_shops bigint[], as_of timestamptz
) RETURNS TABLE (person bigint, customer uuid, decision bigint, reason text)
LANGUAGE sql STABLE AS $$
    WITH rule AS MATERIALIZED (
        SELECT u.survives_restriction, u.consent_since, u.needs_confirmed_address, u.min_age IS NOT NULL AS aged,
            extract(year FROM as_of)::integer - u.min_age AS too_young_from,
            as_of - least(f.retention, u.retention) AS oldest,
            EXISTS (SELECT FROM consent.together) AS some_merged
        FROM policy.purpose u LEFT JOIN policy.field f ON f.version = u.version AND f.field = contact
        WHERE u.version = of_version AND u.purpose = of_purpose
    )
    SELECT p.id, p.customer,
        CASE WHEN b.basis = 'consent' THEN s.decision END,
        CASE
            WHEN p.erased_at IS NOT NULL THEN 'erased'
            WHEN in_shops IS NOT NULL AND (p.shop = ANY (in_shops)) IS NOT TRUE THEN 'other_shop'
            WHEN r.person IS NOT NULL AND NOT (SELECT survives_restriction FROM rule) THEN 'restricted'
            WHEN b.basis IS NULL THEN 'no_basis'
            WHEN s.objected THEN 'objected'
            WHEN b.basis = 'consent' AND s.given IS NOT TRUE THEN 'no_consent'
            WHEN b.basis = 'consent' AND s.policy < (SELECT consent_since FROM rule) THEN 'consent_outdated'
            WHEN (SELECT some_merged FROM rule) AND EXISTS (
                SELECT FROM consent.together t WHERE t.customer = p.customer) AND gate.merged_refuse(p.customer,
                of_purpose, of_channel, b.basis = 'consent', (SELECT survives_restriction FROM rule)) THEN 'merged_refused'
            WHEN (SELECT aged FROM rule) AND y.value IS NULL THEN 'age_unknown'
            WHEN (SELECT aged FROM rule) AND y.value::integer >= (SELECT too_young_from FROM rule) THEN 'under_age'
            WHEN contact IS NOT NULL AND v.id IS NULL THEN 'no_address'
            WHEN contact IS NOT NULL AND v.at <= (SELECT oldest FROM rule) THEN 'expired'
            WHEN contact IS NOT NULL AND x.person IS NOT NULL THEN 'suppressed'
            WHEN contact IS NOT NULL AND (SELECT needs_confirmed_address FROM rule)
                 AND (a.value = v.id AND a.superseded_at IS NULL) IS NOT TRUE THEN 'unconfirmed'
        END
    FROM unnest(people) AS asked (id)
    JOIN vault.person p ON p.id = asked.id
    LEFT JOIN policy.purpose_basis b
        ON b.version = of_version AND b.purpose = of_purpose AND b.jurisdiction = p.jurisdiction
    LEFT JOIN consent.standing s ON s.person = p.id AND s.purpose = of_purpose AND s.channel = of_channel
    LEFT JOIN consent.restriction r ON r.person = p.id
    LEFT JOIN vault.fact y ON y.person = p.id AND y.field = (
        SELECT t.id FROM policy.term t WHERE t.kind = 'field' AND t.name = 'birth_year')
    LEFT JOIN vault.value v ON v.person = p.id AND v.field = contact
    LEFT JOIN consent.address a ON a.person = p.id AND a.field = contact
    LEFT JOIN uses.suppression x ON x.person = p.id AND x.channel = of_channel
    WHERE EXISTS (SELECT FROM rule)
$$;
