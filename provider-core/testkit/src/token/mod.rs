//! What every token store has to do, as cases that anybody can run against their own.
//!
//! Implement [`StoreFixture`] and call [`token_store_conformance!`](crate::token_store_conformance) in a
//! test file: it makes one test of each case.

mod leases;
mod values;

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use provider_core::token::{TokenKey, TokenStore};
use provider_core::{Result, async_trait};
use secrecy::{ExposeSecret, SecretString};

pub use crate::seam::{CaseResult, SeamViolation};
pub use leases::{
    a_hanging_holder_is_handled_as_declared, a_lease_excludes_others, a_waiter_that_gives_up_holds_nothing,
    holders_take_turns, leases_of_two_keys_are_apart, the_holder_reads_and_writes,
};
pub use values::{
    a_stale_version_is_refused, a_write_outlives_its_handle, an_unwritten_key_is_empty, keys_do_not_meet,
    no_update_is_lost, the_first_write_happens_once, two_handles_share_one_place, values_come_back_whole,
};

/// Short enough to wait for in a test that expects no answer.
const PATIENCE: Duration = Duration::from_millis(150);
const LONG: Duration = Duration::from_secs(60);

/// One place where tokens are kept, which the cases open as often as they like.
#[async_trait]
pub trait StoreFixture: fmt::Debug + Send + Sync {
    /// A new handle on the same place, as another process would have it.
    ///
    /// # Errors
    /// Any failure to open it.
    async fn open(&self) -> Result<Arc<dyn TokenStore>>;

    /// How this store gets a lease back from a holder that hangs.
    fn hanging_holder(&self) -> HangingHolder;
}

/// How a store gets a lease back from a holder that hangs without dropping it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum HangingHolder {
    /// After the time to live that the holder asked for.
    LosesLeaseAfterTtl,
    /// Never while the holder's process lives: the store notices its end by itself.
    KeepsLeaseWhileAlive,
}

fn text(value: &str) -> SecretString {
    SecretString::from(value)
}

async fn value(store: &dyn TokenStore, key: &TokenKey) -> Result<Option<String>> {
    Ok(store.load(key).await?.map(|stored| stored.value.expose_secret().to_owned()))
}

fn account(name: &str) -> TokenKey {
    TokenKey::new("conformance", name)
}

/// Makes a module of tests, one of each case, for a token store.
///
/// The second argument is evaluated in every test and gives a [`StoreFixture`] on a fresh place.
///
/// ```
/// use std::sync::Arc;
///
/// use provider_core::Result;
/// use provider_core::token::{MemoryTokenStore, TokenStore};
/// use provider_testkit::token::{HangingHolder, StoreFixture};
///
/// #[derive(Debug, Default)]
/// struct InMemory(MemoryTokenStore);
///
/// #[provider_core::async_trait]
/// impl StoreFixture for InMemory {
///     async fn open(&self) -> Result<Arc<dyn TokenStore>> {
///         Ok(Arc::new(self.0.clone()))
///     }
///
///     fn hanging_holder(&self) -> HangingHolder {
///         HangingHolder::LosesLeaseAfterTtl
///     }
/// }
///
/// provider_testkit::token_store_conformance!(in_memory, InMemory::default());
/// # fn main() {}
/// ```
#[macro_export]
macro_rules! token_store_conformance {
    ($name:ident, $fixture:expr) => {
        $crate::token_store_conformance! { @cases $name, $fixture,
            an_unwritten_key_is_empty
            the_first_write_happens_once
            a_stale_version_is_refused
            keys_do_not_meet
            values_come_back_whole
            two_handles_share_one_place
            no_update_is_lost
            a_lease_excludes_others
            leases_of_two_keys_are_apart
            the_holder_reads_and_writes
            a_waiter_that_gives_up_holds_nothing
            holders_take_turns
            a_hanging_holder_is_handled_as_declared
            a_write_outlives_its_handle
        }
    };
    (@cases $name:ident, $fixture:expr, $($case:ident)*) => {
        #[cfg(test)]
        mod $name {
            #[allow(unused_imports)]
            use super::*;

            $(#[test]
            fn $case() {
                let fixture = $fixture;
                let outcome =
                    $crate::seam::run($crate::token::$case(&fixture));
                assert!(outcome.is_ok(), "{}", outcome.err().map(|e| e.to_string()).unwrap_or_default());
            })*
        }
    };
}
