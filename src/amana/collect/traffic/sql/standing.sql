SELECT min(day), max(counted_at) FROM lake.counted;
