-- The visits and page views that begin on one day of the retailer's, found among the events around it.
-- A visit is one visitor's events with less than half an hour between them. Half an hour before tells what only
-- goes on from earlier; whoever is still there at the end is followed for one more day.
CREATE OR REPLACE TEMP TABLE walked AS
WITH near AS (
  SELECT source, visitor, "at", event, host, path, title, referrer, utm_source, utm_medium, utm_campaign,
         country, device, browser, system, language, view
  FROM lake.events
  WHERE visitor <> 0 AND "at" >= getvariable('walk_from') - INTERVAL 30 MINUTE
    AND "at" < getvariable('walk_until')
  UNION ALL
  SELECT source, visitor, "at", event, host, path, title, referrer, utm_source, utm_medium, utm_campaign,
         country, device, browser, system, language, view
  FROM lake.events
  WHERE visitor <> 0 AND "at" >= getvariable('walk_until')
    AND "at" < getvariable('walk_until') + INTERVAL 1 DAY AND visitor IN (
      SELECT visitor FROM lake.events
      WHERE "at" >= getvariable('walk_until') - INTERVAL 30 MINUTE AND "at" < getvariable('walk_until'))
), stepped AS (
  SELECT *, coalesce("at" - lag("at") OVER steps >= INTERVAL 30 MINUTE, true) AS opens
  FROM near
  WINDOW steps AS (PARTITION BY source, visitor ORDER BY "at", event <> 'Page Viewed', path, view)
)
SELECT *, max(CASE WHEN opens THEN "at" END) OVER (
  PARTITION BY source, visitor ORDER BY "at" ROWS UNBOUNDED PRECEDING) AS started
FROM stepped
QUALIFY started >= getvariable('walk_from') AND started < getvariable('walk_until');

-- How long each view was read: totals are cumulative, so the largest is the last.
CREATE OR REPLACE TEMP TABLE timed AS
SELECT source, visitor, view, max(engaged) AS engaged
FROM lake.events
WHERE event = 'Time Engaged' AND view <> 0 AND visitor <> 0 AND "at" >= getvariable('walk_from')
  AND "at" < getvariable('walk_until') + INTERVAL 1 DAY
GROUP BY source, visitor, view;

CREATE OR REPLACE TEMP TABLE opened AS
SELECT getvariable('walk_day')::DATE AS day, row_number() OVER ()::INTEGER AS visit, source, visitor, started,
       ((local_ms(epoch_ms(started)) // 3600000) % 24)::TINYINT AS hour,
       row_number() OVER (PARTITION BY source, visitor ORDER BY started) = 1 AS arrival, host, path AS landing,
       CASE WHEN referrer IN (host, 'www.' || host) THEN '' ELSE referrer END AS referrer,
       utm_source, utm_medium, utm_campaign, country, device, browser, system,
       lower(split_part(language, '-', 1)) AS language
FROM walked WHERE opens;

CREATE OR REPLACE TEMP TABLE new_views AS
SELECT opened.day, opened.visit, opened.source, opened.started, opened.referrer, opened.utm_campaign,
       opened.country, opened.device, walked.host, walked.path, walked.title,
       walked."at" = opened.started AS entry, timed.engaged
FROM walked
JOIN opened ON opened.source = walked.source AND opened.visitor = walked.visitor
  AND opened.started = walked.started
LEFT JOIN timed ON timed.source = walked.source AND timed.visitor = walked.visitor AND timed.view = walked.view
WHERE walked.event = 'Page Viewed';

CREATE OR REPLACE TEMP TABLE new_visits AS
WITH seen AS (
  SELECT visit, count(*)::INTEGER AS views, sum(engaged)::BIGINT AS engaged FROM new_views GROUP BY visit
)
SELECT opened.*, coalesce(seen.views, 0)::INTEGER AS views, coalesce(seen.engaged, 0)::BIGINT AS engaged
FROM opened LEFT JOIN seen USING (visit);
