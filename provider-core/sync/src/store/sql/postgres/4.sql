-- number: scope * 2^32 + place in the bitmap.
ALTER TABLE sync_shadow ADD COLUMN number BIGINT;
UPDATE sync_shadow SET number = scope * 4294967296 + slot;
ALTER TABLE sync_shadow DROP CONSTRAINT sync_shadow_pkey;
ALTER TABLE sync_shadow ADD PRIMARY KEY (number);
ALTER TABLE sync_shadow ADD UNIQUE (scope, remote);
ALTER TABLE sync_shadow DROP COLUMN slot;
