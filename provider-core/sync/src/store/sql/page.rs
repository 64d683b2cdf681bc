//! Pages: what was met, and what is known of it.

use provider_core::Result;
use provider_store::seam::{Ahead, MarkedKeys, Tx, Value, damaged};

use super::rows::{
    held, numbered, scope_id, scope_of_run, shadow, shadow_columns, shadow_values, slot, text,
};
use super::{intent, pending, steps};
use crate::store::Session;
use crate::store::bits::{Bits, CHUNK};
use crate::store::types::{KindScope, Known, PageCommit, RunId, RunLease, Shadow};

const SHADOW: &str =
    concat!("SELECT ", shadow_columns!(), " FROM sync_shadow WHERE scope = $1 AND remote = $2");
const OF_CHUNK: &str = concat!(
    "SELECT ",
    shadow_columns!(),
    " FROM sync_shadow WHERE number >= $1 AND number < $2 ORDER BY number"
);
const OF_GROUP: &str = concat!(
    "SELECT ",
    shadow_columns!(),
    " FROM sync_shadow WHERE scope = $1 AND state = 'linked' AND (CAST($2 AS TEXT) IS NULL OR grp = $2) ORDER BY remote LIMIT 4096 OFFSET $3"
);
/// Whether a record is as it was, and no more than that: of most records nothing else is asked.
const GLANCE: &str = "SELECT CAST($3 AS BIGINT), number, source = $4 AND absent_runs = 0 FROM sync_shadow WHERE scope = $1 AND remote = $2";
/// The same of the records that came behind one, when they came first: most listings keep their order.
const FOLLOWING: &str = "SELECT number, remote, source, absent_runs = 0 FROM sync_shadow \
    WHERE number > $1 AND number < $2 ORDER BY number";
const NUMBER: &str = "SELECT number FROM sync_shadow WHERE scope = $1 AND remote = $2";
const NEXT_SLOT: &str = "SELECT next_slot FROM sync_scope WHERE id = $1";
/// Takes so many places, and answers the first of them.
const TAKE_SLOTS: &str =
    "UPDATE sync_scope SET next_slot = next_slot + $2 WHERE id = $1 RETURNING next_slot - $2";
macro_rules! added {
    () => {
        concat!(
            "INSERT INTO sync_shadow (scope, ",
            shadow_columns!(),
            ") VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12) ON CONFLICT (scope, remote) DO "
        )
    };
}
const ADD: &str = concat!(added!(), "NOTHING");
const PUT: &str = concat!(
    added!(),
    "UPDATE SET source = excluded.source, mapped = excluded.mapped, local = excluded.local, applied = excluded.applied, \
     base = excluded.base, state = excluded.state, grp = excluded.grp, absent_runs = excluded.absent_runs, \
     absent_since = excluded.absent_since"
);
const FORGET: &str = "DELETE FROM sync_shadow WHERE scope = $1 AND remote = $2";
const BITS: &str = "SELECT chunk, bits FROM sync_seen WHERE run = $1 AND chunk = $2";
const ALL_BITS: &str = "SELECT chunk, bits FROM sync_seen WHERE run = $1";
const SET_BITS: &str = "INSERT INTO sync_seen (run, chunk, bits) VALUES ($1, $2, $3) \
    ON CONFLICT (run, chunk) DO UPDATE SET bits = excluded.bits";
const NOTE: &str =
    "UPDATE sync_run SET report = COALESCE($2, report), point = COALESCE($3, point) WHERE id = $1";
const RUN_OF: &str = "SELECT id FROM sync_run WHERE scope = $1 AND session = $2";

steps! {
    Read KnownOf { scope: KindScope, records: MarkedKeys } -> Vec<Known>, known;
    Read Shadows { scope: KindScope, ids: Vec<String> } -> Vec<Shadow>, shadows;
    Write Commit { lease: RunLease, scope: KindScope, run: RunId, page: PageCommit } -> (), commit;
    Read Missing { scope: KindScope, run: RunId, after: Option<u32>, limit: usize } -> Vec<Shadow>, missing;
    Read Witnesses { scope: KindScope, run: RunId, group: Option<String>, limit: usize } -> Vec<String>, witnesses;
    Read Met { scope: KindScope, session: Session, id: String } -> Option<bool>, met;
}

