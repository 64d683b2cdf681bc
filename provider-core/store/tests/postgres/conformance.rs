//! The suites of both seams.

use std::sync::Arc;
use std::time::Duration;

use provider_core::journal::Journal;
use provider_core::token::TokenStore;
use provider_core::{Result, async_trait};
use provider_testkit::journal::JournalFixture;
use provider_testkit::token::{HangingHolder, StoreFixture};

use crate::attempts::{HandClock, sealing_key};
use crate::support::Place;

/// Each handle has connections of its own, as another machine would have them.
#[derive(Debug)]
struct InSchema {
    place: Place,
    clock: Option<Arc<HandClock>>,
}

/// Leaves the test out where there is no server.
macro_rules! or_return {
    ($place:expr) => {
        match $place {
            Some(place) => place,
            None => return,
        }
    };
}

#[async_trait]
impl JournalFixture for InSchema {
    async fn open(&self) -> Result<Arc<dyn Journal>> {
        let opening = self.place.opening();
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

provider_testkit::journal_conformance!(
    journal,
    InSchema { place: or_return!(Place::on_the_server()), clock: Some(Arc::default()) }
);
provider_testkit::journal_conformance!(
    journal_by_the_databases_clock,
    InSchema { place: or_return!(Place::on_the_server()), clock: None }
);

#[derive(Debug)]
struct Tokens {
    place: Place,
    sealed: bool,
}

#[async_trait]
impl StoreFixture for Tokens {
    async fn open(&self) -> Result<Arc<dyn TokenStore>> {
        let opening = self.place.opening();
        let opening = if self.sealed { opening.sealing_key(sealing_key('1')) } else { opening };
        Ok(opening.await?.token_store())
    }

    fn hanging_holder(&self) -> HangingHolder {
        HangingHolder::LosesLeaseAfterTtl
    }
}

provider_testkit::token_store_conformance!(
    sealed_tokens,
    Tokens { place: or_return!(Place::on_the_server()), sealed: true }
);
provider_testkit::token_store_conformance!(
    tokens_in_clear,
    Tokens { place: or_return!(Place::on_the_server()), sealed: false }
);
