DELETE FROM incoming WHERE rowid NOT IN (SELECT line FROM fresh)
