-- Sealed values, per-person keys, blind and token indexes. Read and written by the gate's functions alone.

-- One row is one person; it is the row that a withdrawal locks for itself and a release shares. The manifest joins the
-- hashes (32 bytes each) of the values that came with the admission, so that a changed value shows and an expired one may go.
-- `narrowed` is the last transaction that narrowed what may be done with the person's data: a release asked for before it was in
-- sight judges the person again.
CREATE TABLE vault.person (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    customer uuid NOT NULL UNIQUE,
    jurisdiction smallint NOT NULL,
    shop bigint,
    entry uuid NOT NULL,
    manifest bytea NOT NULL DEFAULT '',
    admitted_at timestamptz NOT NULL,
    narrowed xid8,
    erased_at timestamptz
) WITH (fillfactor = 85);

-- The person's random key, wrapped by an epoch key that is not in the database. Its row goes when the person is erased.
CREATE TABLE vault.key (
    person bigint PRIMARY KEY REFERENCES vault.person,
    epoch integer NOT NULL,
    wrapped bytea NOT NULL
);
CREATE INDEX key_epoch ON vault.key (epoch);

-- A value that is held (`held_at`) may be something its person should not have been asked to tell: until somebody has decided,
-- it is released for nothing but what survives a restriction.
CREATE TABLE vault.value (
    person bigint NOT NULL REFERENCES vault.person,
    field smallint NOT NULL,
    id bigint NOT NULL,
    version integer NOT NULL,
    ciphertext bytea NOT NULL,
    entry uuid NOT NULL,
    source smallint NOT NULL,
    policy integer NOT NULL,
    at timestamptz NOT NULL,
    held_at timestamptz,
    PRIMARY KEY (person, field)
);

-- What was added to somebody later, by themselves: an entry of its own, with a manifest like that of an admission.
CREATE TABLE vault.addition (
    entry uuid PRIMARY KEY,
    person bigint NOT NULL REFERENCES vault.person,
    manifest bytea NOT NULL,
    at timestamptz NOT NULL
);
CREATE INDEX addition_person ON vault.addition (person);

CREATE TABLE vault.fact (
    person bigint NOT NULL REFERENCES vault.person,
    field smallint NOT NULL,
    value text NOT NULL,
    source smallint NOT NULL,
    policy integer NOT NULL,
    at timestamptz NOT NULL,
    PRIMARY KEY (person, field)
);

-- Exact look-ups without plaintext: an e-mail or a phone, by a keyed hash. Index keys change; `tag` is the erase journal's for
-- the same address and stays, so that whoever shares an address, or was forgotten with it, is known by it under any index key.
CREATE TABLE vault.blind (
    person bigint NOT NULL REFERENCES vault.person,
    field smallint NOT NULL,
    index bytea NOT NULL,
    key_id smallint NOT NULL,
    tag bytea NOT NULL,
    PRIMARY KEY (person, field)
);
CREATE INDEX blind_index ON vault.blind (field, index);
CREATE INDEX blind_tag ON vault.blind (field, tag);

-- Look-ups by a word of a name, in the same way.
CREATE TABLE vault.token (
    field smallint NOT NULL,
    token bytea NOT NULL,
    person bigint NOT NULL REFERENCES vault.person,
    key_id smallint NOT NULL,
    PRIMARY KEY (field, token, person)
);
CREATE INDEX token_person ON vault.token (person);

-- What the erase journal says of the erased, so that an import cannot bring them back: keyed tags, no identity.
CREATE TABLE vault.forgotten (
    tag bytea PRIMARY KEY,
    at timestamptz NOT NULL
);
