-- number: scope * 2^32 + place in the bitmap. Rows lie in the order in which they came, so that ids that come in any
-- order touch the pages of one small index only.
CREATE TABLE sync_shadow_4 (
    number INTEGER PRIMARY KEY,
    scope INTEGER NOT NULL,
    remote TEXT NOT NULL,
    source BLOB,
    mapped BLOB,
    local TEXT,
    applied BLOB,
    base TEXT,
    state TEXT NOT NULL,
    grp TEXT,
    absent_runs INTEGER NOT NULL,
    absent_since INTEGER,
    UNIQUE (scope, remote)
) STRICT;
INSERT INTO sync_shadow_4
SELECT scope * 4294967296 + slot, scope, remote, source, mapped, local, applied, base, state, grp, absent_runs, absent_since
FROM sync_shadow ORDER BY scope, slot;
DROP TABLE sync_shadow;
ALTER TABLE sync_shadow_4 RENAME TO sync_shadow;
CREATE INDEX sync_shadow_local ON sync_shadow (scope, local) WHERE base IS NOT NULL;
