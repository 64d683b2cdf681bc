//! "Verify Connectivity".

use std::time::{Duration, Instant};

use futures_util::future::join_all;
use provider_core::{Check, Delivery, Error, ErrorKind, Operation, ReadOptions, Result, Verification};
use provider_http::{Deadline, RequestSpec};
use serde::de::IgnoredAny;

use super::CrayonProvider;
use crate::api::request;
use crate::client::CrayonClient;
use crate::config::variable;
use crate::model::{
    AgreementProductFilter, AgreementQuery, AgreementStatus, AssetQuery, BillingStatementQuery,
    CustomerTenantQuery, Me, SubscriptionQuery,
};
use crate::wire::Collection;
use crate::wire::Paging;

/// How long the token may take; the whole verification stays within what a person waits.
const TOKEN_TIME: Duration = Duration::from_secs(20);
const CALL_TIME: Duration = Duration::from_secs(30);
/// Clocks that differ by less do no harm.
const SKEW_HARMLESS: i64 = 60;
/// Clocks that differ by more break token lives and signed addresses.
const SKEW_HARMFUL: i64 = 300;

const AFTER_TOKEN: [&str; 11] = [
    "account",
    "organization",
    "customers",
    "products",
    "subscriptions",
    "orders",
    "invoices",
    "invoice_lines",
    "usage",
    "clock",
    "currency",
];

pub(super) async fn run(provider: &CrayonProvider) -> Verification {
    let options = ReadOptions::default().deadline(CALL_TIME);
    // Each step has its own time: a slow one takes none from the next.
    let fresh = || provider.calls(Operation::Verify, &options);
    let client = fresh();
    let began = Instant::now();
    let token = client.authenticator().credential(Deadline::after(TOKEN_TIME)).await;
    if let Err(error) = token {
        let error = error.with_operation(Operation::Verify);
        let mut verification =
            Verification::default().check(Check::failed("token", error).took(began.elapsed()));
        for name in AFTER_TOKEN {
            verification = verification.check(Check::skipped(name, "there is no token to try it with"));
        }
        return verification;
    }
    let mut verification = Verification::default()
        .check(Check::passed("token", "Cloud-iQ accepts the credentials").took(began.elapsed()));

    let began = Instant::now();
    let (account, clock) = account(&fresh()).await;
    verification = verification.check(account.took(began.elapsed()));

    let began = Instant::now();
    let (organization, ids) = organization(provider, &fresh()).await;
    verification = verification.check(organization.took(began.elapsed()));

    match ids.first() {
        Some(id) => {
            for check in capabilities(provider, &fresh(), *id).await {
                verification = verification.check(check);
            }
        }
        None => {
            for name in
                ["customers", "products", "subscriptions", "orders", "invoices", "invoice_lines", "usage"]
            {
                verification =
                    verification.check(Check::skipped(name, "there is no organization to read from"));
            }
        }
    }
    verification = verification.check(clock);
    let began = Instant::now();
    verification.check(currency(provider, &fresh(), &ids).await.took(began.elapsed()))
}

/// Who signed in, and how the clocks compare.
async fn account(client: &CrayonClient) -> (Check, Check) {
    let unread = || Check::skipped("clock", "no answer told the time");
    let answer = match client.request(RequestSpec::get("/api/v1/Me")).await {
        Ok(answer) => answer,
        Err(error) => return (Check::failed("account", error), unread()),
    };
    let clock = match answer.date() {
        None => unread(),
        Some(there) => skew((client.http().clock().now() - there).num_seconds()),
    };
    match answer.read::<Me>(provider_http::Keys::AnyCase) {
        Ok(me) => {
            let admin = me.claims.iter().any(|claim| claim.contains("TenantAdmin"));
            let detail = if admin { "signed in as a tenant administrator" } else { "signed in" };
            (Check::passed("account", detail), clock)
        }
        Err(error) => (Check::failed("account", error), clock),
    }
}

fn skew(seconds: i64) -> Check {
    let by = seconds.abs();
    if by < SKEW_HARMLESS {
        return Check::passed("clock", format!("within {by} s of Cloud-iQ"));
    }
    let direction = if seconds > 0 { "ahead of" } else { "behind" };
    let detail = format!("this machine's clock is {by} s {direction} Cloud-iQ's");
    if by <= SKEW_HARMFUL {
        return Check::passed("clock", format!("{detail}; set it by NTP before it grows"));
    }
    let error = Error::new(
        ErrorKind::PreconditionFailed,
        format!("{detail}: set it by NTP, or tokens will be used too long"),
    )
    .with_delivery(Delivery::NotSent);
    Check::failed("clock", error)
}

