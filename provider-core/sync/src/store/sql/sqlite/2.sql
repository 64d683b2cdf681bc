-- since: from when an outage counts. told: why it stopped, until people were told that it works again.
ALTER TABLE sync_connection ADD COLUMN reason TEXT;
ALTER TABLE sync_connection ADD COLUMN setting TEXT;
ALTER TABLE sync_connection ADD COLUMN failures INTEGER NOT NULL DEFAULT 0;
ALTER TABLE sync_connection ADD COLUMN since INTEGER;
ALTER TABLE sync_connection ADD COLUMN probes INTEGER NOT NULL DEFAULT 0;
ALTER TABLE sync_connection ADD COLUMN next_probe INTEGER;
ALTER TABLE sync_connection ADD COLUMN stops INTEGER NOT NULL DEFAULT 0;
ALTER TABLE sync_connection ADD COLUMN stopped INTEGER;
ALTER TABLE sync_connection ADD COLUMN told TEXT;
-- Until now, only people switched connections off.
UPDATE sync_connection SET reason = 'person', cause = COALESCE(cause, 'it was switched off') WHERE state = 'disabled';

-- stops: after which stop it was written. due: when it is to be sent, or until when a process has it to itself.
CREATE TABLE sync_alert (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    connection TEXT NOT NULL,
    stops INTEGER NOT NULL,
    about TEXT NOT NULL,
    recipient TEXT NOT NULL,
    body TEXT NOT NULL,
    state TEXT NOT NULL,
    tries INTEGER NOT NULL,
    due INTEGER NOT NULL,
    written INTEGER NOT NULL,
    error TEXT,
    UNIQUE (connection, stops, about, recipient)
) STRICT;
