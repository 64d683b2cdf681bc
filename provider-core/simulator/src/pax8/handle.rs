//! What tests set and read on the Pax8 side.

use std::time::Duration;

use chrono::TimeDelta;

use super::billing::months::{self, Month};
use super::catalog;
use super::engine::table::Record;
use super::state::Pax8;
use super::subscription::record::CommitmentKey;
use crate::engine::handle::Handle;
use crate::engine::lock::lock;

/// Changes further away than this are left to the next request: nobody waits for them in real time.
const LONGEST_WAIT: TimeDelta = TimeDelta::minutes(10);

impl Handle<Pax8> {
    /// The client id of the key.
    #[must_use]
    pub fn client_id(&self) -> &str {
        &self.world.client_id
    }

    /// The example secret of the key.
    #[must_use]
    pub fn client_secret(&self) -> &str {
        &self.world.client_secret
    }

    /// Refuses every token issued so far with 401, as if the key had been rotated.
    pub fn revoke_tokens(&self) {
        self.world.tokens.revoke_all();
    }

    /// How long, in simulated time, an order takes to be provisioned and a cancellation to be done. Default 2 seconds.
    pub fn set_settling_time(&self, time: Duration) {
        lock(&self.world.state).settling = time;
    }

    /// Whether an order line names its subscription at once (`true`) or once it is provisioned (`false`, the default).
    pub fn set_early_subscription_ids(&self, early: bool) {
        lock(&self.world.state).early_subscription_ids = early;
    }

    /// Under which key subscriptions carry their commitment.
    pub fn set_commitment_key(&self, key: CommitmentKey) {
        lock(&self.world.state).commitment_key = key;
    }

    /// The currency of every amount. Default `USD`.
    pub fn set_currency(&self, code: &str) {
        code.clone_into(&mut lock(&self.world.state).currency);
    }

    /// The pause, in real time, between the attempts of a webhook delivery. Default 200 milliseconds.
    pub fn set_delivery_retry_pause(&self, pause: Duration) {
        lock(&self.world.state).retry_pause = pause;
    }

    /// Adds `count` plain products to the catalog.
    pub fn extend_catalog(&self, count: usize) {
        let mut state = lock(&self.world.state);
        let seed = state.seed;
        catalog::seed::extend(&mut state.products, seed, count);
    }

    /// Does what a person at the distributor does: provisions a subscription that waits as `PendingManual`.
    /// False if there is no such subscription.
    #[must_use]
    pub fn complete_manual_provisioning(&self, subscription_id: &str) -> bool {
        self.with_state(|state, now| {
            let is_waiting =
                state.subscriptions.get(subscription_id).is_some_and(|one| one.status == "PendingManual");
            if is_waiting {
                let vendor_id = format!("vendor-{}", state.ids.hex(12));
                state.change_subscription(subscription_id, now, "UPDATED", |one| {
                    one.status = "Active";
                    one.vendor_subscription_id = Some(vendor_id);
                });
            }
            is_waiting
        })
    }

    /// Approves an invoice of what this month's draft holds, and answers its id. Webhooks hear of it.
    pub fn issue_invoice(&self) -> String {
        self.with_state(|state, now| {
            let today = now.date_naive();
            let items = months::items(state, Month::of(today), true, today);
            let id = state.ids.uuid();
            months::issue(state, id.clone(), today, "Unpaid", items);
            id
        })
    }

    /// Carries out everything that is due by the simulated clock: provisioning, cancellations, their deliveries.
    ///
    /// Every request does the same first; only a test that waits for a delivery without a request needs it.
    pub fn settle(&self) {
        self.with_state(|_, _| ());
    }

    /// Ids of the seeded products: the one with commitments and provisioning questions, the plain base plan, the add-on,
    /// the one billed by usage, the tiered one, the one-time one and the one provisioned by hand.
    #[must_use]
    pub fn product_ids(&self) -> [String; 7] {
        use catalog::seed::place;
        let state = lock(&self.world.state);
        [
            place::SUITE,
            place::BASE,
            place::SHIELD,
            place::STORAGE,
            place::BACKUP,
            place::MIGRATION,
            place::SUPPORT,
        ]
        .map(|place| state.products.at(place).map(|product| product.id().to_owned()).unwrap_or_default())
    }

    /// Sees to it that the next change happens in time even if no request comes.
    pub(crate) fn settle_in_time(&self) {
        let next = lock(&self.world.state).next_change();
        let (Some(at), Some(runtime)) = (next, &self.world.runtime) else {
            return;
        };
        let wait = at - self.frame.clock.now();
        if wait > LONGEST_WAIT {
            return;
        }
        let wait = wait.to_std().unwrap_or_default();
        let sim = self.clone();
        runtime.spawn(async move {
            tokio::time::sleep(wait).await;
            sim.settle();
        });
    }
}
