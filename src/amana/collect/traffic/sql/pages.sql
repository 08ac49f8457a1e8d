SELECT host, path, count(*) FILTER (viewed) AS views, count(*) FILTER (entry) AS entries,
       quantile_disc(engaged, 0.5) AS median, coalesce(sum(engaged), 0)::BIGINT AS total
FROM chosen_views WHERE current GROUP BY host, path HAVING count(*) FILTER (viewed) > 0
ORDER BY views DESC, host, path LIMIT $most;
