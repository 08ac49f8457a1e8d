-- One day's figures take the place of those it had.
DELETE FROM lake.visits WHERE day = getvariable('walk_day')::DATE;
DELETE FROM lake.views WHERE day = getvariable('walk_day')::DATE;
DELETE FROM lake.counted WHERE day = getvariable('walk_day')::DATE;
INSERT INTO lake.visits BY NAME SELECT * FROM new_visits ORDER BY started;
INSERT INTO lake.views BY NAME SELECT * FROM new_views ORDER BY host, path, started;
INSERT INTO lake.counted BY NAME
SELECT getvariable('walk_day')::DATE AS day, arrived, events, getvariable('walk_following')::BIGINT AS following,
       getvariable('walk_now')::TIMESTAMP AS counted_at
FROM held WHERE day = getvariable('walk_day')::DATE;
