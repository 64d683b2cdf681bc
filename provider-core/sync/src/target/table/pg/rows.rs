//! Rows of a server, written: many with one statement.

use std::borrow::Cow;
use std::fmt::Write as _;

use provider_core::{Error, Result, Violation};
use provider_store::seam::{Given, PgTx};

use super::super::change::Prepared;
use super::super::dialect::Dialect;
use super::super::found::Found;
use super::super::layout::Layout;
use super::super::rows::{By, Edit, Rows, Wrote};
use super::super::value::quoted;
use super::fault;
use super::read::{self, placed, text, within, written};
use crate::target::TargetError;

const FENCE: &str = "CREATE TABLE IF NOT EXISTS provider_sync_fence \
    (connection text PRIMARY KEY NOT NULL, fence bigint NOT NULL)";
/// Whoever holds the row is alone until the end.
const LATEST: &str =
    "SELECT CAST(fence AS text) FROM provider_sync_fence WHERE connection = CAST($1 AS text) FOR UPDATE";
const RAISE: &str = "INSERT INTO provider_sync_fence AS f (connection, fence) \
    VALUES (CAST($1 AS text), CAST(CAST($2 AS text) AS bigint)) \
    ON CONFLICT (connection) DO UPDATE SET fence = excluded.fence WHERE f.fence <= excluded.fence \
    RETURNING CAST(f.fence AS text)";
/// Others may go on referring to such a row, and nobody changes it.
const LOCK: &str = " FOR NO KEY UPDATE OF t";

/// One column of many rows.
type Column<'c> = Vec<Option<Cow<'c, str>>>;

/// A transaction in which every row that was looked at is held.
pub(super) struct PgRows<'t, 'a> {
    tx: &'t mut PgTx<'a>,
}

impl<'t, 'a> PgRows<'t, 'a> {
    pub(super) fn new(tx: &'t mut PgTx<'a>) -> Self {
        Self { tx }
    }

    /// Writes many rows with one statement; where the application refuses one of them, in halves, down to that one. What a
    /// statement answers begins with the row's place.
    async fn together(
        &mut self,
        sql: &str,
        layout: &Layout,
        columns: &[Column<'_>],
        returns: bool,
    ) -> Result<Vec<Wrote>> {
        let count = columns.first().map_or(0, Vec::len);
        let mut wrote = Vec::with_capacity(count);
        wrote.resize_with(count, || Wrote::Nothing);
        let mut open: Vec<std::ops::Range<usize>> = std::iter::once(0..count).collect();
        while let Some(some) = open.pop().filter(|some| !some.is_empty()) {
            let part = columns.iter().map(|column| column.get(some.clone()).unwrap_or_default().to_vec());
            let given: Vec<_> = part.map(Given::Texts).chain(within(layout)).collect();
            self.tx.mark();
            match self.tx.texts(sql, &given).await {
                Ok(rows) => {
                    for (place, row) in rows.into_iter().filter_map(placed).filter(|_| returns) {
                        if let Some(at) = wrote.get_mut(some.start + place) {
                            let (key, fingerprint) = written(layout, row);
                            *at = Wrote::Row(key, fingerprint);
                        }
                    }
                }
                Err(error) => {
                    let Some(violation) = fault::violation(&error) else { return Err(error) };
                    self.tx.back().await?;
                    let middle = some.start + some.len() / 2;
                    if middle > some.start {
                        open.extend([middle..some.end, some.start..middle]);
                    } else if let Some(at) = wrote.get_mut(some.start) {
                        *at = Wrote::Refused(violation);
                    }
                }
            }
        }
        Ok(wrote)
    }
}

/// Columns on their way into a statement: `unnest` makes rows of them, with their places.
struct Unnested<'c> {
    columns: Vec<Column<'c>>,
    /// Of each, the type that its texts are cast to.
    casts: Vec<&'c str>,
}

impl<'c> Unnested<'c> {
    fn of(cast: &'c str, column: Column<'c>) -> Self {
        Self { columns: vec![column], casts: vec![cast] }
    }

