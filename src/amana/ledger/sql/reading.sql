-- The public part, as anybody may read it.

-- A checkpoint with the signature lines of its witnesses.
CREATE FUNCTION ledger.find_checkpoint(at_size bigint DEFAULT NULL)
RETURNS TABLE (size bigint, root bytea, note text, at timestamptz)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET timezone = 'UTC' AS $$
    SELECT c.size, c.root, c.note || coalesce((SELECT string_agg(s.line || E'\n', '' ORDER BY s.witness)
        FROM ledger.cosignature s WHERE s.size = c.size), ''), c.at
    FROM ledger.checkpoint c WHERE at_size IS NULL OR c.size = at_size ORDER BY c.size DESC LIMIT 1
$$;
GRANT EXECUTE ON FUNCTION ledger.find_checkpoint TO amana_app, amana_sequencer;

-- The newest checkpoint that the witness of this key id (eight hexadecimal digits) cosigned.
CREATE FUNCTION ledger.find_witnessed(key_id text)
RETURNS TABLE (size bigint, root bytea, note text, at timestamptz)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET timezone = 'UTC' AS $$
    SELECT c.size, c.root, c.note, c.at
    FROM (SELECT max(s.size) AS size FROM ledger.cosignature s WHERE split_part(s.witness, '+', 2) = key_id) AS l
    CROSS JOIN LATERAL ledger.find_checkpoint(l.size) AS c WHERE l.size IS NOT NULL
$$;
GRANT EXECUTE ON FUNCTION ledger.find_witnessed TO amana_app, amana_sequencer;

-- The checkpoint to prove an entry under: the newest that a witness cosigned where it covers the entry, else the newest.
CREATE FUNCTION ledger.find_proving(at_index bigint)
RETURNS TABLE (size bigint, root bytea, note text, at timestamptz)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET timezone = 'UTC' AS $$
    SELECT c.size, c.root, c.note, c.at FROM ledger.find_checkpoint(
        (SELECT max(s.size) FROM ledger.cosignature s HAVING max(s.size) > at_index)) AS c
$$;
GRANT EXECUTE ON FUNCTION ledger.find_proving TO amana_app;

CREATE FUNCTION ledger.read_tiles(levels smallint[], indexes bigint[])
RETURNS TABLE (level smallint, index bigint, width smallint, hashes bytea)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    SELECT t.level, t.index, t.width, t.hashes FROM ledger.tile t
    WHERE (t.level, t.index) IN (SELECT * FROM unnest(levels, indexes))
$$;
GRANT EXECUTE ON FUNCTION ledger.read_tiles TO amana_app, amana_sequencer;

-- An entry bundle of C2SP tlog-tiles: each leaf behind its length, two bytes, big-endian. Null unless it is complete
-- under the latest checkpoint.
CREATE FUNCTION ledger.read_bundle(index bigint, width integer) RETURNS bytea
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET jit = off AS $$
    SELECT CASE WHEN count(*) = $2 THEN
        string_agg(substr(int4send(octet_length(e.leaf)), 3) || e.leaf, ''::bytea ORDER BY e.index) END
    FROM ledger.entry e
    WHERE e.index >= 256 * $1 AND e.index < 256 * $1 + $2
        AND e.index < (SELECT max(c.size) FROM ledger.checkpoint c)
$$;
GRANT EXECUTE ON FUNCTION ledger.read_bundle TO amana_app, amana_sequencer;

CREATE FUNCTION ledger.find_entry(entry uuid) RETURNS TABLE (index bigint, leaf bytea)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    SELECT e.index, e.leaf FROM ledger.entry e WHERE e.id = entry
$$;
GRANT EXECUTE ON FUNCTION ledger.find_entry TO amana_app, amana_sequencer;

CREATE FUNCTION ledger.count_entries(OUT sequenced bigint, OUT waiting bigint, OUT signed bigint)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    SELECT (SELECT coalesce(max(e.index) + 1, 0) FROM ledger.entry e), (SELECT count(*) FROM ledger.pending),
        (SELECT coalesce(max(c.size), 0) FROM ledger.checkpoint c)
$$;
GRANT EXECUTE ON FUNCTION ledger.count_entries TO amana_app, amana_sequencer;

CREATE FUNCTION ledger.find_key() RETURNS text
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    SELECT k.vkey FROM ledger.verifier_key k ORDER BY k.number DESC LIMIT 1
$$;
GRANT EXECUTE ON FUNCTION ledger.find_key TO amana_app, amana_sequencer;
