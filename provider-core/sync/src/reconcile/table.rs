//! What was billed, from a table of the application's own database.

use std::sync::Arc;

use async_trait::async_trait;
use provider_core::wire::moment::Moment;
use provider_core::{Currency, Period};

use super::billed::{BilledPage, BilledRow, BilledSource, Figure};
use super::month::Month;
use super::plan::BilledPlan;
use crate::plan::{PlanProblem, PlanProblems, SyncPlan};
use crate::target::table::{Cells, LookedAt, Monthly, Table};
use crate::target::{LocalCursor, TargetError, TargetErrorKind};

/// A table of the application's database, SQLite or PostgreSQL, read only. `[reconcile.billed]` of the plan says which, and
/// what its columns are. In PostgreSQL it may be named with its schema, and moments count in UTC.
#[derive(Debug, Clone)]
pub struct BilledTable {
    rows: Monthly,
    plan: Arc<BilledPlan>,
}

/// What opening such a table came to.
#[derive(Debug)]
#[non_exhaustive]
pub enum BilledTableError {
    /// The plan does not fit the database.
    Plan(PlanProblems),
    /// The database cannot be read.
    Target(TargetError),
}

impl BilledTable {
    /// Opens the table that the plan names, in `sqlite:PATH` or `postgres://USER:PASSWORD@HOST/DATABASE`, which has to be
    /// there.
    ///
    /// # Errors
    /// Everything that the database lacks of what the plan names, with its place in the plan; or that the database
    /// cannot be read.
    pub async fn open(url: &str, plan: &SyncPlan) -> Result<Option<Self>, BilledTableError> {
        let Some(billed) = plan.reconcile.as_ref().and_then(|reconcile| reconcile.billed.clone()) else {
            return Ok(None);
        };
        let place = LookedAt::open(url).await.map_err(BilledTableError::Target)?;
        let table = place.table(&billed.table).await.map_err(BilledTableError::Target)?;
        let problems = problems(&billed, table.as_ref());
        if let Some(problems) = plan.placed(problems) {
            return Err(BilledTableError::Plan(problems));
        }
        let columns: Vec<&str> = billed.columns().map(|(_, column)| column).collect();
        // The check has said what a table without a key is.
        let rows = table.and_then(|table| place.monthly(&table, &columns, &billed.month, &billed.scope));
        Ok(rows.map(|rows| Self { rows, plan: Arc::new(billed) }))
    }
}

/// What the plan names and the database has not.
fn problems(plan: &BilledPlan, table: Option<&Table>) -> Vec<PlanProblem> {
    let problem = |key: &str, message: String| PlanProblem::new(format!("reconcile.billed.{key}"), message);
    let Some(table) = table else {
        return vec![problem("table", format!("the database has no table `{}`", plan.table))];
    };
    let mut problems = Vec::new();
    if table.key().is_none() {
        let why = if table.is_keyed() {
            format!("the primary key of `{}` has several columns", plan.table)
        } else {
            format!("`{}` has no primary key", plan.table)
        };
        problems.push(problem("table", format!("{why}: a row needs a column that names it")));
    }
    let known: Vec<_> = table.fields().into_iter().map(|field| field.name).collect();
    let missing = |column: &str| !known.iter().any(|name| name == column);
    let absent =
        |column: &str| format!("`{}` has no column `{column}`; there is {}", plan.table, known.join(", "));
    for (key, column) in plan.columns().filter(|(_, column)| missing(column)) {
        problems.push(problem(key, absent(column)));
    }
    for column in plan.scope.keys().filter(|column| missing(column)) {
        problems.push(problem(&format!("scope.{column}"), absent(column)));
    }
    problems
}

/// A month as it may stand in a column: the text of every moment of it begins so.
fn month_of(month: Period) -> String {
    Month::of(month.start).to_string()
}

/// A row: its key, and the columns, each under its name in the plan.
struct Reader<'a> {
    cells: &'a Cells,
    plan: &'a BilledPlan,
}

impl Reader<'_> {
    fn text(&self, key: &str) -> Option<String> {
        let place = self.plan.columns().position(|(known, _)| known == key)?;
        // The key comes first.
        self.cells.get(place + 1)?.clone()
    }

    fn figure(&self, key: &str) -> Figure {
        if !self.plan.columns().any(|(known, _)| known == key) {
            return Figure::NotKept;
        }
        self.text(key).map_or(Figure::Missing, |text| Figure::read(&text))
    }

    /// The days that it was billed for, or what stands there instead of days.
    fn period(&self) -> (Option<Period>, Option<String>) {
        let (from, until) = (self.text("from"), self.text("until"));
        let (Some(from), Some(until)) = (&from, &until) else { return (None, from.or(until)) };
        let day = |text: &str| Moment::parse(text.trim()).map(|moment| moment.day());
        let days = day(from).zip(day(until));
        let period = days.and_then(|(from, until)| Period::inclusive_days(from, until).ok());
        let written = period.is_none().then(|| format!("{from} to {until}"));
        (period, written)
    }

    fn billed(&self) -> BilledRow {
        let written = self.text("currency").filter(|code| !code.trim().is_empty());
        let currency = match &written {
            Some(code) => Currency::new(code.trim()).ok(),
            None => self.plan.currency_code,
        };
        let (period, period_as_written) = self.period();
        BilledRow {
            key: self.cells.first().cloned().flatten().unwrap_or_default(),
            subscription: self.text("subscription"),
            customer: self.text("customer"),
            quantity: self.figure("quantity"),
            amount: self.figure("amount"),
            currency,
            currency_as_written: written.filter(|_| currency.is_none()),
            period,
            period_as_written,
        }
    }
}

#[async_trait]
impl BilledSource for BilledTable {
    async fn read(
        &self,
        month: Period,
        after: Option<&LocalCursor>,
        limit: usize,
    ) -> Result<BilledPage, TargetError> {
        let limit = limit.max(1);
        let (found, unplaced) = self.rows.read(month_of(month), after, limit).await?;
        let rows: Vec<_> = found.iter().map(|cells| Reader { cells, plan: &self.plan }.billed()).collect();
        let next = rows.last().filter(|_| rows.len() == limit).map(|last| LocalCursor(last.key.clone()));
        Ok(BilledPage { rows, next, unplaced })
    }
}

impl From<BilledTableError> for TargetError {
    fn from(error: BilledTableError) -> Self {
        match error {
            BilledTableError::Plan(problems) => Self::new(TargetErrorKind::Misfit, problems.to_string()),
            BilledTableError::Target(error) => error,
        }
    }
}

impl std::fmt::Display for BilledTableError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Plan(problems) => problems.fmt(f),
            Self::Target(error) => error.fmt(f),
        }
    }
}

impl std::error::Error for BilledTableError {}
