-- The visits and page views that begin on some days of the retailer's, found among the events around them.
-- A visit is one visitor's events with less than half an hour between them. Half an hour before tells what only
-- goes on from earlier; whoever is still there at the end is followed for one more day.
CREATE OR REPLACE TEMP TABLE walked AS
WITH near AS (
  SELECT source, visitor, "at", event, host, path, title, referrer, utm_source, utm_medium, utm_campaign,
         country, device, browser, system, language
  FROM lake.events
  WHERE visitor <> 0 AND "at" >= getvariable('walk_from') - INTERVAL 30 MINUTE
    AND "at" < getvariable('walk_until')
  UNION ALL
  SELECT source, visitor, "at", event, host, path, title, referrer, utm_source, utm_medium, utm_campaign,
         country, device, browser, system, language
  FROM lake.events
  WHERE visitor <> 0 AND "at" >= getvariable('walk_until')
    AND "at" < getvariable('walk_until') + INTERVAL 1 DAY AND visitor IN (
      SELECT visitor FROM lake.events
      WHERE "at" >= getvariable('walk_until') - INTERVAL 30 MINUTE AND "at" < getvariable('walk_until'))
), stepped AS (
  SELECT *, coalesce("at" - lag("at") OVER steps >= INTERVAL 30 MINUTE, true) AS opens
  FROM near
  WINDOW steps AS (PARTITION BY source, visitor ORDER BY "at", event <> 'Page Viewed', path)
)
SELECT *, max(CASE WHEN opens THEN "at" END) OVER (
  PARTITION BY source, visitor ORDER BY "at" ROWS UNBOUNDED PRECEDING) AS started
FROM stepped
QUALIFY started >= getvariable('walk_from') AND started < getvariable('walk_until');

CREATE OR REPLACE TEMP TABLE opened AS
SELECT day, row_number() OVER (PARTITION BY day)::INTEGER AS visit, source, visitor, started,
       ((local_ms(epoch_ms(started)) // 3600000) % 24)::TINYINT AS hour,
       row_number() OVER (PARTITION BY source, visitor, day ORDER BY started) = 1 AS arrival, host, path AS landing,
       CASE WHEN referrer IN (host, 'www.' || host) THEN '' ELSE referrer END AS referrer,
       utm_source, utm_medium, utm_campaign, country, device, browser, system,
       lower(split_part(language, '-', 1)) AS language
FROM (SELECT *, local_day("at") AS day FROM walked WHERE opens);

-- How long each view was read: totals are cumulative, so the largest is the last. It belongs to the visit in which
-- it was first told; who leaves a page open for more than a day begins anew.
CREATE OR REPLACE TEMP TABLE timed AS
SELECT source, visitor, min("at") AS first_at, max(engaged) AS engaged
FROM lake.events
WHERE event = 'Time Engaged' AND view <> 0 AND visitor <> 0
  AND "at" >= getvariable('walk_from') - INTERVAL 1 DAY AND "at" < getvariable('walk_until') + INTERVAL 1 DAY
GROUP BY source, visitor, view;

-- A view and its time come separately. Within a visit the first of a page's times is put beside the first of its
-- views, and so on: no sum and no median depends on which lies beside which.
CREATE OR REPLACE TEMP TABLE new_views AS
WITH seen AS (
  SELECT source, visitor, started, host, path, title, "at" = started AS entry,
         row_number() OVER (PARTITION BY source, visitor, started, host, path ORDER BY "at") AS place
  FROM walked WHERE event = 'Page Viewed'
), told AS (
  SELECT walked.source, walked.visitor, walked.started, walked.host, walked.path, timed.engaged,
         row_number() OVER (PARTITION BY walked.source, walked.visitor, walked.started, walked.host, walked.path
                            ORDER BY timed.first_at) AS place
  FROM timed JOIN walked ON walked.source = timed.source AND walked.visitor = timed.visitor
    AND walked."at" = timed.first_at AND walked.event = 'Time Engaged'
  WHERE timed.first_at >= getvariable('walk_from')
), paired AS (
  SELECT *, seen.entry IS NOT NULL AS viewed
  FROM seen FULL JOIN told USING (source, visitor, started, host, path, place)
)
SELECT opened.day, opened.visit, opened.source, opened.started, opened.referrer, opened.utm_campaign,
       opened.country, opened.device, paired.host, paired.path, coalesce(paired.title, '') AS title, paired.viewed,
       coalesce(paired.entry, false) AS entry, paired.engaged
FROM paired JOIN opened USING (source, visitor, started);

CREATE OR REPLACE TEMP TABLE new_visits AS
WITH seen AS (
  SELECT day, visit, count(*) FILTER (viewed)::INTEGER AS views, sum(engaged)::BIGINT AS engaged
  FROM new_views GROUP BY day, visit
)
SELECT opened.*, coalesce(seen.views, 0)::INTEGER AS views, coalesce(seen.engaged, 0)::BIGINT AS engaged
FROM opened LEFT JOIN seen USING (day, visit);
