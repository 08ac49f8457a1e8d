INSERT INTO lake.seen SELECT day, key FROM fresh
