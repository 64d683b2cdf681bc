//! A transaction of PostgreSQL.

use chrono::{DateTime, Utc};
use deadpool_postgres::ClientWrapper;
use futures_util::future::{join, try_join_all};
use provider_core::{Error, Result};
use tokio_postgres::types::{ToSql, Type};
use tokio_postgres::{SimpleQueryMessage, Statement};

use super::between_statements;
use super::fault::StatementError;
use super::guest::{Given, Texts, texts};
use super::server::Server;
use super::value::{Column, Param, name, numbers, row};
use crate::error::damaged;
use crate::schema::Schema;
use crate::tx::{Access, Ahead, MarkedKeys, Row, Tx, Value};

/// How many statements are on their way at once.
const PIPELINE: usize = 256;

const NOW: &str = "SELECT CAST(EXTRACT(EPOCH FROM clock_timestamp()) * 1000000 AS BIGINT)";
/// Every query looks into an index, for one row or for many: nothing is gained by planning it each time, and with a
/// long list of keys the server would rather read the whole table.
const ONE_PLAN: &str = "SET LOCAL plan_cache_mode = force_generic_plan";
const MARK: &str = "SAVEPOINT provider_mark";
const MARK_AGAIN: &str = "RELEASE SAVEPOINT provider_mark; SAVEPOINT provider_mark";
const BACK: &str = "ROLLBACK TO SAVEPOINT provider_mark; RELEASE SAVEPOINT provider_mark";
/// As the statement sees it: `to_regclass` answers what its connection last knew, and may not know of a table that was
/// made while it waited for a lock.
const HAS_TABLE: &str =
    "SELECT 1 FROM pg_catalog.pg_class WHERE relname = CAST($1 AS TEXT) AND pg_table_is_visible(oid)";

/// What a transaction is known by on its server, and which server that is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Stamp {
    pub(super) transaction: String,
    pub(super) server: String,
}

/// How far a transaction came.
#[derive(Debug)]
pub(super) struct Progress {
    pub(super) begun: bool,
    pub(super) stamp: Option<Stamp>,
    pub(super) failure: Option<StatementError>,
}

/// A transaction of a server under way.
pub struct PgTx<'a> {
    client: &'a ClientWrapper,
    server: &'a Server,
    /// What begins it. It travels with the first statement.
    begin: Option<String>,
    /// Whether there is a mark to go back to, and the one that travels with the next statement.
    marked: bool,
    mark: Option<&'static str>,
    stamp: Option<Stamp>,
    failure: Option<StatementError>,
    time: Option<DateTime<Utc>>,
}

impl std::fmt::Debug for PgTx<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("PgTx")
    }
}

impl<'a> PgTx<'a> {
    pub(super) fn new(client: &'a ClientWrapper, server: &'a Server, access: Access, checked: bool) -> Self {
        let begin = Some(begin(server, access, checked));
        Self { client, server, begin, marked: false, mark: None, stamp: None, failure: None, time: None }
    }

    pub(super) fn end(self) -> Progress {
        let Self { begin, stamp, failure, .. } = self;
        Progress { begun: begin.is_none(), stamp, failure }
    }

    /// Sends something, behind what begins the transaction.
    async fn sent<A>(
        &mut self,
        work: impl Future<Output = std::result::Result<A, tokio_postgres::Error>> + Send,
    ) -> Result<A> {
        between_statements();
        let mark = self.mark.take();
        let outcome = match self.begin.take() {
            None => match mark {
                None => work.await,
                Some(mark) => {
                    let (marked, done) = join(self.client.simple_query(mark), work).await;
                    marked.and(done)
                }
            },
            Some(mut begin) => {
                if let Some(mark) = mark {
                    begin.push_str("; ");
                    begin.push_str(mark);
                }
                // Both are on their way before either is answered, in this order.
                let (begun, done) = join(self.client.simple_query(&begin), work).await;
                match begun {
                    Ok(answer) => {
                        self.stamp = stamp(&answer);
                        self.time = told(&answer, "now").and_then(|micros| time(micros.parse().ok()?));
                        done
                    }
                    Err(error) => Err(error),
                }
            }
        };
        outcome.map_err(|error| self.failed(&error))
    }

