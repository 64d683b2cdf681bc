//! Azure usage: costs by organization and their breakdowns, and the monthly files.

use chrono::{DateTime, TimeDelta, Utc};
use rust_decimal::Decimal;

use super::body::{
    CATEGORY_USAGE_REQUEST, RESOURCE_GROUP_USAGE_REQUEST, SUBCATEGORY_USAGE_REQUEST, USAGE_REQUEST,
};
use crate::crayon::engine::call::Outcome;
use crate::crayon::engine::dates;
use crate::crayon::engine::failure::ErrorAnswer;
use crate::crayon::engine::json::{Json, object};
use crate::crayon::engine::query::{Param, date};
use crate::crayon::engine::route::{get, post};
use crate::crayon::state::{Call, Route, State};

/// The start of the obsolete paths.
macro_rules! obsolete {
    () => {
        "usagecost/resellercustomer/{tenant:int}/subscription/{subscription}"
    };
}

const PERIOD: &[Param] = &[date("from").required(), date("to").required()];

pub(crate) const ROUTES: &[Route] = &[
    get("usagecost/organization/{organization:int}", of_organization).query(PERIOD),
    post("usagecost/getforsubscription", by_category).body(&USAGE_REQUEST),
    post("usagecost/getforcategory", by_subcategory).body(&CATEGORY_USAGE_REQUEST),
    post("usagecost/getforsubcategory", by_meter).body(&SUBCATEGORY_USAGE_REQUEST),
    post("usagecost/getforsubscription/resourcegroups", by_resource_group).body(&USAGE_REQUEST),
    post("usagecost/getforresourcegroup", of_resource_group).body(&RESOURCE_GROUP_USAGE_REQUEST),
    // The older forms with everything in the path: obsolete, still documented.
    get(concat!(obsolete!(), "/currency/{currency}"), by_category).query(PERIOD),
    get(concat!(obsolete!(), "/currency/{currency}/resourcegroups"), by_resource_group).query(PERIOD),
    get(concat!(obsolete!(), "/category/{category}/currency/{currency}"), by_subcategory).query(PERIOD),
    get(concat!(obsolete!(), "/category/{category}/subcategory/{subcategory}/currency/{currency}"), by_meter)
        .query(PERIOD),
    get(concat!(obsolete!(), "/resourcegroup/{resourcegroup}/currency/{currency}"), of_resource_group)
        .query(PERIOD),
];

/// What an Azure subscription uses every day.
#[derive(Debug)]
pub(crate) struct Meter {
    pub(crate) category: &'static str,
    pub(crate) subcategory: &'static str,
    pub(crate) name: &'static str,
    pub(crate) resource_group: &'static str,
}

pub(crate) const METERS: &[Meter] = &[
    Meter {
        category: "Virtual Machines",
        subcategory: "Dv5 Series",
        name: "D2 v5",
        resource_group: "rg-app",
    },
    Meter { category: "Virtual Machines", subcategory: "Bs Series", name: "B2s", resource_group: "rg-test" },
    Meter {
        category: "Storage",
        subcategory: "Blob Storage",
        name: "Hot LRS Data Stored",
        resource_group: "rg-data",
    },
    Meter { category: "Storage", subcategory: "Managed Disks", name: "P10 LRS", resource_group: "rg-app" },
    Meter {
        category: "Bandwidth",
        subcategory: "Inter-Region",
        name: "Data Transfer Out",
        resource_group: "rg-app",
    },
    // A category that cannot travel in a path.
    Meter {
        category: "Databases / SQL",
        subcategory: "General Purpose",
        name: "vCore",
        resource_group: "rg-data",
    },
];

/// What one meter of an Azure subscription costs a day.
pub(crate) fn daily_cost(state: &State, azure_subscription: i64, meter: usize) -> Decimal {
    let mut prng =
        state.prng("crayon/usage", azure_subscription * 100 + i64::try_from(meter).unwrap_or_default());
    Decimal::new(i64::try_from(prng.between(11, 990)).unwrap_or_default(), 2)
}

