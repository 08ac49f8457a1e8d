CREATE OR REPLACE TEMP TABLE incoming AS
SELECT unnest(from_json(line, '{
    "source": "INTEGER", "key": "VARCHAR", "call": "VARCHAR", "event": "VARCHAR", "at": "BIGINT",
    "original": "BIGINT", "sent": "BIGINT", "received": "BIGINT", "visitor": "BIGINT", "user": "VARCHAR",
    "host": "VARCHAR", "path": "VARCHAR", "title": "VARCHAR", "referrer": "VARCHAR", "search": "VARCHAR",
    "results": "INTEGER", "utm_source": "VARCHAR", "utm_medium": "VARCHAR", "utm_campaign": "VARCHAR",
    "country": "VARCHAR", "device": "VARCHAR", "browser": "VARCHAR", "system": "VARCHAR",
    "language": "VARCHAR", "view": "VARCHAR", "sequence": "INTEGER", "engaged": "INTEGER",
    "properties": "JSON", "trails": "MAP(VARCHAR, VARCHAR)", "policy": "INTEGER"
}'))
FROM lines
