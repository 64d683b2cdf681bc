-- What is to be done at the distributor: one open intent a record. generation: how many came before it and were closed.
CREATE TABLE sync_intent (
    id BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    scope BIGINT NOT NULL,
    local TEXT COLLATE "C" NOT NULL,
    generation BIGINT NOT NULL,
    key TEXT COLLATE "C" NOT NULL,
    command TEXT COLLATE "C" NOT NULL,
    state TEXT COLLATE "C" NOT NULL,
    is_open BIGINT NOT NULL,
    remote TEXT COLLATE "C",
    reason TEXT COLLATE "C",
    receipt TEXT COLLATE "C",
    not_before BIGINT,
    opened BIGINT NOT NULL,
    said TEXT COLLATE "C" NOT NULL,
    print BYTEA
);
CREATE UNIQUE INDEX sync_intent_open ON sync_intent (scope, local) WHERE is_open = 1;
CREATE INDEX sync_intent_local ON sync_intent (scope, local, generation);

-- Only of what is kept in step both ways, which alone is looked for by the application's key.
CREATE INDEX sync_shadow_local ON sync_shadow (scope, local) WHERE base IS NOT NULL;
