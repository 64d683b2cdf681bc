//! "Verify Connectivity": token, account, one small read for each capability, clock, currency.

use std::future::Future;
use std::time::Duration;

use chrono::{DateTime, Datelike, Utc};
use provider_core::verification::Check;
use provider_core::{Currency, Error, ErrorKind, ReadOptions, Result, Verification};
use provider_http::auth::Authenticator as _;
use provider_http::{Answer, Credential, Deadline};
use tokio::time::Instant;

use super::context::Context;
use crate::api::{
    BillingProvider, BillingReportFilter, CustomerFilter, InvoicesOf, LegacyFilter, OffsetPage, OrderFilter,
    ProductFilter, SubscriptionFilter, TokenPage,
};
use crate::auth::REMEDY;
use crate::client::no_api_key;
use crate::config::{ACCOUNT_ID, API_KEY, API_SECRET, REFRESH_TOKEN};
use crate::map;

/// Below this the clocks agree.
const SMALL_SKEW: i64 = 60;
/// Above this tokens and signatures may be refused.
const LARGE_SKEW: i64 = 5 * 60;
const LIMIT: Duration = Duration::from_secs(60);

const V3: [&str; 4] = ["customers", "products", "subscriptions", "orders"];

pub(super) async fn verify(cx: &Context) -> Verification {
    let begun = Instant::now();
    let credential = async { cx.client.chain()?.credential(Deadline::after(LIMIT)).await };
    let credential = match credential.await {
        Ok(credential) => credential,
        Err(error) => return without_token(refused_token(error), begun),
    };
    let detail = token_detail(cx, &credential).await;
    let token = Check::passed("token", detail).took(begun.elapsed());
    let options = ReadOptions::default().deadline(LIMIT);

    // The first read tells whether the account is the token's own; the others need not be tried without.
    let begun = Instant::now();
    let asked_at = cx.now();
    let customers =
        cx.client.customers().with(&options).answer(&CustomerFilter::default(), &TokenPage::first(1)).await;
    let took = begun.elapsed();
    if let Some(error) = customers.as_ref().err().filter(|error| is_account(error, cx.client.account_id())) {
        let why = "the account is not accepted";
        let mut found = Verification::default().check(token).check(refused_account(cx, error).took(took));
        for name in V3.into_iter().chain(["invoices", "usage", "clock", "currency"]) {
            found = found.check(Check::skipped(name, why));
        }
        return found;
    }
    let account = match &customers {
        Ok(_) => Check::passed("account", format!("account {} is the token's own", cx.client.account_id())),
        Err(error) if error.kind() == ErrorKind::PermissionDenied => {
            Check::passed("account", format!("account {} was not turned away", cx.client.account_id()))
        }
        Err(_) => Check::skipped("account", "no read reached the account: see the checks that follow"),
    };
    let clock = match customers.as_ref().ok().and_then(Answer::date) {
        Some(theirs) => clock(asked_at, cx.now(), theirs),
        None => Check::skipped("clock", "the service gave no date"),
    };
    let customers = customers.and_then(|answer| cx.client.customers().read(&answer));
    let customer = customers.as_ref().ok().and_then(|page| page.records().find_map(|customer| customer.id()));
    let customer = customer.map(|id| id.to_string());
    let customers = outcome("customers", customers.map(drop)).took(took);
    let (products, subscriptions, orders, invoices, usage) = futures_util::join!(
        products(cx, &options),
        subscriptions(cx, &options),
        timed("orders", async {
            let one = OrderFilter::default().page(TokenPage::first(1));
            cx.client.orders().with(&options).list(one).await.map(drop)
        }),
        invoices(cx, &options),
        usage(cx, customer, &options),
    );
    let seen = products.1.or(subscriptions.1);
    let mut found = Verification::default();
    for check in [token, account, customers, products.0, subscriptions.0, orders, invoices, usage, clock] {
        found = found.check(check);
    }
    found.check(currency(cx.currency(), seen))
}