    fn push(&mut self, cast: &'c str, column: Column<'c>) {
        self.columns.push(column);
        self.casts.push(cast);
    }

    fn count(&self) -> usize {
        self.columns.len()
    }

    /// The rows, with the columns `p1`, `p2` … and `n`.
    fn rows(&self) -> String {
        let count = self.count();
        let arrays: Vec<_> = (1..=count).map(|at| format!("CAST(${at} AS text[])")).collect();
        let names: Vec<_> = (1..=count).map(|at| format!("p{at}")).collect();
        format!("unnest({}) WITH ORDINALITY AS u ({}, n)", arrays.join(", "), names.join(", "))
    }

    /// One of the columns as its type, by its number from 1.
    fn cast(&self, at: usize) -> String {
        let cast = self.casts.get(at.wrapping_sub(1)).copied().unwrap_or("text");
        format!("CAST(u.p{at} AS {cast})")
    }
}

/// The statement that makes rows of such changes, and its columns. A row that was made is known by its link.
fn insert<'c>(first: &'c Prepared, changes: &[&'c Prepared], gently: bool) -> (String, Vec<Column<'c>>) {
    let layout = &*first.layout;
    let links = changes.iter().map(|change| Some(change.remote().into())).collect();
    let mut rows = Unnested::of(&layout.link.cast, links);
    for (at, column) in first.columns.iter().enumerate() {
        let values = changes.iter().map(|change| change.values.iter().nth(at).and_then(text)).collect();
        rows.push(layout.cast(column), values);
    }
    let count = rows.count();
    let casts: Vec<_> = (1..=count).map(|at| format!("{} AS c{at}", rows.cast(at))).collect();
    let scope = (count + 1..).zip(&layout.scope);
    let fixed: String =
        scope.map(|(at, fixed)| format!("CAST(CAST(${at} AS text) AS {}), ", fixed.cast)).collect();
    let scope = layout.scope.iter().map(|fixed| &fixed.name);
    let names: Vec<_> =
        scope.chain([&layout.link.name]).chain(first.columns.iter()).map(|name| quoted(name)).collect();
    let values: Vec<_> = (1..=count).map(|at| format!("v.c{at}")).collect();
    let answers = 2 + usize::from(layout.mark.is_some()) + layout.columns.len();
    let answers: Vec<_> = (1..=answers).map(|at| format!("r{at}")).collect();
    let shown: Vec<_> = answers.iter().map(|name| format!("made.{name}")).collect();
    let link = quoted(&layout.link.name);
    // `ON CONFLICT` is refused for a table in which anything unique may be looked at last.
    let (free, gently) = match (gently, layout.deferred) {
        (true, true) => {
            let within = Dialect::Postgres.within(layout, count + 1);
            let table = &layout.table;
            let taken = format!("SELECT 1 FROM {table} AS t WHERE t.{link} = v.c1{within}");
            (format!(" WHERE NOT EXISTS ({taken})"), "")
        }
        (true, false) => (String::new(), " ON CONFLICT DO NOTHING"),
        (false, _) => (String::new(), ""),
    };
    let sql = format!(
        "WITH v AS (SELECT {casts}, u.n FROM {unnested}), \
         made (link, {answers}) AS (INSERT INTO {table} AS t ({names}) \
         SELECT {fixed}{values} FROM v{free} ORDER BY v.n{gently} RETURNING t.{link}, {selected}) \
         SELECT CAST(v.n AS text), {shown} FROM v JOIN made ON made.link = v.c1",
        casts = casts.join(", "),
        unnested = rows.rows(),
        answers = answers.join(", "),
        table = layout.table,
        names = names.join(", "),
        values = values.join(", "),
        selected = layout.selected,
        shown = shown.join(", "),
    );
    (sql, rows.columns)
}

