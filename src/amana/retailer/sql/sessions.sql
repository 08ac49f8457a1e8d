-- Signing in, and who stands behind a token. Functions without a GRANT are called by other definer functions only.

CREATE FUNCTION retailer.refuse(code text) RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    RAISE EXCEPTION USING ERRCODE = 'AM001', MESSAGE = code;
END $$;

-- A snapshot held from before a role was taken away would still show the role.
CREATE FUNCTION retailer.require_read_committed() RETURNS void
LANGUAGE plpgsql AS $$
BEGIN
    IF current_setting('transaction_isolation') <> 'read committed' THEN
        PERFORM retailer.refuse('session_isolation_refused');
    END IF;
END $$;

CREATE FUNCTION retailer.random_bytes() RETURNS bytea
LANGUAGE sql VOLATILE SET search_path = pg_catalog, pg_temp AS $$
    SELECT sha256(uuid_send(gen_random_uuid()) || uuid_send(gen_random_uuid()) || uuid_send(gen_random_uuid()))
$$;

CREATE FUNCTION retailer.secret_value() RETURNS bytea
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    found bytea;
BEGIN
    SELECT value INTO found FROM retailer.secret;
    IF found IS NULL THEN
        INSERT INTO retailer.secret (value) VALUES (retailer.random_bytes()) ON CONFLICT DO NOTHING;
        SELECT value INTO found FROM retailer.secret;
    END IF;
    RETURN found;
END $$;

CREATE FUNCTION retailer.keyed(label text, email text) RETURNS bytea
LANGUAGE sql VOLATILE SET search_path = pg_catalog, pg_temp AS $$
    SELECT sha256(retailer.secret_value() || convert_to(label || ':' || lower(btrim(email)), 'UTF8'))
$$;

CREATE FUNCTION retailer.truncated(address inet) RETURNS inet
LANGUAGE sql IMMUTABLE SET search_path = pg_catalog, pg_temp AS $$
    SELECT network(set_masklen(address, least(masklen(address), CASE family(address) WHEN 4 THEN 24 ELSE 48 END)))::inet
$$;

-- Ten failures of an account, or fifty from a neighbourhood of addresses, in fifteen minutes. Unanswered is failed.
CREATE FUNCTION retailer.require_sign_in_allowed(account bytea, address inet) RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    since timestamptz := ledger.now() - interval '15 minutes';
    of_account bigint;
    of_address bigint;
BEGIN
    SELECT count(*) INTO of_account FROM retailer.sign_in_attempt a
        WHERE a.account = require_sign_in_allowed.account AND a.asked_at > since AND a.succeeded_at IS NULL;
    SELECT count(*) INTO of_address FROM retailer.sign_in_attempt a
        WHERE a.address = require_sign_in_allowed.address AND a.asked_at > since AND a.succeeded_at IS NULL;
    IF of_account >= 10 OR of_address >= 50 THEN
        PERFORM retailer.refuse('sign_in_limited');
    END IF;
END $$;

-- An unknown address gets a salt that never changes, so that the answer does not tell who works here.
CREATE FUNCTION retailer.salt_of(email text, address inet) RETURNS bytea
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET timezone = 'UTC' AS $$
DECLARE
    made bytea := substring(retailer.keyed('salt', email) FROM 1 FOR 16);
    kept bytea;
BEGIN
    PERFORM retailer.require_sign_in_allowed(retailer.keyed('account', email), retailer.truncated(address));
    SELECT s.salt INTO kept FROM retailer.staff s WHERE s.email = lower(btrim(salt_of.email));
    RETURN coalesce(kept, made);
END $$;
GRANT EXECUTE ON FUNCTION retailer.salt_of(text, inet) TO amana_app;

CREATE FUNCTION retailer.ask_sign_in(email text, verifier bytea, address inet) RETURNS uuid
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET timezone = 'UTC' AS $$
DECLARE
    of_account bytea := retailer.keyed('account', email);
    from_address inet := retailer.truncated(address);
    attempt uuid;
BEGIN
    PERFORM retailer.require_read_committed();
    PERFORM pg_advisory_xact_lock(hashtextextended('retailer.account:' || encode(of_account, 'hex'), 0));
    PERFORM pg_advisory_xact_lock(hashtextextended('retailer.address:' || from_address::text, 0));
    PERFORM retailer.require_sign_in_allowed(of_account, from_address);
    DELETE FROM retailer.sign_in_attempt a WHERE a.asked_at < ledger.now() - interval '1 hour';
    INSERT INTO retailer.sign_in_attempt (account, address, staff, guess, asked_at, xact)
    VALUES (of_account, from_address,
            (SELECT s.id FROM retailer.staff s WHERE s.email = lower(btrim(ask_sign_in.email))),
            sha256(verifier), ledger.now(), pg_current_xact_id())
    RETURNING id INTO attempt;
    RETURN attempt;
END $$;
GRANT EXECUTE ON FUNCTION retailer.ask_sign_in(text, bytea, inet) TO amana_app;

-- The member of staff a proven attempt belongs to. Hashes are compared, so where they first differ teaches nothing.
CREATE FUNCTION retailer.take_attempt(attempt uuid) RETURNS bigint
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    proven bigint;
BEGIN
    PERFORM retailer.require_read_committed();
    UPDATE retailer.sign_in_attempt a SET succeeded_at = ledger.now()
        FROM retailer.staff s
        WHERE a.id = attempt AND s.id = a.staff AND s.active AND s.verifier = a.guess
          AND a.succeeded_at IS NULL AND a.asked_at > ledger.now() - interval '5 minutes'
          AND a.xact <> pg_current_xact_id()
        RETURNING s.id INTO proven;
    IF proven IS NULL THEN
        PERFORM retailer.refuse('sign_in_refused');
    END IF;
    RETURN proven;
