SELECT country, count(*) AS visits, sum(views)::BIGINT AS views, sum(engaged)::BIGINT AS engaged
FROM chosen_visits WHERE current GROUP BY country ORDER BY visits DESC, country LIMIT $most;
