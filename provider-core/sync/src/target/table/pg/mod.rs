//! Tables in a PostgreSQL database of the application, which is visited: everything is named, cast and compared in its own
//! words, and nothing of its session is changed.

mod catalog;
mod fault;
mod monthly;
mod read;
mod rows;

use std::sync::Arc;
use std::time::Duration;

use provider_core::Result;
use provider_store::seam::{self, Access, Guest, PgStep, PgTx};

use super::After;
use super::apply;
use super::change::Prepared;
use super::layout::Layout;
use super::monthly::{Asked, Cells};
use super::rows::By;
use super::schema::Table;
use crate::target::{Applied, Criterion, LocalCursor, LocalKey, LocalPage, LocalRecord, TargetError};

/// How long to wait for what the application keeps.
const PATIENCE: Duration = Duration::from_secs(10);

/// Connections to the application's database.
#[derive(Debug, Clone)]
pub(super) struct Postgres(Arc<Guest>);

/// Declares steps: what is done in one transaction.
macro_rules! steps {
    ($($access:ident $name:ident { $($field:ident: $type:ty),* } -> $answer:ty, $with:path;)+) => {$(
        #[derive(Debug, Clone)]
        pub(super) struct $name { $(pub(super) $field: $type),* }

        impl PgStep for $name {
            type Answer = $answer;
            const ACCESS: Access = Access::$access;
            const OUTLIVES_ITS_CALLER: bool = false;

            async fn run(self, tx: &mut PgTx<'_>) -> Result<$answer> {
                $with(self, tx).await
            }
        }
    )+};
}

steps! {
    Read Look { names: Vec<Option<String>> } -> Vec<Option<Table>>, look;
    Write Create { tables: Vec<(String, String)> } -> bool, create;
    Write Apply { owner: String, fence: u64, changes: Arc<Vec<Prepared>> } -> Vec<Applied>, apply_all;
    Read Get { layout: Arc<Layout>, keys: Vec<LocalKey> } -> Vec<LocalRecord>, get;
    Read Marked { layout: Arc<Layout>, keys: Vec<LocalKey> } -> Vec<LocalKey>, marked;
    Read Find { layout: Arc<Layout>, criteria: Vec<Criterion>, limit: usize } -> Vec<LocalRecord>, find;
    Read Month { asked: Arc<Asked>, month: String, after: Option<LocalCursor>, limit: usize } -> (Vec<Cells>, u64), month;
    Read ReadOn { layout: Arc<Layout>, after: After } -> LocalPage, read_on;
}

#[cfg(test)]
steps! {
    Write Sql { sql: &'static str } -> (), carry_out;
}

#[cfg(test)]
async fn carry_out(step: Sql, tx: &mut PgTx<'_>) -> Result<()> {
    tx.statements(step.sql).await
}

async fn look(step: Look, tx: &mut PgTx<'_>) -> Result<Vec<Option<Table>>> {
    let mut tables = Vec::with_capacity(step.names.len());
    for name in step.names {
        tables.push(match name {
            Some(name) => catalog::look(tx, &name).await?,
            None => None,
        });
    }
    Ok(tables)
}

/// Makes the tables where none of them is there yet.
async fn create(step: Create, tx: &mut PgTx<'_>) -> Result<bool> {
    for (name, _) in &step.tables {
        if catalog::look(tx, name).await?.is_some() {
            return Ok(false);
        }
    }
    for (_, sql) in &step.tables {
        tx.statements(sql).await?;
    }
    Ok(true)
}

async fn apply_all(step: Apply, tx: &mut PgTx<'_>) -> Result<Vec<Applied>> {
    apply::apply(&mut rows::PgRows::new(tx), &step.owner, step.fence, &step.changes).await
}

async fn get(step: Get, tx: &mut PgTx<'_>) -> Result<Vec<LocalRecord>> {
    let keys: Vec<&str> = step.keys.iter().map(LocalKey::as_str).collect();
    let found = read::look(tx, &step.layout, By::Key, &keys, "").await?;
    Ok(found.into_iter().flatten().map(|found| found.record).collect())
}

async fn marked(step: Marked, tx: &mut PgTx<'_>) -> Result<Vec<LocalKey>> {
    let keys: Vec<&str> = step.keys.iter().map(LocalKey::as_str).collect();
    let found = read::look(tx, &step.layout, By::Key, &keys, "").await?;
    Ok(found.into_iter().flatten().filter(|found| found.marked).map(|found| found.record.key).collect())
}

async fn find(step: Find, tx: &mut PgTx<'_>) -> Result<Vec<LocalRecord>> {
    read::find(tx, &step.layout, &step.criteria, step.limit).await
}

async fn month(step: Month, tx: &mut PgTx<'_>) -> Result<(Vec<Cells>, u64)> {
    monthly::month(tx, &step.asked, &step.month, step.after.as_ref(), step.limit).await
}

async fn read_on(step: ReadOn, tx: &mut PgTx<'_>) -> Result<LocalPage> {
    read::read(tx, &step.layout, &step.after).await
}

impl Postgres {
    pub(super) async fn open(url: &str) -> std::result::Result<Self, TargetError> {
        let guest = seam::visit(url.into(), PATIENCE).await;
        guest.map(|guest| Self(Arc::new(guest))).map_err(|error| fault::reported("the database", error))
    }

    pub(super) async fn run<S: PgStep>(&self, step: S) -> std::result::Result<S::Answer, TargetError> {
        self.0.run(step).await.map_err(|error| fault::reported(self.0.shown(), error))
    }
}
