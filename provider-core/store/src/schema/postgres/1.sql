-- The tables of SQLite once more. Texts are compared byte by byte, as there, whatever the database's own order is.
CREATE TABLE provider_meta (
    name TEXT COLLATE "C" PRIMARY KEY,
    value TEXT COLLATE "C" NOT NULL
);

CREATE TABLE provider_journal (
    owner TEXT COLLATE "C" NOT NULL,
    key TEXT COLLATE "C" NOT NULL,
    connection TEXT COLLATE "C" NOT NULL,
    kind TEXT COLLATE "C",
    origin TEXT COLLATE "C",
    account TEXT COLLATE "C",
    scope TEXT COLLATE "C",
    stage TEXT COLLATE "C" NOT NULL,
    open BIGINT NOT NULL,
    fence BIGINT NOT NULL,
    lease_ends BIGINT NOT NULL,
    ended_at BIGINT,
    entry TEXT COLLATE "C" NOT NULL,
    PRIMARY KEY (key, owner)
);
-- By hash: a scope can hold a name of any length, and the other indexes take a third of a page at most.
CREATE INDEX provider_journal_scope ON provider_journal USING hash (scope) WHERE ended_at IS NULL;
CREATE INDEX provider_journal_connection ON provider_journal (connection, kind, origin, account);
-- What is open is looked for by people and at the start of every process, among years of what has ended.
CREATE INDEX provider_journal_open ON provider_journal (owner) WHERE ended_at IS NULL AND open = 1;

CREATE TABLE provider_token (
    provider TEXT COLLATE "C" NOT NULL,
    account TEXT COLLATE "C" NOT NULL,
    version BIGINT NOT NULL,
    sealed BIGINT NOT NULL,
    value BYTEA NOT NULL,
    PRIMARY KEY (provider, account)
);

CREATE TABLE provider_token_lease (
    provider TEXT COLLATE "C" NOT NULL,
    account TEXT COLLATE "C" NOT NULL,
    fence BIGINT NOT NULL,
    ends_at BIGINT NOT NULL,
    PRIMARY KEY (provider, account)
);
