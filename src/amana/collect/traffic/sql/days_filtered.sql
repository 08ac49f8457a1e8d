-- The same where a filter may leave out the first visit of a visitor's day.
SELECT current, day, count(*) AS visits, sum(views)::BIGINT AS views,
       count(DISTINCT (source, visitor)) AS visitors
FROM chosen_visits GROUP BY ALL;
