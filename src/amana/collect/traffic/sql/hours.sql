SELECT current, day, hour, count(*) AS visits, sum(views)::BIGINT AS views FROM chosen_visits GROUP BY ALL;
