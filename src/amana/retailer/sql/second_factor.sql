-- Enrolling an authenticator, proving a session by it, and losing it. Replaces what sees a session through to the gate.

CREATE FUNCTION retailer.demanded(staff bigint) RETURNS boolean
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
    SELECT EXISTS (SELECT FROM retailer.staff_role r JOIN policy.term t ON t.id = r.role
                   JOIN retailer.second_factor_demand d ON d.role = t.name WHERE r.staff = demanded.staff)
$$;

-- What a session still lacks before it opens anything: 'code', 'enrolment', or null.
CREATE FUNCTION retailer.second_step(live retailer.session) RETURNS text
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
    SELECT CASE WHEN live.kind = 'system' OR live.proven_at IS NOT NULL THEN NULL
        WHEN EXISTS (SELECT FROM retailer.second_factor f
                     WHERE f.staff = live.staff AND f.confirmed_at IS NOT NULL) THEN 'code'
        WHEN retailer.demanded(live.staff) THEN 'enrolment' END
$$;

CREATE OR REPLACE FUNCTION retailer.session_of(token text)
RETURNS TABLE (session bigint, staff bigint, role smallint[], shops bigint[])
LANGUAGE plpgsql AS $$
DECLARE
    live retailer.session := retailer.live_session(token);
BEGIN
    IF live.id IS NULL THEN
        PERFORM retailer.refuse('session_unknown');
    ELSIF live.kind = 'system' THEN
        RETURN QUERY SELECT live.id, NULL::bigint, ARRAY[policy.term_id('role', 'system')], NULL::bigint[];
    ELSIF (SELECT s.must_change FROM retailer.staff s WHERE s.id = live.staff) THEN
        PERFORM retailer.refuse('password_change_needed');
    ELSIF retailer.second_step(live) IS NOT NULL THEN
        PERFORM retailer.refuse('second_factor_needed');
    ELSE
        RETURN QUERY SELECT live.id, live.staff, r.roles, r.shops FROM retailer.roles_of(live.staff) r;
    END IF;
END $$;

-- No row for an unknown, ended or system session; no roles until a password handed over by somebody else is changed
-- and the second factor proven.
DROP FUNCTION IF EXISTS retailer.who(text);
CREATE FUNCTION retailer.who(token text)
RETURNS TABLE (session bigint, staff bigint, email text, name_ar text, name_en text, language text,
               must_change boolean, roles text[], shops bigint[], second text)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET timezone = 'UTC' AS $$
DECLARE
    live retailer.session := retailer.live_session(token);
    lacks text := retailer.second_step(live);
BEGIN
    RETURN QUERY
        SELECT live.id, s.id, s.email, s.name_ar, s.name_en, s.language, s.must_change,
               CASE WHEN s.must_change OR lacks IS NOT NULL THEN '{}' ELSE retailer.role_names(r.roles) END,
               r.shops, lacks
        FROM retailer.staff s, retailer.roles_of(s.id) r WHERE s.id = live.staff;
END $$;
GRANT EXECUTE ON FUNCTION retailer.who(text) TO amana_app;

-- Of the session's own account, also before the session opens anything. The seal is told only while it waits for its
-- first code: the page shows it once more after a mistyped one.
CREATE FUNCTION retailer.own_second_factor(token text)
RETURNS TABLE (staff bigint, email text, nonce bytea, waiting bytea, confirmed_at timestamptz, codes_left bigint,
               demanded boolean)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET timezone = 'UTC' AS $$
DECLARE
    live retailer.session := retailer.live_session(token);
BEGIN
    RETURN QUERY
        SELECT s.id, s.email, f.nonce, CASE WHEN f.confirmed_at IS NULL THEN f.sealed END, f.confirmed_at,
               (SELECT count(*) FROM retailer.recovery_code c WHERE c.staff = s.id AND c.used_at IS NULL),
               retailer.demanded(s.id)
        FROM retailer.staff s LEFT JOIN retailer.second_factor f ON f.staff = s.id
        WHERE s.id = live.staff AND NOT s.must_change;
    IF NOT FOUND THEN
        PERFORM retailer.refuse('session_unknown');
    END IF;