async fn known<T: Tx>(step: KnownOf, tx: &mut T) -> Result<Vec<Known>> {
    let mut known = vec![Known::New; step.records.len()];
    let Some(scope) = scope_id(tx, &step.scope).await? else { return Ok(known) };
    let mut other = Vec::new();
    let ahead = Ahead::new(FOLLOWING, numbered(scope.saturating_add(1), 0));
    for [at, number, same] in tx.numbers(GLANCE, ahead, scope, &step.records).await? {
        let at = usize::try_from(at.unwrap_or(-1)).map_err(|_| damaged("a place in a page is none"))?;
        let number = number.ok_or_else(|| damaged("a record has no number"))?;
        match known.get_mut(at) {
            Some(place) if same == Some(1) => *place = Known::Same(slot(number)),
            _ => other.push(at),
        }
    }
    if other.is_empty() {
        return Ok(known);
    }
    let ids = other.iter().filter_map(|at| step.records.text(*at));
    let whole: Vec<_> = ids.map(|id| vec![scope.into(), id.into()]).collect();
    // Of one moment, so that each of them is there.
    for (at, mut row) in other.into_iter().zip(tx.find(SHADOW, &whole).await?) {
        if let Some(place) = known.get_mut(at) {
            *place = Known::Other(Box::new(shadow(&mut row)?));
        }
    }
    Ok(known)
}

async fn shadows<T: Tx>(step: Shadows, tx: &mut T) -> Result<Vec<Shadow>> {
    let Some(scope) = scope_id(tx, &step.scope).await? else { return Ok(Vec::new()) };
    let sets: Vec<_> = step.ids.into_iter().map(|id| vec![scope.into(), id.into()]).collect();
    let rows = tx.find(SHADOW, &sets).await?;
    rows.into_iter().map(|mut row| shadow(&mut row)).collect()
}

async fn commit<T: Tx>(step: Commit, tx: &mut T) -> Result<()> {
    let Commit { lease, scope, run, page } = step;
    held(tx, &lease).await?;
    let kept = scope_of_run(tx, &scope, run).await?;
    let mut seen = page.seen;
    seen.extend(put(tx, kept, page.shadows).await?);
    put(tx, kept, page.unseen).await?;
    if !page.forgotten.is_empty() {
        let sets: Vec<_> = page.forgotten.iter().map(|id| vec![kept.into(), id.as_str().into()]).collect();
        tx.each(FORGET, &sets).await?;
    }
    mark(tx, run, &seen).await?;
    pending::put(tx, kept, run, &page.pending).await?;
    pending::settle(tx, kept, &page.settled).await?;
    pending::follow(tx, kept, &page.hints).await?;
    intent::put(tx, &scope, kept, &page.intents, &page.ended).await?;
    let (report, point) = (page.report.as_ref().map(text), page.checkpoint.as_ref().map(text));
    if report.is_some() || point.is_some() {
        tx.exec(NOTE, &[run.0.into(), report.into(), point.into()]).await?;
    }
    Ok(())
}

/// Stores what is known of records, and answers the place of each in the bitmap. One that is new gets the next; none is
/// ever given twice.
async fn put<T: Tx>(tx: &mut T, scope: i64, shadows: Vec<Shadow>) -> Result<Vec<u32>> {
    // Of a first run all are new: they stay where they are.
    let (known, new) = if shadows.iter().all(|shadow| shadow.slot.is_none()) {
        (Vec::new(), shadows)
    } else {
        shadows.into_iter().partition(|shadow| shadow.slot.is_some())
    };
    let mut placed: Vec<u32> = known.iter().filter_map(|shadow| shadow.slot).collect();
    if !known.is_empty() {
        let sets: Vec<_> =
            placed.iter().zip(known).map(|(slot, shadow)| shadow_values(scope, *slot, shadow)).collect();
        tx.each(PUT, &sets).await?;
    }
    if new.is_empty() {
        return Ok(placed);
    }
    let count = i64::try_from(new.len()).unwrap_or(i64::MAX);
    let rows = tx.rows(TAKE_SLOTS, &[scope.into(), count.into()]).await?;
    let first = rows.into_iter().next().ok_or_else(|| damaged("a scope is not there"))?.int()?;
    let mut sets = Vec::with_capacity(new.len());
    let mut slots = Vec::with_capacity(new.len());
    for (slot, shadow) in (first..).zip(new) {
        let slot = place(slot)?;
        slots.push(slot);
        sets.push(shadow_values(scope, slot, shadow));
    }
    if tx.each(ADD, &sets).await? == sets.len() as u64 {
        placed.extend(slots);
        return Ok(placed);
    }
    // A page of before was stored by somebody else in the meantime, or an id came twice: the place that it has stays.
    for set in &sets {
        tx.exec(PUT, set).await?;
    }
    // By scope and id, which come first.
    let asked: Vec<_> = sets.into_iter().map(|set| set.into_iter().take(2).collect()).collect();
    for mut row in tx.find(NUMBER, &asked).await? {
        placed.push(slot(row.int()?));
    }
    Ok(placed)
}

