-- What was searched for, by how it is written without regard to case. A visitor's number lasts one day, so `seekers` are
-- those of the day with the most: one person who searches on three days is not taken for three.
SELECT term, sum(searches)::BIGINT AS searches, sum(nothing)::BIGINT AS nothing, max(seekers) AS seekers
FROM (
  SELECT lower(trim(search)) AS term, day, count(*) AS searches, count(*) FILTER (results = 0) AS nothing,
         count(DISTINCT (source, visitor)) AS seekers
  FROM lake.events
  WHERE event = 'Products Searched' AND search <> ''
    AND "at" >= getvariable('begin') AND "at" < getvariable('until')
    AND (getvariable('site') IS NULL OR source = getvariable('site'))
    AND (getvariable('page') IS NULL OR path = getvariable('page'))
    AND (getvariable('country') IS NULL OR country = getvariable('country'))
    AND (getvariable('device') IS NULL OR device = getvariable('device'))
  GROUP BY term, day
)
GROUP BY term;
