SELECT event, count(*) AS times
FROM lake.events
WHERE "at" >= getvariable('begin') AND "at" < getvariable('until')
  AND (getvariable('site') IS NULL OR source = getvariable('site'))
  AND (getvariable('page') IS NULL OR path = getvariable('page'))
  AND (getvariable('country') IS NULL OR country = getvariable('country'))
  AND (getvariable('device') IS NULL OR device = getvariable('device'))
GROUP BY event ORDER BY times DESC, event;
