SELECT counted.day
FROM lake.counted LEFT JOIN following ON following.day = counted.day
WHERE counted.day >= local_day(getvariable('late_from')) AND counted.following <> coalesce(following.events, 0);
