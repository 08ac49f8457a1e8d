INSERT INTO lake.trails (day, purpose, person, "at", event, host, path, search, properties)
SELECT day, purpose, person, "at", event, host, path, search, properties FROM (
    SELECT make_timestamp_ms(received)::DATE AS day, unnest(map_keys(trails)) AS purpose,
        unnest(map_values(trails)) AS person, make_timestamp_ms("at") AS "at", event, coalesce(host, '') AS host,
        coalesce(path, '') AS path, coalesce(search, '') AS search, properties
    FROM incoming WHERE trails IS NOT NULL)

