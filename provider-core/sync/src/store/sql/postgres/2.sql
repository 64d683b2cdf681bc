-- since: from when an outage counts. told: why it stopped, until people were told that it works again.
ALTER TABLE sync_connection ADD COLUMN reason TEXT COLLATE "C";
ALTER TABLE sync_connection ADD COLUMN setting TEXT COLLATE "C";
ALTER TABLE sync_connection ADD COLUMN failures BIGINT NOT NULL DEFAULT 0;
ALTER TABLE sync_connection ADD COLUMN since BIGINT;
ALTER TABLE sync_connection ADD COLUMN probes BIGINT NOT NULL DEFAULT 0;
ALTER TABLE sync_connection ADD COLUMN next_probe BIGINT;
ALTER TABLE sync_connection ADD COLUMN stops BIGINT NOT NULL DEFAULT 0;
ALTER TABLE sync_connection ADD COLUMN stopped BIGINT;
ALTER TABLE sync_connection ADD COLUMN told TEXT COLLATE "C";
-- Until now, only people switched connections off.
UPDATE sync_connection SET reason = 'person', cause = COALESCE(cause, 'it was switched off') WHERE state = 'disabled';

-- stops: after which stop it was written. due: when it is to be sent, or until when a process has it to itself.
CREATE TABLE sync_alert (
    id BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    connection TEXT COLLATE "C" NOT NULL,
    stops BIGINT NOT NULL,
    about TEXT COLLATE "C" NOT NULL,
    recipient TEXT COLLATE "C" NOT NULL,
    body TEXT COLLATE "C" NOT NULL,
    state TEXT COLLATE "C" NOT NULL,
    tries BIGINT NOT NULL,
    due BIGINT NOT NULL,
    written BIGINT NOT NULL,
    error TEXT COLLATE "C",
    UNIQUE (connection, stops, about, recipient)
);
