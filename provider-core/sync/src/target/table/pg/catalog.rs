//! What a table of a server is like, by its own catalog.

use provider_core::Result;
use provider_store::seam::{Given, PgTx, Texts};

use super::super::dialect::{Dialect, parts};
use super::super::schema::{Column, Table};
use super::super::value::{Form, MICROS, quoted};
use crate::target::LocalType;

const TABLE: &str = "SELECT CAST(c.oid AS text), CAST(n.nspname AS text), CAST(c.relname AS text), \
    CAST(EXISTS (SELECT 1 FROM pg_catalog.pg_index i WHERE i.indrelid = c.oid AND NOT i.indimmediate) AS text), \
    CAST(c.relkind IN ('v', 'm') AS text), \
    CAST((SELECT pg_catalog.json_agg(k.relname) FROM pg_catalog.pg_class k WHERE k.relnamespace = n.oid \
    AND pg_catalog.left(CAST(k.relname AS text), pg_catalog.length(CAST(c.relname AS text))) \
    = CAST(c.relname AS text)) AS text) \
    FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace \
    WHERE c.relkind IN ('r', 'p', 'v', 'm') AND c.relname = CAST($1 AS text) \
    AND CASE WHEN CAST($2 AS text) = '' THEN pg_catalog.pg_table_is_visible(c.oid) \
    ELSE n.nspname = CAST($2 AS text) END";

/// A column with what its type rests on: a domain is what it is made of, which may be another domain.
const COLUMNS: &str = "SELECT CAST(a.attname AS text), CAST(b.typname AS text), CAST(b.typtype AS text), \
    pg_catalog.format_type(b.oid, -1), \
    CAST(u.modifier AS text), \
    CAST((a.attnotnull OR u.filled) AND NOT a.atthasdef AND t.typdefault IS NULL \
        AND a.attidentity = '' AS text), \
    CAST(COALESCE(array_position(CAST(i.indkey AS int2[]), a.attnum) + 1, 0) AS text), \
    CAST(a.attgenerated <> '' OR a.attidentity = 'a' AS text) \
    FROM pg_catalog.pg_attribute a \
    JOIN pg_catalog.pg_type t ON t.oid = a.atttypid \
    JOIN LATERAL (WITH RECURSIVE under (id, modifier, filled) AS (SELECT a.atttypid, a.atttypmod, false \
        UNION ALL SELECT d.typbasetype, d.typtypmod, under.filled OR d.typnotnull \
        FROM under JOIN pg_catalog.pg_type d ON d.oid = under.id AND d.typtype = 'd') \
        SELECT id, modifier, filled FROM under) AS u ON true \
    JOIN pg_catalog.pg_type b ON b.oid = u.id AND b.typtype <> 'd' \
    LEFT JOIN pg_catalog.pg_index i ON i.indrelid = a.attrelid AND i.indisprimary \
    WHERE a.attrelid = CAST(CAST($1 AS text) AS oid) AND a.attnum > 0 AND NOT a.attisdropped \
    ORDER BY a.attnum";

/// The columns of each unique index that is looked at with every row: over all rows, or over those that have one of its
/// columns.
const UNIQUE: &str = "SELECT CAST((SELECT array_to_json(array_agg(CAST(a.attname AS text) ORDER BY k.n)) \
        FROM unnest(CAST(i.indkey AS int2[])) WITH ORDINALITY AS k (attnum, n) \
        JOIN pg_catalog.pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = k.attnum \
        WHERE k.n <= i.indnkeyatts) AS text) \
    FROM pg_catalog.pg_index i \
    WHERE i.indrelid = CAST(CAST($1 AS text) AS oid) AND i.indisunique AND i.indimmediate AND i.indisvalid \
    AND i.indexprs IS NULL AND (i.indpred IS NULL OR EXISTS (SELECT 1 \
        FROM unnest(CAST(i.indkey AS int2[])) AS k (attnum) \
        JOIN pg_catalog.pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = k.attnum \
        WHERE pg_catalog.pg_get_expr(i.indpred, i.indrelid) = '(' || quote_ident(a.attname) || ' IS NOT NULL)'))";

