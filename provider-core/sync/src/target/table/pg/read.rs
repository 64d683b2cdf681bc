//! Rows of a server, read.

use std::borrow::Cow;
use std::collections::BTreeSet;

use provider_core::Result;
use provider_core::command::folded_name;
use provider_store::seam::{Given, PgTx, Texts};
use serde_json::Value;

use super::super::After;
use super::super::dialect::Dialect;
use super::super::found::Found;
use super::super::layout::{Fixed, LINK, Layout};
use super::super::rows::By;
use super::super::value::{Form, Lent, quoted};
use super::fault;
use crate::fingerprint::{Fingerprint, Written};
use crate::target::{Criterion, LocalKey, LocalPage, LocalRecord};

/// A row, behind its place in a list where it has one.
fn found(layout: &Layout, row: impl IntoIterator<Item = Option<String>>) -> Found {
    let own = layout.mark.iter().map(|mark| mark.form).chain(layout.columns.iter().map(|column| column.form));
    let forms = [Form::Text, Form::Text].into_iter().chain(own);
    Found::of(layout, forms.zip(row).map(|(form, stored)| form.read(stored)), None)
}

/// A row that was written: its key and its fingerprint, without a record of it.
pub(super) fn written(
    layout: &Layout,
    row: impl IntoIterator<Item = Option<String>>,
) -> (LocalKey, Fingerprint) {
    let mut cells: Vec<_> = row.into_iter().collect();
    let first = 2 + usize::from(layout.mark.is_some());
    let mut written = Written::default();
    for (column, at) in &layout.watched {
        let cell = cells.get_mut(*at).and_then(Option::take);
        if *at == LINK {
            written.value(column, &cell);
        } else {
            let used = at.checked_sub(first).and_then(|at| layout.columns.get(at));
            let form = used.map_or(Form::Text, |used| used.form);
            written.value(column, &form.read(cell));
        }
    }
    let key = cells.first_mut().and_then(Option::take).unwrap_or_default();
    (LocalKey(key), written.fingerprint())
}

/// The place in a list, from 0, and the rest of the row.
pub(super) fn placed(row: Texts) -> Option<(usize, std::vec::IntoIter<Option<String>>)> {
    let mut row = row.into_iter();
    let place: usize = row.next()??.parse().ok()?;
    Some((place.checked_sub(1)?, row))
}

pub(super) fn text(cell: Lent<'_>) -> Option<Cow<'_, str>> {
    match cell {
        Lent::Null => None,
        Lent::Whole(whole) => Some(whole.to_string().into()),
        Lent::Text(text) => Some(text.into()),
    }
}

/// The constants of the scope, behind what a statement is given before them.
pub(super) fn within(layout: &Layout) -> impl Iterator<Item = Given<'_>> {
    constants(&layout.scope)
}

pub(super) fn constants(scope: &[Fixed]) -> impl Iterator<Item = Given<'_>> {
    scope.iter().filter_map(|fixed| text(fixed.value.lend())).map(Given::Text)
}

/// The rows by their keys or their links, each in the place of what it was looked for by.
pub(super) async fn look(
    tx: &mut PgTx<'_>,
    layout: &Layout,
    by: By,
    wanted: &[&str],
    lock: &str,
) -> Result<Vec<Option<Found>>> {
    let (sql, form) = match by {
        By::Key => (&layout.by_key, layout.key.form),
        By::Link => (&layout.by_link, layout.link.form),
    };
    let mut all: Vec<Option<Found>> = Vec::new();
    all.resize_with(wanted.len(), || None);
    let signless = signless(tx, wanted.to_vec()).await?;
    let can_be = |wanted: &str| form.fits(wanted) && !signless.contains(wanted);
    let asked: Vec<Option<Cow<'_, str>>> =
        wanted.iter().map(|wanted| can_be(wanted).then_some(Cow::Borrowed(*wanted))).collect();
    if asked.iter().all(Option::is_none) {
        return Ok(all);
    }
    let given: Vec<_> = std::iter::once(Given::Texts(asked)).chain(within(layout)).collect();
    for row in tx.texts(&format!("{sql}{lock}"), &given).await? {
        if let Some((place, row)) = placed(row)
            && let Some(at) = all.get_mut(place)
        {
            *at = Some(found(layout, row));
        }
    }
    Ok(all)
}

/// Those of these texts that the database has no sign for, so that nothing in it is like them. Asked for one of them it
/// would refuse all the others.
async fn signless(tx: &mut PgTx<'_>, texts: Vec<&str>) -> Result<BTreeSet<String>> {
    let mut signless = BTreeSet::new();
    let mut open = vec![texts.into_iter().filter(|text| !text.is_ascii()).collect::<Vec<_>>()];
    while let Some(some) = open.pop().filter(|some| !some.is_empty()) {
        let given = some.iter().map(|text| Some(Cow::Borrowed(*text))).collect();
        tx.mark();
        match tx.texts("SELECT CAST(cardinality(CAST($1 AS text[])) AS text)", &[Given::Texts(given)]).await {
            Ok(_) => {}
            Err(error) if fault::is_no_such_sign(&error) => {
                tx.back().await?;
                match some.as_slice() {
                    [only] => {
                        signless.insert((*only).to_owned());
                    }
                    several => {
                        let (one, other) = several.split_at(several.len() / 2);
                        open.extend([one.to_vec(), other.to_vec()]);
                    }
                }
            }
            Err(error) => return Err(error),
        }
    }
    Ok(signless)
}

