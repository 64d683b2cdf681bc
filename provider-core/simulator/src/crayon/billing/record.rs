//! What is kept about statements and exported reports.

use chrono::{DateTime, TimeDelta, Utc};
use rust_decimal::Decimal;

use crate::crayon::catalog::price_list::Currency;

/// Values of `ProvisionType`.
pub(crate) const SEATS: i64 = 1;
pub(crate) const METERED: i64 = 2;

/// One charge of a statement.
#[derive(Clone, Debug)]
pub(crate) struct Line {
    pub(crate) tenant: i64,
    pub(crate) subscription: i64,
    pub(crate) variant: usize,
    /// Azure subscription and place of the meter, for usage.
    pub(crate) meter: Option<(i64, usize)>,
    /// Negative where something is given back.
    pub(crate) quantity: i64,
    pub(crate) unit_price: Decimal,
    /// The publisher's word for it.
    pub(crate) charge: &'static str,
}

/// A term as it is paid for, and the rest of one that is given back.
pub(crate) const CYCLE: &str = "Cycle fee";
pub(crate) const GIVEN_BACK: &str = "cancelProrate";

impl Line {
    pub(crate) fn amount(&self) -> Decimal {
        self.unit_price * Decimal::from(self.quantity)
    }
}

/// One billing statement, which is also one invoice.
#[derive(Clone, Debug)]
pub(crate) struct Statement {
    pub(crate) id: i64,
    /// Shared by statements of the same month, currency and kind.
    pub(crate) group: i64,
    pub(crate) organization: i64,
    pub(crate) profile: i64,
    pub(crate) provision: i64,
    pub(crate) starts: DateTime<Utc>,
    pub(crate) ends: DateTime<Utc>,
    pub(crate) currency: Currency,
    pub(crate) lines: Vec<Line>,
    pub(crate) total: Decimal,
}

pub(crate) const FIRST_STATEMENT: i64 = 930_001;
const FIRST_ORDER: i64 = 700_000_001;
const FIRST_INVOICE: i64 = 13_000_001;

impl Statement {
    fn place(&self) -> i64 {
        self.id - FIRST_STATEMENT
    }

    /// The order that the invoice and the statement share.
    pub(crate) fn order_id(&self) -> i64 {
        FIRST_ORDER + self.place()
    }

    pub(crate) fn invoice_id(&self) -> i64 {
        FIRST_INVOICE + self.place()
    }

    pub(crate) fn invoiced_on(&self) -> DateTime<Utc> {
        self.ends + TimeDelta::days(3)
    }
}

/// The statements so far.
#[derive(Debug, Default)]
pub(crate) struct Billing {
    pub(crate) statements: Vec<Statement>,
    /// Start of the first month that is not billed yet; `None` before anything was.
    pub(crate) open_month: Option<DateTime<Utc>>,
    pub(crate) groups: i64,
}

/// One report.
#[derive(Clone, Debug)]
pub(crate) struct Export {
    pub(crate) id: i64,
    pub(crate) organization: i64,
    pub(crate) tenant: Option<i64>,
    pub(crate) from: DateTime<Utc>,
    pub(crate) to: DateTime<Utc>,
    pub(crate) due: DateTime<Utc>,
}
