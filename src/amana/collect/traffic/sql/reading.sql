-- How long pages were read, in tenths of a second, and how many views were read so long.
SELECT current, engaged // 100 AS tenths, count(*) AS views, sum(engaged)::BIGINT AS total
FROM chosen_views WHERE engaged IS NOT NULL GROUP BY current, tenths ORDER BY current, tenths;
