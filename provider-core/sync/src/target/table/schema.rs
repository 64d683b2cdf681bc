//! What a table of the application is like, and what it lacks.

use rusqlite::{Connection, OptionalExtension};

use super::create;
use super::value::quoted;
use super::worker::JobError;
use crate::plan::{KindPlan, PlanProblem};
use crate::target::{LocalType, TargetField};

/// A table as it is.
#[derive(Debug, Clone)]
pub(crate) struct Table {
    pub(super) name: String,
    columns: Vec<Column>,
    /// The columns of each unique index that holds for all rows, or for all that have the key.
    unique: Vec<Vec<String>>,
    rowid: bool,
}

#[derive(Debug, Clone)]
struct Column {
    name: String,
    declared: String,
    required: bool,
    /// Its place in the primary key, from 1.
    key: i64,
    generated: bool,
}

/// What identifies a row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct PrimaryKey {
    pub(crate) column: String,
    pub(crate) integer: bool,
}

impl Table {
    /// `None` where there is none of this name.
    pub(crate) fn look(connection: &Connection, name: &str) -> Result<Option<Self>, JobError> {
        let sql: Option<Option<String>> = connection
            .query_row("SELECT sql FROM sqlite_schema WHERE type = 'table' AND name = ?1", [name], |row| {
                row.get(0)
            })
            .optional()?;
        let Some(sql) = sql else { return Ok(None) };
        let mut columns = Vec::new();
        let mut statement = connection.prepare(
            "SELECT name, type, \"notnull\" <> 0 AND dflt_value IS NULL, pk, hidden IN (2, 3) FROM pragma_table_xinfo(?1)",
        )?;
        let mut rows = statement.query([name])?;
        while let Some(row) = rows.next()? {
            columns.push(Column {
                name: row.get(0)?,
                declared: row.get::<_, String>(1)?.to_ascii_uppercase(),
                required: row.get(2)?,
                key: row.get(3)?,
                generated: row.get(4)?,
            });
        }
        let unique = unique(connection, name)?;
        let without = sql.unwrap_or_default().to_ascii_uppercase().contains("WITHOUT ROWID");
        Ok(Some(Self { name: name.to_owned(), columns, unique, rowid: !without }))
    }

    /// `None` where several columns make the key, or it is none that one can refer to.
    pub(crate) fn key(&self) -> Option<PrimaryKey> {
        let mut parts = self.columns.iter().filter(|column| column.key > 0);
        match (parts.next(), parts.next()) {
            (Some(column), None) => {
                let integer = column.declared.contains("INT");
                Some(PrimaryKey { column: column.name.clone(), integer })
            }
            (None, _) if self.rowid => Some(PrimaryKey { column: "rowid".to_owned(), integer: true }),
            _ => None,
        }
    }

    pub(super) fn has(&self, name: &str) -> bool {
        self.columns.iter().any(|column| column.name == name)
    }

    /// Whether a column tells the rows of a scope apart.
    fn is_unique(&self, name: &str, scope: &[&str]) -> bool {
        let alone = self.columns.iter().any(|column| column.key == 1 && column.name == name)
            && self.columns.iter().filter(|column| column.key > 0).count() == 1;
        let fits = |index: &Vec<String>| {
            index.iter().any(|column| column == name)
                && index.iter().all(|column| column == name || scope.contains(&column.as_str()))
        };
        alone || self.unique.iter().any(fits)
    }

    pub(crate) fn fields(&self) -> Vec<TargetField> {
        let numbered = |column: &Column| {
            // SQLite gives such a key by itself.
            self.rowid && column.key == 1 && column.declared == "INTEGER"
        };
        let names: Vec<&str> = self.columns.iter().map(|column| column.name.as_str()).collect();
        let field = |column: &Column| TargetField {
            name: column.name.clone(),
            kind: affinity(&column.declared),
            required: (column.required || (column.key > 0 && !self.rowid)) && !numbered(column),
            // With which scope is for the plan to say: any other column may be one of it.
            unique: self.is_unique(&column.name, &names),
            writable: !column.generated,
        };
        self.columns.iter().map(field).collect()
    }
}

