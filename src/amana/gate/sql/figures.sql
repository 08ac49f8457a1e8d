-- The plain figures beside the promises of the notice: counts alone, nobody's data.

CREATE FUNCTION gate.figures(since interval) RETURNS TABLE (
    released bigint, refused bigint, erasures bigint, erasure_hours numeric, entries bigint)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET timezone = 'UTC' SET jit = off AS $$
    WITH recent AS (
        SELECT c.people, (SELECT coalesce(sum(r.value::bigint), 0) FROM jsonb_each_text(c.refused) r) AS refused
        FROM uses.call c WHERE c.id >= gate.first_call_of(ledger.now() - since) AND c.at > ledger.now() - since
    ), erased AS (
        SELECT extract(epoch FROM e.at - t.planned_at) / 3600 AS hours
        FROM uses.erasure e JOIN uses.task t ON t.id = e.task
    )
    SELECT (SELECT coalesce(sum(r.people), 0)::bigint FROM recent r), (SELECT coalesce(sum(r.refused), 0)::bigint FROM recent r),
        (SELECT count(*) FROM erased),
        (SELECT percentile_cont(0.5) WITHIN GROUP (ORDER BY x.hours)::numeric FROM erased x),
        (SELECT coalesce(max(e.index) + 1, 0) FROM ledger.entry e)
$$;
GRANT EXECUTE ON FUNCTION gate.figures TO amana_app;
