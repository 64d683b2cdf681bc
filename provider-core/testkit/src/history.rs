//! What a fixture has to show, so that what is tested with it is tested at all: two months, money given back, and a
//! number of seats that changed.
//!
//! ```
//! use provider_core::model::InvoiceLineKind;
//! use provider_core::{InvoiceLine, Period};
//! use provider_testkit::history::History;
//!
//! let seats = |month, quantity: i64| {
//!     let mut line = InvoiceLine::new("1", InvoiceLineKind::Subscription);
//!     line.subscription = Some("7".into());
//!     line.period = Period::month(2026, month);
//!     line.quantity = Some(quantity.into());
//!     line
//! };
//! let mut history = History::default();
//! history.line(&seats(1, 10)).line(&seats(2, 12)).line(&InvoiceLine::new("1", InvoiceLineKind::Credit));
//! assert_eq!(history.missing(), [] as [&str; 0]);
//! ```

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, Utc};
use provider_core::model::{InvoiceLineKind, UsageKind};
use provider_core::{InvoiceLine, Period, Price, UsageRecord};
use rust_decimal::Decimal;

/// Checks whether a fixture shows enough to test with: two months, a credit, and a changed number of seats.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct History {
    months: BTreeSet<DateTime<Utc>>,
    given_back: usize,
    /// The numbers of seats of each subscription.
    seats: BTreeMap<String, BTreeSet<Decimal>>,
}

impl History {
    /// Adds what a line of a document shows.
    pub fn line(&mut self, line: &InvoiceLine) -> &mut Self {
        let back = line.kind == InvoiceLineKind::Credit || is_given_back(line.cost.as_ref());
        let id = line.subscription.as_ref().map(|id| id.as_str()).or(line.vendor_subscription_id.as_deref());
        let whole = line.kind == InvoiceLineKind::Subscription;
        self.add(line.period.as_ref(), back, id, line.quantity.filter(|_| whole))
    }

    /// Adds what a record of usage shows: the licences among them have a number of seats.
    pub fn usage(&mut self, record: &UsageRecord) -> &mut Self {
        let back = record.kind == Some(UsageKind::Credit) || is_given_back(record.cost.as_ref());
        let id =
            record.subscription.as_ref().map(|id| id.as_str()).or(record.vendor_subscription_id.as_deref());
        let licences = record.kind == Some(UsageKind::Licence);
        self.add(record.period.as_ref(), back, id, record.quantity.filter(|_| licences))
    }

    fn add(
        &mut self,
        period: Option<&Period>,
        back: bool,
        subscription: Option<&str>,
        seats: Option<Decimal>,
    ) -> &mut Self {
        self.months.extend(period.map(|period| Period::month_of(period.start.date_naive()).start));
        self.given_back += usize::from(back);
        if let (Some(id), Some(seats)) = (subscription, seats) {
            self.seats.entry(id.to_owned()).or_default().insert(seats.normalize());
        }
        self
    }

    /// What the fixture does not show; empty where it shows everything.
    #[must_use]
    pub fn missing(&self) -> Vec<&'static str> {
        let shown = [
            (self.months.len() > 1, "two months"),
            (self.given_back > 0, "money that was given back"),
            (self.seats.values().any(|seats| seats.len() > 1), "a changed number of seats"),
        ];
        shown.into_iter().filter(|(shown, _)| !shown).map(|(_, what)| what).collect()
    }
}

fn is_given_back(cost: Option<&Price>) -> bool {
    cost.is_some_and(|cost| cost.amount < Decimal::ZERO)
}
