//! Everything a Pax8 account holds.

use std::collections::BTreeSet;
use std::fmt;
use std::sync::Mutex;
use std::time::Duration;

use chrono::{DateTime, Utc};
use rust_decimal::Decimal;

use super::access::webhook::event::Event;
use super::access::webhook::record::Webhooks;
use super::billing::record::{Invoice, UsageSummary};
use super::catalog::record::Product;
use super::customer::record::Company;
use super::engine::table::Table;
use super::purchase::record::Order;
use super::subscription::record::{CommitmentKey, Subscription};
use crate::engine::prng::Prng;
use crate::engine::tokens::AccessTokens;

/// An authorized call to this side.
pub(crate) type Call = crate::pax8::engine::call::Call<Pax8>;

/// State of the Pax8 side.
pub struct Pax8 {
    pub(crate) client_id: String,
    pub(crate) client_secret: String,
    pub(crate) tokens: AccessTokens,
    pub(crate) state: Mutex<State>,
    /// Where deliveries run; none if the simulator was made outside a runtime.
    pub(crate) runtime: Option<tokio::runtime::Handle>,
}

impl fmt::Debug for Pax8 {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Pax8").field("client_id", &self.client_id).finish_non_exhaustive()
    }
}

/// The state behind the lock.
#[derive(Debug)]
pub(crate) struct State {
    pub(crate) seed: u64,
    /// Ids of what is created while the simulator runs.
    pub(crate) ids: Prng,
    pub(crate) account_id: String,
    pub(crate) user_id: String,
    pub(crate) currency: String,
    pub(crate) commitment_key: CommitmentKey,
    /// How long provisioning and cancelling take.
    pub(crate) settling: Duration,
    /// Pause between the attempts of a webhook delivery, in real time.
    pub(crate) retry_pause: Duration,
    /// Order lines name their subscription before it is provisioned.
    pub(crate) early_subscription_ids: bool,
    pub(crate) companies: Table<Company>,
    pub(crate) products: Table<Product>,
    pub(crate) orders: Table<Order>,
    pub(crate) subscriptions: Table<Subscription>,
    pub(crate) usage: Table<UsageSummary>,
    pub(crate) invoices: Table<Invoice>,
    pub(crate) webhooks: Webhooks,
    /// What happened and is to be delivered.
    pub(crate) events: Vec<Event>,
    pub(crate) due: BTreeSet<(DateTime<Utc>, String)>,
}

impl State {
    pub(crate) fn new(seed: u64, products: Table<Product>) -> Self {
        let mut account = Prng::keyed(seed, "pax8/account", 0);
        Self {
            seed,
            ids: Prng::keyed(seed, "pax8/new-ids", 0),
            account_id: account.uuid(),
            user_id: account.uuid(),
            currency: "USD".to_owned(),
            commitment_key: CommitmentKey::default(),
            settling: Duration::from_secs(2),
            retry_pause: Duration::from_millis(200),
            early_subscription_ids: false,
            companies: Table::default(),
            products,
            orders: Table::default(),
            subscriptions: Table::default(),
            usage: Table::default(),
            invoices: Table::default(),
            webhooks: Webhooks::default(),
            events: Vec::new(),
            due: BTreeSet::new(),
        }
    }

    /// The part by which a company's partner cost is lower than the list: every fifth company has an agreement.
    pub(crate) fn discount(&self, company: usize) -> Decimal {
        if company.is_multiple_of(5) { Decimal::new(5, 2) } else { Decimal::ZERO }
    }
}
