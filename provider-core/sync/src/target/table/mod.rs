//! Tables that the application has in its own database, SQLite or PostgreSQL. What becomes of a change is written once
//! ([`apply`], on [`rows::Rows`]); what differs is how rows are read and written, and the words for it.

mod apply;
mod cells;
mod change;
mod create;
mod dialect;
mod found;
mod layout;
#[cfg(feature = "sqlite")]
mod lite;
mod monthly;
#[cfg(feature = "postgres")]
mod pg;
mod rows;
mod schema;
mod value;

use std::collections::BTreeMap;
use std::sync::Arc;

use async_trait::async_trait;
use provider_core::EntityKind;
use serde_json::Value;

use super::{
    Applied, ApplyBatch, Criterion, LocalCursor, LocalKey, LocalPage, LocalRecord, Target, TargetError,
    TargetErrorKind, TargetField,
};
use crate::plan::{KindPlan, PlanProblem, SyncPlan};
use dialect::Dialect;
use layout::Layout;
pub(crate) use monthly::{Cells, LookedAt, Monthly};
pub(crate) use schema::Table;

/// How many rows are written in one transaction. It costs as much as some hundred of them; more than these would make the
/// application wait.
const AT_ONCE: usize = 1_600;

/// What the plan says of each kind, and what the database has for it.
type Tables = BTreeMap<EntityKind, Kept>;

#[derive(Debug)]
struct Kept {
    plan: KindPlan,
    table: Option<Table>,
    layout: Option<Arc<Layout>>,
}

/// Tables that exist in the application's own database, SQLite or PostgreSQL.
///
/// Each table needs one column for the distributor's id, with a unique index; a row that no distributor knows has it
/// empty. One small table is added, `provider_sync_fence`; those of the application are never altered. A row's own
/// key is the table's primary key.
///
/// In PostgreSQL a table may be named with its schema, `billing.accounts`, and values are what the columns make of them:
/// amounts belong into `numeric` or text, moments into `timestamptz`, days into `date`, lists into `jsonb` or text. All
/// processes of all machines may work on one database: each batch is one transaction that holds the rows it compares.
#[derive(Debug, Clone)]
pub struct TableTarget {
    place: Place,
    connection: String,
    tables: Arc<Tables>,
}

/// Which rows are read next.
#[derive(Debug, Clone)]
struct After {
    cursor: Option<LocalCursor>,
    /// Only those without a link.
    untied: bool,
    limit: usize,
}

#[derive(Debug, Clone)]
enum Place {
    #[cfg(feature = "sqlite")]
    File(Arc<lite::Worker>),
    #[cfg(feature = "postgres")]
    Server(pg::Postgres),
}

/// Where an address leads to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Address<'a> {
    /// The path of a file.
    File(&'a str),
    Server,
}

impl<'a> Address<'a> {
    /// Nothing of what cannot be read is quoted: an address may hold a password.
    fn of(url: &'a str) -> Result<Self, TargetError> {
        match url.split_once(':').map(|(scheme, rest)| (scheme.trim().to_ascii_lowercase(), rest)) {
            Some((scheme, path)) if scheme == "sqlite" => Ok(Self::File(path)),
            Some((scheme, _)) if scheme == "postgres" || scheme == "postgresql" => Ok(Self::Server),
            _ => Err(misfit("use `sqlite:PATH` or `postgres://…`, the application's database")),
        }
    }

    fn dialect(self) -> Dialect {
        match self {
            Self::File(_) => Dialect::Sqlite,
            Self::Server => Dialect::Postgres,
        }
    }
}

fn misfit(message: &str) -> TargetError {
    TargetError::new(TargetErrorKind::Misfit, message)
}

