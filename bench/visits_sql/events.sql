CREATE OR REPLACE TABLE event AS
WITH session AS (
  SELECT s, d, d * 1000000000 + floor(u(s, 'who') * $people)::BIGINT AS person,
    $start + floor(86400000 * (0.35 + 0.6 * (u(s,'t1') + u(s,'t2') + u(s,'t3')) / 3.2))::BIGINT AS began,
    1 + floor(-ln(1 - u(s, 'n')) * 4.0)::INT AS views
  FROM (SELECT i + $seed::BIGINT * 100000000 AS s, $seed::BIGINT AS d FROM range($sessions) t(i))),
viewed AS (
  SELECT *, s * 1000 + v AS one FROM (SELECT *, unnest(range(views)) AS v FROM session)),
paged AS (
  SELECT viewed.*, began + v * 1000 + floor(sum(4000 + 1000 * exp(2.8 + 1.1 * (u(one,'g1') + u(one,'g2') + u(one, 'g3') - 1.5))) OVER (PARTITION BY s ORDER BY v ROWS UNBOUNDED PRECEDING))::BIGINT AS moment,
    floor(1000 * exp(2.3 + 1.1 * (u(one,'g1') + u(one,'g2') + u(one,'g3') - 1.5)))::BIGINT AS stayed,
    floor(pow($pages::DOUBLE, u(one, 'p')))::BIGINT - 1 AS page FROM viewed),
kinds AS (
  SELECT *, unnest([0, 1] || CASE WHEN u(one, 'e2') < 0.35 THEN [2] ELSE [] END || CASE WHEN page > 400 THEN [3] ELSE [] END
     || CASE WHEN page > 400 AND u(one,'add') < 0.12 THEN [4] ELSE [] END || CASE WHEN u(one, 'find') < 0.06 THEN [5] ELSE [] END || CASE WHEN u(one,'link') < 0.03 THEN [6] ELSE [] END) AS kind
  FROM paged)
SELECT 1 AS source, hex32(one * 10 + kind, 'key') AS key, CASE WHEN kind = 0 THEN 'page' ELSE 'track' END AS call,
  ['Page Viewed','Time Engaged','Time Engaged','Product Viewed','Product Added','Products Searched','Link Followed'][kind + 1] AS event,
  CASE kind WHEN 0 THEN moment WHEN 1 THEN moment + stayed WHEN 2 THEN moment + stayed * 2 + 777 ELSE moment + floor(stayed * u(one, 'k' || kind))::BIGINT END AS "at",
  0::BIGINT AS original, 0::BIGINT AS sent, 0::BIGINT AS received,
  (hash(hash(person, 'visitor')) >> 1)::BIGINT AS visitor, CASE WHEN u(person, 'signed') < 0.12 THEN hex32(person % 1000000000, 'user') ELSE '' END AS "user",
  'redtag.example' AS host, p.path, CASE WHEN kind = 0 THEN p.title ELSE '' END AS title,
  CASE WHEN kind = 0 AND v = 0 THEN pick(['','','www.google.com','www.google.com','l.instagram.com','t.co','www.bing.com','chat.example','mail.example'], s, 'ref') WHEN kind = 0 THEN 'redtag.example' ELSE '' END AS referrer,
  CASE WHEN kind = 5 THEN pick(['فستان','dress','abaya','عباية سوداء','white shirt','حذاء رياضي','kids shoes','linen','bag'], one, 'q') || ' ' || floor(pow(300, u(one,'q2')))::INT ELSE '' END AS search, CASE WHEN kind = 5 THEN floor(60 * u(one, 'res'))::INT END AS results,
  CASE WHEN u(s,'utm') < 0.2 THEN pick(['newsletter','google','instagram','sms'], s, 'us') ELSE '' END AS utm_source,
  CASE WHEN u(s,'utm') < 0.2 THEN pick(['email','cpc','social'], s, 'um') ELSE '' END AS utm_medium,
  CASE WHEN u(s,'utm') < 0.2 THEN 'c-' || floor(30 * u(s, 'uc'))::INT ELSE '' END AS utm_campaign,
  pick(['AE','AE','AE','SA','SA','SA','KW','OM','QA','EG','IN'], person, 'co') AS country, pick(['phone','phone','phone','computer','tablet'], person, 'dev') AS device,
  pick(['Chrome','Chrome','Safari','Safari','Samsung Internet','Firefox','Edge'], person, 'br') AS browser, pick(['Android','iOS','iOS','Windows','Mac OS X'], person, 'os') AS system,
  pick(['ar','ar','en'], person, 'la') AS language, substr(hex32(one, 'view'), 5, 16) AS view, CASE kind WHEN 1 THEN 1 WHEN 2 THEN 2 ELSE 0 END AS sequence,
  CASE kind WHEN 1 THEN stayed WHEN 2 THEN stayed * 2 ELSE 0 END AS engaged,
  CASE WHEN kind IN (3, 4) THEN to_json({product_id: p.sku, name: p.title, category: p.category, price: p.price, currency: 'AED', quantity: CASE WHEN kind = 4 THEN 1 + floor(u(one, 'qty') * 3)::INT END}) END AS properties,
  CASE WHEN u(person, 'allowed') < 0.3 THEN to_json(MAP(['content'] || CASE WHEN u(person, 'both') < 0.5 THEN ['marketing'] ELSE [] END, [hex32(person % 1000000000, 'pc')] || CASE WHEN u(person, 'both') < 0.5 THEN [hex32(person % 1000000000, 'pm')] ELSE [] END)) END AS trails,
  3 AS policy, one, person
FROM kinds JOIN page p USING (page);
UPDATE event SET original = "at", sent = "at" + 5 + floor(200 * pow(u(one, 'sent' || sequence || event), 3))::BIGINT;
UPDATE event SET received = sent + 20 + floor(400 * pow(u(one, 'rec' || sequence || event), 3))::BIGINT + CASE WHEN u(one, 'slow') < 0.01 THEN 60000 ELSE 0 END;
