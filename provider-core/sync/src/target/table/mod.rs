//! Tables that the application has in its own SQLite database.

mod apply;
mod change;
mod create;
mod layout;
mod look;
mod schema;
mod value;
mod worker;

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::Arc;

use async_trait::async_trait;
use provider_core::EntityKind;

use super::{
    Applied, ApplyBatch, Criterion, LocalCursor, LocalKey, LocalPage, LocalRecord, Target, TargetError,
    TargetErrorKind, TargetField,
};
use crate::plan::{KindPlan, PlanProblem, SyncPlan};
use layout::Layout;
pub(crate) use schema::{PrimaryKey, Table};
pub(crate) use value::{from_sql, quoted, to_sql};
pub(crate) use worker::{JobError, Worker};

/// What the plan says of each kind, and what the database has for it.
type Tables = BTreeMap<EntityKind, (Option<Table>, Option<Arc<Layout>>)>;

/// Tables that exist in the application's own SQLite database.
///
/// Each table needs one column for the distributor's id, with a unique index; a row that no distributor knows has it
/// empty. One small table is added, `provider_sync_fence`; those of the application are never altered. A row's own
/// key is the table's primary key.
#[derive(Debug, Clone)]
pub struct TableTarget {
    worker: Arc<Worker>,
    tables: Arc<Tables>,
}

/// The file that an address names.
pub(crate) fn file(url: &str) -> Result<PathBuf, TargetError> {
    let misfit = |message: &str| TargetError::new(TargetErrorKind::Misfit, message);
    let path = match url.split_once(':') {
        Some(("sqlite", path)) => path.strip_prefix("//").unwrap_or(path),
        Some(("postgres" | "postgresql", _)) => {
            return Err(misfit("this release has tables in SQLite only: use `sqlite:PATH`"));
        }
        _ => return Err(misfit("use `sqlite:PATH`, the application's database")),
    };
    if path.trim().is_empty() {
        Err(misfit("names no file: use `sqlite:PATH`"))
    } else {
        Ok(PathBuf::from(path))
    }
}

#[cfg(test)]
impl TableTarget {
    /// Sets the connection up in another way, to fail.
    pub(crate) async fn pragma(&self, sql: &'static str) -> Result<(), TargetError> {
        self.worker.run(move |connection| Ok(connection.execute_batch(sql)?)).await
    }
}

impl TableTarget {
    /// Opens the application's database, `sqlite:PATH`, which has to be there, and looks at the tables that the plan
    /// names. Nothing is written.
    ///
    /// # Errors
    /// `Misfit` for an address of another kind, `Unreachable` where there is no such file, `Corrupt` where it is no
    /// database.
    pub async fn open(url: &str, plan: &SyncPlan) -> Result<Self, TargetError> {
        let worker = Worker::open(file(url)?).await?;
        let kinds: Vec<KindPlan> = plan.active().map(|(_, kind)| kind.clone()).collect();
        let tables = worker
            .run(move |connection| {
                let mut tables = BTreeMap::new();
                for kind in kinds {
                    let table = match &kind.table {
                        Some(name) => Table::look(connection, name)?,
                        None => None,
                    };
                    let layout = table.as_ref().and_then(|table| Layout::new(&kind, table)).map(Arc::new);
                    tables.insert(kind.kind, (table, layout));
                }
                Ok(tables)
            })
            .await?;
        Ok(Self { worker: Arc::new(worker), tables: Arc::new(tables) })
    }

    /// The SQL of the tables that a plan names, for a database that has none of them yet.
    #[must_use]
    pub fn sql_of(plan: &SyncPlan) -> Vec<String> {
        let named = |kind: &KindPlan| Some(create::table(kind, kind.table.as_ref()?));
        plan.kinds.iter().filter_map(named).collect()
    }

    /// Makes a new database with these tables. `false` where there is one already: it is left as it is.
    ///
    /// # Errors
    /// As [`open`](Self::open), and where it cannot be made.
    pub async fn create(url: &str, plan: &SyncPlan) -> Result<bool, TargetError> {
        let path = file(url)?;
        let made = std::fs::File::options().write(true).create_new(true).open(&path);
        match made {
            Err(error) if error.kind() == std::io::ErrorKind::AlreadyExists => return Ok(false),
            Err(error) => {
                let message = format!("{} cannot be made", path.display());
                return Err(TargetError::new(TargetErrorKind::Unreachable, message).with_source(error));
            }
            Ok(_) => {}
        }
        let sql = Self::sql_of(plan).join("\n");
        Worker::open(path).await?.run(move |connection| Ok(connection.execute_batch(&sql)?)).await?;
        Ok(true)
    }

    fn layout(&self, kind: EntityKind) -> Result<Arc<Layout>, TargetError> {
        let layout = self.tables.get(&kind).and_then(|(_, layout)| layout.as_ref());
        layout.map(Arc::clone).ok_or_else(|| {
            TargetError::new(TargetErrorKind::Misfit, format!("the plan has no table for a {kind}"))
        })
    }

    fn table(&self, kind: EntityKind) -> Option<&Table> {
        self.tables.get(&kind).and_then(|(table, _)| table.as_ref())
    }
}

#[async_trait]
impl Target for TableTarget {
    fn fields(&self, kind: EntityKind) -> Vec<TargetField> {
        self.table(kind).map(Table::fields).unwrap_or_default()
    }

    fn problems(&self, kind: &KindPlan) -> Vec<PlanProblem> {
        schema::problems(kind, self.table(kind.kind))
    }

    fn sql_to_add(&self, table: &str, column: &str) -> Option<String> {
        Some(schema::add_column(table, column))
    }

    fn marks_by_column(&self) -> bool {
        true
    }

    async fn apply(&self, batch: &ApplyBatch) -> Result<Vec<Applied>, TargetError> {
        let changes = change::prepared(batch, |change| self.layout(change.remote.kind))?;
        let (owner, fence) = (batch.connection.clone(), batch.fence);
        self.worker.run(move |connection| apply::apply(connection, &owner, fence, &changes)).await
    }

    async fn find(
        &self,
        kind: EntityKind,
        criteria: &[Criterion],
        limit: usize,
    ) -> Result<Vec<LocalRecord>, TargetError> {
        let (layout, criteria) = (self.layout(kind)?, criteria.to_vec());
        self.worker.run(move |connection| look::find(connection, &layout, &criteria, limit)).await
    }

    async fn get(&self, kind: EntityKind, keys: &[LocalKey]) -> Result<Vec<LocalRecord>, TargetError> {
        let (layout, keys) = (self.layout(kind)?, keys.to_vec());
        self.worker
            .run(move |connection| {
                let found = keys.iter().map(|key| look::by_key(connection, &layout, key));
                Ok(found.filter_map(Result::transpose).collect::<Result<Vec<_>, _>>()?)
            })
            .await
            .map(|rows: Vec<look::Found>| rows.into_iter().map(|found| found.record).collect())
    }

    async fn read(
        &self,
        kind: EntityKind,
        after: Option<&LocalCursor>,
        limit: usize,
    ) -> Result<LocalPage, TargetError> {
        let (layout, after) = (self.layout(kind)?, after.cloned());
        self.worker.run(move |connection| look::read(connection, &layout, after.as_ref(), limit)).await
    }
}
