-- What was read, as pages may count it: of answers that are counted themselves, where and on the day they are. An answer that waits
-- for its block, or is left out, is not here; nor is one of a block of which somebody has still to be read, so that what a
-- page says changes by whole blocks.
CREATE VIEW public.surveys_unread WITH (security_invoker = true) AS
SELECT DISTINCT w.survey, coalesce(h.shop, w.shop, 0) AS shop, coalesce(h.language, w.language) AS language,
    coalesce(h.counted_on, w.day) AS day
FROM public.surveys_waiting w LEFT JOIN public.surveys_held h ON h.response = w.response
WHERE h.response IS NULL OR h.counted_on IS NOT NULL;

CREATE VIEW public.surveys_counted_theme WITH (security_invoker = true) AS
SELECT t.id, t.response, t.survey, CASE WHEN h.response IS NULL THEN t.shop ELSE nullif(h.shop, 0) END AS shop,
    t.question, coalesce(h.counted_on, t.day) AS day, coalesce(h.language, t.language) AS language, t.theme, t.sentiment, t.mixing
FROM public.surveys_theme t LEFT JOIN public.surveys_held h ON h.response = t.response
WHERE (h.response IS NULL OR h.counted_on IS NOT NULL) AND NOT EXISTS (
    SELECT FROM public.surveys_unread u WHERE u.survey = t.survey AND u.shop = coalesce(h.shop, t.shop, 0)
        AND u.language = coalesce(h.language, t.language) AND u.day = coalesce(h.counted_on, t.day));

CREATE VIEW public.surveys_counted_signal WITH (security_invoker = true) AS
SELECT s.id, s.response, s.survey, s.version,
    CASE WHEN h.response IS NULL THEN s.shop ELSE nullif(h.shop, 0) END AS shop,
    s.question, coalesce(h.counted_on, s.day) AS day, coalesce(h.language, s.language) AS language, s.about, s.product,
    s.size, s.theme, s.choice, s.mixing
FROM public.surveys_signal s LEFT JOIN public.surveys_held h ON h.response = s.response
WHERE (h.response IS NULL OR h.counted_on IS NOT NULL) AND NOT EXISTS (
    SELECT FROM public.surveys_unread u WHERE u.survey = s.survey AND u.shop = coalesce(h.shop, s.shop, 0)
        AND u.language = coalesce(h.language, s.language) AND u.day = coalesce(h.counted_on, s.day));
