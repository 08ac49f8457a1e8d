-- Count what stands, all of it anew, as `results.counting` counts it answer by answer.
WITH said AS (
    SELECT survey, (answered_at AT TIME ZONE 'Asia/Dubai')::date AS day, version, coalesce(shop, 0) AS shop, language,
        mixing % 1000000 AS mixing, answers
    FROM public.surveys_response
), parts AS (
    SELECT s.*, '' AS question, '' AS answer FROM said s
    UNION ALL SELECT s.*, a.key, '' FROM said s, jsonb_each(s.answers) a
    UNION ALL SELECT s.*, a.key, a.value #>> '{}' FROM said s, jsonb_each(s.answers) a WHERE jsonb_typeof(a.value) <> 'array'
    UNION ALL SELECT s.*, a.key, o.one FROM said s, jsonb_each(s.answers) a, jsonb_array_elements_text(a.value) o (one)
        WHERE jsonb_typeof(a.value) = 'array'
)
INSERT INTO public.surveys_count (survey, day, question, version, answer, shop, language, answers, mixing)
SELECT survey, day, question, version, answer, shop, language, count(*), sum(mixing) FROM parts
GROUP BY survey, day, question, version, answer, shop, language
