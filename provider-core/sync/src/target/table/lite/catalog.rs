//! What a table of a file is like.

use rusqlite::{Connection, OptionalExtension};

use super::super::dialect::Dialect;
use super::super::schema::{Column, PrimaryKey, Table};
use super::super::value::{Form, quoted};
use super::worker::JobError;
use crate::target::LocalType;

/// `None` where there is none of this name.
pub(crate) fn look(connection: &Connection, name: &str) -> Result<Option<Table>, JobError> {
    // What stands in the text of a table may stand in a comment of it.
    let options: Option<(bool, bool, bool)> = connection
        .query_row(
            "SELECT wr, strict, type = 'view' FROM pragma_table_list \
             WHERE schema = 'main' AND type IN ('table', 'virtual', 'view') AND name = ?1 COLLATE NOCASE",
            [name],
            |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)),
        )
        .optional()?;
    let Some((without_rowid, strict, view)) = options else { return Ok(None) };
    let has_rowid = !without_rowid && !view;
    let mut columns = Vec::new();
    let mut statement = connection.prepare(
        "SELECT name, type, (\"notnull\" <> 0 OR pk > 0) AND dflt_value IS NULL, pk, hidden IN (2, 3) \
         FROM pragma_table_xinfo(?1)",
    )?;
    let mut rows = statement.query([name])?;
    while let Some(row) = rows.next()? {
        let declared = row.get::<_, String>(1)?.to_ascii_uppercase();
        let (needs, key, generated): (bool, i64, bool) = (row.get(2)?, row.get(3)?, row.get(4)?);
        // SQLite gives such a key by itself.
        let numbered = has_rowid && key == 1 && declared == "INTEGER";
        columns.push(Column {
            name: row.get(0)?,
            kind: affinity(&declared),
            form: form(&declared, strict),
            cast: String::new(),
            integer: declared.contains("INT"),
            // SQLite takes a row without a key of its own, which nothing could ever name.
            required: needs && !numbered && !generated,
            key,
            generated,
        });
    }
    let rowid =
        PrimaryKey { column: "rowid".to_owned(), integer: true, form: Form::Plain, cast: String::new() };
    Ok(Some(Table {
        dialect: Dialect::Sqlite,
        relation: quoted(name),
        columns,
        unique: unique(connection, name)?,
        view,
        taken: names(connection)?,
        implied: has_rowid.then_some(rowid),
        #[cfg(feature = "postgres")]
        deferred: false,
    }))
}

/// Everything that has a name: an index cannot have that of a table either.
fn names(connection: &Connection) -> Result<Vec<String>, JobError> {
    let sql = "SELECT name FROM sqlite_schema WHERE type IN ('table', 'view', 'index')";
    let mut statement = connection.prepare(sql)?;
    let names = statement.query_map([], |row| row.get::<_, String>(0))?;
    Ok(names.collect::<Result<_, _>>()?)
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

/// What a column makes of texts that read like numbers, by the rules of SQLite.
fn form(declared: &str, strict: bool) -> Form {
    let has = |words: &[&str]| words.iter().any(|word| declared.contains(word));
    let keeps = declared.is_empty() || (strict && declared == "ANY");
    let texts = !has(&["INT"]) && has(&["CHAR", "CLOB", "TEXT", "BLOB"]);
    if keeps || texts { Form::Plain } else { Form::Number }
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
