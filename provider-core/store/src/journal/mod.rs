//! The journal of the store: the rules are core's, the rows are here.

mod desk;
mod import;
mod row;
mod settling;
mod steps;

use std::time::Duration;

use chrono::{DateTime, Utc};
use provider_core::info::AccountKey;
use provider_core::journal::{Begin, Fence, Journal, Settlement};
use provider_core::{Attempt, Delivery, IdempotencyKey, Receipt, Result, async_trait};

pub(crate) use import::Import;
#[cfg(test)]
pub(crate) use row::scope as scope_text;
pub(crate) use settling::Entries;
use settling::{Forget, MoveAccount, OpenAttempts, Settle};
use steps::{Arm, BeginAttempt, Finish, LeaveOpen, Release};

use crate::database::Database;

/// What is looked up while somebody waits to order, with the number of values.
#[cfg(test)]
pub(crate) const LOOKUPS: [(&str, usize); 6] = [
    (steps::OWN, 3),
    (steps::OTHER_ACCOUNT, 4),
    (steps::SAME_SCOPE, 3),
    (steps::UNDER_KEY, 1),
    (settling::OPEN, 0),
    (settling::OPEN_OF_ACCOUNT, 1),
];

/// All journals of one database are one.
#[derive(Debug, Clone)]
pub(crate) struct StoreJournal {
    database: Database,
}

impl StoreJournal {
    pub(crate) fn new(database: Database) -> Self {
        Self { database }
    }
}

#[async_trait]
impl Journal for StoreJournal {
    async fn begin(&self, attempt: &Attempt, ttl: Duration) -> Result<Begin> {
        self.database.run(BeginAttempt { attempt: attempt.clone(), ttl }).await
    }

    async fn arm(&self, attempt: &Attempt, fence: Fence, ttl: Duration) -> Result<()> {
        self.database.run(Arm { attempt: attempt.clone(), fence, ttl }).await
    }

    async fn finish(&self, attempt: &Attempt, _fence: Fence, receipt: &Receipt) -> Result<()> {
        let finish = Finish { attempt: attempt.clone(), receipt: receipt.clone() };
        // What was sent stays sent, whether or not it could be noted.
        self.database.run(finish).await.map_err(|error| error.with_delivery(Delivery::Unknown))
    }

    async fn release(&self, attempt: &Attempt, fence: Fence) -> Result<()> {
        self.database.run(Release { attempt: attempt.clone(), fence }).await
    }

    async fn leave_open(&self, attempt: &Attempt, fence: Fence) -> Result<()> {
        let leave = LeaveOpen { attempt: attempt.clone(), fence };
        self.database.run(leave).await.map_err(|error| error.with_delivery(Delivery::Unknown))
    }

    async fn open_attempts(&self, account: Option<&AccountKey>) -> Result<Vec<Attempt>> {
        self.database.run(OpenAttempts { account: account.cloned() }).await
    }

    async fn settle(&self, key: &IdempotencyKey, settlement: Settlement, who: &str) -> Result<()> {
        self.database.run(Settle { key: key.clone(), settlement, who: who.to_owned() }).await
    }

    /// Some hundred entries at a time: whoever orders meanwhile does not wait for the whole.
    async fn forget(&self, before: DateTime<Utc>) -> Result<u64> {
        let (mut forgotten, mut after) = (0, Some(Default::default()));
        while let Some(from) = after {
            let (count, next) = self.database.run(Forget { before, after: from }).await?;
            forgotten += count;
            after = next;
        }
        Ok(forgotten)
    }

    async fn move_account(&self, from: &AccountKey, to: &AccountKey) -> Result<u64> {
        self.database.run(MoveAccount { from: from.clone(), to: to.clone() }).await
    }
}