END $$;
GRANT EXECUTE ON FUNCTION retailer.own_second_factor(text) TO amana_app;

CREATE FUNCTION retailer.begin_second_factor(token text, nonce bytea, sealed bytea) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET timezone = 'UTC' AS $$
DECLARE
    own record;
BEGIN
    SELECT * INTO own FROM retailer.own_second_factor(token);
    INSERT INTO retailer.second_factor AS f (staff, nonce, sealed, begun_at)
    VALUES (own.staff, begin_second_factor.nonce, begin_second_factor.sealed, ledger.now())
    ON CONFLICT (staff) DO UPDATE SET nonce = excluded.nonce, sealed = excluded.sealed, begun_at = excluded.begun_at
        WHERE f.confirmed_at IS NULL;
    IF NOT FOUND THEN
        PERFORM retailer.refuse('second_factor_exists');
    END IF;
END $$;
GRANT EXECUTE ON FUNCTION retailer.begin_second_factor(text, bytea, bytea) TO amana_app;

-- Five wrong codes in fifteen minutes, thirty in a day: of a million codes three fit at a time.
CREATE FUNCTION retailer.require_code_allowed(staff bigint) RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    at timestamptz := ledger.now();
    lately bigint;
    today bigint;
BEGIN
    SELECT count(*) FILTER (WHERE a.asked_at > at - interval '15 minutes'), count(*) INTO lately, today
        FROM retailer.second_factor_attempt a
        WHERE a.staff = require_code_allowed.staff AND a.succeeded_at IS NULL AND a.asked_at > at - interval '1 day';
    IF lately >= 5 OR today >= 30 THEN
        PERFORM retailer.refuse('second_factor_limited');
    END IF;
END $$;

-- `recovery` is the keyed proof of what was typed, for a code of the other kind.
CREATE FUNCTION retailer.ask_second_factor(token text, pad bytea, code text, recovery bytea) RETURNS uuid
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET timezone = 'UTC' AS $$
DECLARE
    live retailer.session := retailer.live_session(token);
    attempt uuid;
BEGIN
    PERFORM pg_advisory_xact_lock(hashtextextended('retailer.second_factor:' || live.staff, 0));
    PERFORM retailer.require_code_allowed(live.staff);
    DELETE FROM retailer.second_factor_attempt a WHERE a.asked_at < ledger.now() - interval '2 days';
    INSERT INTO retailer.second_factor_attempt (session, staff, step, recovery, asked_at, xact)
    SELECT live.id, f.staff, retailer.step_of(retailer.xored(f.sealed, pad), code), sha256(ask_second_factor.recovery),
           ledger.now(), pg_current_xact_id()
        FROM retailer.second_factor f WHERE f.staff = live.staff
    RETURNING id INTO attempt;
    IF attempt IS NULL THEN
        PERFORM retailer.refuse('second_factor_missing');
    END IF;
    RETURN attempt;
END $$;
GRANT EXECUTE ON FUNCTION retailer.ask_second_factor(text, bytea, text, bytea) TO amana_app;

CREATE FUNCTION retailer.use_recovery_code(staff bigint, proof bytea) RETURNS boolean
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    UPDATE retailer.recovery_code c SET used_at = ledger.now()
        WHERE c.staff = use_recovery_code.staff AND c.proof = use_recovery_code.proof AND c.used_at IS NULL;
    IF FOUND THEN
        PERFORM ledger.record('retailer.recovery_code_used', 0, jsonb_build_object('staff', staff));
    END IF;
    RETURN FOUND;
END $$;

