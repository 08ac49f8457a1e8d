-- In one pass, whence and with what visits came; `grouping` tells the sets apart.
SELECT grouping(referrer, country, device) AS kind, coalesce(referrer, country, device) AS name,
       count(*) AS visits, sum(views)::BIGINT AS views, sum(engaged)::BIGINT AS engaged
FROM chosen_visits WHERE current
GROUP BY GROUPING SETS ((referrer), (country), (device))
QUALIFY row_number() OVER (PARTITION BY kind ORDER BY visits DESC, name) <= $most
ORDER BY kind, visits DESC, name;