fn place(slot: i64) -> Result<u32> {
    u32::try_from(slot).map_err(|_| damaged("a place in the bitmap is none"))
}

async fn mark<T: Tx>(tx: &mut T, run: RunId, seen: &[u32]) -> Result<()> {
    let mut bits = Bits::default();
    seen.iter().for_each(|slot| bits.set(*slot));
    let chunks: Vec<_> =
        bits.pieces().map(|(chunk, _)| vec![run.0.into(), i64::from(chunk).into()]).collect();
    if chunks.is_empty() {
        return Ok(());
    }
    for row in tx.find(BITS, &chunks).await? {
        add(&mut bits, row)?;
    }
    let sets: Vec<_> = bits
        .pieces()
        .map(|(chunk, piece)| vec![run.0.into(), i64::from(chunk).into(), Value::Bytes(piece.to_vec())])
        .collect();
    tx.each(SET_BITS, &sets).await.map(drop)
}

fn add(bits: &mut Bits, mut row: provider_store::seam::Row) -> Result<()> {
    let chunk = u32::try_from(row.int()?).map_err(|_| damaged("a piece of the bitmap is none"))?;
    bits.add(chunk, &row.bytes()?);
    Ok(())
}

async fn all_bits<T: Tx>(tx: &mut T, run: i64) -> Result<Bits> {
    let mut bits = Bits::default();
    for row in tx.rows(ALL_BITS, &[run.into()]).await? {
        add(&mut bits, row)?;
    }
    Ok(bits)
}

fn seen(bits: &Bits, shadow: &Shadow) -> bool {
    shadow.slot.is_some_and(|slot| bits.has(slot))
}

/// Piece by piece: of a piece that is full, no record has to be looked at.
async fn missing<T: Tx>(step: Missing, tx: &mut T) -> Result<Vec<Shadow>> {
    let Missing { scope, run, after, limit } = step;
    let kept = scope_of_run(tx, &scope, run).await?;
    let bits = all_bits(tx, run.0).await?;
    let mut end = tx.rows(NEXT_SLOT, &[kept.into()]).await?.into_iter().next();
    let end = end.as_mut().map_or(Ok(0), provider_store::seam::Row::int)?;
    let first = after.map_or(0, |after| i64::from(after) + 1);
    let mut found = Vec::new();
    let mut from = first;
    while from < end && found.len() < limit {
        let chunk = u32::try_from(from / i64::from(CHUNK)).unwrap_or(u32::MAX);
        let until = (i64::from(chunk) + 1) * i64::from(CHUNK);
        if !bits.is_full(chunk) {
            let within = [numbered(kept, from).into(), numbered(kept, until).into()];
            for mut row in tx.rows(OF_CHUNK, &within).await? {
                let shadow = shadow(&mut row)?;
                if !seen(&bits, &shadow) && found.len() < limit {
                    found.push(shadow);
                }
            }
        }
        from = until;
    }
    Ok(found)
}

async fn witnesses<T: Tx>(step: Witnesses, tx: &mut T) -> Result<Vec<String>> {
    let Witnesses { scope, run, group, limit } = step;
    let kept = scope_of_run(tx, &scope, run).await?;
    let bits = all_bits(tx, run.0).await?;
    let (mut found, mut offset) = (Vec::new(), 0);
    loop {
        let rows = tx.rows(OF_GROUP, &[kept.into(), group.clone().into(), Value::Int(offset)]).await?;
        let last = rows.len() < 4096;
        for mut row in rows {
            let shadow = shadow(&mut row)?;
            if seen(&bits, &shadow) {
                found.push(shadow.remote);
            }
            if found.len() == limit {
                return Ok(found);
            }
        }
        if last {
            return Ok(found);
        }
        offset += 4096;
    }
}

async fn met<T: Tx>(step: Met, tx: &mut T) -> Result<Option<bool>> {
    let Some(scope) = scope_id(tx, &step.scope).await? else { return Ok(None) };
    let rows = tx.rows(SHADOW, &[scope.into(), step.id.into()]).await?;
    let Some(mut row) = rows.into_iter().next() else { return Ok(None) };
    let shadow = shadow(&mut row)?;
    let runs = tx.rows(RUN_OF, &[scope.into(), step.session.number.into()]).await?;
    let Some(mut run) = runs.into_iter().next() else { return Ok(Some(false)) };
    let bits = all_bits(tx, run.int()?).await?;
    Ok(Some(seen(&bits, &shadow)))
}
