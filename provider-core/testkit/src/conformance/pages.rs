//! What pages promise, examined on walks with pages of several sizes.

use std::collections::HashSet;

use provider_core::{Cursor, Page};

use super::listed::{ListedEntity, key, noun};
use super::verdict::{Verdict, broken, ensure, moot};
use super::walk::Walk;

/// The sizes that every listing is walked with, beside the provider's own.
pub(super) const SIZES: [u32; 3] = [1, 2, 7];

pub(super) fn end<T: ListedEntity>(walks: &[Walk<T>]) -> Verdict {
    for walk in walks {
        if let Some(cursor) = &walk.looped {
            return Err(broken(format!("with {} the cursor {cursor:?} came twice", walk.name())));
        }
        let pages = walk.pages.len();
        let empty = walk.pages.iter().filter(|page| page.on_wire == 0 && page.next.is_some()).count();
        ensure!(
            empty * 2 <= pages.max(8),
            "with {} {empty} of {pages} pages lead on without a record",
            walk.name()
        );
    }
    let (pages, whole) =
        (walks.iter().map(|walk| walk.pages.len()).sum::<usize>(), walks.iter().filter(|w| w.whole));
    Ok(format!("{pages} pages, {} of {} walks to the end", whole.count(), walks.len()))
}

pub(super) fn total<T: ListedEntity>(walks: &[Walk<T>]) -> Verdict {
    let mut declared = walks.iter().flat_map(|walk| &walk.pages).filter_map(|page| page.total);
    let Some(first) = declared.next() else { return Err(moot("no page declares a total")) };
    match declared.find(|total| *total != first) {
        Some(moved) => Err(broken(format!("one page declares {first}, another {moved}"))),
        None => Ok(format!("{first} on every page that declares one")),
    }
}

pub(super) fn on_wire<T: ListedEntity>(walks: &[Walk<T>]) -> Verdict {
    let pages = || walks.iter().flat_map(|walk| &walk.pages);
    for page in pages() {
        ensure!(
            page.on_wire >= page.items.len() as u64,
            "a page hands out {} records and counts {}",
            page.items.len(),
            page.on_wire
        );
    }
    let left_out: u64 = pages().map(|page| page.on_wire.saturating_sub(page.items.len() as u64)).sum();
    Ok(format!("{} pages, {left_out} records left out on purpose", pages().count()))
}

pub(super) fn ahead<T: ListedEntity>(walks: &[Walk<T>]) -> Verdict {
    let mut compared = 0;
    for walk in walks {
        let nexts: Vec<Option<&Cursor>> = walk.pages.iter().map(|page| page.next.as_ref()).collect();
        for (at, page) in walk.pages.iter().enumerate() {
            ensure!(
                page.ahead.len() <= Page::<T>::MAX_AHEAD,
                "a page names {} cursors ahead; at most {} are allowed",
                page.ahead.len(),
                Page::<T>::MAX_AHEAD
            );
            ensure!(page.next.is_some() || page.ahead.is_empty(), "the last page names cursors ahead");
            for (step, ahead) in page.ahead.iter().enumerate() {
                // The page after the next one is named first.
                let Some(named) = nexts.get(at + 1 + step) else { break };
                ensure!(
                    *named == Some(ahead),
                    "with {} page {} names {ahead:?} as page {}, whose turn it is not",
                    walk.name(),
                    at + 1,
                    at + 3 + step
                );
                compared += 1;
            }
        }
    }
    if compared == 0 {
        return Err(moot("no page names cursors ahead of the next one"));
    }
    Ok(format!("{compared} cursors known ahead came in their turn"))
}

/// The first walk is the one with pages of the default size.
pub(super) fn sizes<T: ListedEntity>(walks: &[Walk<T>], wanted: &[String]) -> Verdict {
    let mut details = Vec::new();
    for walk in walks {
        let keys = walk.keys();
        let prefix = wanted.get(..keys.len().min(wanted.len())).unwrap_or_default();
        if keys != prefix {
            let at = keys.iter().zip(prefix).take_while(|(a, b)| a == b).count();
            return Err(broken(format!(
                "with {} the listing differs at record {}: `{}` instead of `{}`",
                walk.name(),
                at + 1,
                keys.get(at).map_or("nothing", |key| key),
                prefix.get(at).map_or("nothing", |key| key),
            )));
        }
        if walk.whole {
            ensure!(
                keys.len() == wanted.len(),
                "{} join to {} records instead of {}",
                walk.name(),
                keys.len(),
                wanted.len()
            );
            details.push(format!("{}: whole", walk.name()));
        } else {
            details.push(format!("{}: the first {} records", walk.name(), keys.len()));
        }
    }
    Ok(details.join(", "))
}

pub(super) fn distinct<T: ListedEntity>(reference: &Walk<T>) -> Verdict {
    let mut met = HashSet::new();
    let mut without = 0;
    for record in reference.records() {
        match record.identity() {
            None => without += 1,
            Some(id) => ensure!(met.insert(id), "`{id}` is listed more than once"),
        }
    }
    if met.is_empty() && without > 0 {
        return Err(moot(format!("{} have no ids here", noun(T::KIND))));
    }
    Ok(format!("{} ids", met.len()))
}

pub(super) fn ids<T: ListedEntity>(reference: &Walk<T>) -> Verdict {
    let (mut ids, mut without) = (0, 0);
    for record in reference.records() {
        match record.identity() {
            None => without += 1,
            Some(id) => {
                ensure!(
                    !id.trim().is_empty() && !id.chars().any(char::is_control),
                    "a record has the id {id:?}: {}",
                    key(record)
                );
                ids += 1;
            }
        }
    }
    Ok(format!("{ids} with an id, {without} without"))
}
