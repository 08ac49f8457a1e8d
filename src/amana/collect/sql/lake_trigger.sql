-- Once the catalogue is there: what its commits say of an inbox is noted in the same transaction.
CREATE TRIGGER collect_mark_drained AFTER INSERT ON lake.ducklake_snapshot_changes
    FOR EACH ROW WHEN (NEW.commit_extra_info LIKE '{"generation"%')
    EXECUTE FUNCTION public.collect_mark_drained();
