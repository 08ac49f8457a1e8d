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