    fn failed(&mut self, error: &tokio_postgres::Error) -> Error {
        let (error, failure) = self.server.about().statement(error);
        // What comes after the first failure follows from it.
        self.failure.get_or_insert(failure);
        error
    }

    /// A place to go [`back`](Self::back) to. The one before is given up.
    pub fn mark(&mut self) {
        if self.mark.is_none() {
            let again = std::mem::replace(&mut self.marked, true);
            self.mark = Some(if again { MARK_AGAIN } else { MARK });
        }
    }

    /// Undoes what was done since the mark, and goes on as if the statement that failed had not been sent.
    ///
    /// # Errors
    /// When the connection is gone.
    pub async fn back(&mut self) -> Result<()> {
        let client = self.client;
        let failure = self.failure.take();
        let undone = self.sent(client.batch_execute(BACK)).await;
        self.marked = false;
        if undone.is_err() {
            // What came first is what it failed with.
            self.failure = failure.or(self.failure);
        }
        undone
    }

    /// What a statement answers, all of it text. Nothing is put in place of what PostgreSQL does not store.
    ///
    /// # Errors
    /// Any failure of the database; [`SqlRefusal::of`](super::SqlRefusal::of) tells what the server said.
    pub async fn texts(&mut self, sql: &str, given: &[Given<'_>]) -> Result<Vec<Texts>> {
        let client = self.client;
        let found = self.sent(async {
            let statement = client.prepare_cached(sql).await?;
            client.query(&statement, &references(given)).await
        });
        found.await?.iter().map(texts).collect()
    }

    /// Several statements without values.
    ///
    /// # Errors
    /// Any failure of the database.
    pub async fn statements(&mut self, sql: &str) -> Result<()> {
        let client = self.client;
        self.sent(client.batch_execute(sql)).await
    }

    async fn prepared(&mut self, sql: &str) -> Result<Statement> {
        let client = self.client;
        self.sent(client.prepare_cached(sql)).await
    }

    async fn query(&mut self, sql: &str, values: &[Value]) -> Result<Vec<Row>> {
        let client = self.client;
        let values: Vec<_> = values.iter().map(Param).collect();
        let found = self.sent(async {
            let statement = client.prepare_cached(sql).await?;
            client.query(&statement, &references(&values)).await
        });
        found.await?.iter().map(row).collect()
    }

    async fn moment(&mut self, sql: &str, values: &[Value]) -> Result<DateTime<Utc>> {
        let mut rows = self.query(sql, values).await?.into_iter();
        let micros = rows.next().ok_or_else(|| damaged("the database tells no time"))?.int()?;
        time(micros).ok_or_else(|| damaged("the time of the database is out of range"))
    }
}

fn time(micros: i64) -> Option<DateTime<Utc>> {
    DateTime::from_timestamp_micros(micros)
}

/// The schema that a table lies in, or would be made in. Two sessions may find the same tables by other search paths, and
/// have to wait for each other all the same.
fn home(table: &str) -> String {
    format!(
        "COALESCE((SELECT CAST(n.nspname AS TEXT) FROM pg_catalog.pg_class c \
         JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace \
         WHERE c.relname = {table} AND pg_catalog.pg_table_is_visible(c.oid)), \
         CAST(current_schema() AS TEXT), '')"
    )
}

/// The time is read when nobody else is in: whoever has waited must not take what has run out meanwhile for alive.
fn exclusive() -> String {
    format!(
        "WITH held AS MATERIALIZED (SELECT pg_advisory_xact_lock(hashtextextended( \
         {} || CAST($1 AS TEXT), 0))) \
         SELECT CAST(EXTRACT(EPOCH FROM clock_timestamp()) * 1000000 AS BIGINT) FROM held",
        home("split_part(CAST($1 AS TEXT), ' ', 1)")
    )
}

fn references<T: ToSql + Sync>(values: &[T]) -> Vec<&(dyn ToSql + Sync)> {
    values.iter().map(|value| value as _).collect()
}

/// A reader sees one moment. A writer sees, with each statement, what was stored until then; that nobody migrates
/// meanwhile, that it waits no longer than it should, that a process that was stopped holds up nobody for ever, and
/// that what is answered is on the disk, is settled with the first message.
fn begin(server: &Server, access: Access, checked: bool) -> String {
    if access == Access::Read {
        return format!("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY; {ONE_PLAN}");
    }
    // What an application wants to be looked at last is looked at with each row: only so it can be told of which one.
    let at_once = if server.is_visited() { "SET CONSTRAINTS ALL IMMEDIATE; " } else { "" };
    let unmigrated = if checked {
        let meta = server.schema().meta;
        let home = home(&format!("'{meta}'"));
        format!("pg_advisory_xact_lock_shared(hashtextextended({home} || '{meta} schema', 0)), ")
    } else {
        String::new()
    };
    format!(
        "BEGIN ISOLATION LEVEL READ COMMITTED; {ONE_PLAN}; {at_once}\
         SELECT set_config('lock_timeout', '{}ms', true), \
         set_config('idle_in_transaction_session_timeout', '60s', true), \
         set_config('synchronous_commit', CASE current_setting('synchronous_commit') WHEN 'off' THEN 'on' \
         ELSE current_setting('synchronous_commit') END, true); \
         SELECT {unmigrated}txid_current() AS stamp, pg_postmaster_start_time() AS server, \
         CAST(EXTRACT(EPOCH FROM clock_timestamp()) * 1000000 AS BIGINT) AS now",
        server.about().patience.as_millis().max(1)
    )
}

/// What the last row of an answer says under this name.
fn told<'a>(answer: &'a [SimpleQueryMessage], name: &str) -> Option<&'a str> {
    answer.iter().rev().find_map(|message| match message {
        SimpleQueryMessage::Row(row) => row.try_get(name).ok().flatten(),
        _ => None,
    })
}

