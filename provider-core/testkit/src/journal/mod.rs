//! What every journal has to do, as cases that anybody can run against their own.
//!
//! Implement [`JournalFixture`] and call [`journal_conformance!`](crate::journal_conformance) in a test
//! file: it makes one test of each case. [`failures`] runs them all within one test.

mod accounts;
mod crowd;
mod keys;
mod leases;
mod people;
mod scopes;
mod seed;

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use provider_core::journal::Journal;
use provider_core::{Result, async_trait};

pub use crate::seam::{CaseResult, SeamViolation};
pub use accounts::{
    a_key_in_both_accounts_moves_nothing, a_renamed_connection_keeps_its_keys,
    an_entry_of_before_becomes_its_accounts, an_entry_of_before_guards_its_record,
    another_account_on_the_connection_is_refused, two_accounts_do_not_meet,
};
pub use crowd::{
    many_keys_at_once_do_not_mix, of_sixteen_on_one_record_one_is_fresh, of_sixteen_with_one_key_one_is_fresh,
};
pub use keys::{
    a_new_key_is_fresh_and_then_held, a_receipt_is_answered_for_ever, a_released_key_is_fresh_again,
    another_command_is_refused, credentials_are_not_stored, what_may_have_been_sent_is_open,
    what_was_answered_outlives_its_handle, what_was_never_sent_is_fresh_again,
};
pub use leases::{
    a_late_answer_is_still_a_fact, a_lease_that_ran_out_arms_nothing, a_sleeper_ends_nobody_elses_lease,
    an_attempt_left_open_is_open_at_once, arming_again_renews, what_is_done_arms_nothing,
};
pub use people::{
    a_person_says_that_it_never_happened, a_person_settles_what_is_open, only_what_ended_is_forgotten,
    what_is_not_open_is_not_settled, what_is_open_is_listed,
};
pub use scopes::{
    a_lapsed_reservation_guards_nothing, one_attempt_at_a_time_on_a_record, other_records_are_free,
    what_a_reference_decides_guards_nothing,
};

/// How long a lease lasts that a case lets run out: longer than the next call on a journal takes, also on a disk that
/// others write to.
const SHORT: Duration = Duration::from_millis(400);
const LONG: Duration = Duration::from_secs(600);

/// One place where attempts are kept, which the cases open as often as they like.
#[async_trait]
pub trait JournalFixture: fmt::Debug + Send + Sync {
    /// A new handle on the same place, as another process would have it.
    ///
    /// # Errors
    /// Any failure to open it.
    async fn open(&self) -> Result<Arc<dyn Journal>>;

    /// Lets this much time pass by the journal's clock. Waits by default; a fixture whose clock is turned by
    /// hand turns it.
    async fn pass(&self, time: Duration) {
        tokio::time::sleep(time).await;
    }

    /// False for a journal that lists, settles, forgets and moves nothing and answers `Unsupported`.
    fn keeps_house(&self) -> bool {
        true
    }
}

/// Runs every case, each on a fixture of its own, and answers those that failed.
pub async fn failures<F: JournalFixture>(fixture: impl Fn() -> F) -> Vec<(&'static str, SeamViolation)> {
    let mut failed = Vec::new();
    macro_rules! examine {
        ($($case:ident)*) => {$(
            if let Err(violation) = Box::pin($case(&fixture())).await {
                failed.push((stringify!($case), violation));
            }
        )*};
    }
    crate::__journal_cases!(examine);
    failed
}

/// The list of cases, handed to another macro.
#[doc(hidden)]
#[macro_export]
macro_rules! __journal_cases {
    ($($then:ident)::+ $(, $with:tt)*) => {
        $($then)::+! { $($with)*
            a_new_key_is_fresh_and_then_held
            a_released_key_is_fresh_again
            what_was_never_sent_is_fresh_again
            what_may_have_been_sent_is_open
            a_receipt_is_answered_for_ever
            credentials_are_not_stored
            another_command_is_refused
            what_was_answered_outlives_its_handle
            a_lease_that_ran_out_arms_nothing
            a_sleeper_ends_nobody_elses_lease
            a_late_answer_is_still_a_fact
            arming_again_renews
            an_attempt_left_open_is_open_at_once
            what_is_done_arms_nothing
            one_attempt_at_a_time_on_a_record
            a_lapsed_reservation_guards_nothing
            what_a_reference_decides_guards_nothing
            other_records_are_free
            two_accounts_do_not_meet
            a_renamed_connection_keeps_its_keys
            another_account_on_the_connection_is_refused
            a_key_in_both_accounts_moves_nothing
            an_entry_of_before_becomes_its_accounts
            an_entry_of_before_guards_its_record
            what_is_open_is_listed
            a_person_settles_what_is_open
            a_person_says_that_it_never_happened
            what_is_not_open_is_not_settled
            only_what_ended_is_forgotten
            of_sixteen_on_one_record_one_is_fresh
            of_sixteen_with_one_key_one_is_fresh
            many_keys_at_once_do_not_mix
        }
    };
}

/// Makes a module of tests, one of each case, for a journal.
///
/// The second argument is evaluated in every test and gives a [`JournalFixture`] on a fresh place.
///
/// ```
/// use std::sync::Arc;
///
/// use provider_core::Result;
/// use provider_core::journal::{Journal, MemoryJournal};
/// use provider_testkit::journal::JournalFixture;
///
/// #[derive(Debug, Default)]
/// struct InMemory(MemoryJournal);
///
/// #[provider_core::async_trait]
/// impl JournalFixture for InMemory {
///     async fn open(&self) -> Result<Arc<dyn Journal>> {
///         Ok(Arc::new(self.0.clone()))
///     }
/// }
///
/// provider_testkit::journal_conformance!(in_memory, InMemory::default());
/// # fn main() {}
/// ```
#[macro_export]
macro_rules! journal_conformance {
    (@cases $name:ident ($fixture:expr) $($case:ident)*) => {
        #[cfg(test)]
        mod $name {
            #[allow(unused_imports)]
            use super::*;

            $(#[test]
            fn $case() {
                let fixture = $fixture;
                let outcome = $crate::seam::run($crate::journal::$case(&fixture));
                assert!(outcome.is_ok(), "{}", outcome.err().map(|e| e.to_string()).unwrap_or_default());
            })*
        }
    };
    ($name:ident, $fixture:expr) => {
        $crate::__journal_cases!($crate::journal_conformance, @, cases, $name, ($fixture));
    };
}
