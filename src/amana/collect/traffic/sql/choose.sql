-- The visits and page views of both periods that the filters let pass; a filter that is NULL lets everything pass.
-- The period before ends at a moment, so that a day that goes on is compared with as much of another.
CREATE OR REPLACE TEMP VIEW passing_visits AS
SELECT * FROM lake.visits
WHERE (getvariable('site') IS NULL OR source = getvariable('site'))
  AND (getvariable('referrer') IS NULL OR referrer = getvariable('referrer'))
  AND (getvariable('campaign') IS NULL OR utm_campaign = getvariable('campaign'))
  AND (getvariable('country') IS NULL OR country = getvariable('country'))
  AND (getvariable('device') IS NULL OR device = getvariable('device'));

CREATE OR REPLACE TEMP VIEW passing_views AS
SELECT * FROM lake.views
WHERE (getvariable('site') IS NULL OR source = getvariable('site'))
  AND (getvariable('referrer') IS NULL OR referrer = getvariable('referrer'))
  AND (getvariable('campaign') IS NULL OR utm_campaign = getvariable('campaign'))
  AND (getvariable('country') IS NULL OR country = getvariable('country'))
  AND (getvariable('device') IS NULL OR device = getvariable('device'));

CREATE OR REPLACE TEMP VIEW some_visits AS
SELECT *, true AS current FROM passing_visits
WHERE day BETWEEN getvariable('first') AND getvariable('last')
UNION ALL
SELECT *, false AS current FROM passing_visits
WHERE day BETWEEN getvariable('before_first') AND getvariable('before_last')
  AND started < getvariable('before_until');

CREATE OR REPLACE TEMP VIEW some_views AS
SELECT *, true AS current FROM passing_views
WHERE day BETWEEN getvariable('first') AND getvariable('last')
UNION ALL
SELECT *, false AS current FROM passing_views
WHERE day BETWEEN getvariable('before_first') AND getvariable('before_last')
  AND started < getvariable('before_until');