impl Place {
    #[cfg_attr(
        not(all(feature = "postgres", feature = "sqlite")),
        allow(clippy::unused_async, reason = "one of the two is not in this build")
    )]
    async fn open(url: &str) -> Result<Self, TargetError> {
        match Address::of(url)? {
            #[cfg(feature = "sqlite")]
            Address::File(path) => Ok(Self::File(Arc::new(lite::Worker::open(lite::file(path)?).await?))),
            #[cfg(not(feature = "sqlite"))]
            Address::File(_) => {
                Err(misfit("this build has no SQLite: switch on the feature `sqlite` of provider-sync"))
            }
            #[cfg(feature = "postgres")]
            Address::Server => pg::Postgres::open(url).await.map(Self::Server),
            #[cfg(not(feature = "postgres"))]
            Address::Server => {
                Err(misfit("this build has no PostgreSQL: switch on the feature `postgres` of provider-sync"))
            }
        }
    }

    /// For those who only look: a file need not be writable, and nothing is written by mistake. On a server every
    /// transaction says so by itself.
    async fn open_to_look(url: &str) -> Result<Self, TargetError> {
        #[cfg(feature = "sqlite")]
        if let Address::File(path) = Address::of(url)? {
            let worker = lite::Worker::read_only(lite::file(path)?).await?;
            return Ok(Self::File(Arc::new(worker)));
        }
        Self::open(url).await
    }

    /// What the tables with these names are like.
    async fn look(&self, names: Vec<Option<String>>) -> Result<Vec<Option<Table>>, TargetError> {
        match self {
            #[cfg(feature = "sqlite")]
            Self::File(worker) => {
                let look = |connection: &mut rusqlite::Connection, name: Option<String>| {
                    name.map_or(Ok(None), |name| lite::look(connection, &name))
                };
                worker
                    .run(move |connection| names.into_iter().map(|name| look(connection, name)).collect())
                    .await
            }
            #[cfg(feature = "postgres")]
            Self::Server(server) => server.run(pg::Look { names }).await,
        }
    }

    fn dialect(&self) -> Dialect {
        match self {
            #[cfg(feature = "sqlite")]
            Self::File(_) => Dialect::Sqlite,
            #[cfg(feature = "postgres")]
            Self::Server(_) => Dialect::Postgres,
        }
    }
}

#[cfg(all(test, feature = "sqlite"))]
impl TableTarget {
    /// Sets the connection up in another way, to fail.
    pub(crate) async fn pragma(&self, sql: &'static str) -> Result<(), TargetError> {
        match &self.place {
            Place::File(worker) => worker.run(move |connection| Ok(connection.execute_batch(sql)?)).await,
            #[cfg(feature = "postgres")]
            Place::Server(_) => Err(misfit("a server has no pragmas")),
        }
    }
}

#[cfg(all(test, feature = "postgres"))]
impl TableTarget {
    /// Somebody's own SQL, on a connection of the target.
    pub(crate) async fn sql(&self, sql: &'static str) -> Result<(), TargetError> {
        match &self.place {
            #[cfg(feature = "sqlite")]
            Place::File(_) => Err(misfit("a file is changed by a connection of its own")),
            Place::Server(server) => server.run(pg::Sql { sql }).await,
        }
    }
}

impl TableTarget {
    /// Opens the application's database, `sqlite:PATH` or `postgres://USER:PASSWORD@HOST/DATABASE`, which has to be there,
    /// and looks at the tables that the plan names. Nothing is written.
    ///
    /// # Errors
    /// `Misfit` for an address of another kind or one that this build has no database for, `Unreachable` where there is
    /// no such file or server, `Denied` where that lets nobody in, `Corrupt` where it is no database.
    pub async fn open(url: &str, plan: &SyncPlan) -> Result<Self, TargetError> {
        let place = Place::open(url).await?;
        let kinds: Vec<KindPlan> = plan.active().map(|(_, kind)| kind.clone()).collect();
        let found = place.look(kinds.iter().map(|kind| kind.table.clone()).collect()).await?;
        let mut tables = BTreeMap::new();
        for (plan, table) in kinds.into_iter().zip(found) {
            let layout = table.as_ref().and_then(|table| Layout::new(&plan, table)).map(Arc::new);
            tables.insert(plan.kind, Kept { plan, table, layout });
        }
        Ok(Self { place, connection: plan.connection.clone(), tables: Arc::new(tables) })
    }

    /// The SQL of the tables that a plan names, for a SQLite database that has none of them yet.
    #[must_use]
    pub fn sql_of(plan: &SyncPlan) -> Vec<String> {
        sql(Dialect::Sqlite, plan).into_iter().map(|(_, sql)| sql).collect()
    }

