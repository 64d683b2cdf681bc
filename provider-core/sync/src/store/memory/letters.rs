//! Letters that wait to be sent, in memory.

use std::collections::BTreeSet;

use chrono::{DateTime, Utc};

use crate::decide::breaker::after_pause;
use crate::notify::Alert;
use crate::plan::Mailbox;
use crate::store::breaker::{AlertEnd, DueAlert};

#[derive(Debug, Clone)]
struct Letter {
    number: i64,
    stops: u64,
    alert: Alert,
    waits: bool,
    refused: bool,
    tries: u32,
    due: DateTime<Utc>,
}

/// The letters of all connections, in the order in which they were written.
#[derive(Debug, Clone, Default)]
pub(super) struct Letters {
    all: Vec<Letter>,
    last: i64,
}

impl Letters {
    pub(super) fn put(&mut self, stops: u64, letters: Vec<Alert>) {
        let Some(first) = letters.first() else { return };
        let of = first.connection.clone();
        self.all.retain(|known| known.waits || known.alert.connection != of || known.stops + 20 >= stops);
        for alert in letters {
            let same = |known: &Letter| {
                known.stops == stops
                    && (&known.alert.connection, known.alert.about, &known.alert.recipient)
                        == (&alert.connection, alert.about, &alert.recipient)
            };
            if !self.all.iter().any(same) {
                self.last += 1;
                let due = alert.written_at;
                self.all.push(Letter {
                    number: self.last,
                    stops,
                    alert,
                    waits: true,
                    refused: false,
                    tries: 0,
                    due,
                });
            }
        }
    }

    pub(super) fn unsent(&self, connection: &str) -> u64 {
        self.all.iter().filter(|known| known.waits && known.alert.connection == connection).count() as u64
    }

    /// Who did not get a letter about this stop.
    pub(super) fn refused(&self, connection: &str, stops: u64) -> Vec<Mailbox> {
        let of =
            |known: &&Letter| known.refused && known.stops == stops && known.alert.connection == connection;
        let people: BTreeSet<_> = self.all.iter().filter(of).map(|known| &known.alert.recipient).collect();
        people.into_iter().cloned().collect()
    }

    pub(super) fn claim(
        &mut self,
        connection: Option<&str>,
        now: DateTime<Utc>,
        until: DateTime<Utc>,
    ) -> Option<DueAlert> {
        let to = |known: &Letter| (known.alert.connection.clone(), known.alert.recipient.clone());
        let mut before = Vec::new();
        let mut found = None;
        for known in self.all.iter_mut().filter(|known| known.waits) {
            let place = to(known);
            let first = !before.contains(&place);
            before.push(place);
            let wanted = connection.is_none_or(|connection| connection == known.alert.connection);
            if first && wanted && known.due <= now {
                found = Some(known);
                break;
            }
        }
        let found = found?;
        let due = DueAlert {
            number: found.number,
            tries: found.tries,
            held_until: until,
            alert: found.alert.clone(),
        };
        (found.due, found.tries) = (until, found.tries.saturating_add(1));
        Some(due)
    }

    pub(super) fn settle(&mut self, due: &DueAlert, end: &AlertEnd, now: DateTime<Utc>) {
        let known = self.all.iter_mut().find(|known| known.number == due.number && known.waits);
        let Some(known) = known else { return };
        match end {
            AlertEnd::Sent => known.waits = false,
            AlertEnd::Refused(_) => (known.waits, known.refused) = (false, true),
            AlertEnd::Later { pause, .. } if known.due == due.held_until => {
                known.due = after_pause(now, *pause);
            }
            AlertEnd::Later { .. } => {}
        }
    }
}
