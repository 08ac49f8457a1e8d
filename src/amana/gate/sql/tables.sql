-- What the gate released, to whom, for what: written by its functions alone.

-- Why people are needed: a planned message, an assigned conversation, a request, a session. A release names one. The shops are
-- those that whoever planned it was limited to then, if any.
CREATE TABLE uses.task (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    kind smallint NOT NULL,
    purpose smallint NOT NULL,
    ref text NOT NULL CHECK (ref ~ '^[a-z_]+:[A-Za-z0-9-]{1,64}$'),
    people bigint[] NOT NULL,
    planned_by bigint NOT NULL,
    staff bigint,
    shops bigint[],
    role smallint NOT NULL,
    planned_at timestamptz NOT NULL,
    expires_at timestamptz NOT NULL,
    opens_left smallint NOT NULL,
    confirmed_at timestamptz,
    confirmed_by smallint,
    wish bigint
);
CREATE INDEX task_ref ON uses.task (ref);

CREATE SEQUENCE uses.call_number;

-- One row is one release. Its number begins with the month, so that uses are partitioned by it without a date of their own. The
-- shops are those that its member of staff was limited to then, if any.
CREATE TABLE uses.call (
    id bigint PRIMARY KEY,
    entry uuid NOT NULL UNIQUE,
    at timestamptz NOT NULL,
    xid xid8 NOT NULL,
    snapshot pg_snapshot NOT NULL,
    policy integer NOT NULL,
    purpose smallint NOT NULL,
    channel smallint NOT NULL,
    recipient smallint NOT NULL,
    role smallint NOT NULL,
    session bigint NOT NULL,
    staff bigint,
    shops bigint[],
    task bigint NOT NULL REFERENCES uses.task,
    fields smallint[] NOT NULL,
    links text[] NOT NULL,
    people integer NOT NULL,
    root bytea,
    refused jsonb NOT NULL,
    journal bigint NOT NULL,
    ticket bytea NOT NULL UNIQUE,
    ticket_expires_at timestamptz NOT NULL,
    taken_at timestamptz,
    taken integer
);

-- Releases whose uses are not yet folded into an entry of the ledger.
CREATE TABLE uses.unfolded (call bigint NOT NULL);

-- The decision relied on is 0 where another basis is. What commits to a use is derived from its person's nonce as long as
-- there is one; a person is blanked when erased, and the commitment written out, so that the call's root can still be rebuilt.
CREATE TABLE uses.use (
    call bigint NOT NULL,
    person bigint,
    decision bigint NOT NULL,
    commitment bytea,
    CHECK ((person IS NULL) = (commitment IS NOT NULL))
) PARTITION BY RANGE (call);
CREATE INDEX use_person ON uses.use (person, call);
-- Many rows share a call: equal keys are kept once, so this index is small and grows at its end.
CREATE INDEX use_call ON uses.use (call);
CREATE TABLE uses.use_unplanned PARTITION OF uses.use DEFAULT;
-- Only the owner of a table may add a month to it.
GRANT CREATE ON SCHEMA uses TO amana_definer;
ALTER TABLE uses.use OWNER TO amana_definer;
ALTER TABLE uses.use_unplanned OWNER TO amana_definer;

-- The head of the erase journal as the database knows it: one row.
CREATE TABLE uses.journal (
    one boolean PRIMARY KEY DEFAULT true CHECK (one),
    sequence bigint NOT NULL,
    head bytea NOT NULL
);

-- The key that signs links, as HMAC pads: made in the database, read by the gate's functions alone.
CREATE TABLE uses.link_key (
    one boolean PRIMARY KEY DEFAULT true CHECK (one),
    inner_pad bytea NOT NULL,
    outer_pad bytea NOT NULL
);

-- One row is one person found by an address, or a look-up that found nobody (person 0, the deployment itself). Each has its entry,
-- so that the public record shows the same for an address that is known and for one that is not.
CREATE TABLE uses.looked_up (
    entry uuid PRIMARY KEY,
    person bigint NOT NULL,
    at timestamptz NOT NULL,
    policy integer NOT NULL,
    purpose smallint NOT NULL,
    field smallint NOT NULL,
    role smallint NOT NULL,
    session bigint NOT NULL,
    staff bigint
);
CREATE INDEX looked_up_person ON uses.looked_up (person, at);
CREATE INDEX looked_up_at ON uses.looked_up (at);

-- Who was found by a look-up that was not told yet: kept for its minute.
CREATE TABLE uses.finding (
    ticket bytea PRIMARY KEY,
    xid xid8 NOT NULL,
    expires_at timestamptz NOT NULL,
    session bigint NOT NULL,
    purpose smallint NOT NULL,
    field smallint NOT NULL,
    places bigint[] NOT NULL,
    people bigint[] NOT NULL
);

-- Months of uses that were dropped after the retention of evidence, and how many uses each then held. Their calls stay.
CREATE TABLE uses.dropped_month (
    month text PRIMARY KEY,
    entry uuid NOT NULL UNIQUE,
    at timestamptz NOT NULL,
    uses bigint NOT NULL
);

-- Entries whose row an erasure removed (or a month that was dropped), and the entry that says so: it commits to all of them.
CREATE TABLE uses.blanked (
    entry uuid PRIMARY KEY,
    erasure uuid NOT NULL
);
CREATE INDEX blanked_erasure ON uses.blanked (erasure);

CREATE TABLE uses.erasure (
    entry uuid PRIMARY KEY,
    task bigint NOT NULL,
    at timestamptz NOT NULL,
    verdict text NOT NULL,
    journal bigint NOT NULL,
    removed jsonb NOT NULL
);

-- Addresses that cannot be reached or must not be written to; by person and channel, never by the address. `kept`: outside the
-- database as well, as what narrows is.
CREATE TABLE uses.suppression (
    entry uuid NOT NULL UNIQUE,
    person bigint NOT NULL,
    channel smallint NOT NULL,
    reason text NOT NULL,
    at timestamptz NOT NULL,
    xid xid8 NOT NULL DEFAULT pg_current_xact_id(),
    kept boolean NOT NULL DEFAULT false,
    PRIMARY KEY (person, channel)
);
CREATE INDEX suppression_unkept ON uses.suppression (at) WHERE NOT kept;