    /// The same in the words of the database at an address. Nobody connects to it.
    ///
    /// # Errors
    /// `Misfit` for an address of another kind.
    pub fn sql_for(url: &str, plan: &SyncPlan) -> Result<Vec<String>, TargetError> {
        let dialect = Address::of(url)?.dialect();
        Ok(sql(dialect, plan).into_iter().map(|(_, sql)| sql).collect())
    }

    /// Makes a new SQLite database with these tables, or the tables in a PostgreSQL database that is there. `false` where
    /// there is such a file, or one of the tables, already: everything is left as it is.
    ///
    /// # Errors
    /// As [`open`](Self::open), and where they cannot be made.
    pub async fn create(url: &str, plan: &SyncPlan) -> Result<bool, TargetError> {
        let address = Address::of(url)?;
        #[cfg(feature = "sqlite")]
        if let Address::File(path) = address {
            let path = lite::file(path)?;
            match std::fs::File::options().write(true).create_new(true).open(&path) {
                Err(error) if error.kind() == std::io::ErrorKind::AlreadyExists => return Ok(false),
                Err(error) => {
                    let message = format!("{} cannot be made", path.display());
                    return Err(TargetError::new(TargetErrorKind::Unreachable, message).with_source(error));
                }
                Ok(_) => {}
            }
            let made = Self::make(url, address, plan).await;
            // An empty file would be in the way of the next try. One that is not empty is somebody else's by now.
            if made.is_err() && path.metadata().is_ok_and(|file| file.len() == 0) {
                let _ = std::fs::remove_file(&path);
            }
            return made;
        }
        Self::make(url, address, plan).await
    }

    async fn make(url: &str, address: Address<'_>, plan: &SyncPlan) -> Result<bool, TargetError> {
        let tables = sql(address.dialect(), plan);
        match Place::open(url).await? {
            #[cfg(feature = "sqlite")]
            Place::File(worker) => {
                let sql: String = tables.into_iter().map(|(_, sql)| sql).collect();
                let made = worker.run(move |connection| {
                    let transaction = connection.transaction()?;
                    transaction.execute_batch(&sql)?;
                    Ok(transaction.commit()?)
                });
                made.await.map(|()| true)
            }
            #[cfg(feature = "postgres")]
            Place::Server(server) => server.run(pg::Create { tables }).await,
        }
    }

    fn layout(&self, kind: EntityKind) -> Result<Arc<Layout>, TargetError> {
        let layout = self.tables.get(&kind).and_then(|kept| kept.layout.as_ref());
        layout.map(Arc::clone).ok_or_else(|| misfit(&format!("the plan has no table for a {kind}")))
    }

    async fn read_on(&self, kind: EntityKind, after: After) -> Result<LocalPage, TargetError> {
        let layout = self.layout(kind)?;
        match &self.place {
            #[cfg(feature = "sqlite")]
            Place::File(worker) => {
                worker.run(move |connection| lite::read(connection, &layout, &after)).await
            }
            #[cfg(feature = "postgres")]
            Place::Server(server) => server.run(pg::ReadOn { layout, after }).await,
        }
    }

    fn table(&self, kind: EntityKind) -> Option<&Table> {
        self.tables.get(&kind).and_then(|kept| kept.table.as_ref())
    }
}

/// The tables that a plan names, each with the SQL that makes it. One that several data types share by their scopes is made
/// once.
fn sql(dialect: Dialect, plan: &SyncPlan) -> Vec<(String, String)> {
    let mut tables: Vec<(&str, Vec<&KindPlan>)> = Vec::new();
    for kind in &plan.kinds {
        let Some(name) = kind.table.as_deref() else { continue };
        match tables
            .iter_mut()
            .find(|(known, _)| dialect.is_one(&dialect.relation(known), &dialect.relation(name)))
        {
            Some((_, kinds)) => kinds.push(kind),
            None => tables.push((name, vec![kind])),
        }
    }
    tables.into_iter().map(|(name, kinds)| (name.to_owned(), create::table(dialect, &kinds, name))).collect()
}

#[async_trait]
impl Target for TableTarget {
    fn fields(&self, kind: EntityKind) -> Vec<TargetField> {
        self.table(kind).map(Table::fields).unwrap_or_default()
    }

    fn connection(&self) -> Option<&str> {
        Some(&self.connection)
    }

