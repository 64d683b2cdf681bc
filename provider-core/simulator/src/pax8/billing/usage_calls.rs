//! `/v1/usage-summaries`.

use axum::extract::Path;

use super::usage::UsageLine;
use crate::engine::answer::{Answer, Stop};
use crate::engine::strict::RefusedPart;
use crate::pax8::engine::call::{Call, ok};
use crate::pax8::engine::listing::PageAsked;
use crate::pax8::engine::wire;

/// `GET /v1/usage-summaries/{usageSummaryId}`.
pub(crate) async fn get(call: Call, Path(id): Path<String>) -> Answer {
    call.no_query()?;
    let today = call.sim.frame.clock.now().date_naive();
    let answer = call.read(|store| store.usage.get(&id).map(|one| one.json(store, today)));
    answer.map(|summary| ok(&summary)).ok_or_else(|| call.not_found("Usage Summary", &id))
}

/// `GET /v1/usage-summaries/{usageSummaryId}/usage-lines`: one day a call.
pub(crate) async fn lines(call: Call, Path(id): Path<String>) -> Answer {
    let query = call.query(&["usageDate", "productId", "page", "size"])?;
    let page = PageAsked::read(&call, &query)?;
    let day = query.get("usageDate").and_then(wire::parse_day);
    let Some(day) = day else {
        return Err(call.wrong(RefusedPart::Query, "usageDate", "required, in the form yyyy-MM-dd"));
    };
    let today = call.sim.frame.clock.now().date_naive();
    let answer = call.read(|store| {
        let summary = store.usage.get(&id).ok_or_else(|| call.not_found("Usage Summary", &id))?;
        let rows: Vec<UsageLine> = summary
            .lines(store, day, today)
            .into_iter()
            .filter(|line| query.get("productId").is_none_or(|wanted| line.product_id(store) == wanted))
            .collect();
        Ok::<_, Stop>(page.cut(&rows, |line| line.json(store, day)).nested())
    })?;
    Ok(ok(&answer))
}
