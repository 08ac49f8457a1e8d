-- Looking for what was altered. Everything is compared as bytes, so that no altered row can stop the search.

-- Whether a leaf opens with the entry's other columns around it, and with `commitment` where that is given.
CREATE FUNCTION ledger.leaf_fits(
    leaf bytea, id uuid, at timestamptz, event text, commitment bytea
) RETURNS boolean
LANGUAGE sql STABLE
RETURN substr(leaf, 1, 50) = convert_to(ledger.leaf_before(at), 'UTF8')
    AND (commitment IS NULL OR substr(leaf, 51, 64) = convert_to(encode(commitment, 'hex'), 'UTF8'))
    AND substr(leaf, 115, 13 + octet_length(event)) = convert_to('","event":"' || event || '",', 'UTF8')
    AND substr(leaf, octet_length(leaf) - 43) = convert_to('"id":"' || id || '"}', 'UTF8');

-- The first `most` entries of first … upto − 1 that are missing, do not fit their leaf, or do not open. `elsewhere`
-- names the events whose payloads other rooms keep and audit.
CREATE FUNCTION ledger.audit_entries(first bigint, upto bigint, elsewhere text[], most integer)
RETURNS TABLE (index bigint, entry uuid, reason text)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET timezone = 'UTC' SET jit = off AS $$
    SELECT f.place, f.id, f.reason FROM (
        SELECT i AS place, e.id, CASE
            WHEN e.index IS NULL THEN 'entry_missing'
            WHEN NOT ledger.leaf_fits(e.leaf, e.id, e.at, e.event, NULL) THEN 'entry_altered'
            WHEN o.entry IS NOT NULL AND (n.person IS NULL OR b.entry IS NOT NULL OR NOT ledger.leaf_fits(e.leaf,
                e.id, e.at, e.event, ledger.commitment(n.inner_pad, n.outer_pad, e.id, o.payload)))
                THEN 'opening_altered'
            WHEN o.entry IS NULL AND b.entry IS NULL AND e.event <> ALL (elsewhere) THEN 'opening_missing'
            WHEN b.entry IS NOT NULL AND NOT EXISTS (SELECT FROM ledger.entry x WHERE x.id = b.erasure
                    AND x.event = 'ledger.forgotten')
                AND NOT EXISTS (SELECT FROM ledger.pending x WHERE x.id = b.erasure AND x.event = 'ledger.forgotten')
                THEN 'erasure_missing'
            END AS reason
        FROM generate_series(first, upto - 1) AS i
        LEFT JOIN ledger.entry e ON e.index = i
        LEFT JOIN ledger.opening o ON o.entry = e.id
        LEFT JOIN ledger.nonce n ON n.person = o.person
        LEFT JOIN ledger.blanked b ON b.entry = e.id
    ) AS f WHERE f.reason IS NOT NULL ORDER BY f.place LIMIT most
$$;
GRANT EXECUTE ON FUNCTION ledger.audit_entries TO amana_sequencer;

-- Erasures whose destroyed openings are not those their entry committed to.
CREATE FUNCTION ledger.audit_erasures(most integer) RETURNS TABLE (index bigint, entry uuid, reason text)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET timezone = 'UTC' SET jit = off AS $$
    SELECT e.index, e.id, 'erasure_altered' FROM ledger.entry e
    JOIN ledger.opening o ON o.entry = e.id
    WHERE e.event = 'ledger.forgotten' AND o.payload IS DISTINCT FROM jsonb_build_object(
        'openings', (SELECT count(*) FROM ledger.blanked b WHERE b.erasure = e.id),
        'root', encode(ledger.root_of_entries(ARRAY(SELECT b.entry FROM ledger.blanked b WHERE b.erasure = e.id)),
            'hex'))::text
    ORDER BY e.index LIMIT most
$$;
GRANT EXECUTE ON FUNCTION ledger.audit_erasures TO amana_sequencer;

-- Openings of entries that neither stand in the record nor wait for it.
CREATE FUNCTION ledger.audit_strays(most integer) RETURNS TABLE (entry uuid)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    SELECT o.entry FROM (SELECT entry FROM ledger.opening UNION ALL SELECT entry FROM ledger.blanked) AS o
    WHERE NOT EXISTS (SELECT FROM ledger.entry e WHERE e.id = o.entry)
        AND NOT EXISTS (SELECT FROM ledger.pending p WHERE p.id = o.entry)
    ORDER BY o.entry LIMIT most
$$;
GRANT EXECUTE ON FUNCTION ledger.audit_strays TO amana_sequencer;

-- The sizes and roots of the checkpoints above `after`, to be compared with the entries.
CREATE FUNCTION ledger.list_checkpoints(after bigint, most integer) RETURNS TABLE (size bigint, root bytea)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    SELECT c.size, c.root FROM ledger.checkpoint c WHERE c.size > after ORDER BY c.size LIMIT most
$$;
GRANT EXECUTE ON FUNCTION ledger.list_checkpoints TO amana_sequencer;

-- The first index below `size` that has no entry, if any.
CREATE FUNCTION ledger.first_missing(size bigint) RETURNS bigint
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    SELECT CASE WHEN (SELECT count(*) FROM ledger.entry e WHERE e.index < size) < size THEN (
        SELECT min(b.index) + 1 FROM (SELECT -1 AS index UNION ALL SELECT e.index FROM ledger.entry e) AS b
        WHERE NOT EXISTS (SELECT FROM ledger.entry n WHERE n.index = b.index + 1)) END
$$;
GRANT EXECUTE ON FUNCTION ledger.first_missing TO amana_sequencer;

CREATE FUNCTION ledger.find_id(at_index bigint) RETURNS TABLE (id uuid)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    SELECT e.id FROM ledger.entry e WHERE e.index = at_index
$$;
GRANT EXECUTE ON FUNCTION ledger.find_id TO amana_sequencer;

-- One person's record before it is forgotten: entries that do not open, or that are nowhere.
CREATE FUNCTION ledger.audit_person(person bigint) RETURNS TABLE (entry uuid, reason text)
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp SET timezone = 'UTC' AS $$
    SELECT o.entry, CASE WHEN l.leaf IS NULL THEN 'entry_missing' ELSE 'opening_altered' END
    FROM ledger.opening o LEFT JOIN ledger.nonce n ON n.person = o.person
    LEFT JOIN LATERAL (
        SELECT e.leaf, e.id, e.at, e.event FROM ledger.entry e WHERE e.id = o.entry
        UNION ALL SELECT p.leaf, p.id, p.at, p.event FROM ledger.pending p WHERE p.id = o.entry
    ) AS l ON true
    WHERE o.person = $1 AND (l.leaf IS NULL OR n.person IS NULL OR NOT ledger.leaf_fits(l.leaf, l.id, l.at, l.event,
        ledger.commitment(n.inner_pad, n.outer_pad, o.entry, o.payload)))
    ORDER BY o.entry
$$;