fn stamp(answer: &[SimpleQueryMessage]) -> Option<Stamp> {
    let part = |name| told(answer, name).map(ToOwned::to_owned);
    Some(Stamp { transaction: part("stamp")?, server: part("server")? })
}

/// A query, once for each set of values, as one statement: `$1` becomes the column of all first values.
fn once_each(sql: &str, types: &[Type]) -> Result<String> {
    let mut inner = String::with_capacity(sql.len() + 16);
    for (at, part) in sql.split('$').enumerate() {
        if at > 0 {
            inner.push_str("v.p");
        }
        inner.push_str(part);
    }
    let (mut arrays, mut columns) = (Vec::new(), String::new());
    for (at, ty) in (1..).zip(types) {
        arrays.push(format!("CAST(${at} AS {}[])", name(ty)?));
        columns.push_str(&format!("p{at}, "));
    }
    Ok(format!(
        "SELECT q.* FROM unnest({}) WITH ORDINALITY AS v ({columns}n) CROSS JOIN LATERAL ({inner}) AS q ORDER BY v.n",
        arrays.join(", ")
    ))
}

/// A query for each of many keys, answered in one row: its lists of the three columns. `$1` is the scope; the texts come
/// as `$2`, the marks as `$3`.
fn gathered(sql: &str) -> String {
    let inner = sql.replace("$2", "v.text").replace("$3", "(v.n - 1)").replace("$4", "v.mark");
    format!(
        "SELECT array_agg(w.a), array_agg(w.b), array_agg(CAST(w.c AS integer)) FROM (SELECT q.* FROM \
         unnest(CAST($2 AS text[]), CAST($3 AS bytea[])) WITH ORDINALITY AS v (text, mark, n) \
         CROSS JOIN LATERAL ({inner}) AS q) AS w (a, b, c)"
    )
}

