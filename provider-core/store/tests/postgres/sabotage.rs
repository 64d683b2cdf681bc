//! A server that breaks one promise each: the suites notice, by the case of that promise.
//!
//! The store is the real one. Its sessions find functions of the schema before the server's own, or triggers that change what
//! is stored.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use provider_core::journal::Journal;
use provider_core::token::TokenStore;
use provider_core::{Result, async_trait};
use provider_testkit::journal::JournalFixture;
use provider_testkit::token::{HangingHolder, StoreFixture};

use crate::support::{Place, opening};

/// The time is that of the machine that asks, and not the server's.
const OWN_CLOCKS: &str = "CREATE FUNCTION clock_timestamp() RETURNS timestamptz LANGUAGE sql AS \
    $$ SELECT pg_catalog.clock_timestamp() + CAST(current_setting('machine.ahead') AS interval) $$";

/// A trigger that meddles with rows before they are stored.
fn meddling(when: &str, how: &str) -> String {
    format!(
        "CREATE FUNCTION meddle() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN {how} END $$; \
         CREATE TRIGGER meddle BEFORE {when} FOR EACH ROW EXECUTE FUNCTION meddle()"
    )
}

/// Whoever wants to be alone is not, and between a look and what is written by it there is time enough for everybody.
fn no_lock(when: &str, seconds: &str) -> String {
    let slow = meddling(when, &format!("PERFORM pg_catalog.pg_sleep({seconds}); RETURN NEW;"));
    format!(
        "{slow}; CREATE FUNCTION pg_advisory_xact_lock(bigint) RETURNS void LANGUAGE sql AS \
         $$ SELECT pg_catalog.pg_sleep(0) $$"
    )
}

/// A store on such a server. Each handle is a machine of its own.
#[derive(Debug)]
struct Sabotaged {
    place: Place,
    machines: AtomicUsize,
}

impl Sabotaged {
    async fn new(sql: &str) -> Option<Self> {
        let place = Place::on_the_server()?;
        drop(place.store().await);
        place.sql(sql).await;
        Some(Self { place, machines: AtomicUsize::new(0) })
    }

    fn address(&self) -> String {
        self.place.sabotaged_address(self.machines.fetch_add(1, Ordering::SeqCst))
    }
}

#[async_trait]
impl JournalFixture for Sabotaged {
    async fn open(&self) -> Result<Arc<dyn Journal>> {
        Ok(opening(&self.address()).await?.journal())
    }
}

#[async_trait]
impl StoreFixture for Sabotaged {
    async fn open(&self) -> Result<Arc<dyn TokenStore>> {
        Ok(opening(&self.address()).await?.token_store())
    }

    fn hanging_holder(&self) -> HangingHolder {
        HangingHolder::LosesLeaseAfterTtl
    }
}

/// Each with the case that notices it, and what that says.
macro_rules! caught {
    ($($name:ident: $sql:expr, $suite:ident::$case:ident, $says:literal;)+) => {$(
        #[tokio::test]
        async fn $name() {
            let Some(fixture) = Sabotaged::new(&$sql).await else { return };
            match provider_testkit::$suite::$case(&fixture).await {
                Ok(()) => panic!("{} notices nothing", stringify!($case)),
                Err(violation) => assert!(violation.to_string().contains($says), "{violation}"),
            }
        }
    )+};
}

caught! {
    begins_that_are_not_alone: no_lock("INSERT ON provider_journal", "0.3"),
        journal::of_sixteen_on_one_record_one_is_fresh, "one is fresh and the others are blocked";
    begins_of_one_key_that_are_not_alone: no_lock("INSERT ON provider_journal", "0.3"),
        journal::of_sixteen_with_one_key_one_is_fresh, "one is fresh and the others are busy";
    begins_by_the_machines_own_clocks: OWN_CLOCKS,
        journal::a_new_key_is_fresh_and_then_held, "a key under way is busy, and here it is fresh";
    attempts_that_are_kept_without_their_record: meddling("INSERT ON provider_journal", "NEW.scope := NULL; RETURN NEW;"),
        journal::one_attempt_at_a_time_on_a_record, "on the same record is blocked, and here it is fresh";
    a_sending_that_is_answered_and_not_kept: meddling("UPDATE ON provider_journal", "RETURN NULL;"),
        journal::what_may_have_been_sent_is_open, "and here it is busy";
    a_receipt_that_is_answered_and_not_kept: meddling(
            "UPDATE ON provider_journal",
            "IF NEW.stage = 'done' THEN RETURN NULL; END IF; RETURN NEW;",
        ),
        journal::a_receipt_is_answered_for_ever, "and here it is open";
    a_release_that_is_answered_and_not_done: meddling("DELETE ON provider_journal", "RETURN NULL;"),
        journal::a_released_key_is_fresh_again, "and here it is busy";
    swaps_that_are_not_alone: no_lock("INSERT ON provider_token", "0.02"),
        token::no_update_is_lost, "after 8 writers added 10 times each, the number is 80";
    a_token_lease_that_ends_at_once: meddling("INSERT ON provider_token_lease", "NEW.ends_at := 0; RETURN NEW;"),
        token::a_lease_excludes_others, "while it is held nobody else gets a lease";
    token_leases_by_the_machines_own_clocks: OWN_CLOCKS,
        token::a_lease_excludes_others, "while it is held nobody else gets a lease";
    a_token_that_is_answered_and_not_kept: meddling("UPDATE ON provider_token", "RETURN NULL;"),
        token::two_handles_share_one_place, "is refused";
}

/// The same addresses with nothing in the schema that goes before the server's own: it is the sabotage that is noticed.
#[tokio::test]
async fn a_server_as_it_is_breaks_none_of_them() {
    let Some(fixture) = Sabotaged::new("").await else { return };
    provider_testkit::journal::a_new_key_is_fresh_and_then_held(&fixture).await.unwrap();
    provider_testkit::token::a_lease_excludes_others(&fixture).await.unwrap();
    provider_testkit::token::two_handles_share_one_place(&fixture).await.unwrap();
}
