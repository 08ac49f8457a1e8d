SELECT to_json({source: source, key: key, call: call, event: event, "at": "at", received: received, policy: policy,
    original: original, sent: sent, visitor: visitor, "user": nullif("user", ''), host: host, path: path,
    title: nullif(title, ''), referrer: nullif(referrer, ''), search: nullif(search, ''), results: results,
    utm_source: nullif(utm_source, ''), utm_medium: nullif(utm_medium, ''), utm_campaign: nullif(utm_campaign, ''),
    country: country, device: device, browser: browser, system: system, language: language, view: view,
    sequence: sequence, engaged: engaged, properties: properties, trails: trails})::VARCHAR
FROM event ORDER BY received
