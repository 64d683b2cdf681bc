//! The suites of both seams.

use std::sync::Arc;
use std::time::Duration;

use provider_core::journal::Journal;
use provider_core::token::TokenStore;
use provider_core::{Result, async_trait};
use provider_testkit::journal::JournalFixture;
use provider_testkit::token::{HangingHolder, StoreFixture};

use crate::support::{Folder, HandClock, sealing_key};

/// Each handle is a connection of its own, as another process would have it.
#[derive(Debug)]
struct InFile {
    folder: Folder,
    clock: Option<Arc<HandClock>>,
}

impl InFile {
    fn by_the_machines_clock() -> Self {
        Self { folder: Folder::new(), clock: None }
    }

    fn by_a_hand_clock() -> Self {
        Self { folder: Folder::new(), clock: Some(Arc::default()) }
    }
}

#[async_trait]
impl JournalFixture for InFile {
    async fn open(&self) -> Result<Arc<dyn Journal>> {
        let opening = self.folder.opening();
        let opening = match &self.clock {
            Some(clock) => opening.clock(Arc::clone(clock) as _),
            None => opening,
        };
        Ok(opening.await?.journal())
    }

    async fn pass(&self, time: Duration) {
        match &self.clock {
            Some(clock) => clock.turn(time),
            None => tokio::time::sleep(time).await,
        }
    }
}

provider_testkit::journal_conformance!(journal, InFile::by_a_hand_clock());
provider_testkit::journal_conformance!(journal_by_the_machines_clock, InFile::by_the_machines_clock());

#[derive(Debug)]
struct Tokens {
    folder: Folder,
    sealed: bool,
}

#[async_trait]
impl StoreFixture for Tokens {
    async fn open(&self) -> Result<Arc<dyn TokenStore>> {
        let opening = self.folder.opening();
        let opening = if self.sealed { opening.sealing_key(sealing_key('1')) } else { opening };
        Ok(opening.await?.token_store())
    }

    fn hanging_holder(&self) -> HangingHolder {
        HangingHolder::LosesLeaseAfterTtl
    }
}

provider_testkit::token_store_conformance!(sealed_tokens, Tokens { folder: Folder::new(), sealed: true });
provider_testkit::token_store_conformance!(tokens_in_clear, Tokens { folder: Folder::new(), sealed: false });
