CREATE OR REPLACE TEMP TABLE fresh AS
SELECT i.key::UUID AS key, min(i.rowid) AS line, any_value(make_timestamp_ms(i.received)::DATE) AS day
FROM incoming i WHERE NOT EXISTS (FROM lake.seen s WHERE s.key = i.key::UUID) GROUP BY ALL;
SELECT (SELECT count(*) FROM fresh), (SELECT count(*) FROM incoming)
