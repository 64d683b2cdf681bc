//! All cases about one kind of record.

use super::context::Context;
use super::listed::{ListedEntity, key, noun};
use super::rule::Rule;
use super::verdict::{Problem, broken, moot};
use super::walk::Walk;
use super::world::{Reading, World, base};
use super::{cursor, deadline, fields, filter, get, listing, pages, records, refusal};

/// What is examined on a listing.
const LISTED: [Rule; 20] = [
    Rule::ListingComplete,
    Rule::ListingDistinct,
    Rule::ListingProven,
    Rule::PagesEnd,
    Rule::PagesTotal,
    Rule::PagesOnWire,
    Rule::PagesAhead,
    Rule::PagesSizes,
    Rule::ListingPrefetch,
    Rule::ListingResume,
    Rule::ListingLimit,
    Rule::CursorQuery,
    Rule::CursorGarbage,
    Rule::CursorConnection,
    Rule::Filter,
    Rule::Raw,
    Rule::Ids,
    Rule::RoundTrip,
    Rule::Fields,
    Rule::Ended,
];

const GOTTEN: [Rule; 5] =
    [Rule::GetContains, Rule::GetFull, Rule::GetUnknown, Rule::GetForbidden, Rule::GetNoId];

/// Reads the whole listing and keeps it for every later case.
pub(super) async fn read<T: ListedEntity>(ctx: &Context<'_>, world: &mut World) {
    if refusal::unlisted::<T>(ctx).is_some() {
        T::of_mut(world).missing = Some(format!("{} are not listed", noun(T::KIND)));
        return;
    }
    let reading = ctx.patiently(async {
        let query = base::<T>(ctx, world).await?;
        let walk = Walk::<T>::take(ctx, &query, None, usize::MAX).await?;
        Ok::<_, Problem>(Reading { query, records: walk.records().cloned().collect(), missing: None })
    });
    match reading.await.and_then(|reading| reading) {
        Ok(reading) => {
            records::scan(ctx, &reading.records);
            *T::of_mut(world) = reading;
        }
        Err(Problem::Broken(why) | Problem::Moot(why)) => T::of_mut(world).missing = Some(why),
    }
}

pub(super) async fn examine<T: ListedEntity>(ctx: &Context<'_>, world: &World) {
    Box::pin(refusal::reads::<T>(ctx, world)).await;
    let subject = noun(T::KIND);
    if let Some(unlisted) = refusal::unlisted::<T>(ctx) {
        for rule in LISTED {
            ctx.note(rule, &*subject, Err(unlisted.clone()));
        }
    } else if let Some(why) = &T::of(world).missing {
        let failed = broken(format!("the listing failed: {why}"));
        ctx.note(Rule::ListingComplete, &*subject, Err(failed));
        for rule in LISTED.into_iter().filter(|rule| *rule != Rule::ListingComplete) {
            ctx.note(rule, &*subject, Err(moot("the listing failed")));
        }
    } else {
        Box::pin(listed::<T>(ctx, world, &subject)).await;
    }
    if T::HAS_GET {
        Box::pin(gotten::<T>(ctx, world, &subject)).await;
    }
}

async fn listed<T: ListedEntity>(ctx: &Context<'_>, world: &World, subject: &str) {
    let reading = T::of(world);
    let mut walks = Vec::new();
    let mut failed = None;
    for size in [None].into_iter().chain(pages::SIZES.map(Some)) {
        let most = if size.is_some() { ctx.expect.walk } else { usize::MAX };
        let walk = ctx.patiently(Walk::<T>::take(ctx, &reading.query, size, most)).await;
        match walk.and_then(|walk| walk.map_err(Problem::from)) {
            Ok(walk) => walks.push(walk),
            Err(problem) => failed = failed.or(Some(problem)),
        }
    }
    let wanted: Vec<String> = reading.records.iter().map(key).collect();
    if let Some(reference) = walks.first() {
        ctx.note(Rule::ListingComplete, subject, listing::complete(ctx, reference));
        ctx.note(Rule::ListingDistinct, subject, pages::distinct(reference));
        ctx.note(Rule::Ids, subject, pages::ids(reference));
    }
    ctx.note(Rule::PagesEnd, subject, pages::end(&walks));
    ctx.note(Rule::PagesTotal, subject, pages::total(&walks));
    ctx.note(Rule::PagesOnWire, subject, pages::on_wire(&walks));
    ctx.note(Rule::PagesAhead, subject, pages::ahead(&walks));
    let joined = failed.map_or_else(|| pages::sizes(&walks, &wanted), Err);
    ctx.note(Rule::PagesSizes, subject, joined);
    ctx.case(Rule::ListingProven, subject, listing::proven(ctx, reading)).await;
    ctx.case(Rule::ListingPrefetch, subject, listing::prefetch(ctx, reading, &wanted)).await;
    ctx.case(Rule::ListingResume, subject, listing::resume(ctx, reading, &wanted)).await;
    ctx.case(Rule::ListingLimit, subject, listing::limit(ctx, reading, &wanted)).await;

    let other = filter::filters::<T>(ctx, world).await;
    let some = cursor::some(&walks);
    ctx.case(Rule::CursorQuery, subject, cursor::other_query::<T>(ctx, some, other.as_ref())).await;
    ctx.case(Rule::CursorGarbage, subject, cursor::garbage(ctx, reading, some)).await;
    ctx.case(Rule::CursorConnection, subject, cursor::other_connection(ctx, reading, some)).await;

    ctx.case(Rule::Raw, subject, records::raw(ctx, reading)).await;
    ctx.note(Rule::RoundTrip, subject, records::round_trip(&reading.records));
    ctx.note(Rule::Fields, subject, fields::listed(ctx, reading));
    ctx.note(Rule::Ended, subject, records::ended(ctx, reading));
    ctx.case(Rule::Deadline, T::LIST.to_string(), deadline::list(ctx, reading)).await;
}

async fn gotten<T: ListedEntity>(ctx: &Context<'_>, world: &World, subject: &str) {
    if !ctx.provider.capabilities().support(T::GET).is_supported() {
        for rule in GOTTEN {
            let why = format!("it is declared unsupported, which `{}` examines", Rule::CapabilityRefused);
            ctx.note(rule, subject, Err(moot(why)));
        }
        return;
    }
    let reading = T::of(world);
    ctx.case(Rule::GetContains, subject, get::contains(ctx, reading)).await;
    ctx.case(Rule::GetFull, subject, get::full(ctx, reading)).await;
    ctx.case(Rule::Fields, T::GET.to_string(), fields::gotten(ctx, reading)).await;
    ctx.case(Rule::GetUnknown, subject, get::unknown(ctx, reading)).await;
    ctx.case(Rule::GetForbidden, subject, get::forbidden::<T>(ctx)).await;
    ctx.case(Rule::GetNoId, subject, get::no_id::<T>(ctx)).await;
    ctx.case(Rule::Deadline, T::GET.to_string(), deadline::get(ctx, reading)).await;
}