-- The attempt, once its code fits and was never taken before: a step that is not later than the last one is refused.
CREATE FUNCTION retailer.take_code(attempt uuid) RETURNS retailer.second_factor_attempt
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    taken retailer.second_factor_attempt;
BEGIN
    PERFORM retailer.require_read_committed();
    UPDATE retailer.second_factor_attempt a SET succeeded_at = ledger.now()
        WHERE a.id = attempt AND a.succeeded_at IS NULL AND a.asked_at > ledger.now() - interval '1 minute'
          AND a.xact <> pg_current_xact_id()
        RETURNING a.* INTO taken;
    IF taken.step IS NOT NULL THEN
        UPDATE retailer.second_factor f SET last_step = taken.step
            WHERE f.staff = taken.staff AND f.last_step < taken.step;
        IF NOT FOUND THEN
            PERFORM retailer.refuse('second_factor_used');
        END IF;
    ELSIF taken.id IS NULL OR NOT coalesce(retailer.use_recovery_code(taken.staff, taken.recovery), false) THEN
        PERFORM retailer.refuse('second_factor_refused');
    END IF;
    RETURN taken;
END $$;

CREATE FUNCTION retailer.prove_session(attempt uuid) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET timezone = 'UTC' AS $$
DECLARE
    taken retailer.second_factor_attempt := retailer.take_code(attempt);
BEGIN
    IF NOT EXISTS (SELECT FROM retailer.second_factor f WHERE f.staff = taken.staff AND f.confirmed_at IS NOT NULL) THEN
        PERFORM retailer.refuse('second_factor_missing');
    END IF;
    UPDATE retailer.session s SET proven_at = ledger.now() WHERE s.id = taken.session;
    PERFORM ledger.record('retailer.session_proven', 0,
                          jsonb_build_object('staff', taken.staff, 'session', taken.session));
END $$;
GRANT EXECUTE ON FUNCTION retailer.prove_session(uuid) TO amana_app;

CREATE FUNCTION retailer.put_recovery_codes(staff bigint, proofs bytea[]) RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    DELETE FROM retailer.recovery_code c WHERE c.staff = put_recovery_codes.staff;
    INSERT INTO retailer.recovery_code (staff, proof)
        SELECT put_recovery_codes.staff, sha256(p) FROM unnest(proofs) p;
    PERFORM ledger.record('retailer.recovery_codes_made', 0,
                          jsonb_build_object('staff', staff, 'count', cardinality(proofs)));
END $$;

-- The first code shows that the authenticator holds the secret; from then on it is asked for, and proves this session.
CREATE FUNCTION retailer.confirm_second_factor(attempt uuid, proofs bytea[]) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET timezone = 'UTC' AS $$
DECLARE
    taken retailer.second_factor_attempt := retailer.take_code(attempt);
BEGIN
    UPDATE retailer.second_factor f SET confirmed_at = ledger.now()
        WHERE f.staff = taken.staff AND f.confirmed_at IS NULL;
    IF NOT FOUND THEN
        PERFORM retailer.refuse('second_factor_exists');
    END IF;
    UPDATE retailer.session s SET proven_at = ledger.now() WHERE s.id = taken.session;
    PERFORM ledger.record('retailer.second_factor_set', 0, jsonb_build_object('staff', taken.staff));
    PERFORM retailer.put_recovery_codes(taken.staff, proofs);
END $$;
GRANT EXECUTE ON FUNCTION retailer.confirm_second_factor(uuid, bytea[]) TO amana_app;

CREATE FUNCTION retailer.renew_recovery_codes(attempt uuid, proofs bytea[]) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET timezone = 'UTC' AS $$
DECLARE
    taken retailer.second_factor_attempt := retailer.take_code(attempt);
BEGIN
    PERFORM retailer.put_recovery_codes(taken.staff, proofs);
END $$;
GRANT EXECUTE ON FUNCTION retailer.renew_recovery_codes(uuid, bytea[]) TO amana_app;

CREATE FUNCTION retailer.drop_factor(acting bigint, staff bigint) RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    DELETE FROM retailer.second_factor f WHERE f.staff = drop_factor.staff;
    IF NOT FOUND THEN
        PERFORM retailer.refuse('second_factor_missing');
    END IF;
    PERFORM ledger.record('retailer.second_factor_removed', 0, jsonb_build_object('by', acting, 'staff', staff));
