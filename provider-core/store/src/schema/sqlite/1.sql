CREATE TABLE provider_meta (
    name TEXT PRIMARY KEY NOT NULL,
    value TEXT NOT NULL
) STRICT;

-- The entry is the truth. The other columns follow from it, to find it and for people who look.
-- owner: the account, or for entries of before the connection's name. Times: microseconds since 1970.
CREATE TABLE provider_journal (
    owner TEXT NOT NULL,
    key TEXT NOT NULL,
    connection TEXT NOT NULL,
    kind TEXT,
    origin TEXT,
    account TEXT,
    scope TEXT,
    stage TEXT NOT NULL,
    open INTEGER NOT NULL,
    fence INTEGER NOT NULL,
    lease_ends INTEGER NOT NULL,
    ended_at INTEGER,
    entry TEXT NOT NULL,
    PRIMARY KEY (key, owner)
) STRICT;
CREATE INDEX provider_journal_scope ON provider_journal (scope, owner) WHERE ended_at IS NULL;
CREATE INDEX provider_journal_connection ON provider_journal (connection, kind, origin, account);

CREATE TABLE provider_token (
    provider TEXT NOT NULL,
    account TEXT NOT NULL,
    version INTEGER NOT NULL,
    sealed INTEGER NOT NULL,
    value BLOB NOT NULL,
    PRIMARY KEY (provider, account)
) STRICT;

CREATE TABLE provider_token_lease (
    provider TEXT NOT NULL,
    account TEXT NOT NULL,
    fence INTEGER NOT NULL,
    ends_at INTEGER NOT NULL,
    PRIMARY KEY (provider, account)
) STRICT;
