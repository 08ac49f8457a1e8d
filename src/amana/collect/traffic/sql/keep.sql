-- The figures of some days take the place of those they had.
DELETE FROM lake.visits WHERE day BETWEEN getvariable('walk_first') AND getvariable('walk_last');
DELETE FROM lake.views WHERE day BETWEEN getvariable('walk_first') AND getvariable('walk_last');
DELETE FROM lake.counted WHERE day BETWEEN getvariable('walk_first') AND getvariable('walk_last');
INSERT INTO lake.visits BY NAME SELECT * FROM new_visits ORDER BY day, started;
INSERT INTO lake.views BY NAME SELECT * FROM new_views ORDER BY day, host, path, started;
INSERT INTO lake.counted BY NAME
SELECT held.day, held.arrived, held.events, coalesce(following.events, 0) AS following,
       getvariable('walk_now') AS counted_at
FROM held LEFT JOIN following ON following.day = held.day
WHERE held.day BETWEEN getvariable('walk_first') AND getvariable('walk_last');