/// `None` where there is none of this name.
pub(super) async fn look(tx: &mut PgTx<'_>, name: &str) -> Result<Option<Table>> {
    let mut parts = parts(name);
    let (own, schema) = (parts.pop().unwrap_or_default(), parts.pop().unwrap_or_default());
    if !parts.is_empty() {
        return Ok(None);
    }
    let found = tx.texts(TABLE, &[Given::Text(own.into()), Given::Text(schema.into())]).await?;
    let Some(row) = found.into_iter().next() else { return Ok(None) };
    let mut row = row.into_iter().flatten();
    let (Some(id), Some(schema), Some(own)) = (row.next(), row.next(), row.next()) else { return Ok(None) };
    let mut holds = || row.next().is_some_and(|holds| holds == "true");
    let (deferred, view) = (holds(), holds());
    let taken = row.next().and_then(|names| serde_json::from_str(&names).ok()).unwrap_or_default();
    let columns = tx.texts(COLUMNS, &[Given::Text(id.as_str().into())]).await?;
    let unique = tx.texts(UNIQUE, &[Given::Text(id.as_str().into())]).await?;
    let names = |row: Texts| serde_json::from_str(row.first()?.as_deref()?).ok();
    Ok(Some(Table {
        dialect: Dialect::Postgres,
        // Whatever the search path is later, it is this one.
        relation: format!("{}.{}", quoted(&schema), quoted(&own)),
        columns: columns.into_iter().filter_map(column).collect(),
        unique: unique.into_iter().filter_map(names).collect(),
        view,
        taken,
        implied: None,
        deferred,
    }))
}

fn column(row: Texts) -> Option<Column> {
    let mut row = row.into_iter();
    let mut next = || row.next().flatten();
    let (name, ty, class, cast, modifier) = (next()?, next()?, next()?, next()?, next()?);
    let (required, key, generated) = (next()? == "true", next()?.parse().ok()?, next()? == "true");
    let (kind, form) = if class == "e" { (LocalType::Text, Form::Text) } else { of_type(&ty, &modifier) };
    // Of numbers of every width the widest: what is too large for the column is told when it is put there.
    let cast = if form == Form::Whole { "bigint".to_owned() } else { cast };
    Some(Column { name, kind, form, cast, integer: form == Form::Whole, required, key, generated })
}

fn of_type(ty: &str, modifier: &str) -> (LocalType, Form) {
    match ty {
        "text" | "varchar" | "name" | "citext" => (LocalType::Text, Form::Text),
        "bpchar" => (LocalType::Text, Form::Padded),
        "uuid" => (LocalType::Text, Form::Uuid),
        "int2" | "int4" | "int8" => (LocalType::Integer, Form::Whole),
        "numeric" => (LocalType::Numeric, Form::Exact(scale(modifier))),
        "float4" | "float8" => (LocalType::Real, Form::Float),
        "bool" => (LocalType::Boolean, Form::Truth),
        "date" => (LocalType::Date, Form::Day),
        "timestamptz" => (LocalType::Date, Form::Moment { zoned: true, digits: digits(modifier) }),
        "timestamp" => (LocalType::Date, Form::Moment { zoned: false, digits: digits(modifier) }),
        "json" | "jsonb" => (LocalType::Any, Form::Json),
        _ => (LocalType::Other, Form::Text),
    }
}

/// The digits behind the point of `numeric(p, s)`: what a type modifier holds above its header of four bytes.
fn scale(modifier: &str) -> Option<u32> {
    let modifier: u32 = modifier.parse::<i32>().ok()?.checked_sub(4)?.try_into().ok()?;
    // Eleven bits with a sign; below zero it rounds whole numbers.
    Some(modifier & 0x7ff).filter(|scale| *scale < 0x400)
}

/// The digits of a second of `timestamp(p)`.
fn digits(modifier: &str) -> u16 {
    modifier.parse().unwrap_or(MICROS)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_timestamp_says_how_many_digits_of_a_second_it_keeps() {
        assert_eq!((digits("-1"), digits("0"), digits("3")), (6, 0, 3));
    }

    #[test]
    fn a_numeric_says_how_many_digits_it_keeps() {
        // numeric, numeric(10,2), numeric(12,0), numeric(3,-2).
        for (modifier, digits) in [("-1", None), ("655366", Some(2)), ("786436", Some(0)), ("198658", None)] {
            assert_eq!(scale(modifier), digits, "{modifier}");
        }
    }
}
