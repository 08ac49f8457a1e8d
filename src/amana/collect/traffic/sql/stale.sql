-- The days whose events are not the ones their figures were counted from.
SELECT DISTINCT coalesce(held.day, counted.day) AS day
FROM held FULL JOIN lake.counted ON counted.day = held.day AND counted.arrived = held.arrived
WHERE held.day IS NULL OR counted.day IS NULL OR counted.events <> held.events
ORDER BY day;
