-- What is to be done at the distributor: one open intent a record. generation: how many came before it and were closed.
CREATE TABLE sync_intent (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    scope INTEGER NOT NULL,
    local TEXT NOT NULL,
    generation INTEGER NOT NULL,
    key TEXT NOT NULL,
    command TEXT NOT NULL,
    state TEXT NOT NULL,
    is_open INTEGER NOT NULL,
    remote TEXT,
    reason TEXT,
    receipt TEXT,
    not_before INTEGER,
    opened INTEGER NOT NULL,
    said TEXT NOT NULL,
    print BLOB
) STRICT;
CREATE UNIQUE INDEX sync_intent_open ON sync_intent (scope, local) WHERE is_open = 1;
CREATE INDEX sync_intent_local ON sync_intent (scope, local, generation);

-- Only of what is kept in step both ways, which alone is looked for by the application's key.
CREATE INDEX sync_shadow_local ON sync_shadow (scope, local) WHERE base IS NOT NULL;
