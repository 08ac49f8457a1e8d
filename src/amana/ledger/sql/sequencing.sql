-- What only the sequencer may do: give entries their index, keep the tiles, publish what it signed.

-- Move waiting entries into the record and return where they begin and their leaf hashes, one after another. Rows are
-- taken by deleting them: an entry that commits late is taken late, and none is passed over, whatever its number.
CREATE FUNCTION ledger.sequence(batch integer, OUT first bigint, OUT hashes bytea)
LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp SET timezone = 'UTC' SET jit = off SET work_mem = '64MB' AS $$
DECLARE
    upto bigint;
    signed bigint;
BEGIN
    PERFORM pg_advisory_xact_lock(hashtextextended('amana.ledger.sequence', 0));
    SELECT coalesce(max(e.index) + 1, 0) INTO first FROM ledger.entry e;
    SELECT coalesce(max(c.size), 0) INTO signed FROM ledger.checkpoint c;
    IF first < signed THEN
        PERFORM ledger.refuse('ledger_truncated');
    END IF;
    SELECT max(w.number) INTO upto FROM (SELECT p.number FROM ledger.pending p ORDER BY p.number LIMIT batch) AS w;
    WITH taken AS (
        DELETE FROM ledger.pending p WHERE p.number <= upto RETURNING p.number, p.id, p.at, p.event, p.leaf
    ), placed AS (
        INSERT INTO ledger.entry (index, id, at, event, leaf)
        SELECT first + row_number() OVER (ORDER BY t.number) - 1, t.id, t.at, t.event, t.leaf FROM taken t
        RETURNING index, leaf
    )
    SELECT coalesce(string_agg(sha256('\x00'::bytea || p.leaf), ''::bytea ORDER BY p.index), ''::bytea)
    INTO hashes FROM placed p;
END $$;
GRANT EXECUTE ON FUNCTION ledger.sequence TO amana_sequencer;

-- Leaf hashes of the entries first … upto − 1 as they stand now, one after another. A missing entry is left out.
CREATE FUNCTION ledger.leaf_hashes(first bigint, upto bigint) RETURNS bytea
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET jit = off AS $$
    SELECT coalesce(string_agg(sha256('\x00'::bytea || e.leaf), ''::bytea ORDER BY e.index), ''::bytea)
    FROM ledger.entry e WHERE e.index >= first AND e.index < upto
$$;
GRANT EXECUTE ON FUNCTION ledger.leaf_hashes TO amana_sequencer;

-- A tile only grows: what it holds already has to be the beginning of what replaces it.
CREATE FUNCTION ledger.store_tiles(levels smallint[], indexes bigint[], widths smallint[], hashes bytea[])
RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    stored bigint;
BEGIN
    WITH written AS (
        INSERT INTO ledger.tile AS t (level, index, width, hashes)
        SELECT * FROM unnest(levels, indexes, widths, store_tiles.hashes)
        ON CONFLICT (level, index) DO UPDATE SET width = excluded.width, hashes = excluded.hashes
        WHERE t.width <= excluded.width AND substr(excluded.hashes, 1, 32 * t.width) = t.hashes
        RETURNING 1
    )
    SELECT count(*) INTO stored FROM written;
    IF stored <> cardinality(levels) THEN
        PERFORM ledger.refuse('tile_rewritten');
    END IF;
END $$;
GRANT EXECUTE ON FUNCTION ledger.store_tiles TO amana_sequencer;

CREATE FUNCTION ledger.publish_checkpoint(size bigint, root bytea, note text) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    PERFORM pg_advisory_xact_lock(hashtextextended('amana.ledger.sequence', 0));
    IF publish_checkpoint.size <> (SELECT coalesce(max(e.index) + 1, 0) FROM ledger.entry e)
        OR split_part(note, E'\n', 2) <> publish_checkpoint.size::text
        OR split_part(note, E'\n', 3) <> encode(root, 'base64') THEN
        PERFORM ledger.refuse('checkpoint_wrong');
    END IF;
    IF EXISTS (SELECT FROM ledger.checkpoint c WHERE c.size >= publish_checkpoint.size) THEN
        PERFORM ledger.refuse('checkpoint_behind');
    END IF;
    INSERT INTO ledger.checkpoint (size, root, note, at) VALUES (size, root, note, ledger.now());
END $$;
GRANT EXECUTE ON FUNCTION ledger.publish_checkpoint TO amana_sequencer;

-- Keep a witness's signature line with the checkpoint it is about. The caller has verified it.
CREATE FUNCTION ledger.cosign(size bigint, witness text, line text) RETURNS void
LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    INSERT INTO ledger.cosignature (size, witness, line, at) VALUES (size, witness, line, ledger.now())
    ON CONFLICT DO NOTHING
$$;
GRANT EXECUTE ON FUNCTION ledger.cosign TO amana_sequencer;

CREATE FUNCTION ledger.announce_key(vkey text) RETURNS void
LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    INSERT INTO ledger.verifier_key (vkey, at) SELECT $1, ledger.now()
    WHERE NOT EXISTS (SELECT FROM ledger.verifier_key k WHERE k.vkey = $1) ON CONFLICT DO NOTHING
$$;
GRANT EXECUTE ON FUNCTION ledger.announce_key TO amana_sequencer;

-- A busy day leaves a checkpoint for every second. After a day the last of each hour and the cosigned ones are kept:
-- whoever holds another has it whole, and it is verified against the entries, not against this table.
CREATE FUNCTION ledger.thin_checkpoints() RETURNS bigint
LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET timezone = 'UTC' AS $$
    WITH removed AS (
        DELETE FROM ledger.checkpoint c
        WHERE c.at < ledger.now() - interval '1 day'
            AND NOT EXISTS (SELECT FROM ledger.cosignature s WHERE s.size = c.size)
            AND c.size < (SELECT max(l.size) FROM ledger.checkpoint l
                WHERE date_trunc('hour', l.at) = date_trunc('hour', c.at))
        RETURNING 1
    )
    SELECT count(*) FROM removed
$$;
GRANT EXECUTE ON FUNCTION ledger.thin_checkpoints TO amana_sequencer;
