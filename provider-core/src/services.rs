//! What a host gives to the providers it builds: clock, token store, journal, observer.

use std::sync::Arc;

use crate::clock::{Clock, SystemClock};
use crate::journal::Journal;
use crate::observe::{NoObserver, Observer};
use crate::token::{MemoryTokenStore, TokenStore};

/// What a host gives to the providers it builds: a clock, a token store, a journal and an observer.
///
/// The default has no journal, so that every command is refused: set one
/// ([`with_journal`](Self::with_journal)). It has no token store of the host's either: tokens are kept in
/// memory, and by a provider whose refresh tokens work once in files of its own. Give a [`TokenStore`] where
/// several processes or machines share an account.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct Services {
    /// Where time comes from.
    pub clock: Arc<dyn Clock>,
    /// Where rotated tokens are kept.
    pub token_store: Arc<dyn TokenStore>,
    /// Where attempts are stored before they are sent. Without one, commands are refused.
    pub journal: Option<Arc<dyn Journal>>,
    /// True where commands are carried out without a journal, so that a repeated call may order twice.
    pub unjournaled_writes: bool,
    /// What receives the events for metrics and logs.
    pub observer: Arc<dyn Observer>,
    /// The store that stands in until the host gives one, to tell the two apart.
    stand_in: Arc<dyn TokenStore>,
}

impl Default for Services {
    fn default() -> Self {
        let stand_in: Arc<dyn TokenStore> = Arc::new(MemoryTokenStore::default());
        Self {
            clock: Arc::new(SystemClock),
            token_store: Arc::clone(&stand_in),
            journal: None,
            unjournaled_writes: false,
            observer: Arc::new(NoObserver),
            stand_in,
        }
    }
}

impl Services {
    /// Sets where time comes from.
    #[must_use]
    pub fn with_clock(mut self, clock: Arc<dyn Clock>) -> Self {
        self.clock = clock;
        self
    }

    /// Sets where rotated tokens are kept.
    #[must_use]
    pub fn with_token_store(mut self, store: Arc<dyn TokenStore>) -> Self {
        self.token_store = store;
        self
    }

    /// The token store that the host gave; `None` while the default stands in. A provider whose refresh
    /// tokens work once keeps them in its own durable default rather than in memory.
    #[must_use]
    pub fn given_token_store(&self) -> Option<&Arc<dyn TokenStore>> {
        (!Arc::ptr_eq(&self.token_store, &self.stand_in)).then_some(&self.token_store)
    }

    /// Sets where attempts are stored before they are sent.
    #[must_use]
    pub fn with_journal(mut self, journal: Arc<dyn Journal>) -> Self {
        self.journal = Some(journal);
        self
    }

    /// Lets commands be carried out without a journal. A call that is repeated then, after a crash, a lost
    /// answer or by mistake, orders again: take this only where something else remembers what was sent.
    #[must_use]
    pub fn without_journal(mut self) -> Self {
        self.journal = None;
        self.unjournaled_writes = true;
        self
    }

    /// Sets what receives the events for metrics and logs.
    #[must_use]
    pub fn with_observer(mut self, observer: Arc<dyn Observer>) -> Self {
        self.observer = observer;
        self
    }
}