/// The statement that changes rows, and its columns.
fn update<'c>(edit: &Edit<'c>) -> (String, Vec<Column<'c>>) {
    let layout = edit.layout;
    let keys = edit.rows.iter().map(|row| key(layout, row.key.as_str())).collect();
    let mut rows = Unnested::of(&layout.key.cast, keys);
    let mut set = String::new();
    if let Some(column) = edit.empties {
        let _ = write!(set, "{} = NULL, ", quoted(column));
    }
    if edit.ties {
        let links = edit.rows.iter().map(|row| Some(row.remote.into())).collect();
        rows.push(&layout.link.cast, links);
        let _ = write!(set, "{} = {}, ", quoted(&layout.link.name), rows.cast(rows.count()));
    }
    for (at, column) in edit.columns.iter().enumerate() {
        let values = edit.rows.iter().map(|row| row.values.get(at).copied().and_then(text)).collect();
        rows.push(layout.cast(column), values);
        let _ = write!(set, "{} = {}, ", quoted(column), rows.cast(rows.count()));
    }
    let sql = format!(
        "UPDATE {} AS t SET {} FROM {} WHERE t.{} = {}{} RETURNING CAST(u.n AS text), {}",
        layout.table,
        set.trim_end_matches(", "),
        rows.rows(),
        layout.key_column(),
        rows.cast(1),
        Dialect::Postgres.within(layout, rows.count() + 1),
        layout.selected,
    );
    (sql, rows.columns)
}

/// A key as its column takes it. `None` for one that no row can have.
fn key<'k>(layout: &Layout, key: &'k str) -> Option<Cow<'k, str>> {
    layout.key.form.fits(key).then(|| key.into())
}

impl Rows for PgRows<'_, '_> {
    type Error = Error;

    fn refusal(error: TargetError) -> Error {
        fault::carried(&error)
    }

    async fn latest(&mut self, owner: &str) -> Result<Option<i64>> {
        self.tx.mark();
        match self.tx.texts(LATEST, &[Given::Text(owner.into())]).await {
            Ok(rows) => Ok(rows.into_iter().flatten().flatten().next().and_then(|fence| fence.parse().ok())),
            Err(error) if fault::is_no_such_table(&error) => {
                self.tx.back().await?;
                self.tx.statements(FENCE).await.map(|()| None)
            }
            Err(error) => Err(error),
        }
    }

    async fn raise(&mut self, owner: &str, fence: i64) -> Result<bool> {
        let given = [Given::Text(owner.into()), Given::Text(fence.to_string().into())];
        Ok(!self.tx.texts(RAISE, &given).await?.is_empty())
    }

    async fn look(&mut self, layout: &Layout, by: By, wanted: &[&str]) -> Result<Vec<Option<Found>>> {
        read::look(self.tx, layout, by, wanted, LOCK).await
    }

    async fn insert(&mut self, changes: &[&Prepared], gently: bool) -> Result<Vec<Wrote>> {
        let Some(first) = changes.first() else { return Ok(Vec::new()) };
        let (sql, columns) = insert(first, changes, gently);
        self.together(&sql, &first.layout, &columns, true).await
    }

    async fn update(&mut self, edit: &Edit<'_>) -> Result<Vec<Wrote>> {
        let (sql, columns) = update(edit);
        self.together(&sql, edit.layout, &columns, true).await
    }

    async fn delete(&mut self, layout: &Layout, keys: &[&str]) -> Result<Vec<Option<Violation>>> {
        let rows = Unnested::of(&layout.key.cast, keys.iter().map(|wanted| key(layout, wanted)).collect());
        let sql = format!(
            "DELETE FROM {} AS t USING {} WHERE t.{} = {}{} RETURNING CAST(u.n AS text)",
            layout.table,
            rows.rows(),
            layout.key_column(),
            rows.cast(1),
            Dialect::Postgres.within(layout, 2),
        );
        let wrote = self.together(&sql, layout, &rows.columns, false).await?;
        let kept = wrote.into_iter().map(|wrote| match wrote {
            Wrote::Refused(violation) => Some(violation),
            _ => None,
        });
        Ok(kept.collect())
    }
}
