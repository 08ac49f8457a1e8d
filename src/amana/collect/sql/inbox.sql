-- Events that were acknowledged and wait for the lake. Writers fill the open table; a drain closes it, carries it over
-- at leisure and empties it whole, so that no row is ever deleted by itself. A row holds as many lines as fit a page, a
-- newline between two (JSON has none inside); it stays in its page, and uncompressed: it is read once, soon.
CREATE TABLE public.collect_inbox_0 (line text NOT NULL) WITH (autovacuum_enabled = off, toast_tuple_target = 8160);
CREATE TABLE public.collect_inbox_1 (line text NOT NULL) WITH (autovacuum_enabled = off, toast_tuple_target = 8160);
ALTER TABLE public.collect_inbox_0 ALTER COLUMN line SET STORAGE EXTERNAL;
ALTER TABLE public.collect_inbox_1 ALTER COLUMN line SET STORAGE EXTERNAL;
-- Which of the two is open, and how often the drain has changed over.
CREATE TABLE public.collect_slot (
    one boolean PRIMARY KEY DEFAULT true CHECK (one),
    slot smallint NOT NULL CHECK (slot IN (0, 1)),
    generation bigint NOT NULL
);
INSERT INTO public.collect_slot (slot, generation) VALUES (0, 1);
GRANT TRUNCATE ON public.collect_inbox_0, public.collect_inbox_1 TO amana_app;

-- The day's salt of visitors without cookies. Unlogged: it is in no archive and no replica, and a crash makes a new one.
CREATE UNLOGGED TABLE public.collect_salt (
    day date PRIMARY KEY,
    salt bytea NOT NULL CHECK (length(salt) = 32)
);

-- What came and what became of it, in numbers. `reason` is empty for what was accepted. Each writer counts in rows of
-- its own: two that share a row would wait for each other's commit.
CREATE TABLE public.collect_dropped (
    day date NOT NULL,
    hour smallint NOT NULL CHECK (hour BETWEEN 0 AND 23),
    source integer NOT NULL,
    event text NOT NULL,
    property text NOT NULL,
    reason text NOT NULL,
    writer smallint NOT NULL,
    count bigint NOT NULL,
    PRIMARY KEY (day, hour, source, event, property, reason, writer)
) WITH (fillfactor = 50);

-- Which inbox to write to. The shared lock is held until the writer commits: a drain that closed a table knows that
-- nobody writes to it any more. In two statements, so that the second sees what the drain committed meanwhile.
CREATE FUNCTION public.collect_write_slot() RETURNS smallint LANGUAGE plpgsql
    SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    PERFORM pg_advisory_xact_lock_shared(hashtextextended('collect.inbox', 0));
    RETURN (SELECT s.slot FROM public.collect_slot s);
END $$;

-- The same, for a writer that has already chosen `wanted`: refused where the drain has changed over meanwhile.
CREATE FUNCTION public.collect_write_slot(wanted smallint) RETURNS smallint LANGUAGE plpgsql
    SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    open smallint := public.collect_write_slot();
BEGIN
    IF open IS DISTINCT FROM wanted THEN
        RAISE EXCEPTION USING ERRCODE = 'AM002', MESSAGE = 'inbox_changed_over';
    END IF;
    RETURN open;
END $$;

-- Close the open table and open the other; which was closed, and its generation. The other one has to be empty.
CREATE FUNCTION public.collect_change_over(OUT closed smallint, OUT generation bigint) LANGUAGE plpgsql
    SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    filled boolean;
BEGIN
    PERFORM pg_advisory_xact_lock(hashtextextended('collect.inbox', 0));
    SELECT s.slot, s.generation INTO closed, generation FROM public.collect_slot s;
    IF closed = 0 THEN
        filled := EXISTS (SELECT FROM public.collect_inbox_1);
    ELSE
        filled := EXISTS (SELECT FROM public.collect_inbox_0);
    END IF;
    IF filled THEN
        RAISE EXCEPTION 'the closed inbox still holds events';
    END IF;
    UPDATE public.collect_slot s SET slot = 1 - s.slot, generation = s.generation + 1;
END $$;