END $$;

CREATE FUNCTION retailer.open_session(kind text, staff bigint, lasting interval, OUT token text, OUT session bigint)
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    at timestamptz := ledger.now();
BEGIN
    token := encode(retailer.random_bytes(), 'hex');
    INSERT INTO retailer.session (token_hash, kind, staff, opened_at, last_seen_at, expires_at)
    VALUES (sha256(convert_to(token, 'UTF8')), kind, staff, at, at, at + lasting)
    RETURNING id INTO session;
END $$;

CREATE FUNCTION retailer.sign_in(attempt uuid) RETURNS text
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET timezone = 'UTC' AS $$
DECLARE
    proven bigint := retailer.take_attempt(attempt);
    opened record;
BEGIN
    SELECT * INTO opened FROM retailer.open_session('staff', proven, interval '12 hours');
    PERFORM ledger.record('retailer.signed_in', 0, jsonb_build_object('staff', proven, 'session', opened.session));
    RETURN opened.token;
END $$;
GRANT EXECUTE ON FUNCTION retailer.sign_in(uuid) TO amana_app;

-- The processes of Amana itself act under this session. It ends when closed or unused for thirty days.
CREATE FUNCTION retailer.open_system_session() RETURNS text
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET timezone = 'UTC' AS $$
DECLARE
    opened record;
BEGIN
    SELECT * INTO opened FROM retailer.open_session('system', NULL, interval '1000 years');
    PERFORM ledger.record('retailer.system_session_opened', 0, jsonb_build_object('session', opened.session));
    RETURN opened.token;
END $$;
GRANT EXECUTE ON FUNCTION retailer.open_system_session() TO amana_owner;

-- The open session of a token, or null. The time last seen is kept to the minute and never waits for a lock: one
-- session serves many transactions at a time.
CREATE FUNCTION retailer.live_session(token text) RETURNS retailer.session
LANGUAGE plpgsql AS $$
DECLARE
    at timestamptz := ledger.now();
    live retailer.session;
BEGIN
    PERFORM retailer.require_read_committed();
    SELECT s.* INTO live FROM retailer.session s
        WHERE s.token_hash = sha256(convert_to(token, 'UTF8')) AND s.closed_at IS NULL AND s.expires_at > at
          AND s.last_seen_at > at - CASE s.kind WHEN 'staff' THEN interval '30 minutes' ELSE interval '30 days' END
          AND (s.kind = 'system' OR EXISTS (SELECT FROM retailer.staff p WHERE p.id = s.staff AND p.active));
    IF live.last_seen_at < at - interval '1 minute' THEN
        UPDATE retailer.session s SET last_seen_at = at WHERE s.id =
            (SELECT l.id FROM retailer.session l WHERE l.id = live.id AND l.closed_at IS NULL FOR UPDATE SKIP LOCKED);
    END IF;
    RETURN live;
END $$;

-- A role the running policy no longer knows gives nothing.
CREATE FUNCTION retailer.roles_of(staff bigint, OUT roles smallint[], OUT shops bigint[])
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    SELECT coalesce(array_agg(r.role ORDER BY r.role), '{}') INTO roles
        FROM retailer.staff_role r JOIN policy.role p ON p.role = r.role
        WHERE r.staff = roles_of.staff AND p.version = policy.current_version();
    SELECT array_agg(DISTINCT u.shop ORDER BY u.shop) INTO shops
        FROM retailer.staff_role r, unnest(r.shops) u(shop) WHERE r.staff = roles_of.staff;
END $$;

CREATE FUNCTION retailer.role_names(roles smallint[]) RETURNS text[]
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
    SELECT coalesce(array_agg(t.name ORDER BY t.name), '{}') FROM policy.term t WHERE t.id = ANY (roles)
$$;

CREATE FUNCTION retailer.end_sessions(staff bigint) RETURNS int
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    ended int;
BEGIN
    UPDATE retailer.session s SET closed_at = ledger.now()
        WHERE s.staff = end_sessions.staff AND s.closed_at IS NULL;
    GET DIAGNOSTICS ended = ROW_COUNT;
    RETURN ended;
END $$;

CREATE FUNCTION retailer.close_session(token text, of_kind text, event text) RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    ended retailer.session;
BEGIN
    UPDATE retailer.session s SET closed_at = ledger.now()
        WHERE s.token_hash = sha256(convert_to(token, 'UTF8')) AND s.kind = of_kind AND s.closed_at IS NULL
        RETURNING s.* INTO ended;
    IF ended.id IS NOT NULL THEN
        PERFORM ledger.record(event, 0, jsonb_build_object('staff', ended.staff, 'session', ended.id));
    END IF;
END $$;

CREATE FUNCTION retailer.sign_out(token text) RETURNS void
LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET timezone = 'UTC' AS $$
    SELECT retailer.close_session(token, 'staff', 'retailer.signed_out')
$$;
GRANT EXECUTE ON FUNCTION retailer.sign_out(text) TO amana_app;

CREATE FUNCTION retailer.close_system_session(token text) RETURNS void
LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET timezone = 'UTC' AS $$
    SELECT retailer.close_session(token, 'system', 'retailer.system_session_closed')
$$;
GRANT EXECUTE ON FUNCTION retailer.close_system_session(text) TO amana_owner;
