-- Count in blocks of enough people, and over all shops together.
-- Shop 0 is no shop or several, an empty language both: where few answer, several shops' answers are counted as one. Shop -1 is
-- the sum of all, for pages about all of them.
ALTER TABLE public.surveys_count DROP CONSTRAINT surveys_count_pkey;
INSERT INTO public.surveys_count (survey, day, question, version, answer, shop, language, answers, mixing)
SELECT survey, day, question, version, answer, -1, language, sum(answers), sum(mixing) FROM public.surveys_count
GROUP BY survey, day, question, version, answer, language;
ALTER TABLE public.surveys_count ADD PRIMARY KEY (survey, shop, question, day, version, answer, language);

-- Responses that wait for enough others to be counted with (`counted_on` is null), or that were counted on a later day than
-- their own, or among several shops, because they waited. Whoever is not here was counted on their own day, in their shop.
-- `left_out` is whoever is counted no more, so that somebody else who left is one of many.
CREATE TABLE public.surveys_held (
    response uuid PRIMARY KEY,
    survey bigint NOT NULL,
    version bigint NOT NULL,
    shop bigint NOT NULL,
    language text NOT NULL,
    day date NOT NULL,
    counted_on date,
    left_out boolean NOT NULL DEFAULT false
);
CREATE INDEX surveys_held_waiting ON public.surveys_held (survey) WHERE counted_on IS NULL AND NOT left_out;
CREATE INDEX surveys_held_counted ON public.surveys_held (survey, counted_on) WHERE counted_on IS NOT NULL;
