-- The visits and page views of both periods that the filters let pass; a filter that is NULL lets everything pass.
-- What a period ends at is a moment, so that a day that goes on is compared with as much of another.
CREATE OR REPLACE TEMP VIEW some_visits AS
SELECT *, day >= getvariable('first') AS current
FROM lake.visits
WHERE (day BETWEEN getvariable('first') AND getvariable('last') AND started < getvariable('until')
    OR day BETWEEN getvariable('before_first') AND getvariable('before_last')
       AND started < getvariable('before_until'))
  AND (getvariable('site') IS NULL OR source = getvariable('site'))
  AND (getvariable('referrer') IS NULL OR referrer = getvariable('referrer'))
  AND (getvariable('campaign') IS NULL OR utm_campaign = getvariable('campaign'))
  AND (getvariable('country') IS NULL OR country = getvariable('country'))
  AND (getvariable('device') IS NULL OR device = getvariable('device'));

CREATE OR REPLACE TEMP VIEW some_views AS
SELECT *, day >= getvariable('first') AS current
FROM lake.views
WHERE (day BETWEEN getvariable('first') AND getvariable('last') AND started < getvariable('until')
    OR day BETWEEN getvariable('before_first') AND getvariable('before_last')
       AND started < getvariable('before_until'))
  AND (getvariable('site') IS NULL OR source = getvariable('site'))
  AND (getvariable('referrer') IS NULL OR referrer = getvariable('referrer'))
  AND (getvariable('campaign') IS NULL OR utm_campaign = getvariable('campaign'))
  AND (getvariable('country') IS NULL OR country = getvariable('country'))
  AND (getvariable('device') IS NULL OR device = getvariable('device'));
