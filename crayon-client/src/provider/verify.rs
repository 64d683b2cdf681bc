//! "Verify Connectivity".

use std::time::{Duration, Instant};

use futures_util::future::{BoxFuture, join_all};
use provider_core::verification::Check;
use provider_core::{Delivery, Error, ErrorKind, Operation, ReadOptions, Result, Verification};
use provider_http::{Answer, Deadline, Keys};
use serde::de::IgnoredAny;

use super::context::{Context, organizations};
use crate::config::variable;
use crate::model::{
    AgreementFilter, AgreementProductFilter, AgreementStatus, AssetFilter, BillingStatementFilter,
    CustomerTenantFilter, Me, SubscriptionFilter, SubscriptionStatus,
};
use crate::wire::{Paging, Rows};

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

pub(super) async fn verify(cx: &Context) -> Verification {
    let options = ReadOptions::default().deadline(CALL_TIME);
    // Each step has its own time: a slow one takes none from the next.
    let fresh = || cx.during(Operation::Verify, &options);
    let began = Instant::now();
    let token = cx.client.http().authenticator().credential(Deadline::after(TOKEN_TIME)).await;
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
    let (organization, ids) = organization(&fresh()).await;
    verification = verification.check(organization.took(began.elapsed()));

    match ids.first() {
        Some(id) => {
            for check in capabilities(&fresh(), *id).await {
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
    verification.check(currency(&fresh(), &ids).await.took(began.elapsed()))
}

/// Who signed in, and how the clocks compare.
async fn account(cx: &Context) -> (Check, Check) {
    let unread = || Check::skipped("clock", "no answer told the time");
    let answer = match cx.client.session().me_answer().await {
        Ok(answer) => answer,
        Err(error) => return (Check::failed("account", error), unread()),
    };
    let clock = match answer.date() {
        None => unread(),
        Some(there) => skew((cx.now() - there).num_seconds()),
    };
    match answer.read::<Me>(Keys::AnyCase) {
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

async fn organization(cx: &Context) -> (Check, Vec<i64>) {
    if let Some(id) = cx.settings.organization {
        return match cx.client.organizations().get(id).await {
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
                let violation = provider_core::error::Violation::new(
                    variable::ORGANIZATION_ID,
                    "this user may not see it",
                );
                (
                    Check::failed("organization", error.with_message(hint).with_violation(violation)),
                    Vec::new(),
                )
            }
        };
    }
    match organizations::visible(cx).await {
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
async fn capabilities(cx: &Context, id: i64) -> Vec<Check> {
    let one = Paging::first(1);
    let now = cx.now();
    let products = AgreementProductFilter {
        organization_id: Some(id),
        page: Some(1),
        page_size: Some(1),
        ..Default::default()
    };
    let tenants = CustomerTenantFilter { organization_id: Some(id), ..Default::default() };
    let subscriptions = SubscriptionFilter {
        organization_id: Some(id),
        statuses: Some(SubscriptionStatus::ALL),
        ..Default::default()
    };
    let statements = BillingStatementFilter { organization_id: Some(id), ..Default::default() };
    let assets = AssetFilter::default();
    let day_ago = now - chrono::TimeDelta::days(1);
    let client = &cx.client;
    let reads: [(&'static str, BoxFuture<'_, Result<Answer>>); 7] = [
        ("customers", Box::pin(async { client.customer_tenants().list_answer(&tenants, one).await })),
        ("products", Box::pin(async { client.agreement_products().list_answer(&products).await })),
        ("subscriptions", Box::pin(async { client.subscriptions().list_answer(&subscriptions, one).await })),
        ("orders", Box::pin(async { client.assets().orders_answer(&assets, one).await })),
        ("invoices", Box::pin(async { client.invoices().list_answer(id, one).await })),
        (
            "invoice_lines",
            Box::pin(async { client.billing_statements().list_answer(&statements, one).await }),
        ),
        (
            "usage",
            Box::pin(async { client.usage_costs().of_organization_answer(id, day_ago, now, one).await }),
        ),
    ];
    join_all(reads.map(|(name, ask)| readable(cx, id, name, ask))).await
}

async fn readable(cx: &Context, id: i64, name: &'static str, ask: BoxFuture<'_, Result<Answer>>) -> Check {
    let began = Instant::now();
    let read = ask.await.and_then(|answer| answer.read::<Rows<IgnoredAny>>(Keys::AnyCase));
    let check = match read {
        Ok(found) => {
            let many = cx.settings.organization.is_none();
            Check::passed(name, counted(found.beside.total_hits, many.then_some(id)))
        }
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
}

fn counted(total: Option<u64>, organization: Option<i64>) -> String {
    let scope = organization.map(|id| format!(" in organization {id}")).unwrap_or_default();
    match total {
        Some(total) => format!("{total} found{scope}"),
        None => format!("readable{scope}"),
    }
}

/// The configured currency against what the agreements are priced in.
async fn currency(cx: &Context, ids: &[i64]) -> Check {
    let Some(configured) = cx.settings.currency else {
        return Check::skipped("currency", format!("no currency is configured ({})", variable::CURRENCY));
    };
    let mut known: Vec<String> = Vec::new();
    for id in ids {
        let query = AgreementFilter {
            organization_id: Some(*id),
            status: Some(AgreementStatus::Active),
            ..Default::default()
        };
        match cx.client.agreements().list(query.page(Paging::first(100))).await {
            Ok(found) => {
                known
                    .extend(found.into_records().filter_map(|agreement| agreement.sales_price_currency_code));
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
            let violation = provider_core::error::Violation::new(
                variable::CURRENCY,
                "is not what the agreements are priced in",
            );
            Check::failed("currency", Error::new(ErrorKind::Config, problem).with_violation(violation))
        }
    }
}
