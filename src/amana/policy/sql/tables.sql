-- What was promised, version by version. Rows of a version are written once, by policy.publish, and never changed.

-- One number for each name, the same for ever: decisions and uses refer to it long after a version has gone.
CREATE TABLE policy.term (
    id smallint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    kind text NOT NULL
        CHECK (kind IN ('field', 'purpose', 'role', 'channel', 'recipient', 'source', 'jurisdiction', 'task')),
    name text NOT NULL CHECK (name ~ '^[A-Za-z][A-Za-z0-9_]{0,62}$'),
    UNIQUE (kind, name)
);

CREATE TABLE policy.version (
    id integer PRIMARY KEY CHECK (id > 0),
    hash bytea NOT NULL CHECK (hash = sha256(convert_to(yaml, 'UTF8'))),
    yaml text NOT NULL CHECK (yaml <> '' AND position(chr(13) IN yaml) = 0),
    actor text NOT NULL CHECK (actor <> ''),
    published_at timestamptz NOT NULL,
    entry uuid NOT NULL UNIQUE
);

CREATE TABLE policy.running (
    "only" boolean PRIMARY KEY DEFAULT true CHECK ("only"),
    version integer NOT NULL REFERENCES policy.version (id)
);

CREATE TABLE policy.field (
    version integer NOT NULL REFERENCES policy.version (id),
    field smallint NOT NULL REFERENCES policy.term (id),
    kind text NOT NULL CHECK (kind IN ('identity', 'fact')),
    sensitive boolean NOT NULL,
    retention interval NOT NULL CHECK (retention > interval '0'),
    promotional_needs_confirmation boolean NOT NULL,
    PRIMARY KEY (version, field)
);

CREATE TABLE policy.role (
    version integer NOT NULL REFERENCES policy.version (id),
    role smallint NOT NULL REFERENCES policy.term (id),
    may_limit_to_shops boolean NOT NULL,
    PRIMARY KEY (version, role)
);

-- consent_since: the oldest version whose consent still covers this purpose; a widened purpose starts again at its own.
CREATE TABLE policy.purpose (
    version integer NOT NULL REFERENCES policy.version (id),
    purpose smallint NOT NULL REFERENCES policy.term (id),
    clause text NOT NULL CHECK (clause ~ '^[A-Z][0-9]+$'),
    promotional boolean NOT NULL,
    needs_confirmed_address boolean NOT NULL CHECK (needs_confirmed_address OR NOT promotional),
    min_age smallint CHECK (min_age BETWEEN 1 AND 120),
    default_off boolean NOT NULL CHECK (default_off OR NOT promotional),
    survives_restriction boolean NOT NULL CHECK (NOT (survives_restriction AND promotional)),
    delayed_disclosure interval CHECK (delayed_disclosure > interval '0'),
    retention interval NOT NULL CHECK (retention > interval '0'),
    revision integer NOT NULL CHECK (revision > 0),
    consent_since integer NOT NULL REFERENCES policy.version (id),
    PRIMARY KEY (version, purpose)
);

CREATE TABLE policy.purpose_basis (
    version integer NOT NULL,
    purpose smallint NOT NULL,
    jurisdiction smallint NOT NULL REFERENCES policy.term (id),
    basis text NOT NULL
        CHECK (basis IN ('consent', 'contract', 'legal_obligation', 'legitimate_interest', 'request')),
    PRIMARY KEY (version, purpose, jurisdiction),
    FOREIGN KEY (version, purpose) REFERENCES policy.purpose (version, purpose)
);

CREATE TABLE policy.purpose_field (
    version integer NOT NULL,
    purpose smallint NOT NULL,
    field smallint NOT NULL,
    PRIMARY KEY (version, purpose, field),
    FOREIGN KEY (version, purpose) REFERENCES policy.purpose (version, purpose),
    FOREIGN KEY (version, field) REFERENCES policy.field (version, field)
);

CREATE TABLE policy.purpose_channel (
    version integer NOT NULL,
    purpose smallint NOT NULL,
    channel smallint NOT NULL REFERENCES policy.term (id),
    PRIMARY KEY (version, purpose, channel),
    FOREIGN KEY (version, purpose) REFERENCES policy.purpose (version, purpose)
);

CREATE TABLE policy.purpose_role (
    version integer NOT NULL,
    purpose smallint NOT NULL,
    role smallint NOT NULL,
    PRIMARY KEY (version, purpose, role),
    FOREIGN KEY (version, purpose) REFERENCES policy.purpose (version, purpose),
    FOREIGN KEY (version, role) REFERENCES policy.role (version, role)
);

CREATE TABLE policy.purpose_recipient (
    version integer NOT NULL,
    purpose smallint NOT NULL,
    recipient smallint NOT NULL REFERENCES policy.term (id),
    PRIMARY KEY (version, purpose, recipient),
    FOREIGN KEY (version, purpose) REFERENCES policy.purpose (version, purpose)
);

CREATE TABLE policy.purpose_task (
    version integer NOT NULL,
    purpose smallint NOT NULL,
    task smallint NOT NULL REFERENCES policy.term (id),
    PRIMARY KEY (version, purpose, task),
    FOREIGN KEY (version, purpose) REFERENCES policy.purpose (version, purpose)
);

-- What the website may keep for a purpose: an event, one of its properties, or how much a property may say.
CREATE TABLE policy.purpose_collected (
    version integer NOT NULL,
    purpose smallint NOT NULL,
    item text NOT NULL CHECK (item <> ''),
    retention interval NOT NULL CHECK (retention > interval '0'),
    PRIMARY KEY (version, purpose, item),
    FOREIGN KEY (version, purpose) REFERENCES policy.purpose (version, purpose)
);

CREATE TABLE policy.source_field (
    version integer NOT NULL,
    source smallint NOT NULL REFERENCES policy.term (id),
    field smallint NOT NULL,
    mandatory boolean NOT NULL,
    PRIMARY KEY (version, source, field),
    FOREIGN KEY (version, field) REFERENCES policy.field (version, field)
);

CREATE TABLE policy.limit_of (
    version integer NOT NULL REFERENCES policy.version (id),
    jurisdiction smallint NOT NULL REFERENCES policy.term (id),
    name text NOT NULL CHECK (name ~ '^[a-z][a-z0-9_]*$'),
    value jsonb NOT NULL,
    PRIMARY KEY (version, jurisdiction, name)
);

CREATE TABLE policy.use_retention (
    version integer PRIMARY KEY REFERENCES policy.version (id),
    retention interval NOT NULL CHECK (retention > interval '0')
);