/// A statement that adds rows where none is in the way, for all sets of values at once. `None` for any other: where one set
/// may be about the row of another, they are carried out one after another.
fn all_at_once(sql: &str, types: &[Type]) -> Option<String> {
    let (into, rest) = sql.split_once(" VALUES (")?;
    let (values, otherwise) = rest.split_once(')')?;
    let (mut given, mut arrays, mut columns) = (Vec::new(), Vec::new(), Vec::new());
    for (at, ty) in (1..).zip(types) {
        given.push(format!("${at}"));
        arrays.push(format!("CAST(${at} AS {}[])", name(ty).ok()?));
        columns.push(format!("p{at}"));
    }
    if !into.starts_with("INSERT INTO ") || values != given.join(", ") || !otherwise.ends_with(" DO NOTHING")
    {
        return None;
    }
    let (arrays, columns) = (arrays.join(", "), columns.join(", "));
    Some(format!(
        "{into} SELECT {columns} FROM unnest({arrays}) WITH ORDINALITY AS v ({columns}, n) ORDER BY v.n{otherwise}"
    ))
}

impl Tx for PgTx<'_> {
    async fn now(&mut self) -> Result<DateTime<Utc>> {
        if let Some(clock) = self.server.clock() {
            return Ok(clock.now());
        }
        let time = match self.time {
            Some(time) => time,
            None => self.moment(NOW, &[]).await?,
        };
        self.time = Some(time);
        Ok(time)
    }

    async fn rows(&mut self, sql: &'static str, values: &[Value]) -> Result<Vec<Row>> {
        self.query(sql, values).await
    }

    async fn exec(&mut self, sql: &'static str, values: &[Value]) -> Result<u64> {
        let client = self.client;
        let values: Vec<_> = values.iter().map(Param).collect();
        let changed = self.sent(async {
            let statement = client.prepare_cached(sql).await?;
            client.execute(&statement, &references(&values)).await
        });
        changed.await
    }

    async fn each(&mut self, sql: &'static str, sets: &[Vec<Value>]) -> Result<u64> {
        let client = self.client;
        let statement = self.prepared(sql).await?;
        if let Some(whole) = all_at_once(sql, statement.params()).filter(|_| sets.len() > 1) {
            let columns = statement.params().iter().enumerate().map(|(at, ty)| Column::of(ty, sets, at));
            let columns = columns.collect::<Result<Vec<_>>>()?;
            let added = self.sent(async {
                let statement = client.prepare_cached(&whole).await?;
                client.execute(&statement, &references(&columns)).await
            });
            return added.await;
        }
        let mut changed = 0;
        for some in sets.chunks(PIPELINE) {
            // They are sent in their order, without waiting for each other's answers.
            let all = try_join_all(some.iter().map(|values| {
                let (statement, values) = (statement.clone(), values.iter().map(Param).collect::<Vec<_>>());
                async move { client.execute(&statement, &references(&values)).await }
            }));
            changed += self.sent(all).await?.into_iter().sum::<u64>();
        }
        Ok(changed)
    }

    async fn find(&mut self, sql: &'static str, sets: &[Vec<Value>]) -> Result<Vec<Row>> {
        if sets.is_empty() {
            return Ok(Vec::new());
        }
        let client = self.client;
        let types = self.prepared(sql).await?.params().to_vec();
        let whole = once_each(sql, &types)?;
        let columns = types.iter().enumerate().map(|(at, ty)| Column::of(ty, sets, at));
        let columns = columns.collect::<Result<Vec<_>>>()?;
        let found = self.sent(async {
            let statement = client.prepare_cached(&whole).await?;
            client.query(&statement, &references(&columns)).await
        });
        found.await?.iter().map(row).collect()
    }

    /// A page is one statement, whatever the order of its keys.
    async fn numbers(
        &mut self,
        sql: &'static str,
        _ahead: Ahead,
        scope: i64,
        keys: &MarkedKeys,
    ) -> Result<Vec<[Option<i64>; 3]>> {
        if keys.is_empty() {
            return Ok(Vec::new());
        }
        let (client, whole) = (self.client, gathered(sql));
        let (texts, marks) = Column::of_keys(keys);
        let found = self.sent(async {
            let statement = client.prepare_cached(&whole).await?;
            client.query_one(&statement, &[&scope, &texts, &marks]).await
        });
        numbers(&found.await?)
    }

    async fn batch(&mut self, sql: &'static str) -> Result<()> {
        let client = self.client;
        self.sent(client.batch_execute(sql)).await
    }

    async fn exclusive(&mut self, name: &str) -> Result<()> {
        let name = format!("{} {name}", self.server.schema().meta);
        self.time = Some(self.moment(&exclusive(), &[name.into()]).await?);
        Ok(())
    }

    async fn has_table(&mut self, name: &'static str) -> Result<bool> {
        self.query(HAS_TABLE, &[name.into()]).await.map(|rows| !rows.is_empty())
    }

    fn schema(&self) -> &'static Schema {
        self.server.schema()
    }

    fn migrations(&self) -> &'static [&'static str] {
        self.server.schema().postgres
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_query_for_many_sets_is_one_statement() {
        let sql = "SELECT CAST($3 AS BIGINT), slot, source = $4 FROM t WHERE a = $1 AND b = $2";
        let types = [Type::INT8, Type::TEXT, Type::INT8, Type::BYTEA];
        assert_eq!(
            once_each(sql, &types).ok().as_deref(),
            Some(
                "SELECT q.* FROM unnest(CAST($1 AS bigint[]), CAST($2 AS text[]), CAST($3 AS bigint[]), \
                 CAST($4 AS bytea[])) WITH ORDINALITY AS v (p1, p2, p3, p4, n) CROSS JOIN LATERAL \
                 (SELECT CAST(v.p3 AS BIGINT), slot, source = v.p4 FROM t WHERE a = v.p1 AND b = v.p2) AS q \
                 ORDER BY v.n"
            )
        );
        assert!(once_each("SELECT $1", &[Type::FLOAT8]).is_err());
    }

    #[test]
    fn numbers_of_many_keys_are_one_row() {
        assert_eq!(
            gathered("SELECT CAST($3 AS BIGINT), slot, source = $4 FROM t WHERE a = $1 AND b = $2"),
            "SELECT array_agg(w.a), array_agg(w.b), array_agg(CAST(w.c AS integer)) FROM (SELECT q.* FROM \
             unnest(CAST($2 AS text[]), CAST($3 AS bytea[])) WITH ORDINALITY AS v (text, mark, n) CROSS JOIN \
             LATERAL (SELECT CAST((v.n - 1) AS BIGINT), slot, source = v.mark FROM t WHERE a = $1 AND b = v.text) \
             AS q) AS w (a, b, c)"
        );
    }

    #[test]
    fn rows_that_are_added_where_none_is_in_the_way_are_one_statement() {
        let types = [Type::INT8, Type::TEXT];
        assert_eq!(
            all_at_once("INSERT INTO t (a, b) VALUES ($1, $2) ON CONFLICT (a) DO NOTHING", &types).as_deref(),
            Some(
                "INSERT INTO t (a, b) SELECT p1, p2 FROM unnest(CAST($1 AS bigint[]), CAST($2 AS text[])) \
                 WITH ORDINALITY AS v (p1, p2, n) ORDER BY v.n ON CONFLICT (a) DO NOTHING"
            )
        );
        for other in [
            "INSERT INTO t (a, b) VALUES ($1, $2) ON CONFLICT (a) DO UPDATE SET b = excluded.b",
            "INSERT INTO t (a, b) VALUES ($1, $2)",
            "INSERT INTO t (b, a) VALUES ($2, $1) ON CONFLICT (a) DO NOTHING",
            "INSERT INTO t (a, b) VALUES ($1, lower($2)) ON CONFLICT (a) DO NOTHING",
            "DELETE FROM t WHERE a = $1 AND b = $2",
        ] {
            assert_eq!(all_at_once(other, &types), None, "{other}");
        }
        let odd = "INSERT INTO t (a) VALUES ($1) ON CONFLICT DO NOTHING";
        assert_eq!(all_at_once(odd, &[Type::FLOAT8]), None);
    }
}
