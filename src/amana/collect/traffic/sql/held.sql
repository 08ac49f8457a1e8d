-- How many events of each day of the retailer's arrived on which day (UTC).
CREATE OR REPLACE TEMP TABLE held AS
SELECT local_day("at") AS day, day AS arrived, count(*) AS events FROM lake.events GROUP BY ALL;
