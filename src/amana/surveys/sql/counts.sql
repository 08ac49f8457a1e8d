-- What results are counted in, so that a page adds up days and not answers. An empty answer counts who answered a question at
-- all, an empty question whole responses. `mixing` adds up the responses' own random numbers, which settle how a count is rounded.
-- Shop 0 is no shop or several, an empty language both: where few answer, several shops' answers are counted as one.
CREATE TABLE public.surveys_count (
    survey bigint NOT NULL,
    day date NOT NULL,
    question text NOT NULL,
    version bigint NOT NULL,
    answer text NOT NULL,
    shop bigint NOT NULL,
    language text NOT NULL,
    answers bigint NOT NULL,
    mixing bigint NOT NULL,
    PRIMARY KEY (survey, day, question, version, answer, shop, language)
);

-- Responses that wait for enough others to be counted with (`counted_on` is null), or that were counted on a later day than
-- their own, or among several shops, because they waited. Whoever is not here was counted on their own day, in their shop.
-- `left_out` is whoever is counted no more, so that somebody else who left is one of many.
CREATE TABLE public.surveys_held (
    response uuid NOT NULL,
    survey bigint NOT NULL,
    version bigint NOT NULL,
    shop bigint NOT NULL,
    language text NOT NULL,
    day date NOT NULL,
    counted_on date,
    left_out boolean NOT NULL DEFAULT false,
    PRIMARY KEY (response)
);
CREATE INDEX surveys_held_waiting ON public.surveys_held (survey) WHERE counted_on IS NULL AND NOT left_out;
CREATE INDEX surveys_held_counted ON public.surveys_held (survey, counted_on) WHERE counted_on IS NOT NULL;
