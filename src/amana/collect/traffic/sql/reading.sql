-- How long pages were read: the lower median and the sum, both in milliseconds.
SELECT current, quantile_disc(engaged, 0.5) AS median, sum(engaged)::BIGINT AS total, count(engaged) AS views
FROM chosen_views GROUP BY current;
