//! Ends that a new term may share with other subscriptions, or with the calendar month.

use chrono::{DateTime, TimeDelta, Utc};

use super::record::{ACTIVE, Subscription};
use crate::crayon::catalog::offerings::Term;
use crate::crayon::engine::call::{Answer, Outcome};
use crate::crayon::engine::dates::{self, Form};
use crate::crayon::engine::failure::ErrorAnswer;
use crate::crayon::engine::json::{Json, object};
use crate::crayon::engine::query::{Param, int, text};
use crate::crayon::engine::route::get;
use crate::crayon::purchase::rules::Reason;
use crate::crayon::state::{Call, Route, State};

pub(crate) const ROUTES: &[Route] = &[
    get("subscriptions/coterminosity", read).v2().query(PARAMS),
    // Declared obsolete, still answered.
    get("subscriptions/coterminosity", read).query(PARAMS),
];

const PARAMS: &[Param] = &[
    int("OrganizationId").required(),
    int("CustomerTenantId").required(),
    text("TermDuration").required(),
    int("SubscriptionId"),
];

/// The end of the last calendar month that a full term reaches.
fn calendar_end(starts: DateTime<Utc>, months: i32) -> DateTime<Utc> {
    dates::add_months(dates::month_start(starts), months) - TimeDelta::seconds(1)
}

/// Active subscriptions that end within a full term from `starts`.
fn candidates(
    state: &State,
    tenant: i64,
    months: i32,
    starts: DateTime<Utc>,
) -> impl Iterator<Item = &Subscription> {
    let latest = dates::add_months(starts, months);
    state.subscriptions.listed(Some(tenant)).filter(move |row| {
        row.status == ACTIVE
            && row.is_nce(state)
            && row.ends.is_some_and(|ends| ends > starts && ends <= latest)
    })
}

/// The documented end that `wanted` names, by its day.
pub(crate) fn allowed_end(
    state: &State,
    tenant: i64,
    term: &Term,
    wanted: DateTime<Utc>,
    starts: DateTime<Utc>,
) -> Result<DateTime<Utc>, Reason> {
    let calendar = calendar_end(starts, term.months);
    candidates(state, tenant, term.months, starts)
        .filter_map(|row| row.ends)
        .chain(std::iter::once(calendar))
        .find(|end| end.date_naive() == wanted.date_naive() && *end > starts)
        .ok_or_else(|| {
            let text = "CustomTermEndDate must be an end that the coterminosity call lists.";
            Reason::new("CustomTermEndDateNotAllowed", text)
        })
}

fn read(call: &mut Call<'_>) -> Outcome {
    let organization = call.accessible(call.query.int("OrganizationId").unwrap_or_default())?;
    let tenant = call.state.tenant(call.query.int("CustomerTenantId").unwrap_or_default())?;
    if tenant.organization != organization {
        return Err(ErrorAnswer::not_found("CustomerTenant", &tenant.id));
    }
    let months = match call.query.text("TermDuration") {
        Some("P1M") => 1,
        Some("P1Y") => 12,
        Some("P3Y") => 36,
        _ => {
            return Err(ErrorAnswer::rule(
                "TermDurationNotSupported",
                "TermDuration must be P1M, P1Y or P3Y.",
            ));
        }
    };
    let except = call.query.filter("SubscriptionId");
    if let Some(id) = except {
        call.state.subscription(id)?;
    }
    let state = &*call.state;
    let rows = candidates(state, tenant.id, months, call.now).filter(|row| except != Some(row.id));
    let rows: Vec<Json> = rows
        .map(|row| {
            let term = state.catalog.variant(row.variant).and_then(|variant| variant.term.duration());
            object! {
                "Id": row.id,
                "PublisherSubscriptionId": row.publisher_id(state),
                "FriendlyName": row.display_name(state),
                "TermDuration": term,
                "EndDate": dates::write_opt(row.ends, Form::Spaced),
            }
        })
        .collect();
    Ok(Answer::json(object! {
        "CalendarMonthDate": dates::write(calendar_end(call.now, months), Form::Zulu),
        "Subscriptions": rows,
    }))
}
