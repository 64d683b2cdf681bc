//! What a test changes in the data itself: a month as it is when something went wrong.

use chrono::{DateTime, NaiveDate, Utc};
use rust_decimal::Decimal;

use super::months::Month;
use super::record::{Invoice, Item};
use crate::engine::handle::Handle;
use crate::pax8::state::{Pax8, State};
use crate::pax8::subscription::record::STATUSES;

/// The kinds of items that the reference lists.
const KINDS: &[&str] = &[
    "subscription",
    "prorate",
    "one-time",
    "rebate",
    "payment-credit",
    "service-charge",
    "service-credit",
    "invoice-credit",
];

/// An item of an invoice, as a test changes it. A copy is another item.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct InvoiceItem {
    /// One of the reference's words, such as `subscription` or `prorate`; any other is left as it was.
    pub kind: String,
    /// The subscription's id, also one that the account does not have.
    pub subscription: Option<String>,
    /// The first day that it is for.
    pub first_day: NaiveDate,
    /// The last day that it is for.
    pub last_day: NaiveDate,
    /// Units.
    pub quantity: Decimal,
    /// What the partner owes for the item.
    pub cost_total: Decimal,
    /// What the customer is charged for the item.
    pub sub_total: Decimal,
    /// The currency, where it is not the account's.
    pub currency: Option<String>,
    base: Item,
}

impl InvoiceItem {
    fn of(state: &State, item: &Item) -> Self {
        let own = item.subscription.and_then(|place| state.subscriptions.at(place));
        Self {
            kind: item.kind.to_owned(),
            subscription: item.foreign.clone().or_else(|| own.map(|one| one.id.clone())),
            first_day: item.first_day,
            last_day: item.last_day,
            quantity: item.quantity,
            cost_total: item.cost_total,
            sub_total: item.sub_total,
            currency: item.currency.clone(),
            base: item.clone(),
        }
    }

    fn into_item(self, state: &State) -> Item {
        let place = self.subscription.as_deref().and_then(|id| state.subscriptions.place(id));
        Item {
            kind: KINDS.iter().find(|known| **known == self.kind).copied().unwrap_or(self.base.kind),
            subscription: place,
            foreign: self.subscription.filter(|_| place.is_none()),
            first_day: self.first_day,
            last_day: self.last_day,
            quantity: self.quantity,
            cost_total: self.cost_total,
            sub_total: self.sub_total,
            currency: self.currency,
            ..self.base
        }
    }
}

/// A subscription, as a test changes it.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct SubscriptionEdit {
    /// One of the reference's words; any other is left as it was.
    pub status: String,
    /// Units.
    pub quantity: Decimal,
    /// What the partner pays for one.
    pub cost: Decimal,
    /// What the customer pays for one.
    pub price: Decimal,
    /// When it started.
    pub starts_at: DateTime<Utc>,
    /// When it ends.
    pub ends_at: Option<DateTime<Utc>>,
    /// When it last changed.
    pub updated_at: Option<DateTime<Utc>>,
}

impl Handle<Pax8> {
    /// The ids of the invoices that were issued in the month of this day.
    #[must_use]
    pub fn invoices_of(&self, day: NaiveDate) -> Vec<String> {
        let month = Month::of(day);
        self.with_state(|state, _| {
            let issued = state.invoices.iter().filter(|invoice| Month::of(invoice.issued_on) == month);
            issued.map(|invoice| invoice.id.clone()).collect()
        })
    }

    /// Changes the items of an issued invoice, whose total follows. False if there is no such invoice.
    pub fn edit_invoice(&self, id: &str, edit: impl FnOnce(&mut Vec<InvoiceItem>)) -> bool {
        self.with_state(|state, _| {
            let Some(invoice) = state.invoices.get(id) else { return false };
            let mut items: Vec<_> = invoice.items.iter().map(|item| InvoiceItem::of(state, item)).collect();
            edit(&mut items);
            let items: Vec<_> = items.into_iter().map(|item| item.into_item(state)).collect();
            let total = items.iter().map(|item| item.cost_total).sum();
            let Some(invoice) = state.invoices.get_mut(id) else { return false };
            let owed = !invoice.balance.is_zero();
            *invoice = Invoice {
                total,
                balance: if owed { total } else { Decimal::ZERO },
                items,
                ..invoice.clone()
            };
            true
        })
    }

    /// Changes a subscription in the data: no rule is applied, no time of change is set, no webhook is sent. False if
    /// there is none of this id.
    pub fn edit_subscription(&self, id: &str, edit: impl FnOnce(&mut SubscriptionEdit)) -> bool {
        self.with_state(|state, _| {
            let Some(one) = state.subscriptions.get_mut(id) else { return false };
            let mut edited = SubscriptionEdit {
                status: one.status.to_owned(),
                quantity: one.quantity,
                cost: one.cost,
                price: one.price,
                starts_at: one.starts_at,
                ends_at: one.ends_at,
                updated_at: one.updated_at,
            };
            edit(&mut edited);
            one.status =
                STATUSES.iter().find(|known| **known == edited.status).copied().unwrap_or(one.status);
            one.quantity = edited.quantity;
            one.cost = edited.cost;
            one.price = edited.price;
            one.starts_at = edited.starts_at;
            one.ends_at = edited.ends_at;
            one.updated_at = edited.updated_at;
            // What a person wrote into the data stays as it was written.
            one.next = None;
            true
        })
    }
}
