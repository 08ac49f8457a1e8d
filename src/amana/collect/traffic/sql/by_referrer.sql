SELECT referrer, count(*) AS visits, sum(views)::BIGINT AS views, sum(engaged)::BIGINT AS engaged
FROM chosen_visits WHERE current GROUP BY referrer ORDER BY visits DESC, referrer LIMIT $most;
