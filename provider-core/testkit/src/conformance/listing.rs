//! What listings promise: the streams that `Listing` makes of a provider's pages.

use std::collections::HashSet;

use provider_core::page::{ResumePoint, UnprovenReason};
use provider_core::{Completeness, Listing};

use super::context::Context;
use super::listed::{ListedEntity, key, noun};
use super::verdict::{Problem, Verdict, broken, ensure, moot};
use super::walk::Walk;
use super::world::Reading;

/// How many points a listing is taken up at.
const POINTS: usize = 6;

fn stream<T: ListedEntity>(ctx: &Context<'_>, reading: &Reading<T>) -> Listing<T> {
    T::listing(&ctx.provider, reading.query.clone())
}

async fn keys<T: ListedEntity>(ctx: &Context<'_>, mut listing: Listing<T>) -> Result<Vec<String>, Problem> {
    let mut keys = Vec::new();
    while let Some(record) = listing.next().await {
        keys.push(key(&ctx.saw(T::LIST, record)?));
    }
    Ok(keys)
}

fn page_size(records: usize, pages: usize) -> u32 {
    u32::try_from(records.div_ceil(pages)).unwrap_or(u32::MAX).max(1)
}

pub(super) fn complete<T: ListedEntity>(ctx: &Context<'_>, reference: &Walk<T>) -> Verdict {
    if let Some(bad) = reference.bad().next() {
        return Err(broken(format!(
            "{} records could not be read; the first: {bad}",
            reference.bad().count()
        )));
    }
    let found = reference.records().count();
    match ctx.expect.counts.get(&T::KIND) {
        Some(wanted) if *wanted != found as u64 => {
            Err(broken(format!("{found} came instead of {wanted} {}", noun(T::KIND))))
        }
        Some(_) => Ok(format!("{found} {}, as many as there are", noun(T::KIND))),
        None => Ok(format!("{found} {}", noun(T::KIND))),
    }
}

pub(super) async fn proven<T: ListedEntity>(ctx: &Context<'_>, reading: &Reading<T>) -> Verdict {
    let listing = stream(ctx, reading);
    let report = listing.report();
    let streamed = keys(ctx, listing).await?.len();
    match (report.completeness(), report.declared()) {
        (Completeness::Proven, Some(total)) => Ok(format!("{streamed} records of {total} declared")),
        (_, None) if !ctx.expect.proven.contains(&T::KIND) => {
            Err(moot("the distributor declares no total, so nothing can be proven"))
        }
        (Completeness::Unproven(UnprovenReason::Hidden), _) => match report.hidden() {
            Some(records) if !records.trim().is_empty() => {
                Err(moot(format!("the provider says that records are hidden: {records}")))
            }
            _ => Err(broken("records are said to be hidden, and not which")),
        },
        (Completeness::Unproven(UnprovenReason::NoId), Some(_)) => {
            Err(moot("records without an id cannot be counted as distinct"))
        }
        (completeness, declared) => Err(broken(format!(
            "{streamed} records came, {declared:?} were declared, and the listing ends as {completeness:?}"
        ))),
    }
}

pub(super) async fn prefetch<T: ListedEntity>(
    ctx: &Context<'_>,
    reading: &Reading<T>,
    wanted: &[String],
) -> Verdict {
    let mut pages = 0;
    for prefetch in [1, 8, 16] {
        let listing = stream(ctx, reading).page_size(page_size(wanted.len(), 12)).prefetch(prefetch);
        let report = listing.report();
        let found = keys(ctx, listing).await?;
        ensure!(
            found == wanted,
            "with {prefetch} pages in flight {} records came, not the {} of the whole listing in their order",
            found.len(),
            wanted.len()
        );
        pages = report.pages();
    }
    Ok(format!("1, 8 and 16 of {pages} pages in flight give the same"))
}

pub(super) async fn limit<T: ListedEntity>(
    ctx: &Context<'_>,
    reading: &Reading<T>,
    wanted: &[String],
) -> Verdict {
    for limit in [1, wanted.len() / 2, wanted.len() + 1] {
        let listing = stream(ctx, reading).limit(limit as u64);
        let report = listing.report();
        let found = keys(ctx, listing).await?;
        let prefix = wanted.get(..limit.min(wanted.len())).unwrap_or_default();
        ensure!(
            found == prefix,
            "limited to {limit} it gives {} other records than the whole one",
            found.len()
        );
        ensure!(
            limit >= wanted.len() || !report.completeness().is_proven(),
            "limited to {limit} of {} it claims to be complete",
            wanted.len()
        );
    }
    Ok("limits of 1, half and more than all".to_owned())
}

pub(super) async fn resume<T: ListedEntity>(
    ctx: &Context<'_>,
    reading: &Reading<T>,
    wanted: &[String],
) -> Verdict {
    if wanted.is_empty() {
        return Err(moot("there are no records"));
    }
    let size = page_size(wanted.len(), POINTS);
    let mut pages = stream(ctx, reading).page_size(size).pages();
    let mut seen = Vec::new();
    let mut points: Vec<(usize, ResumePoint)> = Vec::new();
    while let Some(step) = pages.next().await {
        let (page, point) = ctx.saw(T::LIST, step)?;
        seen.extend(page.records().map(key));
        points.push((seen.len(), stored(&point)?));
    }
    // A provider with a size of its own may have made many more pages.
    let stride = points.len().div_ceil(POINTS).max(1);
    let mut taken_up = 0;
    for (at, point) in points.into_iter().step_by(stride) {
        // Taken up by a process that asks for pages of another size.
        let rest = stream(ctx, reading).page_size(size + 1).resume_from(point);
        let rest = keys(ctx, rest).await?;
        skips_nothing(seen.get(..at).unwrap_or_default(), &rest, wanted)
            .map_err(|lost| broken(format!("taken up after {at} records, {lost}")))?;
        taken_up += 1;
    }
    // In the middle of a page, too.
    let mut listing = stream(ctx, reading).page_size(size);
    let mut before = Vec::new();
    while before.len() <= size as usize {
        let Some(record) = listing.next().await else { break };
        before.push(key(&ctx.saw(T::LIST, record)?));
    }
    let rest = stream(ctx, reading).page_size(size).resume_from(stored(&listing.resume_point())?);
    let rest = keys(ctx, rest).await?;
    skips_nothing(&before, &rest, wanted)
        .map_err(|lost| broken(format!("taken up in the middle of a page, {lost}")))?;
    Ok(format!("taken up at {taken_up} pages and in the middle of one"))
}

/// A point is written down and read again, as by another process.
fn stored(point: &ResumePoint) -> Result<ResumePoint, Problem> {
    serde_json::to_string(point)
        .and_then(|json| serde_json::from_str(&json))
        .map_err(|error| broken(format!("a resume point cannot be stored: {error}")))
}

fn skips_nothing(before: &[String], rest: &[String], wanted: &[String]) -> Result<(), String> {
    let met: HashSet<_> = before.iter().chain(rest).collect();
    match wanted.iter().find(|key| !met.contains(key)) {
        Some(lost) => Err(format!("`{lost}` is skipped")),
        None if met.len() > wanted.len() => {
            Err("records come that the whole listing does not have".to_owned())
        }
        None => Ok(()),
    }
}
