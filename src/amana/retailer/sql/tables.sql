-- The retailer's own side: one brand with its shops, the people who work there, and their sessions.
CREATE TABLE retailer.brand (
    "only" boolean PRIMARY KEY DEFAULT true CHECK ("only"),
    slug text NOT NULL CHECK (slug ~ '^[a-z0-9][a-z0-9-]*$'),
    name_ar text NOT NULL CHECK (name_ar <> ''),
    name_en text NOT NULL CHECK (name_en <> ''),
    accent text NOT NULL CHECK (accent ~ '^#[0-9a-f]{6}$'),
    service_address text NOT NULL CHECK (service_address ~ '^[^@[:space:]]+@[^@[:space:]]+$')
);

CREATE TABLE retailer.country (
    code text PRIMARY KEY CHECK (code ~ '^[A-Z]{2}$'),
    name_ar text NOT NULL CHECK (name_ar <> ''),
    name_en text NOT NULL CHECK (name_en <> ''),
    jurisdiction text NOT NULL,
    position int NOT NULL
);

CREATE TABLE retailer.region (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    country text NOT NULL REFERENCES retailer.country,
    name_ar text NOT NULL CHECK (name_ar <> ''),
    name_en text NOT NULL CHECK (name_en <> ''),
    position int NOT NULL,
    UNIQUE (country, name_en)
);

-- A shop is never deleted: answers, roles and gate calls keep its number. One that left the brand file is closed.
CREATE TABLE retailer.shop (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    slug text NOT NULL UNIQUE CHECK (slug ~ '^[a-z0-9][a-z0-9-]*$'),
    name_ar text NOT NULL CHECK (name_ar <> ''),
    name_en text NOT NULL CHECK (name_en <> ''),
    region bigint NOT NULL REFERENCES retailer.region,
    timezone text NOT NULL,
    position int NOT NULL,
    open boolean NOT NULL DEFAULT true
);

-- `verifier` is sha256 of what scrypt makes of the password outside the database; neither is ever stored.
CREATE TABLE retailer.staff (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    email text NOT NULL UNIQUE CHECK (email = lower(btrim(email)) AND email ~ '^[^@[:space:]]+@[^@[:space:]]+$'),
    name_ar text NOT NULL CHECK (name_ar <> ''),
    name_en text NOT NULL CHECK (name_en <> ''),
    language text NOT NULL CHECK (language IN ('ar', 'en')),
    verifier bytea NOT NULL CHECK (length(verifier) = 32),
    salt bytea NOT NULL CHECK (length(salt) = 16),
    must_change boolean NOT NULL,
    active boolean NOT NULL DEFAULT true,
    created_at timestamptz NOT NULL
);

CREATE TABLE retailer.staff_role (
    staff bigint NOT NULL REFERENCES retailer.staff,
    role smallint NOT NULL REFERENCES policy.term,
    shops bigint[] CHECK (cardinality(shops) > 0),
    PRIMARY KEY (staff, role)
);

-- Sessions stay after they end: each gate call names the session that made it.
CREATE TABLE retailer.session (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    token_hash bytea NOT NULL UNIQUE CHECK (length(token_hash) = 32),
    kind text NOT NULL CHECK (kind IN ('staff', 'system')),
    staff bigint REFERENCES retailer.staff,
    opened_at timestamptz NOT NULL,
    last_seen_at timestamptz NOT NULL,
    expires_at timestamptz NOT NULL,
    closed_at timestamptz,
    CHECK ((kind = 'staff') = (staff IS NOT NULL))
);
CREATE INDEX session_open_of_staff ON retailer.session (staff) WHERE closed_at IS NULL;

-- An attempt is committed before it is answered (`xact`), so that rolling back hides no guess from the limits.
-- `account` is a keyed hash: what people type into the wrong box is often a password.
CREATE TABLE retailer.sign_in_attempt (
    id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    account bytea NOT NULL,
    address inet NOT NULL,
    staff bigint REFERENCES retailer.staff,
    guess bytea NOT NULL,
    asked_at timestamptz NOT NULL,
    xact xid8 NOT NULL,
    succeeded_at timestamptz
);
CREATE INDEX sign_in_attempt_account ON retailer.sign_in_attempt (account, asked_at);
CREATE INDEX sign_in_attempt_address ON retailer.sign_in_attempt (address, asked_at);
CREATE INDEX sign_in_attempt_asked ON retailer.sign_in_attempt (asked_at);

CREATE TABLE retailer.secret (
    "only" boolean PRIMARY KEY DEFAULT true CHECK ("only"),
    value bytea NOT NULL CHECK (length(value) = 32)
);
