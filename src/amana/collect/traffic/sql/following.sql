-- How many events after a day's end belong to visitors who were there at its end.
SELECT count(*) FROM lake.events
WHERE "at" >= getvariable('walk_until') AND "at" < getvariable('walk_until') + INTERVAL 1 DAY AND visitor <> 0
  AND visitor IN (
    SELECT visitor FROM lake.events
    WHERE "at" >= getvariable('walk_until') - INTERVAL 30 MINUTE AND "at" < getvariable('walk_until'));
