//! Monthly Azure usage as files: a signed address that works without, and only without, a bearer token.

use std::time::Duration;

use chrono::{DateTime, NaiveDate, NaiveTime, TimeDelta, Utc};
use http::HeaderMap;
use http::header::AUTHORIZATION;

use super::usage::{METERS, daily_cost, days};
use crate::crayon::engine::call::{Answer, Outcome};
use crate::crayon::engine::dates::{self, Form};
use crate::crayon::engine::failure::{ErrorAnswer, FieldViolation};
use crate::crayon::engine::files;
use crate::crayon::engine::json::object;
use crate::crayon::engine::query::int;
use crate::crayon::engine::route::get;
use crate::crayon::state::{Call, Route, State};
use crate::engine::prng::Prng;
use crate::engine::refusal::RefusedPart;

pub(crate) const ROUTES: &[Route] =
    &[get("azureusage/{plan:int}/azuresubscriptions/{id:int}/monthlyusage", monthly).query(&[
        int("year").required(),
        int("month").required(),
        int("includeBom"),
    ])];

/// Where the files are.
pub(crate) const STORAGE: &str = "/storage/azure-usage/";

const LIFETIME: Duration = Duration::from_secs(30 * 60);

/// One file: what its name and its signature tell.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct UsageFile {
    plan: i64,
    id: i64,
    month: DateTime<Utc>,
}

impl UsageFile {
    fn name(self) -> String {
        format!("{}-{}-{}.csv", self.plan, self.id, self.month.format("%Y-%m"))
    }

    fn parse(name: &str) -> Option<Self> {
        let mut parts = name.strip_suffix(".csv")?.splitn(3, '-');
        let (plan, id) = (parts.next()?.parse().ok()?, parts.next()?.parse().ok()?);
        let month = dates::read(&format!("{}-01", parts.next()?))?;
        Some(Self { plan, id, month })
    }

    fn signature(self, seed: u64, expiry: i64, bom: i64) -> String {
        let signed = format!("crayon/usage-file/{}/{expiry}/{bom}", self.name());
        Prng::keyed(seed, &signed, 0).hex(32)
    }

    /// The first day with usage in the month, and how many there are so far.
    fn period(self, state: &State, now: DateTime<Utc>) -> Option<(DateTime<Utc>, i64)> {
        let (_, subscription) = state.azure.row(self.plan, self.id)?;
        let since = state.subscriptions.get(subscription)?.created;
        let days = days(since, self.month, dates::add_months(self.month, 1), now);
        (days > 0).then_some((dates::day_start(self.month.max(since)), days))
    }
}

fn month_of(year: i64, month: i64) -> Option<DateTime<Utc>> {
    let day = NaiveDate::from_ymd_opt(i32::try_from(year).ok()?, u32::try_from(month).ok()?, 1)?;
    Some(day.and_time(NaiveTime::MIN).and_utc())
}

fn monthly(call: &mut Call<'_>) -> Outcome {
    let number = |name| call.query.int(name).unwrap_or_default();
    let bom = number("includeBom");
    if bom != 0 && bom != 1 {
        let violation = FieldViolation::new("InvalidValue", "includeBom", "includeBom must be 0 or 1");
        return Err(ErrorAnswer::malformed(vec![violation.of(RefusedPart::Query)]));
    }
    let month = month_of(number("year"), number("month"))
        .ok_or_else(|| ErrorAnswer::rule("PeriodInvalid", "year and month must name a month."))?;
    let file = UsageFile { plan: call.id("plan"), id: call.id("id"), month };
    file.period(call.state, call.now).ok_or_else(ErrorAnswer::nothing_here)?;
    let expiry = call.now + LIFETIME;
    let signature = file.signature(call.state.seed, expiry.timestamp(), bom);
    let url = format!(
        "{}{STORAGE}{}?se={}&bom={bom}&sig={signature}",
        call.base_url,
        file.name(),
        expiry.timestamp()
    );
    Ok(Answer::json(object! {
        "File": object! {
            "Url": url,
            "UrlExpiry": dates::write(expiry, Form::Zulu),
            "LastModified": dates::write(dates::day_start(call.now), Form::Zulu),
        },
    })
    .camel())
}

/// Why the storage refuses.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum StorageRefusal {
    /// A bearer token, a wrong signature or one that is over.
    Authentication,
    NotFound,
}

/// Serves a file by its signed address.
pub(crate) fn serve(
    state: &State,
    now: DateTime<Utc>,
    path: &str,
    pairs: &[(String, String)],
    headers: &HeaderMap,
) -> Result<Vec<u8>, StorageRefusal> {
    // Signed addresses and bearer tokens exclude each other: sending one along would leak it to a storage account.
    if headers.contains_key(AUTHORIZATION) {
        return Err(StorageRefusal::Authentication);
    }
    let value =
        |name: &str| pairs.iter().find(|(known, _)| known == name).map_or("", |(_, value)| value.as_str());
    let expiry: i64 = value("se").parse().unwrap_or_default();
    let bom = i64::from(value("bom") == "1");
    let file = path.strip_prefix(STORAGE).and_then(UsageFile::parse).ok_or(StorageRefusal::NotFound)?;
    if value("sig") != file.signature(state.seed, expiry, bom) || expiry < now.timestamp() {
        return Err(StorageRefusal::Authentication);
    }
    let (first, days) = file.period(state, now).ok_or(StorageRefusal::NotFound)?;
    let mut bytes = if bom == 1 { vec![0xEF, 0xBB, 0xBF] } else { Vec::new() };
    bytes.extend(files::csv(&rows(state, file, first, days)));
    Ok(bytes)
}

fn rows(state: &State, file: UsageFile, first: DateTime<Utc>, days: i64) -> Vec<Vec<String>> {
    let header =
        ["Date", "SubscriptionId", "ResourceGroup", "MeterCategory", "MeterSubCategory", "MeterName", "Cost"];
    let mut rows = vec![header.map(str::to_owned).to_vec()];
    let azure = state.azure.row(file.plan, file.id);
    let id = azure.and_then(|(row, _)| row.get("PublisherSubscriptionId").string()).unwrap_or_default();
    for day in 0..days {
        let date = (first + TimeDelta::days(day)).date_naive().to_string();
        rows.extend(METERS.iter().enumerate().map(|(place, meter)| {
            vec![
                date.clone(),
                id.clone(),
                meter.resource_group.to_owned(),
                meter.category.to_owned(),
                meter.subcategory.to_owned(),
                meter.name.to_owned(),
                daily_cost(state, file.id, place).to_string(),
            ]
        }));
    }
    rows
}