/// What is left of a text that folds like another in every locale: letters and digits of ASCII. Two of them are not looked
/// at, since a letter beyond ASCII folds into each.
const SKELETON: &str = "[^a-hjl-z0-9]+";

fn skeleton(text: &str) -> String {
    folded_name(text)
        .chars()
        .filter(|sign| sign.is_ascii_digit() || (sign.is_ascii_lowercase() && !matches!(sign, 'i' | 'k')))
        .collect()
}

/// Rows that one of the values of each criterion fits. What folds alike is seen here: the server knows no such thing that
/// would hold in every locale.
pub(super) async fn find(
    tx: &mut PgTx<'_>,
    layout: &Layout,
    criteria: &[Criterion],
    limit: usize,
) -> Result<Vec<LocalRecord>> {
    let mut condition = format!("TRUE{}", Dialect::Postgres.within(layout, 1));
    let mut given: Vec<Given<'_>> = within(layout).collect();
    for criterion in criteria {
        let (column, form) = (format!("t.{}", quoted(&criterion.field)), layout.form(&criterion.field));
        let (column, cast, values) = if criterion.folded {
            let values: BTreeSet<_> =
                criterion.values.iter().filter_map(Value::as_str).map(skeleton).collect();
            let column =
                format!("regexp_replace(lower(CAST({column} AS text) COLLATE \"C\"), '{SKELETON}', '', 'g')");
            (column, "text", values)
        } else {
            let cells = criterion.values.iter().map(|value| form.cell(value));
            let texts = cells.filter_map(|cell| text(cell.lend()).map(Cow::into_owned));
            let sure = !matches!(form, Form::Whole | Form::Exact(_) | Form::Uuid);
            // No column of a server holds a NUL: asked for such a text it would refuse all the others with it.
            let can_be = |text: &String| if sure { !text.contains('\0') } else { form.fits(text) };
            let mut texts: BTreeSet<_> = texts.filter(can_be).collect();
            let signless = signless(tx, texts.iter().map(String::as_str).collect()).await?;
            texts.retain(|text| !signless.contains(text));
            (column, layout.cast(&criterion.field), texts)
        };
        given.push(Given::Texts(values.into_iter().map(|value| Some(value.into())).collect()));
        condition
            .push_str(&format!(" AND {column} = ANY (CAST(CAST(${} AS text[]) AS {cast}[]))", given.len()));
    }
    let Layout { selected, table, .. } = layout;
    let key = layout.key_column();
    let mut sql = format!("SELECT {selected} FROM {table} AS t WHERE {condition} ORDER BY t.{key}");
    if !criteria.iter().any(|criterion| criterion.folded) {
        sql.push_str(&format!(" LIMIT {limit}"));
    }
    let rows = tx.texts(&sql, &given).await?.into_iter().map(|row| found(layout, row));
    let rows = rows.filter(|row| criteria.iter().all(|criterion| folds(row, criterion)));
    Ok(rows.take(limit).map(|row| row.into_asked(layout, criteria)).collect())
}

fn folds(row: &Found, criterion: &Criterion) -> bool {
    let Some(Value::String(held)) = row.record.values.get(&criterion.field) else { return !criterion.folded };
    let held = folded_name(held);
    !criterion.folded
        || criterion.values.iter().filter_map(Value::as_str).any(|wanted| folded_name(wanted) == held)
}

/// Rows in the order of their keys.
pub(super) async fn read(tx: &mut PgTx<'_>, layout: &Layout, after: &After) -> Result<LocalPage> {
    let mut condition = format!("TRUE{}", Dialect::Postgres.within(layout, 1));
    let mut given: Vec<Given<'_>> = within(layout).collect();
    let key = layout.key_column();
    if let Some(cursor) = &after.cursor {
        given.push(Given::Text(cursor.0.as_str().into()));
        let cast = &layout.key.cast;
        condition.push_str(&format!(" AND t.{key} > CAST(CAST(${} AS text) AS {cast})", given.len()));
    }
    if after.untied {
        condition.push_str(&format!(" AND t.{} IS NULL", quoted(&layout.link.name)));
    }
    let limit = after.limit;
    let Layout { selected, table, .. } = layout;
    let sql = format!("SELECT {selected} FROM {table} AS t WHERE {condition} ORDER BY t.{key} LIMIT {limit}");
    let rows = tx.texts(&sql, &given).await?;
    Ok(LocalPage::of(rows.into_iter().map(|row| found(layout, row).record).collect(), limit))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_folds_alike_has_the_same_skeleton() {
        // As SQL has it: `lower` of ASCII alone, then everything else away.
        let of_sql = |text: &str| -> String {
            let lower = text.chars().map(|sign| sign.to_ascii_lowercase());
            lower
                .filter(|sign| {
                    sign.is_ascii_digit() || (sign.is_ascii_lowercase() && !matches!(sign, 'i' | 'k'))
                })
                .collect()
        };
        for (one, other) in [
            ("Example  Bakery", " example bakery"),
            ("BÄCKEREI Köln", "bäckerei  köln"),
            ("\u{212A}elvin", "kelvin"),
            ("\u{130}stanbul", "i\u{307}stanbul"),
            ("日本", "日本"),
        ] {
            assert_eq!(folded_name(one), folded_name(other));
            assert_eq!(of_sql(one), skeleton(other), "{one}");
            assert_eq!(of_sql(other), skeleton(one), "{other}");
        }
    }
}
