-- Nonces and commitments. An entry's blinding is HMAC-SHA-256(the person's nonce, the entry's id); its commitment is
-- SHA-256(blinding ‖ payload). Functions with a body of standard SQL bind their names when they are made, so they
-- need no search_path, and without one the planner can write them into the statements that call them by the million.

CREATE FUNCTION ledger.now() RETURNS timestamptz
LANGUAGE sql VOLATILE AS $$ SELECT clock_timestamp() $$;

CREATE FUNCTION ledger.refuse(code text) RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    RAISE EXCEPTION USING ERRCODE = 'AM001', MESSAGE = code;
END $$;

-- 32 random bytes: a UUID carries 122 random bits of the system's strong source, so three are condensed.
CREATE FUNCTION ledger.new_secret() RETURNS bytea
LANGUAGE sql VOLATILE
RETURN sha256(uuid_send(gen_random_uuid()) || uuid_send(gen_random_uuid()) || uuid_send(gen_random_uuid()));

-- A UUID of version 7 (RFC 9562, section 5.7) behind the six bytes of its moment: ids that come one after another stand
-- beside one another in every index, so a long record costs no more to add to than a short one.
CREATE FUNCTION ledger.stamp(moment timestamptz) RETURNS bytea
LANGUAGE sql STABLE
RETURN substr(int8send((extract(epoch FROM moment) * 1000)::bigint), 3);

CREATE FUNCTION ledger.new_id(stamp bytea) RETURNS uuid
LANGUAGE sql VOLATILE
RETURN encode(stamp || set_byte(substr(uuid_send(gen_random_uuid()), 7), 0, 112), 'hex')::uuid;

-- The block (secret ‖ 0…) XOR 0x36…, RFC 2104 section 2.
CREATE FUNCTION ledger.inner_pad(secret bytea) RETURNS bytea
LANGUAGE sql STABLE
RETURN substr(bit_send(('x' || encode(secret, 'hex'))::bit(256)
        # X'3636363636363636363636363636363636363636363636363636363636363636'), 5)
    || '\x3636363636363636363636363636363636363636363636363636363636363636'::bytea;

-- The block (secret ‖ 0…) XOR 0x5c…, RFC 2104 section 2.
CREATE FUNCTION ledger.outer_pad(secret bytea) RETURNS bytea
LANGUAGE sql STABLE
RETURN substr(bit_send(('x' || encode(secret, 'hex'))::bit(256)
        # X'5c5c5c5c5c5c5c5c5c5c5c5c5c5c5c5c5c5c5c5c5c5c5c5c5c5c5c5c5c5c5c5c'), 5)
    || '\x5c5c5c5c5c5c5c5c5c5c5c5c5c5c5c5c5c5c5c5c5c5c5c5c5c5c5c5c5c5c5c5c'::bytea;

-- The two blocks of a new random key, for whoever keeps an HMAC key in the database.
CREATE FUNCTION ledger.new_pads(OUT inner_pad bytea, OUT outer_pad bytea)
LANGUAGE sql VOLATILE SET search_path = pg_catalog, pg_temp AS $$
    SELECT ledger.inner_pad(k.secret), ledger.outer_pad(k.secret)
    FROM (SELECT ledger.new_secret() AS secret OFFSET 0) AS k
$$;

CREATE FUNCTION ledger.new_people(person bigint[]) RETURNS void
LANGUAGE sql VOLATILE SET search_path = pg_catalog, pg_temp AS $$
    INSERT INTO ledger.nonce (person, inner_pad, outer_pad)
    SELECT k.p, ledger.inner_pad(k.secret), ledger.outer_pad(k.secret)
    FROM (SELECT p, ledger.new_secret() AS secret FROM unnest($1) AS p OFFSET 0) AS k
$$;

CREATE FUNCTION ledger.new_person(person bigint) RETURNS void
LANGUAGE sql VOLATILE SET search_path = pg_catalog, pg_temp AS $$ SELECT ledger.new_people(ARRAY[$1]) $$;

CREATE FUNCTION ledger.blind(inner_pad bytea, outer_pad bytea, entry uuid) RETURNS bytea
LANGUAGE sql IMMUTABLE
RETURN sha256(outer_pad || sha256(inner_pad || uuid_send(entry)));

-- For sets: join ledger.nonce once and commit to many.
CREATE FUNCTION ledger.commitment(inner_pad bytea, outer_pad bytea, entry uuid, payload text) RETURNS bytea
LANGUAGE sql STABLE
RETURN sha256(ledger.blind(inner_pad, outer_pad, entry) || convert_to(payload, 'UTF8'));

-- The deployment's own nonce is made when it is first needed.
CREATE FUNCTION ledger.nonce_of(person bigint) RETURNS ledger.nonce
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    found ledger.nonce;
BEGIN
    SELECT * INTO found FROM ledger.nonce n WHERE n.person = nonce_of.person;
    IF found.person IS NULL AND nonce_of.person = 0 THEN
        INSERT INTO ledger.nonce (person, inner_pad, outer_pad)
        SELECT 0, p.inner_pad, p.outer_pad FROM ledger.new_pads() AS p ON CONFLICT DO NOTHING;
        SELECT * INTO found FROM ledger.nonce n WHERE n.person = 0;
    END IF;
    IF found.person IS NULL THEN
        PERFORM ledger.refuse('person_forgotten');
    END IF;
    RETURN found;
END $$;

CREATE FUNCTION ledger.blinding(person bigint, entry uuid) RETURNS bytea
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    nonce ledger.nonce := ledger.nonce_of(person);
BEGIN
    RETURN ledger.blind(nonce.inner_pad, nonce.outer_pad, entry);
END $$;

CREATE FUNCTION ledger.commit_to(person bigint, entry uuid, payload text) RETURNS bytea
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    nonce ledger.nonce := ledger.nonce_of(person);
BEGIN
    RETURN ledger.commitment(nonce.inner_pad, nonce.outer_pad, entry, payload);
END $$;

-- The root of RFC 6962, section 2.1, over leaf hashes that stand one after another: pairs level by level, an odd last
-- one moves up. Built for millions: two hashes that stand together are one slice.
CREATE FUNCTION ledger.merkle_root(hashes bytea) RETURNS bytea
LANGUAGE plpgsql IMMUTABLE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    size integer := coalesce(octet_length(hashes), 0) / 32;
    pairs integer;
BEGIN
    IF size = 0 THEN
        RETURN sha256(''::bytea);
    END IF;
    WHILE size > 1 LOOP
        pairs := size / 2;
        SELECT string_agg(sha256('\x01'::bytea || substr(hashes, 64 * i + 1, 64)), ''::bytea ORDER BY i)
            || CASE WHEN size % 2 = 1 THEN substr(hashes, 64 * pairs + 1, 32) ELSE ''::bytea END
        INTO hashes FROM generate_series(0, pairs - 1) AS i;
        size := pairs + size % 2;
    END LOOP;
    RETURN hashes;
END $$;