async fn organization(provider: &CrayonProvider, client: &CrayonClient) -> (Check, Vec<i64>) {
    if let Some(id) = provider.organization {
        return match client.organizations().get(id).await {
            Ok(found) => {
                let name = found.name.unwrap_or_default();
                (Check::passed("organization", format!("{id} {name}")), vec![id])
            }
            Err(error) => {
                let hint = format!(
                    "{} (field organization_id) names organization {id}, which this user may not see: choose another, or grant the user access in the Cloud-iQ portal under Manage > Users ({})",
                    variable::ORGANIZATION_ID,
                    error.message()
                );
                let violation =
                    provider_core::Violation::new(variable::ORGANIZATION_ID, "this user may not see it");
                (
                    Check::failed("organization", error.with_message(hint).with_violation(violation)),
                    Vec::new(),
                )
            }
        };
    }
    match provider.organizations(client).await {
        Ok(found) => {
            let names: Vec<String> = found
                .iter()
                .map(|organization| {
                    format!("{} {}", organization.id, organization.name.as_deref().unwrap_or_default())
                })
                .collect();
            let detail = if let [only] = names.as_slice() {
                only.clone()
            } else {
                format!("all {} are used: {}", names.len(), names.join(", "))
            };
            (
                Check::passed("organization", detail),
                found.iter().map(|organization| organization.id).collect(),
            )
        }
        Err(error) => (Check::failed("organization", error), Vec::new()),
    }
}

/// One cheap read for each capability, so that a missing right is named.
async fn capabilities(provider: &CrayonProvider, client: &CrayonClient, id: i64) -> Vec<Check> {
    let one = Paging::first(1);
    let now = client.http().clock().now();
    let products = AgreementProductFilter {
        organization_id: Some(id),
        page: Some(1),
        page_size: Some(1),
        ..Default::default()
    };
    let tenants = CustomerTenantQuery { organization_id: Some(id), ..Default::default() };
    let subscriptions = SubscriptionQuery {
        organization_id: Some(id),
        statuses: Some(crate::model::SubscriptionStatus::ALL),
        ..Default::default()
    };
    let statements = BillingStatementQuery { organization_id: Some(id), ..Default::default() };
    let day_ago = now - chrono::TimeDelta::days(1);
    let reads: [(&str, Result<RequestSpec>); 7] = [
        ("customers", request::customer_tenants::list(&tenants, one)),
        ("products", request::products::list(&products)),
        ("subscriptions", request::subscriptions::list(&subscriptions, one)),
        ("orders", request::assets::orders(&AssetQuery::default(), one)),
        ("invoices", request::invoices::list(id, one)),
        ("invoice_lines", request::billing_statements::list(&statements, one)),
        ("usage", request::usage_costs::of_organization(id, day_ago, now)),
    ];
    let many = provider.organization.is_none();
    let checks = reads.into_iter().map(|(name, spec)| async move {
        let began = Instant::now();
        let read: Result<Collection<IgnoredAny>> = match spec {
            Ok(spec) => client.fetch(spec).await,
            Err(error) => Err(error),
        };
        let check = match read {
            Ok(found) => Check::passed(name, counted(found.total_hits, many.then_some(id))),
            Err(error) => {
                let denied = matches!(error.kind(), ErrorKind::PermissionDenied | ErrorKind::NotFound);
                let hint = format!(
                    "{}: the user lacks the right to read {}; grant it in the Cloud-iQ portal under Manage > Users",
                    error.message(),
                    name.replace('_', " ")
                );
                Check::failed(name, if denied { error.with_message(hint) } else { error })
            }
        };
        check.took(began.elapsed())
    });
    join_all(checks).await
}

fn counted(total: Option<u64>, organization: Option<i64>) -> String {
    let scope = organization.map(|id| format!(" in organization {id}")).unwrap_or_default();
    match total {
        Some(total) => format!("{total} found{scope}"),
        None => format!("readable{scope}"),
    }
}

/// The configured currency against what the agreements are priced in.
async fn currency(provider: &CrayonProvider, client: &CrayonClient, ids: &[i64]) -> Check {
    let Some(configured) = provider.currency else {
        return Check::skipped("currency", format!("no currency is configured ({})", variable::CURRENCY));
    };
    let mut known: Vec<String> = Vec::new();
    for id in ids {
        let query = AgreementQuery {
            organization_id: Some(*id),
            status: Some(AgreementStatus::Active),
            ..Default::default()
        };
        match client.agreements().list(&query, Paging::first(100)).await {
            Ok(found) => {
                known.extend(found.into_iter().filter_map(|agreement| agreement.sales_price_currency_code));
            }
            Err(error) => return Check::failed("currency", error),
        }
    }
    known.sort_unstable();
    known.dedup();
    let others: Vec<&str> = known
        .iter()
        .map(String::as_str)
        .filter(|code| !code.eq_ignore_ascii_case(configured.as_str()))
        .collect();
    match (known.len(), others.len()) {
        (0, _) => Check::skipped("currency", "no active agreement says which currency it is priced in"),
        (_, 0) => Check::passed("currency", format!("agreements are priced in {configured}")),
        (all, some) if some < all => Check::passed(
            "currency",
            format!("agreements are priced in {configured}, and others in {}", others.join(", ")),
        ),
        _ => {
            let problem = format!(
                "{}: is {configured}, but the agreements are priced in {}",
                variable::CURRENCY,
                others.join(", ")
            );
            let violation =
                provider_core::Violation::new(variable::CURRENCY, "is not what the agreements are priced in");
            Check::failed("currency", Error::new(ErrorKind::Config, problem).with_violation(violation))
        }
    }
}
