//! How many retries an account may spend: none of them may make an outage worse.

use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use tokio::time::Instant;

/// In thousandths of a token, so that time refills it smoothly without fractions.
const UNIT: u64 = 1_000;
const FULL: u64 = 100 * UNIT;

/// What a retry costs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Cost {
    /// After an answer or a broken connection.
    Plain,
    /// After a time-out, which has held resources on both sides for long.
    TimedOut,
}

impl Cost {
    const fn amount(self) -> u64 {
        match self {
            Self::Plain => 5 * UNIT,
            Self::TimedOut => 10 * UNIT,
        }
    }
}

/// 100 tokens; a retry takes 5, one after a time-out 10; each success gives 1 back and so does each
/// second, so that a client that was idle through an outage is not left without retries.
#[derive(Debug)]
pub(crate) struct Budget(Mutex<Account>);

#[derive(Debug)]
struct Account {
    tokens: u64,
    at: Instant,
}

impl Account {
    fn refill(&mut self, now: Instant) {
        let passed = now.saturating_duration_since(self.at);
        let gained = u64::try_from(passed.as_millis()).unwrap_or(FULL);
        self.tokens = self.tokens.saturating_add(gained).min(FULL);
        // Only whole milliseconds were paid out; the rest stays owed.
        self.at += Duration::from_millis(gained);
    }
}

impl Budget {
    pub(crate) fn new() -> Self {
        Self(Mutex::new(Account { tokens: FULL, at: Instant::now() }))
    }

    fn with<T>(&self, work: impl FnOnce(&mut Account) -> T) -> T {
        let mut account = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        account.refill(Instant::now());
        work(&mut account)
    }

    /// Takes the cost of one retry, or refuses it.
    pub(crate) fn spend(&self, cost: Cost) -> bool {
        self.with(|account| match account.tokens.checked_sub(cost.amount()) {
            Some(rest) => {
                account.tokens = rest;
                true
            }
            None => false,
        })
    }

    /// A call succeeded.
    pub(crate) fn earn(&self) {
        self.with(|account| account.tokens = (account.tokens + UNIT).min(FULL));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn spend_all(budget: &Budget, cost: Cost) -> u32 {
        let mut spent = 0;
        while budget.spend(cost) {
            spent += 1;
        }
        spent
    }

    #[tokio::test(start_paused = true)]
    async fn retries_cost_five_and_time_outs_ten() {
        assert_eq!(spend_all(&Budget::new(), Cost::Plain), 20);
        assert_eq!(spend_all(&Budget::new(), Cost::TimedOut), 10);
    }

    #[tokio::test(start_paused = true)]
    async fn successes_and_time_refill_it_up_to_the_brim() {
        let budget = Budget::new();
        spend_all(&budget, Cost::Plain);
        for _ in 0..4 {
            budget.earn();
        }
        assert!(!budget.spend(Cost::Plain), "four successes do not pay for a retry");
        budget.earn();
        assert!(budget.spend(Cost::Plain));

        tokio::time::advance(Duration::from_millis(4_999)).await;
        assert!(!budget.spend(Cost::Plain));
        tokio::time::advance(Duration::from_millis(1)).await;
        assert!(budget.spend(Cost::Plain), "five seconds pay for a retry");

        tokio::time::advance(Duration::from_secs(100_000)).await;
        assert_eq!(spend_all(&budget, Cost::Plain), 20, "never more than full");
    }
}