/// Nothing can be tried without a token.
fn without_token(error: Error, begun: Instant) -> Verification {
    let mut found = Verification::default().check(Check::failed("token", error).took(begun.elapsed()));
    for name in ["account"].into_iter().chain(V3).chain(["invoices", "usage", "clock", "currency"]) {
        found = found.check(Check::skipped(name, "there is no token"));
    }
    found
}

/// The settings are named even where the failure came without them.
fn refused_token(error: Error) -> Error {
    let credentials = matches!(error.kind(), ErrorKind::ReauthRequired | ErrorKind::Unauthenticated);
    if !credentials || error.message().contains(REFRESH_TOKEN) {
        return error;
    }
    let message = format!("{}; {REFRESH_TOKEN}: {REMEDY}", error.message());
    error.with_message(message)
}

/// How long the tokens live. The service is asked once, for the display alone.
async fn token_detail(cx: &Context, credential: &Credential) -> String {
    let health = cx.client.tokens().health().await.unwrap_or_default();
    let told = cx.client.tokens().with(ReadOptions::default().deadline(Duration::from_secs(10)));
    let days = match told.validity(credential).await {
        Ok(validity) => validity.refresh_days_left().or(health.refresh_days_left),
        Err(_) => health.refresh_days_left,
    };
    let minutes = health.access_until.map(|until| (until - cx.now()).num_minutes());
    let mut parts = Vec::new();
    parts.extend(minutes.map(|minutes| format!("valid for {minutes} minutes")));
    parts.extend(days.map(|days| format!("the connection lives {days} days without use")));
    if health.unsaved {
        parts.push("the newest refresh token is not saved yet: see to the token store".to_owned());
    }
    if parts.is_empty() { "a token was issued".to_owned() } else { parts.join("; ") }
}

/// The service answers 403 and names the account alone when it is not the token's; a right that is missing
/// names what lies below it.
fn is_account(error: &Error, account: &str) -> bool {
    if error.kind() != ErrorKind::PermissionDenied {
        return false;
    }
    let name = format!("accounts/{account}");
    let Some(at) = error.message().find(&name) else { return false };
    let rest = error.message().get(at + name.len()..).unwrap_or_default();
    !rest.starts_with('/') && !rest.starts_with(|c: char| c.is_ascii_digit())
}

fn refused_account(cx: &Context, error: &Error) -> Check {
    let message = format!(
        "account {} is not the one the token belongs to: set {ACCOUNT_ID} (form field \"Account ID\"; portal: Settings, \
         Account Information), or request the credentials as a user of that account ({})",
        cx.client.account_id(),
        error.message()
    );
    Check::failed("account", error.clone().with_message(message))
}

/// A check from what a read came to. A right that is missing is named.
fn outcome(name: &'static str, read: Result<()>) -> Check {
    match read {
        Ok(()) => Check::passed(name, "can be read"),
        Err(error) if error.kind() == ErrorKind::PermissionDenied => {
            let message = format!(
                "the role of the integration user lacks the right to {name}: change it under Settings, Users ({})",
                error.message()
            );
            Check::failed(name, error.with_message(message))
        }
        Err(error) => Check::failed(name, error),
    }
}

async fn timed(name: &'static str, read: impl Future<Output = Result<()>>) -> Check {
    let begun = Instant::now();
    outcome(name, read.await).took(begun.elapsed())
}

async fn products(cx: &Context, options: &ReadOptions) -> (Check, Option<String>) {
    let begun = Instant::now();
    let read =
        cx.client.products().with(options).list(ProductFilter::default().page(TokenPage::first(1))).await;
    let currency = read.as_ref().ok().and_then(|page| {
        let product = page.records().next()?;
        let skus = &product.definition.as_ref()?.skus;
        skus.iter().flat_map(|sku| &sku.plans).find_map(|plan| map::said(plan.pricebook_currency.as_ref()))
    });
    (outcome("products", read.map(drop)).took(begun.elapsed()), currency)
}

