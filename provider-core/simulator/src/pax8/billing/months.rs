//! What a month is billed: the items of an invoice from the subscriptions as they are.

use chrono::{Datelike, Days, Months, NaiveDate};
use rust_decimal::Decimal;

use super::record::{Invoice, Item};
use crate::engine::clock::midnight;
use crate::pax8::access::webhook::event::Event;
use crate::pax8::catalog::record::{Price, Product};
use crate::pax8::state::State;
use crate::pax8::subscription::record::Subscription;

/// Day of the month on which invoices are sent.
pub(crate) const INVOICE_DAY: u64 = 5;
const DAYS_TO_PAY: u64 = 10;

/// A calendar month.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Month {
    first: NaiveDate,
}

impl Month {
    pub(crate) fn of(day: NaiveDate) -> Self {
        Self { first: day.with_day(1).unwrap_or(day) }
    }

    pub(crate) fn plus(self, months: u32) -> Self {
        let first = self.first.checked_add_months(Months::new(months));
        Self::of(first.unwrap_or(self.first))
    }

    pub(crate) fn minus(self, months: u32) -> Self {
        let first = self.first.checked_sub_months(Months::new(months));
        Self::of(first.unwrap_or(self.first))
    }

    pub(crate) fn first(self) -> NaiveDate {
        self.first
    }

    fn last(self) -> NaiveDate {
        self.plus(1).first.pred_opt().unwrap_or(self.first)
    }

    /// The day on which the month's invoice is sent.
    pub(crate) fn invoice_day(self) -> NaiveDate {
        let days = Days::new(INVOICE_DAY - 1);
        self.first.checked_add_days(days).unwrap_or(self.first)
    }
}

/// The items of a month; usage of the month before it comes with `arrears`, drafts leave it out.
pub(crate) fn items(state: &State, month: Month, arrears: bool, today: NaiveDate) -> Vec<Item> {
    let mut items = Vec::new();
    for (place, subscription) in state.subscriptions.iter().enumerate() {
        let Some(product) = state.products.at(subscription.product) else {
            continue;
        };
        if subscription.is_pending() || subscription.status == "Trial" {
            continue;
        }
        if product.usage {
            if arrears {
                items.extend(arrears_item(state, place, subscription, month, today));
            }
        } else {
            items.extend(term_item(place, subscription, product, month));
        }
    }
    items
}

fn term_item(place: usize, subscription: &Subscription, product: &Product, month: Month) -> Option<Item> {
    let start = subscription.starts_at.date_naive();
    let ended = subscription.ends_at.is_some_and(|end| end.date_naive() < month.first);
    if start > month.last() || ended {
        return None;
    }
    let age = months_between(Month::of(start), month);
    let every = match subscription.billing_term {
        "Monthly" => 1,
        "Annual" => 12,
        "2-Year" => 24,
        "3-Year" => 36,
        // Billed once, in the month of its start.
        _ => u32::MAX,
    };
    if !age.is_multiple_of(every) {
        return None;
    }
    let run = subscription.commitment.as_ref().map(|run| run.place);
    let price = product.price(subscription.billing_term, run)?;
    let quantity = subscription.quantity_before(midnight(month.plus(1).first));
    let rate = price.rate(quantity)?;
    // Rates come from the list; what the partner agreed or set for this customer replaces the last one's share.
    let cost_total = price.total(quantity, |one| one.buy) - share(quantity, rate.flat, rate.buy)
        + share(quantity, rate.flat, subscription.cost);
    let sub_total = price.total(quantity, |one| one.retail) - share(quantity, rate.flat, rate.retail)
        + share(quantity, rate.flat, subscription.price);
    let last_day = if every == u32::MAX {
        month.last()
    } else {
        month.plus(every).first.pred_opt().unwrap_or(month.first)
    };
    Some(Item {
        kind: if every == u32::MAX { "one-time" } else { "subscription" },
        company: subscription.company,
        product: Some(subscription.product),
        subscription: Some(place),
        first_day: month.first,
        last_day,
        quantity,
        term: item_term(subscription.billing_term),
        rate_type: rate_type(price),
        flat: rate.flat,
        price: subscription.price,
        sub_total,
        cost: subscription.cost,
        cost_total,
        description: "",
        foreign: None,
        currency: None,
    })
}

/// One unit's amount, or all units' where the charge is per unit.
fn share(quantity: Decimal, flat: bool, amount: Decimal) -> Decimal {
    if flat { amount } else { quantity * amount }
}

fn arrears_item(
    state: &State,
    place: usize,
    subscription: &Subscription,
    month: Month,
    today: NaiveDate,
) -> Option<Item> {
    let before = month.minus(1);
    let (mut charges, mut partner) = (Decimal::ZERO, Decimal::ZERO);
    for summary in state.usage_of(place) {
        let total = summary.total_between(state, before.first, before.last(), today);
        charges += total.charges;
        partner += total.partner;
    }
    if charges.is_zero() {
        return None;
    }
    Some(Item {
        kind: "one-time",
        company: subscription.company,
        product: Some(subscription.product),
        subscription: Some(place),
        first_day: before.first,
        last_day: before.last(),
        quantity: Decimal::ONE,
        term: "Arrears",
        rate_type: "markup",
        flat: true,
        price: charges,
        sub_total: charges,
        cost: partner,
        cost_total: partner,
        description: "Usage of the month before",
        foreign: None,
        currency: None,
    })
}

fn months_between(from: Month, to: Month) -> u32 {
    let months = |month: Month| i64::from(month.first.year()) * 12 + i64::from(month.first.month0());
    u32::try_from(months(to) - months(from)).unwrap_or(0)
}

/// Invoices spell terms with spaces.
fn item_term(billing_term: &'static str) -> &'static str {
    match billing_term {
        "2-Year" => "2 Year",
        "3-Year" => "3 Year",
        other => other,
    }
}

/// The short forms of the live interface; `Flat` is capitalized there.
fn rate_type(price: &Price) -> &'static str {
    match price.kind {
        "Volume" => "volume",
        "Tiered" => "tiered",
        "Mark-Up" => "markup",
        _ => "Flat",
    }
}

/// Adds an approved invoice of these items.
pub(crate) fn issue(
    state: &mut State,
    id: String,
    issued_on: NaiveDate,
    status: &'static str,
    items: Vec<Item>,
) {
    let total: Decimal = items.iter().map(|item| item.cost_total).sum();
    let open = matches!(status, "Unpaid" | "Carried");
    let due_on = issued_on.checked_add_days(Days::new(DAYS_TO_PAY)).unwrap_or(issued_on);
    state.events.push(Event::invoice(&id, status));
    state.invoices.push(Invoice {
        id,
        issued_on,
        due_on,
        status,
        total,
        balance: if open { total } else { Decimal::ZERO },
        carried: if status == "Carried" { total } else { Decimal::ZERO },
        company: None,
        items,
    });
}
