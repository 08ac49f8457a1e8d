SELECT system, count(*) AS visits, sum(views)::BIGINT AS views, sum(engaged)::BIGINT AS engaged
FROM chosen_visits WHERE current GROUP BY system ORDER BY visits DESC, system LIMIT $most;
