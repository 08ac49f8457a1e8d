-- People whom a member of staff holds to be one. Their consents stay apart: each keeps its own decisions, and the strictest of
-- them counts while they are held together. One row for each of them, the first among them included; nobody else has one.
CREATE TABLE consent.together (
    customer uuid PRIMARY KEY,
    whole uuid NOT NULL
);
CREATE INDEX together_whole ON consent.together (whole);
