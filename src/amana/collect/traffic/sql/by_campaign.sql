SELECT utm_campaign, utm_source, utm_medium, count(*) AS visits, sum(views)::BIGINT AS views,
       sum(engaged)::BIGINT AS engaged
FROM chosen_visits WHERE current AND (utm_campaign <> '' OR utm_source <> '' OR utm_medium <> '')
GROUP BY ALL ORDER BY visits DESC, utm_campaign, utm_source, utm_medium LIMIT $most;
