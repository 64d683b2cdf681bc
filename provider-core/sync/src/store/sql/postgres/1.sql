-- The tables of SQLite once more. Texts are compared byte by byte, as there, whatever the database's own order is.
CREATE TABLE sync_meta (
    name TEXT COLLATE "C" PRIMARY KEY,
    value TEXT COLLATE "C" NOT NULL
);

-- Times: microseconds since 1970. session_open: whether the session was cut short, to be gone on with.
CREATE TABLE sync_connection (
    name TEXT COLLATE "C" PRIMARY KEY,
    kind TEXT COLLATE "C" NOT NULL,
    origin TEXT COLLATE "C" NOT NULL,
    account TEXT COLLATE "C" NOT NULL,
    plan BYTEA NOT NULL,
    session BIGINT NOT NULL,
    session_open BIGINT NOT NULL,
    resumed BIGINT NOT NULL,
    state TEXT COLLATE "C" NOT NULL,
    cause TEXT COLLATE "C",
    last_good BIGINT,
    outcome TEXT COLLATE "C",
    error TEXT COLLATE "C"
);

CREATE TABLE sync_lease (
    kind TEXT COLLATE "C" NOT NULL,
    origin TEXT COLLATE "C" NOT NULL,
    account TEXT COLLATE "C" NOT NULL,
    fence BIGINT NOT NULL,
    ends_at BIGINT NOT NULL,
    PRIMARY KEY (kind, origin, account)
);

-- next_slot: the next place in the bitmap. listed: how many records the last whole run met.
CREATE TABLE sync_scope (
    id BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    connection TEXT COLLATE "C" NOT NULL,
    kind TEXT COLLATE "C" NOT NULL,
    next_slot BIGINT NOT NULL,
    listed BIGINT,
    UNIQUE (connection, kind)
);

CREATE TABLE sync_run (
    id BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    scope BIGINT NOT NULL,
    session BIGINT NOT NULL,
    started BIGINT NOT NULL,
    ended BIGINT,
    point TEXT COLLATE "C",
    report TEXT COLLATE "C" NOT NULL,
    UNIQUE (scope, session)
);

CREATE TABLE sync_shadow (
    scope BIGINT NOT NULL,
    remote TEXT COLLATE "C" NOT NULL,
    slot BIGINT NOT NULL,
    source BYTEA,
    mapped BYTEA,
    local TEXT COLLATE "C",
    applied BYTEA,
    base TEXT COLLATE "C",
    state TEXT COLLATE "C" NOT NULL,
    grp TEXT COLLATE "C",
    absent_runs BIGINT NOT NULL,
    absent_since BIGINT,
    PRIMARY KEY (scope, remote)
);
CREATE INDEX sync_shadow_slot ON sync_shadow (scope, slot);

-- What a run has met: one bit a record.
CREATE TABLE sync_seen (
    run BIGINT NOT NULL,
    chunk BIGINT NOT NULL,
    bits BYTEA NOT NULL,
    PRIMARY KEY (run, chunk)
);

CREATE TABLE sync_pending (
    id BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    scope BIGINT NOT NULL,
    subject TEXT COLLATE "C" NOT NULL,
    type TEXT COLLATE "C" NOT NULL,
    facts BYTEA NOT NULL,
    body TEXT COLLATE "C" NOT NULL,
    opened BIGINT NOT NULL,
    touched BIGINT NOT NULL,
    decision TEXT COLLATE "C",
    who TEXT COLLATE "C",
    UNIQUE (scope, subject, type)
);

CREATE TABLE sync_hint (
    scope BIGINT NOT NULL,
    id TEXT COLLATE "C" NOT NULL,
    PRIMARY KEY (scope, id)
);
