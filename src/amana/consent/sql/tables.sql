-- Who allowed, objected to or restricted what, when and on which wording.

CREATE TABLE consent.wording (
    hash bytea PRIMARY KEY,
    language text NOT NULL CHECK (language IN ('ar', 'en')),
    text text NOT NULL,
    policy integer NOT NULL,
    first_shown_at timestamptz NOT NULL
);

-- Append-only: what stands is the last decision of each person, purpose and channel. Channel 0 means no channel.
CREATE TABLE consent.decision (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    entry uuid NOT NULL UNIQUE,
    person bigint NOT NULL,
    purpose smallint NOT NULL,
    channel smallint NOT NULL,
    kind text NOT NULL CHECK (kind IN (
        'given', 'withdrawn', 'objected', 'objection_lifted', 'restricted', 'restriction_lifted',
        'address_confirmed', 'address_superseded')),
    at timestamptz NOT NULL,
    xid xid8 NOT NULL,
    policy integer NOT NULL,
    wording bytea REFERENCES consent.wording,
    language text NOT NULL,
    source smallint NOT NULL,
    actor text NOT NULL,
    subject bigint
);
CREATE INDEX decision_person ON consent.decision (person, id);

-- The last decision of each kind of question, kept by the same function that appends the decision.
CREATE TABLE consent.standing (
    person bigint NOT NULL,
    purpose smallint NOT NULL,
    channel smallint NOT NULL,
    given boolean NOT NULL,
    objected boolean NOT NULL,
    policy integer NOT NULL,
    decision bigint NOT NULL,
    PRIMARY KEY (person, purpose, channel)
);

CREATE TABLE consent.restriction (
    person bigint PRIMARY KEY,
    decision bigint NOT NULL
);

-- Decisions that narrow and are not yet kept outside the database: restoring an older one must not lose them. The file knows
-- them by number; `kept` is the last number whose decision this database has, and every lower one with it.
CREATE TABLE consent.unkept (decision bigint PRIMARY KEY);
ALTER TABLE consent.unkept SET (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 20000,
    autovacuum_vacuum_insert_scale_factor = 0, autovacuum_vacuum_insert_threshold = 100000);

CREATE TABLE consent.kept (
    one boolean PRIMARY KEY DEFAULT true CHECK (one),
    number bigint NOT NULL DEFAULT 0
);

-- An address is a claim until its owner confirms it: `value` is the sealed value that was confirmed, so that a changed
-- address is a claim again.
CREATE TABLE consent.address (
    person bigint NOT NULL,
    field smallint NOT NULL,
    value bigint NOT NULL,
    confirmed_at timestamptz NOT NULL,
    superseded_at timestamptz,
    decision bigint NOT NULL,
    PRIMARY KEY (person, field)
);

-- An opt-in asked for by a link that anybody may have been forwarded: it waits for a fresh confirmation.
CREATE TABLE consent.wish (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    entry uuid NOT NULL UNIQUE,
    person bigint NOT NULL,
    purpose smallint NOT NULL,
    channel smallint NOT NULL,
    policy integer NOT NULL,
    wording bytea NOT NULL REFERENCES consent.wording,
    language text NOT NULL,
    asked_at timestamptz NOT NULL,
    granted_at timestamptz
);
CREATE INDEX wish_person ON consent.wish (person);

-- Taking back an objection, or a restriction: it widens what may be done, so it waits for a fresh confirmation too, whoever
-- asked. Numbered with the wishes, because one kind of link confirms both.
CREATE TABLE consent.lifting (
    id bigint PRIMARY KEY DEFAULT nextval('consent.wish_id_seq'),
    entry uuid NOT NULL UNIQUE,
    person bigint NOT NULL,
    kind text NOT NULL CHECK (kind IN ('objection_lifted', 'restriction_lifted')),
    purpose smallint NOT NULL,
    channel smallint NOT NULL,
    policy integer NOT NULL,
    wording bytea NOT NULL REFERENCES consent.wording,
    language text NOT NULL,
    asked_by text NOT NULL,
    asked_at timestamptz NOT NULL,
    granted_at timestamptz
);
CREATE INDEX lifting_person ON consent.lifting (person);
