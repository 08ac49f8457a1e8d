SELECT device, count(*) AS visits, sum(views)::BIGINT AS views, sum(engaged)::BIGINT AS engaged
FROM chosen_visits WHERE current GROUP BY device ORDER BY visits DESC, device LIMIT $most;
