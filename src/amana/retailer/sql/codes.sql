-- Codes of authenticators (RFC 4226, RFC 6238), worked out beside the secrets: the application cannot claim that one fits.
-- The core of PostgreSQL has no SHA-1, and authenticators read no other hash reliably.

-- One block of SHA-1 (FIPS 180-4, section 6.1.2); `state` is five words of 32 bits.
CREATE FUNCTION retailer.sha1_block(state bigint[], block bytea) RETURNS bigint[]
LANGUAGE plpgsql IMMUTABLE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    w bigint[] := '{}';
    h bigint[] := state;
    f bigint;
    x bigint;
BEGIN
    FOR t IN 0..79 LOOP
        IF t < 16 THEN
            x := ('x' || encode(substring(block FROM 4 * t + 1 FOR 4), 'hex'))::bit(32)::bigint;
        ELSE
            x := w[t - 2] # w[t - 7] # w[t - 13] # w[t - 15];
            x := ((x << 1) | (x >> 31)) & 4294967295;
        END IF;
        w[t + 1] := x;
        f := CASE WHEN t < 20 THEN ((h[2] & h[3]) | (~h[2] & h[4])) + 1518500249
                  WHEN t < 40 THEN (h[2] # h[3] # h[4]) + 1859775393
                  WHEN t < 60 THEN ((h[2] & h[3]) | (h[2] & h[4]) | (h[3] & h[4])) + 2400959708
                  ELSE (h[2] # h[3] # h[4]) + 3395469782 END;
        f := ((((h[1] << 5) | (h[1] >> 27)) & 4294967295) + f + h[5] + x) & 4294967295;
        h := ARRAY[f, h[1], ((h[2] << 30) | (h[2] >> 2)) & 4294967295, h[3], h[4]];
    END LOOP;
    RETURN ARRAY(SELECT (a + b) & 4294967295 FROM unnest(state, h) AS both_of(a, b));
END $$;

CREATE FUNCTION retailer.sha1(message bytea) RETURNS bytea
LANGUAGE plpgsql IMMUTABLE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    zeros int := (119 - length(message) % 64) % 64;
    padded bytea := message || '\x80' || decode(repeat('00', zeros), 'hex') || int8send(8 * length(message)::bigint);
    state bigint[] := ARRAY[1732584193, 4023233417, 2562383102, 271733878, 3285377520];
BEGIN
    FOR block IN 0 .. length(padded) / 64 - 1 LOOP
        state := retailer.sha1_block(state, substring(padded FROM 64 * block + 1 FOR 64));
    END LOOP;
    RETURN (SELECT decode(string_agg(lpad(to_hex(word), 8, '0'), '' ORDER BY place), 'hex')
            FROM unnest(state) WITH ORDINALITY AS of_state(word, place));
END $$;

CREATE FUNCTION retailer.xored(one bytea, other bytea) RETURNS bytea
LANGUAGE plpgsql IMMUTABLE SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    FOR place IN 0 .. length(one) - 1 LOOP
        one := set_byte(one, place, get_byte(one, place) # get_byte(other, place));
    END LOOP;
    RETURN one;
END $$;

-- RFC 2104, for a key that is no longer than a block.
CREATE FUNCTION retailer.hmac_sha1(key bytea, message bytea) RETURNS bytea
LANGUAGE plpgsql IMMUTABLE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    whole bytea := key || decode(repeat('00', 64 - length(key)), 'hex');
    inner_pad bytea := retailer.xored(whole, decode(repeat('36', 64), 'hex'));
    outer_pad bytea := retailer.xored(whole, decode(repeat('5c', 64), 'hex'));
BEGIN
    RETURN retailer.sha1(outer_pad || retailer.sha1(inner_pad || message));
END $$;

-- Six digits of one step of thirty seconds (RFC 4226, section 5.3).
CREATE FUNCTION retailer.code_of(secret bytea, step bigint) RETURNS text
LANGUAGE plpgsql IMMUTABLE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    digest bytea := retailer.hmac_sha1(secret, int8send(step));
    word bytea := substring(digest FROM (get_byte(digest, 19) & 15) + 1 FOR 4);
BEGIN
    RETURN lpad(((('x' || encode(word, 'hex'))::bit(32)::bigint & 2147483647) % 1000000)::text, 6, '0');
END $$;

-- The step whose code this is: the present one, or for a slow hand or clock one beside it (RFC 6238, section 5.2).
CREATE FUNCTION retailer.step_of(secret bytea, code text) RETURNS bigint
LANGUAGE plpgsql VOLATILE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    present bigint := floor(extract(epoch FROM ledger.now()) / 30);
    found bigint;
BEGIN
    FOR step IN present - 1 .. present + 1 LOOP
        -- Hashes are compared and every step is tried, so that the time taken teaches nothing.
        IF sha256(convert_to(retailer.code_of(secret, step), 'UTF8')) = sha256(convert_to(code, 'UTF8')) THEN
            found := step;
        END IF;
    END LOOP;
    RETURN found;
END $$;
