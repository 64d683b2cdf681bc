//! What was billed, from a table of the application's own database.

use std::sync::Arc;

use async_trait::async_trait;
use provider_core::wire::moment::Moment;
use provider_core::{Currency, Period};
use rusqlite::types::{Value as Sql, ValueRef};
use rusqlite::{Connection, Row, params_from_iter};
use serde_json::Value;

use super::billed::{BilledPage, BilledRow, BilledSource, Figure};
use super::month::Month;
use super::plan::BilledPlan;
use crate::plan::{PlanProblem, PlanProblems, SyncPlan};
use crate::target::table::lite::{JobError, Worker, from_sql, look, to_sql};
use crate::target::table::{PrimaryKey, Table, file, quoted};
use crate::target::{LocalCursor, TargetError, TargetErrorKind};

/// A table of the application's SQLite database, read only. `[reconcile.billed]` of the plan says which, and what its
/// columns are.
#[derive(Debug, Clone)]
pub struct BilledTable {
    worker: Arc<Worker>,
    plan: Arc<BilledPlan>,
    key: Arc<PrimaryKey>,
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
    /// Opens the table that the plan names, in `sqlite:PATH`, which has to be there.
    ///
    /// # Errors
    /// Everything that the database lacks of what the plan names, with its place in the plan; or that the database
    /// cannot be read.
    pub async fn open(url: &str, plan: &SyncPlan) -> Result<Option<Self>, BilledTableError> {
        let Some(billed) = plan.reconcile.as_ref().and_then(|reconcile| reconcile.billed.clone()) else {
            return Ok(None);
        };
        let worker = Worker::read_only(file(url).map_err(BilledTableError::Target)?);
        let worker = worker.await.map_err(BilledTableError::Target)?;
        let name = billed.table.clone();
        let found = worker.run(move |connection| look(connection, &name)).await;
        let table = found.map_err(BilledTableError::Target)?;
        let problems = problems(&billed, table.as_ref());
        if let Some(problems) = plan.placed(problems) {
            return Err(BilledTableError::Plan(problems));
        }
        // The check has said what a table without a key is.
        let Some(key) = table.and_then(|table| table.key()) else { return Ok(None) };
        Ok(Some(Self { worker: Arc::new(worker), plan: Arc::new(billed), key: Arc::new(key) }))
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
        let message =
            format!("the primary key of `{}` has several columns: a row needs one that names it", plan.table);
        problems.push(problem("table", message));
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

/// What a column holds, as text.
fn text(value: ValueRef<'_>) -> Option<String> {
    match from_sql(value) {
        Value::Null => None,
        Value::String(text) => Some(text),
        other => Some(other.to_string()),
    }
}

/// The columns after the key, each under its name in the plan.
struct Reader<'a, 'r> {
    row: &'a Row<'r>,
    plan: &'a BilledPlan,
}

impl Reader<'_, '_> {
    fn text(&self, key: &str) -> rusqlite::Result<Option<String>> {
        let place = self.plan.columns().position(|(known, _)| known == key);
        // The key comes first.
        place.map_or(Ok(None), |at| Ok(text(self.row.get_ref(at + 1)?)))
    }

    fn figure(&self, key: &str) -> rusqlite::Result<Figure> {
        if !self.plan.columns().any(|(known, _)| known == key) {
            return Ok(Figure::NotKept);
        }
        Ok(self.text(key)?.map_or(Figure::Missing, |text| Figure::read(&text)))
    }

    /// The days that it was billed for, or what stands there instead of days.
    fn period(&self) -> rusqlite::Result<(Option<Period>, Option<String>)> {
        let (from, until) = (self.text("from")?, self.text("until")?);
        let (Some(from), Some(until)) = (&from, &until) else { return Ok((None, from.or(until))) };
        let day = |text: &str| Moment::parse(text.trim()).map(|moment| moment.day());
        let days = day(from).zip(day(until));
        let period = days.and_then(|(from, until)| Period::inclusive_days(from, until).ok());
        let written = period.is_none().then(|| format!("{from} to {until}"));
        Ok((period, written))
    }

    fn billed(&self) -> rusqlite::Result<BilledRow> {
        let key = text(self.row.get_ref(0)?).unwrap_or_default();
        let written = self.text("currency")?.filter(|code| !code.trim().is_empty());
        let currency = match &written {
            Some(code) => Currency::new(code.trim()).ok(),
            None => self.plan.currency_code,
        };
        let (period, period_as_written) = self.period()?;
        Ok(BilledRow {
            key,
            subscription: self.text("subscription")?,
            customer: self.text("customer")?,
            quantity: self.figure("quantity")?,
            amount: self.figure("amount")?,
            currency,
            currency_as_written: written.filter(|_| currency.is_none()),
            period,
            period_as_written,
        })
    }
}

fn read(
    connection: &Connection,
    plan: &BilledPlan,
    key: &PrimaryKey,
    month: Period,
    after: Option<&LocalCursor>,
    limit: usize,
) -> Result<BilledPage, JobError> {
    let unplaced = if after.is_none() { unplaced(connection, plan)? } else { 0 };
    let columns: Vec<_> = std::iter::once(key.column.as_str())
        .chain(plan.columns().map(|(_, column)| column))
        .map(quoted)
        .collect();
    let mut values = vec![Sql::Text(month_of(month))];
    // Whatever form a moment has, it begins with its month.
    let mut condition = format!("substr({}, 1, 7) = ?1", quoted(&plan.month));
    for (column, value) in &plan.scope {
        values.push(to_sql(value));
        condition.push_str(&format!(" AND {} = ?{}", quoted(column), values.len()));
    }
    if let Some(after) = after {
        let number = after.0.parse().ok().filter(|_| key.integer).map(Sql::Integer);
        values.push(number.unwrap_or_else(|| Sql::Text(after.0.clone())));
        condition.push_str(&format!(" AND {} > ?{}", quoted(&key.column), values.len()));
    }
    let sql = format!(
        "SELECT {} FROM {} WHERE {condition} ORDER BY {} LIMIT {limit}",
        columns.join(", "),
        quoted(&plan.table),
        quoted(&key.column)
    );
    let mut statement = connection.prepare_cached(&sql)?;
    let mut found = statement.query(params_from_iter(values))?;
    let mut rows = Vec::new();
    while let Some(row) = found.next()? {
        rows.push(Reader { row, plan }.billed()?);
    }
    let next = rows.last().filter(|_| rows.len() == limit).map(|last| LocalCursor(last.key.clone()));
    Ok(BilledPage { rows, next, unplaced })
}

/// Rows of which nobody knows the month: it is written in another form.
fn unplaced(connection: &Connection, plan: &BilledPlan) -> Result<u64, JobError> {
    let month = quoted(&plan.month);
    let mut condition = format!(
        "{month} IS NOT NULL AND trim({month}) <> '' AND {month} NOT GLOB '[0-9][0-9][0-9][0-9]-[01][0-9]*'"
    );
    let mut values = Vec::new();
    for (column, value) in &plan.scope {
        values.push(to_sql(value));
        condition.push_str(&format!(" AND {} = ?{}", quoted(column), values.len()));
    }
    let sql = format!("SELECT count(*) FROM {} WHERE {condition}", quoted(&plan.table));
    let count: i64 = connection.query_row(&sql, params_from_iter(values), |row| row.get(0))?;
    Ok(u64::try_from(count).unwrap_or_default())
}

#[async_trait]
impl BilledSource for BilledTable {
    async fn read(
        &self,
        month: Period,
        after: Option<&LocalCursor>,
        limit: usize,
    ) -> Result<BilledPage, TargetError> {
        let (plan, key, after) = (Arc::clone(&self.plan), Arc::clone(&self.key), after.cloned());
        let limit = limit.max(1);
        self.worker.run(move |connection| read(connection, &plan, &key, month, after.as_ref(), limit)).await
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