/// Days of use between `from` (inclusive) and `to` (exclusive), since the plan was bought. The day that runs counts: costs
/// come in while it lasts, on the first of a month too.
pub(crate) fn days(since: DateTime<Utc>, from: DateTime<Utc>, to: DateTime<Utc>, now: DateTime<Utc>) -> i64 {
    let start = dates::day_start(from.max(since));
    let end = to.min(dates::day_start(now) + TimeDelta::days(1));
    (end - start).max(TimeDelta::zero()).num_days()
}

/// One Azure subscription with what a cost query needs.
struct Metered<'a> {
    row: &'a Json,
    tenant: i64,
    since: DateTime<Utc>,
}

fn metered(state: &State) -> impl Iterator<Item = Metered<'_>> {
    state.azure.rows().filter_map(|(row, subscription)| {
        let plan = state.subscriptions.get(subscription)?;
        Some(Metered { row, tenant: plan.tenant, since: plan.created })
    })
}

fn of_organization(call: &mut Call<'_>) -> Outcome {
    let organization = call.accessible(call.id("organization"))?;
    let (from, to) = (call.query.date("from"), call.query.date("to"));
    let (from, to) = period(from, to)?;
    let state = &*call.state;
    let currency = state.organization(organization).map(|organization| organization.currency.code());
    let mut items = Vec::new();
    for azure in metered(state) {
        let Some(tenant) =
            state.tenants.get(&azure.tenant).filter(|tenant| tenant.organization == organization)
        else {
            continue;
        };
        let days = days(azure.since, from, to, call.now);
        if days == 0 {
            continue;
        }
        let id = azure.row.id().unwrap_or_default();
        let daily: Decimal = (0..METERS.len()).map(|meter| daily_cost(state, id, meter)).sum();
        let usage = object! {
            "Supplier": "Microsoft",
            "AccountId": tenant.id,
            "AccountName": tenant.name.clone(),
            "SubscriptionName": azure.row.get("FriendlyName").clone(),
            "SubscriptionId": azure.row.get("PublisherSubscriptionId").clone(),
            "Amount": daily * Decimal::from(days),
            "CurrencyCode": currency,
        };
        if items.is_empty() {
            // Charges of other suppliers arrive before they are priced.
            let mut unpriced = usage.clone();
            unpriced.set("Supplier", "Sample Marketplace");
            unpriced.set("Amount", Json::Null);
            items.push(unpriced);
        }
        items.push(usage);
    }
    let total = items.len();
    Ok(call.collection(items, total, &[]))
}

fn period(
    from: Option<DateTime<Utc>>,
    to: Option<DateTime<Utc>>,
) -> Result<(DateTime<Utc>, DateTime<Utc>), ErrorAnswer> {
    match (from, to) {
        (Some(from), Some(to)) if from <= to => Ok((from, to)),
        _ => Err(ErrorAnswer::rule("PeriodInvalid", "From must not be after To.")),
    }
}

/// The answer's text: from the body, or from the path of the obsolete form.
fn asked(call: &Call<'_>, member: &'static str, capture: &str) -> String {
    call.body.get(member).string().unwrap_or_else(|| call.text(capture).to_owned())
}

/// A column of [`METERS`].
type Column = (&'static str, fn(&Meter) -> &'static str);

const CATEGORY: Column = ("Category", |meter| meter.category);
const SUBCATEGORY: Column = ("Subcategory", |meter| meter.subcategory);
const METER: Column = ("Meter", |meter| meter.name);
const RESOURCE_GROUP: Column = ("ResourceGroup", |meter| meter.resource_group);

