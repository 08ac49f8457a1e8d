SELECT make_timestamp_ms(received)::DATE, hour(make_timestamp_ms(received)), source, event, count(*)
FROM incoming WHERE rowid NOT IN (SELECT line FROM fresh) GROUP BY ALL
