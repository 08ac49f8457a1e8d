SELECT host, path, count(*) AS views, 0 AS entries, NULL::INTEGER AS median, 0::BIGINT AS total
FROM chosen_views WHERE current AND viewed GROUP BY host, path ORDER BY views DESC, host, path LIMIT $most;
