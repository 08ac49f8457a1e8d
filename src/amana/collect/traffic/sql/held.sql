-- How many events of each day of the retailer's arrived on which day (UTC), from the last days of arrival on: what
-- arrived earlier was counted and changes no more. `local_ms` is a macro made from the zone's clock changes.
CREATE OR REPLACE TEMP TABLE held AS
SELECT (DATE '1970-01-01' + (local_ms(epoch_ms("at")) // 86400000)::INTEGER) AS day, day AS arrived,
       count(*) AS events
FROM lake.events GROUP BY ALL;
