SELECT language, count(*) AS visits, sum(views)::BIGINT AS views, sum(engaged)::BIGINT AS engaged
FROM chosen_visits WHERE current GROUP BY language ORDER BY visits DESC, language LIMIT $most;
