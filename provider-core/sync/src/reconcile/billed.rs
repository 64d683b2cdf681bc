//! What the application has billed.

use std::fmt::Debug;

use async_trait::async_trait;
use provider_core::{Currency, Period};
use rust_decimal::Decimal;

use crate::target::{LocalCursor, TargetError};

/// A number of the application: what was written there is kept where it is none.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Figure {
    /// The application does not keep it.
    NotKept,
    /// It keeps it, and has none here.
    Missing,
    /// What it has is no number. It is never guessed which one was meant.
    Unreadable(String),
    /// This one.
    Is(Decimal),
}

impl Figure {
    /// Reads what a person or a program wrote. A comma is not read: it separates thousands in one country and decimals
    /// in the next.
    ///
    /// ```
    /// use provider_sync::reconcile::Figure;
    ///
    /// assert_eq!(Figure::read("10.50"), Figure::Is("10.50".parse().unwrap()));
    /// assert_eq!(Figure::read("10,50"), Figure::Unreadable("10,50".to_owned()));
    /// assert_eq!(Figure::read(" "), Figure::Missing);
    /// ```
    #[must_use]
    pub fn read(text: &str) -> Self {
        let trimmed = text.trim();
        if trimmed.is_empty() {
            return Self::Missing;
        }
        match provider_core::wire::decimal::parse(trimmed) {
            Ok(number) => Self::Is(number),
            Err(_) => Self::Unreadable(text.to_owned()),
        }
    }

    pub(super) const fn number(&self) -> Option<Decimal> {
        match self {
            Self::Is(number) => Some(*number),
            _ => None,
        }
    }
}

impl From<Decimal> for Figure {
    fn from(number: Decimal) -> Self {
        Self::Is(number)
    }
}

/// One row that was billed in the month.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct BilledRow {
    /// The application's own key of the row, for people who look for it.
    pub key: String,
    /// The distributor's id of the subscription, as the application has it.
    pub subscription: Option<String>,
    /// Whom it was billed to, in the application's own terms.
    pub customer: Option<String>,
    /// How many units.
    pub quantity: Figure,
    /// The amount of the whole row, without tax.
    pub amount: Figure,
    /// Its currency.
    pub currency: Option<Currency>,
    /// What stands for the currency where it is no code.
    pub currency_as_written: Option<String>,
    /// The time that it is billed for, where the application keeps that. One outside the month is said.
    pub period: Option<Period>,
    /// What stands for that time where it is none.
    pub period_as_written: Option<String>,
}

impl BilledRow {
    /// A row of which nothing but its key and its subscription is known.
    #[must_use]
    pub fn new(key: impl Into<String>, subscription: impl Into<String>) -> Self {
        Self {
            key: key.into(),
            subscription: Some(subscription.into()),
            customer: None,
            quantity: Figure::NotKept,
            amount: Figure::NotKept,
            currency: None,
            currency_as_written: None,
            period: None,
            period_as_written: None,
        }
    }
}

/// Some rows, and where it goes on.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct BilledPage {
    /// The rows.
    pub rows: Vec<BilledRow>,
    /// Where the next ones begin; `None` after the last.
    pub next: Option<LocalCursor>,
    /// Rows of which the month cannot be read, said once, with the first page.
    pub unplaced: u64,
}

impl BilledPage {
    /// The last page.
    #[must_use]
    pub fn last(rows: Vec<BilledRow>) -> Self {
        Self { rows, next: None, unplaced: 0 }
    }

    /// A page that another one follows.
    #[must_use]
    pub fn before(rows: Vec<BilledRow>, next: LocalCursor) -> Self {
        Self { rows, next: Some(next), unplaced: 0 }
    }
}

/// What an application has billed, read month by month: through the trait, or from a table of its database
/// ([`BilledTable`](super::BilledTable)).
#[async_trait]
pub trait BilledSource: Debug + Send + Sync + 'static {
    /// Rows that were billed in a month, in a stable order, from after the last one of the page before.
    ///
    /// # Errors
    /// When the application cannot be read.
    async fn read(
        &self,
        month: Period,
        after: Option<&LocalCursor>,
        limit: usize,
    ) -> Result<BilledPage, TargetError>;
}

/// Rows that are at hand: all of them are of the month that is asked for.
#[derive(Debug, Clone, Default)]
pub struct BilledRows(Vec<BilledRow>);

impl BilledRows {
    /// These rows.
    #[must_use]
    pub fn new(rows: Vec<BilledRow>) -> Self {
        Self(rows)
    }
}

#[async_trait]
impl BilledSource for BilledRows {
    async fn read(
        &self,
        _month: Period,
        after: Option<&LocalCursor>,
        limit: usize,
    ) -> Result<BilledPage, TargetError> {
        let from: usize = after.and_then(|after| after.0.parse().ok()).unwrap_or_default();
        let rows: Vec<_> = self.0.iter().skip(from).take(limit.max(1)).cloned().collect();
        let next = from + rows.len();
        Ok(if next < self.0.len() {
            BilledPage::before(rows, LocalCursor(next.to_string()))
        } else {
            BilledPage::last(rows)
        })
    }
}
