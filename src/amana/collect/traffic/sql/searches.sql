-- What was searched for, by how it is written without regard to case; `seekers` are visitors of a day.
SELECT lower(trim(search)) AS term, count(*) AS searches, count(*) FILTER (results = 0) AS nothing,
       count(DISTINCT (source, visitor)) AS seekers
FROM lake.events
WHERE event = 'Products Searched' AND search <> ''
  AND "at" >= getvariable('begin') AND "at" < getvariable('until')
  AND (getvariable('site') IS NULL OR source = getvariable('site'))
  AND (getvariable('page') IS NULL OR path = getvariable('page'))
  AND (getvariable('country') IS NULL OR country = getvariable('country'))
  AND (getvariable('device') IS NULL OR device = getvariable('device'))
GROUP BY term;