/// Sums the meters that fit, one row for each distinct combination of the columns.
fn breakdown(call: &mut Call<'_>, columns: &[Column], fits: impl Fn(&Meter) -> bool) -> Outcome {
    let dates = ["From", "To"].map(|name| call.body.get(name).text().and_then(dates::read));
    let [from, to] = dates;
    let (from, to) = period(from.or_else(|| call.query.date("from")), to.or_else(|| call.query.date("to")))?;
    let tenant = call.body.get("ResellerCustomerId").int().unwrap_or_else(|| call.id("tenant"));
    let subscription = asked(call, "SubscriptionId", "subscription");
    let currency = asked(call, "CurrencyCode", "currency");
    let state = &*call.state;
    let owner = state.tenant(tenant)?.organization;
    let spoken =
        state.organization(owner).map(|organization| organization.currency.code()).unwrap_or_default();
    let azure = metered(state).find(|azure| {
        azure.tenant == tenant
            && azure
                .row
                .get("PublisherSubscriptionId")
                .text()
                .is_some_and(|id| id.eq_ignore_ascii_case(&subscription))
    });
    let azure = azure.ok_or_else(|| ErrorAnswer::not_found("Subscription", &subscription))?;
    let days = days(azure.since, from, to, call.now);
    let mut sums: Vec<(Vec<&'static str>, Decimal)> = Vec::new();
    if days > 0 && currency.eq_ignore_ascii_case(spoken) {
        for (place, meter) in METERS.iter().enumerate().filter(|(_, meter)| fits(meter)) {
            let key: Vec<_> = columns.iter().map(|(_, value)| value(meter)).collect();
            let cost = daily_cost(state, azure.row.id().unwrap_or_default(), place) * Decimal::from(days);
            match sums.iter_mut().find(|(known, _)| *known == key) {
                Some((_, sum)) => *sum += cost,
                None => sums.push((key, cost)),
            }
        }
    }
    Ok(call.page_of(sums.into_iter(), |(key, sum)| {
        let mut row = Json::Object(Vec::new());
        for ((name, _), value) in columns.iter().zip(key) {
            row.set(name, value);
        }
        row.with("Amount", sum).with("CurrencyCode", spoken)
    }))
}

fn by_category(call: &mut Call<'_>) -> Outcome {
    breakdown(call, &[CATEGORY], |_| true)
}

fn by_subcategory(call: &mut Call<'_>) -> Outcome {
    let category = asked(call, "Category", "category");
    breakdown(call, &[SUBCATEGORY], |meter| meter.category.eq_ignore_ascii_case(&category))
}

fn by_meter(call: &mut Call<'_>) -> Outcome {
    let category = asked(call, "Category", "category");
    let subcategory = asked(call, "Subcategory", "subcategory");
    breakdown(call, &[METER], |meter| {
        meter.category.eq_ignore_ascii_case(&category) && meter.subcategory.eq_ignore_ascii_case(&subcategory)
    })
}

fn by_resource_group(call: &mut Call<'_>) -> Outcome {
    breakdown(call, &[RESOURCE_GROUP], |_| true)
}

fn of_resource_group(call: &mut Call<'_>) -> Outcome {
    let group = asked(call, "ResourceGroup", "resourcegroup");
    breakdown(call, &[CATEGORY, SUBCATEGORY, METER], |meter| {
        meter.resource_group.eq_ignore_ascii_case(&group)
    })
}

#[cfg(test)]
mod tests {
    use chrono::TimeZone as _;

    use super::*;

    #[test]
    fn the_day_that_runs_counts_on_the_first_of_a_month_too() {
        let at = |month: u32, day: u32, hour: u32| {
            Utc.with_ymd_and_hms(2026, month, day, hour, 0, 0).single().unwrap_or_default()
        };
        let december = |now: DateTime<Utc>| days(at(3, 1, 0), at(12, 1, 0), at(12, 31, 0), now);
        assert_eq!(december(at(11, 30, 23)), 0);
        assert_eq!(december(at(12, 1, 0)), 1);
        assert_eq!(december(at(12, 2, 12)), 2);
        // What is over is what it was, and nothing comes before the plan was bought.
        assert_eq!(days(at(3, 1, 0), at(11, 1, 0), at(12, 1, 0), at(12, 5, 9)), 30);
        assert_eq!(days(at(11, 20, 8), at(11, 1, 0), at(12, 1, 0), at(12, 5, 9)), 11);
    }
}
