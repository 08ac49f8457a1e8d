-- The public record (entries, tiles, checkpoints) and, apart from it, what opens its commitments.

-- A person's nonce, kept as the two keyed blocks of HMAC-SHA-256 (RFC 2104): person 0 is the deployment itself.
CREATE TABLE ledger.nonce (
    person bigint PRIMARY KEY,
    inner_pad bytea NOT NULL CHECK (octet_length(inner_pad) = 64),
    outer_pad bytea NOT NULL CHECK (octet_length(outer_pad) = 64)
);

-- What an entry's commitment stands for. It goes when the person is erased.
CREATE TABLE ledger.opening (
    entry uuid PRIMARY KEY,
    person bigint NOT NULL,
    payload text NOT NULL
);
CREATE INDEX opening_person ON ledger.opening (person);

-- An opening that an erasure destroyed, so that a destroyed one can be told from one that was taken away. It names
-- the erasure's entry and no person.
CREATE TABLE ledger.blanked (
    entry uuid PRIMARY KEY,
    erasure uuid NOT NULL
);
CREATE INDEX blanked_erasure ON ledger.blanked (erasure);

-- Entries that wait for their index. `number` is the order of arrival and no promise: a lower one may commit later.
CREATE TABLE ledger.pending (
    number bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    id uuid NOT NULL,
    at timestamptz NOT NULL,
    event text NOT NULL,
    leaf bytea NOT NULL CHECK (octet_length(leaf) < 65536)
);
-- A queue that empties all the time is vacuumed by count, not by its share of dead rows.
ALTER TABLE ledger.pending SET (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 20000,
    autovacuum_vacuum_insert_scale_factor = 0, autovacuum_vacuum_insert_threshold = 100000);

CREATE TABLE ledger.entry (
    index bigint PRIMARY KEY CHECK (index >= 0),
    id uuid NOT NULL UNIQUE,
    at timestamptz NOT NULL,
    event text NOT NULL,
    leaf bytea NOT NULL
);

-- Tiles as in C2SP tlog-tiles: up to 256 hashes of 32 bytes. Hashes do not compress.
CREATE TABLE ledger.tile (
    level smallint NOT NULL CHECK (level BETWEEN 0 AND 63),
    index bigint NOT NULL CHECK (index >= 0),
    width smallint NOT NULL CHECK (width BETWEEN 1 AND 256),
    hashes bytea NOT NULL,
    PRIMARY KEY (level, index),
    CHECK (octet_length(hashes) = 32 * width)
);
ALTER TABLE ledger.tile ALTER COLUMN hashes SET STORAGE EXTERNAL;

CREATE TABLE ledger.checkpoint (
    size bigint PRIMARY KEY CHECK (size >= 0),
    root bytea NOT NULL CHECK (octet_length(root) = 32),
    note text NOT NULL,
    at timestamptz NOT NULL
);

-- Signature lines of witnesses, as in C2SP tlog-cosignature.
CREATE TABLE ledger.cosignature (
    size bigint NOT NULL REFERENCES ledger.checkpoint,
    witness text NOT NULL,
    line text NOT NULL,
    at timestamptz NOT NULL,
    PRIMARY KEY (size, witness)
);
-- By the key id within the vkey: what strangers ask for, and where the next proof for this witness begins.
CREATE INDEX cosignature_witness ON ledger.cosignature (split_part(witness, '+', 2), size);

-- The keys that sign checkpoints, newest last. Who verifies pins a key; this is where strangers find it.
CREATE TABLE ledger.verifier_key (
    number bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    vkey text NOT NULL UNIQUE,
    at timestamptz NOT NULL
);