fn unique(connection: &Connection, table: &str) -> Result<Vec<Vec<String>>, JobError> {
    let mut indexes = connection.prepare(
        "SELECT l.name, l.partial, (SELECT sql FROM sqlite_schema s WHERE s.name = l.name) \
         FROM pragma_index_list(?1) l WHERE l.\"unique\"",
    )?;
    let mut rows = indexes.query([table])?;
    let mut found = Vec::new();
    while let Some(row) = rows.next()? {
        let (name, partial): (String, bool) = (row.get(0)?, row.get(1)?);
        let sql: Option<String> = row.get(2)?;
        let mut columns = connection.prepare("SELECT name FROM pragma_index_info(?1) ORDER BY seqno")?;
        let names = columns.query_map([&name], |row| row.get::<_, Option<String>>(0))?;
        let names: Option<Vec<String>> = names.collect::<Result<_, _>>()?;
        let Some(names) = names else { continue };
        // Of an index over some of the rows only that over those that have the key is as good as one over all.
        let condition = sql.unwrap_or_default().to_ascii_uppercase().replace(['"', '`', '[', ']'], "");
        let over_keys = names.iter().any(|name| {
            condition.trim_end().ends_with(&format!("WHERE {} IS NOT NULL", name.to_ascii_uppercase()))
        });
        if !partial || over_keys {
            found.push(names);
        }
    }
    Ok(found)
}

/// What a declared type holds, by the rules of SQLite.
fn affinity(declared: &str) -> LocalType {
    let has = |words: &[&str]| words.iter().any(|word| declared.contains(word));
    if declared.is_empty() || declared == "ANY" || declared == "BLOB" {
        LocalType::Any
    } else if has(&["BOOL"]) {
        LocalType::Boolean
    } else if has(&["INT"]) {
        LocalType::Integer
    } else if has(&["CHAR", "CLOB", "TEXT", "UUID"]) {
        LocalType::Text
    } else if has(&["REAL", "FLOA", "DOUB"]) {
        LocalType::Real
    } else if has(&["DATE", "TIME"]) {
        LocalType::Date
    } else {
        LocalType::Numeric
    }
}

/// The SQL that adds a column.
pub(super) fn add_column(table: &str, column: &str) -> String {
    format!("ALTER TABLE {} ADD COLUMN {} TEXT;", quoted(table), quoted(column))
}

/// What the plan needs and the database has not.
pub(super) fn problems(kind: &KindPlan, table: Option<&Table>) -> Vec<PlanProblem> {
    let Some(name) = &kind.table else {
        return vec![PlanProblem::new("table", "names no table: `table = \"…\"` says where the rows are")];
    };
    let Some(table) = table else {
        let message = format!("the database has no table `{name}`; to add it: {}", create::table(kind, name));
        return vec![PlanProblem::new("table", message)];
    };
    let mut problems = Vec::new();
    if table.key().is_none() {
        let message =
            format!("the primary key of `{name}` has several columns: a row needs one that names it");
        problems.push(PlanProblem::new("table", message));
    }
    if let Some(key) = kind.key.as_ref().filter(|key| table.has(&key.local)) {
        let scope: Vec<&str> = kind.scope.keys().map(String::as_str).collect();
        if !table.is_unique(&key.local, &scope) {
            let columns: Vec<_> = scope.iter().copied().chain([key.local.as_str()]).collect();
            let index = quoted(&format!("{name}_{}", columns.join("_")));
            let listed: Vec<_> = columns.iter().map(|column| quoted(column)).collect();
            let message = format!(
                "`{}` is not unique: two rows could stand for one record; to make it so: CREATE UNIQUE INDEX {index} ON {} ({});",
                key.local,
                quoted(name),
                listed.join(", ")
            );
            problems.push(PlanProblem::new("key.local", message));
        }
    }
    problems
}
