//! What a test changes in the data itself: a month's report as it is when something went wrong.

use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use rust_decimal::Decimal;

use super::record::billed_units;
use super::usage::amounts_of;
use crate::engine::handle::Handle;
use crate::engine::lock::lock;
use crate::streamone::engine::ranges::first_of_month;
use crate::streamone::state::{State, StreamOne};
use crate::streamone::subscription::record::Subscription;

/// The states that a subscription of the simulator can be in.
const STATUSES: [&str; 8] =
    ["active", "suspended", "deleted", "cancelled", "expired", "pending", "in_progress", "failed"];

/// One leaf of a month's report.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct ReportLine {
    /// What the customer is charged.
    pub price: Decimal,
    /// What the partner owes.
    pub cost: Decimal,
    /// Units, or what was metered.
    pub usage: Decimal,
    /// Whether it gives money back.
    pub is_credit: bool,
}

impl ReportLine {
    /// A leaf that charges this much.
    #[must_use]
    pub fn new(price: Decimal, cost: Decimal, usage: Decimal) -> Self {
        Self { price, cost, usage, is_credit: false }
    }
}

/// What a month's report says of one subscription.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Reported {
    /// The provider's id that it stands under, also one that the account does not have.
    pub resource_id: String,
    /// Its leaves; without any it is not in the report.
    pub lines: Vec<ReportLine>,
    /// The currency of cost and price, where it is not the account's.
    pub currency: Option<String>,
}

impl Reported {
    /// What a month that nobody has changed says of so many units.
    fn of(found: &Subscription, units: Decimal) -> Self {
        let amounts = amounts_of(found, units);
        let line = ReportLine::new(amounts.price, amounts.cost, amounts.usage);
        Self { resource_id: found.resource_id.clone(), lines: vec![line], currency: None }
    }
}

/// A subscription, as a test changes it.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct SubscriptionEdit {
    /// One of the words that the simulator has, in lower case; any other is left as it was.
    pub status: String,
    /// Units.
    pub quantity: u32,
    /// What the partner pays for one.
    pub cost: Decimal,
    /// What the customer pays for one.
    pub price: Decimal,
    /// When it started.
    pub starts_at: DateTime<Utc>,
    /// When its term ends.
    pub ends_at: DateTime<Utc>,
    /// When it last changed.
    pub updated_at: DateTime<Utc>,
    /// Whether it is a trial.
    pub trial: bool,
}

/// What the report of the month that begins on this day says of a subscription; `None` where it is not in it.
pub(crate) fn reported(state: &State, found: &Subscription, month: NaiveDate) -> Option<Reported> {
    if let Some(edited) = state.reported.get(&(month, found.id)) {
        return (!edited.lines.is_empty()).then(|| edited.clone());
    }
    let next = first_of_month(month + TimeDelta::days(32));
    billed_units(found, month, next).map(|units| Reported::of(found, units))
}

impl Handle<StreamOne> {
    /// Changes what the report of this day's month says of a subscription, by the provider's id. What is not in the report
    /// comes without lines. Invoices stay as they are. False if the account has no such subscription.
    pub fn edit_report(&self, day: NaiveDate, resource_id: &str, edit: impl FnOnce(&mut Reported)) -> bool {
        let state = &mut *lock(&self.world.state);
        let month = first_of_month(day);
        let Some(found) = state.subscriptions.by_resource(resource_id) else { return false };
        let (id, resource_id) = (found.id, found.resource_id.clone());
        let mut edited = reported(state, found, month).unwrap_or(Reported {
            resource_id,
            lines: Vec::new(),
            currency: None,
        });
        edit(&mut edited);
        state.reported.insert((month, id), edited);
        true
    }

    /// Changes a subscription behind everybody's back, by the provider's id: no rule is asked and nothing is logged. False
    /// if the account has none of this id.
    pub fn edit_subscription(&self, resource_id: &str, edit: impl FnOnce(&mut SubscriptionEdit)) -> bool {
        let state = &mut *lock(&self.world.state);
        let id = state.subscriptions.by_resource(resource_id).map(|found| found.id);
        let Some(found) = id.and_then(|id| state.subscriptions.get_mut(id)) else { return false };
        let mut edited = SubscriptionEdit {
            status: found.live.status.to_owned(),
            quantity: found.live.quantity,
            cost: found.cost,
            price: found.price,
            starts_at: found.start,
            ends_at: found.end,
            updated_at: found.updated,
            trial: found.trial,
        };
        edit(&mut edited);
        found.live.status =
            STATUSES.iter().find(|known| **known == edited.status).copied().unwrap_or(found.live.status);
        found.live.quantity = edited.quantity;
        found.cost = edited.cost;
        found.price = edited.price;
        found.start = edited.starts_at;
        found.end = edited.ends_at;
        found.updated = edited.updated_at;
        found.trial = edited.trial;
        // What a person wrote into the data shows at once.
        found.stale = found.live.clone();
        let (id, lasts) = (found.id, matches!(found.live.status, "active" | "suspended"));
        if lasts {
            state.subscriptions.schedule(id);
        }
        true
    }
}