async fn subscriptions(cx: &Context, options: &ReadOptions) -> (Check, Option<String>) {
    let begun = Instant::now();
    let handle = cx.client.subscriptions().with(options);
    let read = handle.list(SubscriptionFilter::default().page(OffsetPage::first(1))).await;
    let currency = read.as_ref().ok().and_then(|page| map::said(page.records().next()?.currency.as_ref()));
    (outcome("subscriptions", read.map(drop)).took(begun.elapsed()), currency)
}

async fn invoices(cx: &Context, options: &ReadOptions) -> Check {
    if !cx.client.has_api_key() {
        return Check::skipped("invoices", no_api_key());
    }
    let begun = Instant::now();
    let handle = cx.client.invoices().with(options);
    let read = handle.list(InvoicesOf::Payable, LegacyFilter::default().page(OffsetPage::first(1))).await;
    match read {
        Err(error) if error.kind() == ErrorKind::Unauthenticated => {
            let message = format!(
                "the API key or its secret is not accepted: set {API_KEY} and {API_SECRET} (form fields \"API key\" and \
                 \"API secret\"; portal: Settings, Account Information, Generate New API Keys) ({})",
                error.message()
            );
            Check::failed("invoices", error.with_message(message))
        }
        read => outcome("invoices", read.map(drop)),
    }
    .took(begun.elapsed())
}

/// A billing report comes whole, so the one of a single customer and month is read.
async fn usage(cx: &Context, customer: Option<String>, options: &ReadOptions) -> Check {
    if !cx.client.has_api_key() {
        return Check::skipped("usage", no_api_key());
    }
    let Some(customer) = customer else {
        return Check::skipped("usage", "there is no customer whose billing report could be read");
    };
    let now = cx.now();
    let filter = BillingReportFilter::month(now.year(), now.month()).customer(customer);
    timed("usage", async {
        cx.client.billing_reports().with(options).get(BillingProvider::AzurePlan, &filter).await.map(drop)
    })
    .await
}

/// The service's clock against ours, in the middle of the call.
fn clock(asked_at: DateTime<Utc>, answered_at: DateTime<Utc>, theirs: DateTime<Utc>) -> Check {
    let ours = asked_at + (answered_at - asked_at) / 2;
    let skew = (theirs - ours).num_seconds();
    match skew.abs() {
        0..SMALL_SKEW => Check::passed("clock", format!("{} s apart", skew.abs())),
        SMALL_SKEW..=LARGE_SKEW => Check::passed(
            "clock",
            format!("{} s apart: set this machine's clock by NTP before it grows", skew.abs()),
        ),
        _ => {
            let side = if skew > 0 { "behind" } else { "ahead of" };
            let message = format!(
                "this machine's clock is {} s {side} the service's: set it by NTP, or tokens will seem to live when they do not",
                skew.abs()
            );
            Check::failed(
                "clock",
                Error::new(ErrorKind::PreconditionFailed, message).with_provider(crate::KIND),
            )
        }
    }
}

fn currency(configured: Option<Currency>, seen: Option<String>) -> Check {
    let (configured, seen) = match (configured, seen) {
        (None, _) => return Check::skipped("currency", "none is configured (STREAMONE_CURRENCY)"),
        (Some(_), None) => return Check::skipped("currency", "no price was seen to compare with"),
        (Some(configured), Some(seen)) => (configured, seen),
    };
    if seen.eq_ignore_ascii_case(configured.as_str()) {
        return Check::passed("currency", format!("prices are in {configured}"));
    }
    let message = format!(
        "prices are in {seen}, STREAMONE_CURRENCY (form field \"Currency code\") says {configured}; portal: Settings, \
         Billing, Currency Conversion"
    );
    Check::failed("currency", Error::config("STREAMONE_CURRENCY", message).with_provider(crate::KIND))
}
