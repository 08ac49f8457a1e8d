INSERT INTO lake.events (day, source, call, event, "at", received_after, original_after, sent_after, visitor, "user",
    host, path, title, referrer, search, results, utm_source, utm_medium, utm_campaign, country, device, browser,
    system, language, view, sequence, engaged, properties, policy)
SELECT make_timestamp_ms(received)::DATE, source, call, event, make_timestamp_ms("at"), received - "at",
    original - "at", sent - "at", coalesce(visitor, 0), coalesce("user", ''), coalesce(host, ''), coalesce(path, ''),
    coalesce(title, ''), coalesce(referrer, ''), coalesce(search, ''), results, coalesce(utm_source, ''),
    coalesce(utm_medium, ''), coalesce(utm_campaign, ''), coalesce(country, ''), coalesce(device, 'other'),
    coalesce(browser, ''), coalesce(system, ''), coalesce(language, ''),
    CASE WHEN view IS NULL THEN 0 ELSE (md5_number_lower(view) & 4294967295)::UINTEGER END,
    coalesce(sequence, 0), coalesce(engaged, 0), properties, policy
FROM incoming