    fn problems(&self, kind: &KindPlan) -> Vec<PlanProblem> {
        schema::problems(kind, self.place.dialect(), self.table(kind.kind))
    }

    fn sql_to_add(&self, table: &str, column: &str) -> Option<String> {
        let of = |kept: &&Kept| kept.plan.table.as_deref() == Some(table);
        let plan = self.tables.values().find(of).map(|kept| &kept.plan);
        Some(create::column(self.place.dialect(), plan, table, column))
    }

    fn is_one_table(&self, one: &str, other: &str) -> bool {
        let relation = |name: &str| {
            let found = self.tables.values().find(|kept| kept.plan.table.as_deref() == Some(name));
            found.and_then(|kept| kept.table.as_ref()).map(|table| table.relation.clone())
        };
        let (one, other) =
            relation(one).zip(relation(other)).unwrap_or_else(|| (one.to_owned(), other.to_owned()));
        self.place.dialect().is_one(&one, &other)
    }

    fn marks_by_column(&self) -> bool {
        true
    }

    fn at_once(&self) -> usize {
        AT_ONCE
    }

    fn holds(&self, kind: EntityKind, field: &str, stored: &Value, wanted: &Value) -> bool {
        self.layout(kind).is_ok_and(|layout| {
            let form = layout.form(field);
            form.holds(stored, form.cell(wanted).lend())
        })
    }

    async fn apply(&self, batch: &ApplyBatch) -> Result<Vec<Applied>, TargetError> {
        let changes = change::prepared(batch, |change| self.layout(change.remote.kind))?;
        let (owner, fence) = (batch.connection.clone(), batch.fence);
        match &self.place {
            #[cfg(feature = "sqlite")]
            Place::File(worker) => {
                worker.run(move |connection| lite::apply(connection, &owner, fence, &changes)).await
            }
            #[cfg(feature = "postgres")]
            Place::Server(server) => server.run(pg::Apply { owner, fence, changes: Arc::new(changes) }).await,
        }
    }

    async fn find(
        &self,
        kind: EntityKind,
        criteria: &[Criterion],
        limit: usize,
    ) -> Result<Vec<LocalRecord>, TargetError> {
        let (layout, criteria) = (self.layout(kind)?, criteria.to_vec());
        match &self.place {
            #[cfg(feature = "sqlite")]
            Place::File(worker) => {
                worker.run(move |connection| lite::find(connection, &layout, &criteria, limit)).await
            }
            #[cfg(feature = "postgres")]
            Place::Server(server) => server.run(pg::Find { layout, criteria, limit }).await,
        }
    }

    async fn get(&self, kind: EntityKind, keys: &[LocalKey]) -> Result<Vec<LocalRecord>, TargetError> {
        let (layout, keys) = (self.layout(kind)?, keys.to_vec());
        match &self.place {
            #[cfg(feature = "sqlite")]
            Place::File(worker) => worker.run(move |connection| lite::get(connection, &layout, &keys)).await,
            #[cfg(feature = "postgres")]
            Place::Server(server) => server.run(pg::Get { layout, keys }).await,
        }
    }

    async fn marked(&self, kind: EntityKind, keys: &[LocalKey]) -> Result<Vec<LocalKey>, TargetError> {
        let (layout, keys) = (self.layout(kind)?, keys.to_vec());
        if !layout.hides_its_mark() {
            return Ok(Vec::new());
        }
        match &self.place {
            #[cfg(feature = "sqlite")]
            Place::File(worker) => {
                worker.run(move |connection| lite::marked(connection, &layout, &keys)).await
            }
            #[cfg(feature = "postgres")]
            Place::Server(server) => server.run(pg::Marked { layout, keys }).await,
        }
    }

    async fn read(
        &self,
        kind: EntityKind,
        after: Option<&LocalCursor>,
        limit: usize,
    ) -> Result<LocalPage, TargetError> {
        self.read_on(kind, After { cursor: after.cloned(), untied: false, limit }).await
    }

    async fn read_untied(
        &self,
        kind: EntityKind,
        after: Option<&LocalCursor>,
        limit: usize,
    ) -> Result<LocalPage, TargetError> {
        self.read_on(kind, After { cursor: after.cloned(), untied: true, limit }).await
    }
}
