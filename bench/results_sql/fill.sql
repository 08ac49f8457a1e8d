-- Answers of a year to the example's survey about a visit; everything is drawn from the number, so that runs are alike.
INSERT INTO public.surveys_response
(id, key, version, survey, shop, device, way, language, policy, judged_policy, answered_at, received_at, taken_at,
    answers, texts, unfinished, customer, code, mixing)
SELECT md5('r' || n)::uuid, md5('k' || n)::uuid, %(version)s, %(survey)s, (%(shops)s::int8[])[1 + h %% cardinality(%(shops)s::int8[])],
    NULL, 'tablet', CASE WHEN h %% 10 < 7 THEN 'ar' ELSE 'en' END, 1, 1, at, at, at,
    jsonb_build_object(
        'overall', 1 + h %% 5, 'recommend', (h / 7) %% 11,
        'liked', jsonb_build_array((ARRAY['staff', 'prices', 'choice', 'quality', 'tidy'])[1 + (h / 3) %% 5]),
        'disliked', jsonb_build_array((ARRAY['queue', 'fitting', 'stock', 'parking', 'nothing'])[1 + (h / 5) %% 5]),
        'found_it', (ARRAY['yes', 'partly', 'no', 'looking'])[1 + (h / 11) %% 4],
        'department', (ARRAY['women', 'men', 'children', 'shoes', 'home'])[1 + (h / 13) %% 5],
        'size', (ARRAY['no', 's', 'm', 'l', 'xl'])[1 + (h / 17) %% 5],
        'age', (ARRAY['u25', 'u35', 'u45', 'o45'])[1 + (h / 19) %% 4]),
    '[]', false, NULL, NULL, abs(hashtextextended(n::text, 1))
FROM (SELECT n, abs(hashtextextended(n::text, 0) / 8) AS h, now() - make_interval(secs => abs(hashtextextended(n::text, 2)) %% 31000000) AS at
    FROM generate_series(%(first)s::int8, %(last)s::int8 - 1) AS g (n)) drawn
