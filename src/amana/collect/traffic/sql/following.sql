-- How many events after a day's end belong to visitors who were there in its last half hour: only these may change
-- the figures of a day that is over.
CREATE OR REPLACE TEMP TABLE following AS
WITH late AS (
  SELECT DISTINCT local_day("at") AS day, visitor FROM lake.events
  WHERE visitor <> 0 AND local_ms(epoch_ms("at")) % 86400000 >= 84600000 AND "at" >= getvariable('late_from')
)
SELECT late.day, count(*) AS events
FROM lake.events AS later JOIN late ON late.visitor = later.visitor AND local_day(later."at") = late.day + 1
WHERE later."at" >= getvariable('late_from')
GROUP BY late.day;
