SELECT epoch_ms("at"), event, source, visitor, path, country
FROM lake.events WHERE "at" >= $begin AND "at" < $until;
