-- What somebody has beside what they know: an authenticator (RFC 6238), and recovery codes for its loss.

-- `sealed` is the secret XOR a pad of one use that the application derives from `nonce` by a key outside the database.
CREATE TABLE retailer.second_factor (
    staff bigint PRIMARY KEY REFERENCES retailer.staff,
    nonce bytea NOT NULL UNIQUE CHECK (length(nonce) = 16),
    sealed bytea NOT NULL CHECK (length(sealed) = 20),
    begun_at timestamptz NOT NULL,
    confirmed_at timestamptz,
    last_step bigint NOT NULL DEFAULT 0
);

-- `proof` is sha256 of what a key outside the database makes of the code; a used one stays, so that it stays used.
CREATE TABLE retailer.recovery_code (
    staff bigint NOT NULL REFERENCES retailer.second_factor ON DELETE CASCADE,
    proof bytea NOT NULL CHECK (length(proof) = 32),
    used_at timestamptz,
    PRIMARY KEY (staff, proof)
);

-- Committed before it is answered (`xact`), as sign-ins are. `step` is where a code fits, or null.
CREATE TABLE retailer.second_factor_attempt (
    id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    session bigint NOT NULL REFERENCES retailer.session,
    staff bigint NOT NULL REFERENCES retailer.staff,
    step bigint,
    recovery bytea,
    asked_at timestamptz NOT NULL,
    xact xid8 NOT NULL,
    succeeded_at timestamptz
);
CREATE INDEX second_factor_attempt_staff ON retailer.second_factor_attempt (staff, asked_at);

-- Names of roles, not numbers: they hold before a policy is published.
CREATE TABLE retailer.second_factor_demand (role text PRIMARY KEY);
INSERT INTO retailer.second_factor_demand VALUES ('administrator'), ('data_protection_officer');

ALTER TABLE retailer.session ADD COLUMN proven_at timestamptz;
