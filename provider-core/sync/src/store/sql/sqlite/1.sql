CREATE TABLE sync_meta (
    name TEXT PRIMARY KEY NOT NULL,
    value TEXT NOT NULL
) STRICT;

-- Times: microseconds since 1970. session_open: whether the session was cut short, to be gone on with.
CREATE TABLE sync_connection (
    name TEXT PRIMARY KEY NOT NULL,
    kind TEXT NOT NULL,
    origin TEXT NOT NULL,
    account TEXT NOT NULL,
    plan BLOB NOT NULL,
    session INTEGER NOT NULL,
    session_open INTEGER NOT NULL,
    resumed INTEGER NOT NULL,
    state TEXT NOT NULL,
    cause TEXT,
    last_good INTEGER,
    outcome TEXT,
    error TEXT
) STRICT;

CREATE TABLE sync_lease (
    kind TEXT NOT NULL,
    origin TEXT NOT NULL,
    account TEXT NOT NULL,
    fence INTEGER NOT NULL,
    ends_at INTEGER NOT NULL,
    PRIMARY KEY (kind, origin, account)
) STRICT;

-- next_slot: the next place in the bitmap. listed: how many records the last whole run met.
CREATE TABLE sync_scope (
    id INTEGER PRIMARY KEY,
    connection TEXT NOT NULL,
    kind TEXT NOT NULL,
    next_slot INTEGER NOT NULL,
    listed INTEGER,
    UNIQUE (connection, kind)
) STRICT;

CREATE TABLE sync_run (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    scope INTEGER NOT NULL,
    session INTEGER NOT NULL,
    started INTEGER NOT NULL,
    ended INTEGER,
    point TEXT,
    report TEXT NOT NULL,
    UNIQUE (scope, session)
) STRICT;

CREATE TABLE sync_shadow (
    scope INTEGER NOT NULL,
    remote TEXT NOT NULL,
    slot INTEGER NOT NULL,
    source BLOB,
    mapped BLOB,
    local TEXT,
    applied BLOB,
    base TEXT,
    state TEXT NOT NULL,
    grp TEXT,
    absent_runs INTEGER NOT NULL,
    absent_since INTEGER,
    PRIMARY KEY (scope, remote)
) STRICT, WITHOUT ROWID;
CREATE INDEX sync_shadow_slot ON sync_shadow (scope, slot);

-- What a run has met: one bit a record.
CREATE TABLE sync_seen (
    run INTEGER NOT NULL,
    chunk INTEGER NOT NULL,
    bits BLOB NOT NULL,
    PRIMARY KEY (run, chunk)
) STRICT, WITHOUT ROWID;

CREATE TABLE sync_pending (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    scope INTEGER NOT NULL,
    subject TEXT NOT NULL,
    type TEXT NOT NULL,
    facts BLOB NOT NULL,
    body TEXT NOT NULL,
    opened INTEGER NOT NULL,
    touched INTEGER NOT NULL,
    decision TEXT,
    who TEXT,
    UNIQUE (scope, subject, type)
) STRICT;

CREATE TABLE sync_hint (
    scope INTEGER NOT NULL,
    id TEXT NOT NULL,
    PRIMARY KEY (scope, id)
) STRICT, WITHOUT ROWID;
