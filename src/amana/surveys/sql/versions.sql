-- A published version never changes and never goes.
CREATE FUNCTION public.surveys_keep_version() RETURNS trigger LANGUAGE plpgsql
    SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    RAISE EXCEPTION USING ERRCODE = 'AM001', MESSAGE = 'survey_version_kept';
END $$;

CREATE TRIGGER surveys_keep_version BEFORE UPDATE OR DELETE ON public.surveys_version
    FOR EACH ROW EXECUTE FUNCTION public.surveys_keep_version();
