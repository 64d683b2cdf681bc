//! What all clients of one account share within the process.

use std::collections::HashMap;
use std::sync::atomic::AtomicBool;
use std::sync::{Arc, LazyLock, Mutex, PoisonError};

use crate::breaker::Breaker;
use crate::client::{Laborious, PageSizes};
use crate::limit::{Limiter, RateLimit};
use crate::retry::Budget;

/// All clients of one account in the process share its rate limit, its circuit breaker and its retry budget: to
/// the distributor they are one caller.
#[derive(Debug)]
pub(crate) struct Account {
    pub(crate) limiter: Arc<Limiter>,
    pub(crate) breaker: Arc<Breaker>,
    pub(crate) budget: Budget,
    /// The retry budget of background reads (`Priority::Bulk`). Once it is spent they pause longer; none ends.
    pub(crate) patience: Budget,
    /// The API has answered once, so the base URL is right.
    pub(crate) reached: AtomicBool,
    pub(crate) page_sizes: PageSizes,
    pub(crate) laborious: Laborious,
}

type Accounts = HashMap<(String, String), Arc<Account>>;

static ACCOUNTS: LazyLock<Mutex<Accounts>> = LazyLock::new(Mutex::default);

/// Beyond this many accounts, those that nobody uses are forgotten.
const KEPT: usize = 256;

impl Account {
    /// An account of its own.
    pub(crate) fn private(limit: &RateLimit) -> Arc<Self> {
        Arc::new(Self {
            limiter: Arc::new(Limiter::new(limit)),
            breaker: Arc::new(Breaker::new()),
            budget: Budget::new(),
            patience: Budget::new(),
            reached: AtomicBool::new(false),
            page_sizes: PageSizes::default(),
            laborious: Laborious::default(),
        })
    }

    /// The account of this key, the same for every client of the process.
    pub(crate) fn shared(provider: &str, key: &str, limit: &RateLimit) -> Arc<Self> {
        let mut accounts = ACCOUNTS.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(known) = accounts.get(&(provider.to_owned(), key.to_owned())) {
            known.limiter.tighten(limit);
            return Arc::clone(known);
        }
        if accounts.len() >= KEPT {
            accounts.retain(|_, account| Arc::strong_count(account) > 1 || !account.is_idle());
        }
        let account = Self::private(limit);
        accounts.insert((provider.to_owned(), key.to_owned()), Arc::clone(&account));
        account
    }

    fn is_idle(&self) -> bool {
        self.limiter.is_idle() && self.breaker.is_idle()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn clients_of_one_account_share_it_and_others_do_not() {
        let limit = RateLimit::unlimited();
        let first = Account::shared("pax8", "account-test-1", &limit);
        assert!(Arc::ptr_eq(&first, &Account::shared("pax8", "account-test-1", &limit)));
        assert!(!Arc::ptr_eq(&first, &Account::shared("pax8", "account-test-2", &limit)));
        assert!(!Arc::ptr_eq(&first, &Account::shared("crayon", "account-test-1", &limit)));
    }

    #[test]
    fn unused_accounts_are_forgotten() {
        let limit = RateLimit::unlimited();
        let held = Account::shared("held", "account-test", &limit);
        for n in 0..KEPT * 3 {
            Account::shared("passing", &n.to_string(), &limit);
        }
        let kept = ACCOUNTS.lock().unwrap_or_else(PoisonError::into_inner).len();
        assert!(kept <= KEPT * 2, "{kept}");
        assert!(Arc::ptr_eq(&held, &Account::shared("held", "account-test", &limit)));
    }
}
