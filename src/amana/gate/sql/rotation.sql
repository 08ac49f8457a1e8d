-- From here on people are admitted under this epoch key or a newer one. Whoever is being admitted now comes first: the lock
-- waits for them, so that nobody appears under an old key once its rows are being counted.
CREATE FUNCTION gate.begin_epoch(new_number integer) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET timezone = 'UTC' AS $$
BEGIN
    PERFORM pg_advisory_xact_lock(gate.journal_lock());
    INSERT INTO vault.epoch AS e (number) VALUES (new_number)
    ON CONFLICT (one) DO UPDATE SET number = greatest(e.number, new_number);
    PERFORM ledger.record('vault.rotated', 0, jsonb_build_object('epoch', new_number));
END $$;
GRANT EXECUTE ON FUNCTION gate.begin_epoch TO amana_owner;

-- Called by gate.admit, which shares the lock above.
CREATE FUNCTION gate.check_epoch(given integer) RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    IF given < (SELECT e.number FROM vault.epoch e) THEN
        PERFORM gate.refuse('key_retired');
    END IF;
END $$;

-- The epoch keys that any person's key is wrapped by, from the index alone: one step for each.
CREATE FUNCTION gate.epochs_in_use() RETURNS integer[]
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    WITH RECURSIVE step AS (
        SELECT min(k.epoch) AS epoch FROM vault.key k
        UNION ALL
        SELECT (SELECT min(k.epoch) FROM vault.key k WHERE k.epoch > s.epoch) FROM step s WHERE s.epoch IS NOT NULL
    )
    SELECT coalesce(array_agg(s.epoch ORDER BY s.epoch), '{}') FROM step s WHERE s.epoch IS NOT NULL
$$;
GRANT EXECUTE ON FUNCTION gate.epochs_in_use TO amana_app, amana_owner;

CREATE FUNCTION gate.count_keys(of_epoch integer) RETURNS bigint
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    SELECT count(*) FROM vault.key k WHERE k.epoch = of_epoch
$$;
GRANT EXECUTE ON FUNCTION gate.count_keys TO amana_owner;

-- From here on addresses and names are indexed under this index key or a newer one, and nobody looks up without it.
CREATE FUNCTION gate.begin_index(new_number integer) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET timezone = 'UTC' AS $$
BEGIN
    PERFORM pg_advisory_xact_lock(gate.journal_lock());
    INSERT INTO vault.index_key AS i (number) VALUES (new_number)
    ON CONFLICT (one) DO UPDATE SET number = greatest(i.number, new_number);
    PERFORM ledger.record('vault.reindexed', 0, jsonb_build_object('index', new_number));
END $$;
GRANT EXECUTE ON FUNCTION gate.begin_index TO amana_owner;

-- Called after a search: what was indexed anew before it began is told by the number that was written before.
CREATE FUNCTION gate.check_index(newest integer) RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    IF newest < (SELECT i.number FROM vault.index_key i) THEN
        PERFORM gate.refuse('key_retired');
    END IF;
END $$;

CREATE FUNCTION gate.check_index_keys(blind gate.addressed[], tokens gate.indexed[]) RETURNS void
LANGUAGE sql SET search_path = pg_catalog, pg_temp AS $$
    SELECT gate.check_index(min(g.key_id))
    FROM (SELECT b.key_id FROM unnest(blind) b UNION ALL SELECT t.key_id FROM unnest(tokens) t) g
$$;

CREATE FUNCTION gate.index_keys_in_use() RETURNS integer[]
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    SELECT coalesce(array_agg(k.key_id ORDER BY k.key_id), '{}')
    FROM (SELECT b.key_id::integer FROM vault.blind b UNION SELECT t.key_id::integer FROM vault.token t) k
$$;
GRANT EXECUTE ON FUNCTION gate.index_keys_in_use TO amana_app, amana_owner;

CREATE FUNCTION gate.count_indexed(except_by integer) RETURNS bigint
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    SELECT count(*) FROM (
        SELECT b.person FROM vault.blind b WHERE b.key_id <> except_by
        UNION SELECT t.person FROM vault.token t WHERE t.key_id <> except_by) p
$$;
GRANT EXECUTE ON FUNCTION gate.count_indexed TO amana_owner;

-- The sealed values of the next people, by number, whom an older index key still finds; somebody without any comes with
-- nothing.
CREATE FUNCTION gate.values_to_index(fields text[], newest integer, after bigint, most integer) RETURNS TABLE (
    person bigint, customer bytea, epoch integer, wrapped bytea, field text, id bigint, version integer, ciphertext bytea)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    WITH next AS (
        (SELECT DISTINCT b.person FROM vault.blind b WHERE b.person > after AND b.key_id <> newest ORDER BY b.person LIMIT most)
        UNION
        (SELECT DISTINCT t.person FROM vault.token t WHERE t.person > after AND t.key_id <> newest ORDER BY t.person LIMIT most)
        ORDER BY person LIMIT most)
    SELECT n.person, v.customer, v.epoch, v.wrapped, v.name, v.id, v.version, v.ciphertext
    FROM next n LEFT JOIN (
        SELECT p.id AS person, uuid_send(p.customer) AS customer, k.epoch, k.wrapped, f.name, x.id, x.version, x.ciphertext
        FROM vault.person p JOIN vault.key k ON k.person = p.id JOIN vault.value x ON x.person = p.id
        JOIN unnest(fields) AS f (name) ON x.field = policy.term_id('field', f.name)) v ON v.person = n.person
    ORDER BY n.person
$$;
GRANT EXECUTE ON FUNCTION gate.values_to_index TO amana_owner;

CREATE TYPE gate.reindexed AS (person bigint, field text, id bigint, version integer, index bytea);

-- Put the new indexes of values in the place of the old ones; how many people were done. A value that went or changed
-- meanwhile gets none; one that somebody else is about to change is left for the next round, so that nobody waits in a circle.
CREATE FUNCTION gate.reindex(newest integer, blind gate.reindexed[], words gate.reindexed[]) RETURNS bigint
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET timezone = 'UTC' AS $$
DECLARE
    people bigint[] := ARRAY(
        SELECT DISTINCT g.person FROM (SELECT b.person FROM unnest(blind) b UNION ALL SELECT w.person FROM unnest(words) w) g);
    held bigint[];
BEGIN
    PERFORM FROM vault.person p WHERE p.id = ANY (people) ORDER BY p.id FOR SHARE;
    held := ARRAY(SELECT v.id FROM vault.value v WHERE v.person = ANY (people) FOR SHARE SKIP LOCKED);
    UPDATE vault.blind b SET index = n.index, key_id = newest
    FROM unnest(blind) n JOIN vault.value v ON v.person = n.person AND v.id = n.id AND v.version = n.version
    WHERE v.id = ANY (held) AND b.person = v.person AND b.field = v.field;
    WITH fresh AS MATERIALIZED (
        SELECT v.person, v.field, n.index FROM unnest(words) n
        JOIN vault.value v ON v.person = n.person AND v.id = n.id AND v.version = n.version WHERE v.id = ANY (held)
    ), gone AS (
        DELETE FROM vault.token t USING fresh f WHERE t.person = f.person AND t.field = f.field AND t.key_id <> newest)
    INSERT INTO vault.token (field, token, person, key_id)
    SELECT f.field, f.index, f.person, newest FROM fresh f ON CONFLICT DO NOTHING;
    RETURN (SELECT count(DISTINCT v.person) FROM vault.value v WHERE v.person = ANY (people) AND v.id = ANY (held));
END $$;
GRANT EXECUTE ON FUNCTION gate.reindex TO amana_owner;