END $$;

-- To move to another device. Where it is demanded, the session then opens nothing until the next one is set up.
CREATE FUNCTION retailer.remove_second_factor(attempt uuid) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET timezone = 'UTC' AS $$
DECLARE
    taken retailer.second_factor_attempt := retailer.take_code(attempt);
BEGIN
    -- One that still waited for its code would otherwise be let in without.
    UPDATE retailer.session s SET closed_at = ledger.now()
        WHERE s.staff = taken.staff AND s.id <> taken.session AND s.closed_at IS NULL;
    UPDATE retailer.session s SET proven_at = NULL WHERE s.id = taken.session;
    PERFORM retailer.drop_factor(taken.staff, taken.staff);
END $$;
GRANT EXECUTE ON FUNCTION retailer.remove_second_factor(uuid) TO amana_app;

-- For somebody who lost device and codes: an administrator knows them, and whoever signs in next sets up anew.
CREATE FUNCTION retailer.drop_second_factor(token text, staff bigint) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET timezone = 'UTC' AS $$
DECLARE
    acting bigint := retailer.administrator_over(token, staff);
BEGIN
    PERFORM retailer.drop_factor(acting, staff);
    PERFORM retailer.end_sessions(staff);
END $$;
GRANT EXECUTE ON FUNCTION retailer.drop_second_factor(text, bigint) TO amana_app;

CREATE FUNCTION retailer.drop_second_factor_as_owner(email text) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET timezone = 'UTC' AS $$
DECLARE
    found bigint := (SELECT s.id FROM retailer.staff s WHERE s.email = lower(btrim(drop_second_factor_as_owner.email)));
BEGIN
    IF found IS NULL THEN
        PERFORM retailer.refuse('staff_unknown');
    END IF;
    PERFORM retailer.drop_factor(NULL, found);
    PERFORM retailer.end_sessions(found);
END $$;
GRANT EXECUTE ON FUNCTION retailer.drop_second_factor_as_owner(text) TO amana_owner;

CREATE FUNCTION retailer.second_factors(token text)
RETURNS TABLE (staff bigint, confirmed_at timestamptz, demanded boolean)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET timezone = 'UTC' AS $$
BEGIN
    PERFORM retailer.administrator(token);
    RETURN QUERY SELECT s.id, f.confirmed_at, retailer.demanded(s.id)
        FROM retailer.staff s LEFT JOIN retailer.second_factor f ON f.staff = s.id ORDER BY s.id;
END $$;
GRANT EXECUTE ON FUNCTION retailer.second_factors(text) TO amana_app;

-- Under the owner's login alone: nobody who is signed in loosens what they have to prove.
CREATE FUNCTION retailer.demand_second_factor(roles text[]) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET timezone = 'UTC' AS $$
BEGIN
    IF EXISTS (SELECT FROM unnest(roles) n WHERE n = 'system' OR NOT EXISTS
            (SELECT FROM policy.term t WHERE t.kind = 'role' AND t.name = n)) THEN
        PERFORM retailer.refuse('role_unknown');
    END IF;
    IF NOT EXISTS (SELECT unnest(roles) EXCEPT SELECT d.role FROM retailer.second_factor_demand d)
       AND NOT EXISTS (SELECT d.role FROM retailer.second_factor_demand d EXCEPT SELECT unnest(roles)) THEN
        RETURN;
    END IF;
    DELETE FROM retailer.second_factor_demand;
    INSERT INTO retailer.second_factor_demand SELECT DISTINCT n FROM unnest(roles) n;
    PERFORM ledger.record('retailer.second_factor_demanded', 0, jsonb_build_object('roles', to_jsonb(roles)));
END $$;
GRANT EXECUTE ON FUNCTION retailer.demand_second_factor(text[]) TO amana_owner;
