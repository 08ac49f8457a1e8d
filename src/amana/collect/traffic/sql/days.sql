-- Visits by day. A visitor lasts one day: they are counted within each day, by their first visit, and never beyond.
SELECT current, day, count(*) AS visits, sum(views)::BIGINT AS views, count(*) FILTER (arrival) AS visitors
FROM chosen_visits GROUP BY ALL;
