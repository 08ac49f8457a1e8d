SELECT browser, count(*) AS visits, sum(views)::BIGINT AS views, sum(engaged)::BIGINT AS engaged
FROM chosen_visits WHERE current GROUP BY browser ORDER BY visits DESC, browser LIMIT $most;
