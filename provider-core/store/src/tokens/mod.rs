//! The token store: sealed rows, and leases with an end.

mod lease;
mod steps;

use std::sync::Arc;
use std::time::{Duration, Instant};

use provider_core::clock::Clock;
use provider_core::token::{Lease, Stored, TokenKey, TokenStore, Version};
use provider_core::{Result, async_trait};
use secrecy::SecretString;

use crate::database::Database;
use crate::seal::Sealing;
use lease::TakeLease;
use steps::{Load, Swap};

const FIRST_PAUSE: Duration = Duration::from_millis(2);
const LONGEST_PAUSE: Duration = Duration::from_millis(50);

/// All token stores of one database are one.
#[derive(Debug, Clone)]
pub(crate) struct StoreTokens {
    database: Database,
    sealing: Sealing,
    clock: Arc<dyn Clock>,
}

impl StoreTokens {
    pub(crate) fn new(database: Database, sealing: Sealing, clock: Arc<dyn Clock>) -> Self {
        Self { database, sealing, clock }
    }
}

#[async_trait]
impl TokenStore for StoreTokens {
    async fn load(&self, key: &TokenKey) -> Result<Option<Stored>> {
        self.sealing.decided()?;
        self.database.run(Load { key: key.clone(), sealing: self.sealing.clone() }).await
    }

    async fn compare_and_swap(
        &self,
        key: &TokenKey,
        expected: Option<Version>,
        value: SecretString,
    ) -> Result<bool> {
        self.sealing.decided()?;
        let (key, sealing) = (key.clone(), self.sealing.clone());
        self.database.run(Swap { key, expected, value, sealing }).await
    }

    async fn lease(&self, key: &TokenKey, ttl: Duration) -> Result<Box<dyn Lease>> {
        self.sealing.decided()?;
        let mut pause = FIRST_PAUSE;
        loop {
            let take =
                TakeLease { key: key.clone(), ttl, asked: Instant::now(), database: self.database.clone() };
            if let Some(lease) = self.database.run(take).await? {
                return Ok(Box::new(lease));
            }
            self.clock.sleep(pause).await;
            pause = (pause * 3 / 2).min(LONGEST_PAUSE);
        }
    }
}
