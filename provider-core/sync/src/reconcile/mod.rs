//! Compares, per subscription and month, what was ordered, what the distributor invoiced and what the
//! application billed, and says what the differences are worth.
//!
//! It only reads. Nothing is guessed: two records belong together when they name the same subscription by the
//! distributor's id, and by nothing else. What cannot be told is said to be so ([`Verdict::NotTold`]), and is never a
//! match; amounts of two currencies are never compared or added.
//!
//! ```
//! use std::sync::Arc;
//!
//! use provider_core::model::SubscriptionStatus;
//! use provider_core::{BillingCycle, MemoryProvider, Subscription};
//! use provider_sync::reconcile::{BilledRow, BilledRows, Month, Reconcile, Verdict};
//!
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() -> Result<(), Box<dyn std::error::Error>> {
//! let mut seats = Subscription::new("s-1", "c-1", 10);
//! seats.status = SubscriptionStatus::Active;
//! seats.billing_cycle = Some(BillingCycle::Monthly);
//! let provider = MemoryProvider::new("docs").with_subscriptions([seats]);
//!
//! // In production: a `BilledSource` of your own, or a table that the plan names.
//! let mut row = BilledRow::new("position 1", "s-1");
//! row.quantity = rust_decimal::Decimal::from(8).into();
//! let month: Month = "2026-10".parse()?;
//! let compared = Reconcile::new(Arc::new(provider), month)
//!     .billed(Arc::new(BilledRows::new(vec![row])))
//!     .run()
//!     .await?;
//! let first = compared.rows().next().unwrap();
//! // This distributor tells no invoices, and two seats are not billed all the same.
//! assert_eq!(first.verdict, Verdict::Quantity);
//! assert!(!compared.header().summary.all_matched);
//! # Ok(())
//! # }
//! ```

mod billed;
mod books;
mod cells;
mod charges;
mod comparison;
mod explain;
mod judge;
mod money;
mod month;
mod ordered;
mod plan;
mod read;
mod remark;
mod row;
mod rules;
mod stake;
#[cfg(any(feature = "postgres", feature = "sqlite"))]
mod table;
mod tariff;
#[cfg(test)]
mod tests;
mod verdict;

use std::fmt;
use std::sync::Arc;

use chrono::TimeDelta;
use provider_core::clock::{Clock, SystemClock};
use provider_core::{Error, Provider};

pub use billed::{BilledPage, BilledRow, BilledRows, BilledSource, Figure};
pub use books::RENEWALS_AHEAD;
pub use comparison::{AtStake, Comparison, Counts, Documents, Header, Report, SideReport, Summary, Upcoming};
pub use month::{Month, MonthError};
pub use plan::{BilledPlan, ReconcilePlan};
pub use remark::Remark;
pub use row::{Row, Side};
pub use rules::{Amounts, Consumption, Credits, Invoices, Prorates, Rules, Terms, Tolerance, ZeroLines};
#[cfg(any(feature = "postgres", feature = "sqlite"))]
pub use table::{BilledTable, BilledTableError};
pub use verdict::{Cause, Loser, Reason, Verdict};

use crate::target::TargetError;
use books::Books;
use judge::Sides;
use read::Teller;

/// Why no comparison could be made.
#[derive(Debug)]
#[non_exhaustive]
pub enum ReconcileError {
    /// The distributor could not be read.
    Provider(Error),
    /// The application could not be read.
    Billed(TargetError),
}

impl fmt::Display for ReconcileError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Provider(error) => error.fmt(f),
            Self::Billed(error) => write!(f, "what was billed cannot be read: {error}"),
        }
    }
}

impl std::error::Error for ReconcileError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Self::Provider(error) => Some(error),
            Self::Billed(error) => Some(error),
        }
    }
}

impl From<Error> for ReconcileError {
    fn from(error: Error) -> Self {
        Self::Provider(error)
    }
}

impl From<TargetError> for ReconcileError {
    fn from(error: TargetError) -> Self {
        Self::Billed(error)
    }
}

/// A comparison that is to be made.
#[derive(Debug)]
#[must_use]
pub struct Reconcile {
    provider: Arc<dyn Provider>,
    month: Month,
    rules: Rules,
    billed: Option<Arc<dyn BilledSource>>,
    clock: Arc<dyn Clock>,
}

impl Reconcile {
    /// Compares a month, by the default rules and without a billed side.
    pub fn new(provider: Arc<dyn Provider>, month: Month) -> Self {
        Self { provider, month, rules: Rules::default(), billed: None, clock: Arc::new(SystemClock) }
    }

    /// By these rules.
    pub fn rules(mut self, rules: Rules) -> Self {
        self.rules = rules;
        self
    }

    /// With what the application has billed.
    pub fn billed(mut self, source: Arc<dyn BilledSource>) -> Self {
        self.billed = Some(source);
        self
    }

    /// By another clock than the machine's: whether the month is closed, and what may still be reduced.
    pub fn clock(mut self, clock: Arc<dyn Clock>) -> Self {
        self.clock = clock;
        self
    }

    /// Reads the three sides and compares them. Nothing is written anywhere. The lines are added up as they come: memory
    /// grows with the subscriptions alone.
    ///
    /// # Errors
    /// When the distributor or the application cannot be read. A side that the distributor does not offer, or that this
    /// connection may not see, is no error: its rows are not told.
    pub async fn run(self) -> Result<Comparison, ReconcileError> {
        let Self { provider, month, rules, billed, clock } = self;
        let now = clock.now();
        let info = provider.info();
        let (connection, distributor) = (info.connection.clone(), info.kind.clone());
        let period = month.period();
        let open = period.end + TimeDelta::days(i64::from(rules.closed_after)) > now;
        let mut books = Books::new(&distributor, period, now, rules);
        if open {
            books.remarks.add(Remark::MonthOpen);
        }
        if read::teller(&*provider) == Teller::Usage {
            books.tell_by_usage();
        }
        read::customers(&provider, &mut books).await?;
        let ordered = read::ordered(&provider, &mut books).await?;
        let invoiced = read::invoiced(&provider, &mut books).await?;
        let charged = read::billed(billed.as_ref(), &mut books).await?;
        let sides = Sides {
            ordered: ordered.told,
            invoiced: invoiced.told,
            billed: charged.told,
            open,
            settled: invoiced.settled,
        };
        explain::explain(&provider, &mut books, sides).await?;
        let header = Header {
            connection: connection.to_string(),
            distributor: distributor.to_string(),
            period,
            as_of: now,
            ordered: ordered.report,
            invoiced: invoiced.report,
            billed: charged.report,
            documents: invoiced.documents,
            remarks: Vec::new(),
            summary: Summary::default(),
            renewals: Vec::new(),
        };
        Ok(Comparison::close(books, sides, header))
    }
}
