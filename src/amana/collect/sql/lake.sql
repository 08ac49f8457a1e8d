-- Which closed inboxes the lake has taken over. The row is written by the lake's own commit, in its transaction: after a
-- crash it says for certain whether the events of a generation are there.
CREATE TABLE public.collect_drained (
    generation bigint PRIMARY KEY,
    snapshot bigint NOT NULL,
    at timestamptz NOT NULL,
    events bigint NOT NULL,
    repeats jsonb NOT NULL,
    settled boolean NOT NULL DEFAULT false
);

CREATE FUNCTION public.collect_mark_drained() RETURNS trigger LANGUAGE plpgsql
    SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    note jsonb := NEW.commit_extra_info::jsonb;
BEGIN
    INSERT INTO public.collect_drained (generation, snapshot, at, events, repeats)
    VALUES ((note ->> 'generation')::bigint, NEW.snapshot_id, clock_timestamp(), (note ->> 'events')::bigint,
        note -> 'repeats');
    RETURN NULL;
END $$;
