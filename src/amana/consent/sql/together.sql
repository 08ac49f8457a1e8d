-- People whom a member of staff holds to be one. Their consents stay apart: each keeps its own decisions, and the strictest of
-- them counts while they are held together. One row for each of them, the first among them included; nobody else has one.
CREATE TABLE consent.together (
    customer uuid PRIMARY KEY,
    whole uuid NOT NULL
);
CREATE INDEX together_whole ON consent.together (whole);

-- How that came to be: one row for each of them at each change, only added, until the person is erased; `whole` is null for whoever
-- stands alone again. What stood at a release is the last row that was in its sight.
CREATE TABLE consent.held (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    customer uuid NOT NULL,
    whole uuid,
    at timestamptz NOT NULL,
    xid xid8 NOT NULL
);
CREATE INDEX held_customer ON consent.held (customer, id);
CREATE INDEX held_whole ON consent.held (whole);
