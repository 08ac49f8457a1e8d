-- What results are counted in, so that a page adds up days and not answers. An empty answer counts who answered a question at
-- all, an empty question whole responses. `mixing` adds up the responses' own random numbers, which settle how a count is rounded.
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
