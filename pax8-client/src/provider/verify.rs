//! "Verify Connectivity", check by check.

use std::future::Future;
use std::time::Duration;

use chrono::{DateTime, Utc};
use provider_core::verification::Check;
use provider_core::{EntityKind, Error, ErrorKind, Result, Verification};
use provider_http::{CallOptions, Deadline};
use tokio::time::Instant;

use super::context::Context;
use crate::api::{CompanyFilter, InvoiceFilter, ProductFilter, SubscriptionFilter, UsageSummaryFilter};
use crate::wire::envelope::{Listed, PageOf};

/// One check, with its retries.
const EACH: Duration = Duration::from_secs(30);
const SKEW_NOTED: i64 = 60;
const SKEW_REFUSED: i64 = 300;

pub(super) async fn run(cx: &Context) -> Verification {
    let started = Instant::now();
    if let Err(error) = cx.client.http().authenticator().credential(Deadline::after(EACH)).await {
        let mut verification =
            Verification::default().check(Check::failed("token", error).took(started.elapsed()));
        for name in std::iter::once("account")
            .chain(EntityKind::ALL.map(EntityKind::plural))
            .chain(["clock", "currency"])
        {
            verification = verification.check(Check::skipped(name, "there is no token to try it with"));
        }
        return verification;
    }
    let token = Check::passed("token", token_detail(cx).await).took(started.elapsed());
    let page = PageOf::first(1);
    let call = || CallOptions::default().deadline(EACH);
    let (companies, products, subscriptions, orders, invoices) = futures_util::join!(
        probe(async { cx.client.companies().with(call()).list(CompanyFilter::default().page(page)).await }),
        probe(async { cx.client.products().with(call()).list(ProductFilter::default().page(page)).await }),
        probe(async {
            cx.client.subscriptions().with(call()).list(SubscriptionFilter::default().page(page)).await
        }),
        probe(async { cx.client.orders().with(call()).list(None, page).await }),
        probe(async { cx.client.invoices().with(call()).list(InvoiceFilter::default().page(page)).await }),
    );
    let (usage, lines) = futures_util::join!(
        async {
            let id = &subscriptions.first()?.id;
            let usage = cx.client.usage().with(call());
            Some(probe(usage.summaries(id, UsageSummaryFilter::default().page(page))).await)
        },
        async {
            let id = &invoices.first()?.id;
            Some(probe(cx.client.invoices().with(call()).items(id, page)).await)
        },
    );
    let account = match &companies.answer {
        Ok(_) => {
            let client = cx.info.account.as_deref().unwrap_or_default();
            Check::passed("account", format!("client {client} reads its partner account"))
        }
        Err(error) if error.kind() == ErrorKind::PermissionDenied => Check::failed(
            "account",
            error.clone().with_message(format!(
                "the token is good, but {}: make a new integration as a user with the Partner Admin role",
                error.message()
            )),
        ),
        Err(error) => Check::failed("account", error.clone()),
    };
    Verification::default()
        .check(token)
        .check(account.took(companies.took))
        .check(companies.check(EntityKind::Customer))
        .check(products.check(EntityKind::Product))
        .check(subscriptions.check(EntityKind::Subscription))
        .check(orders.check(EntityKind::Order))
        .check(invoices.check(EntityKind::Invoice))
        .check(lines.map_or_else(
            || Check::skipped("invoice_lines", "there is no invoice to read lines of"),
            |probe| probe.check(EntityKind::InvoiceLine),
        ))
        .check(usage.map_or_else(
            || Check::skipped("usage", "there is no subscription to read usage of"),
            |probe| probe.check(EntityKind::Usage),
        ))
        .check(clock_check(cx, companies.answer.as_ref().ok().and_then(|page| page.answered_at)))
        .check(currency_check(
            cx,
            [
                subscriptions.first().and_then(|one| one.currency_code.as_ref()),
                invoices.first().and_then(|one| one.currency_code.as_ref()),
            ],
        ))
}

async fn token_detail(cx: &Context) -> String {
    let status = match cx.client.http().tokens() {
        Some(tokens) => tokens.status().await.ok(),
        None => None,
    };
    let until = status.and_then(|status| status.valid_until);
    until.map_or_else(
        || "issued".to_owned(),
        |until| format!("valid for {} minutes", (until - cx.clock.now()).num_minutes().max(0)),
    )
}

fn clock_check(cx: &Context, theirs: Option<DateTime<Utc>>) -> Check {
    let Some(theirs) = theirs else {
        return Check::skipped("clock", "no answer said what time it is at Pax8");
    };
    let skew = (cx.clock.now() - theirs).num_seconds();
    let off = skew.abs();
    if off > SKEW_REFUSED {
        let which = if skew > 0 { "ahead of" } else { "behind" };
        let message = format!(
            "this machine's clock is {off} s {which} Pax8's: set it by NTP, or tokens seem valid when they are not"
        );
        return Check::failed("clock", Error::new(ErrorKind::Config, message).with_provider(crate::KIND));
    }
    let note = if off >= SKEW_NOTED { ": more than usual" } else { "" };
    Check::passed("clock", format!("{off} s apart{note}"))
}

/// `charged` are the currencies that records name.
fn currency_check(cx: &Context, charged: [Option<&String>; 2]) -> Check {
    let Some(wanted) = cx.currency else {
        return Check::skipped("currency", "none is configured (PAX8_CURRENCY)");
    };
    let found: Vec<_> = charged.into_iter().flatten().collect();
    match found.iter().find(|code| !code.eq_ignore_ascii_case(wanted.as_str())) {
        Some(other) => {
            let problem = format!("is {wanted}, but Pax8 charges in {other}: set it to {other}");
            Check::failed("currency", Error::config("PAX8_CURRENCY", problem).with_provider(crate::KIND))
        }
        None if found.is_empty() => {
            Check::skipped("currency", "neither a subscription nor an invoice says which one is charged")
        }
        None => Check::passed("currency", format!("Pax8 charges in {wanted}")),
    }
}

/// One cheap read, and what came of it.
struct Probe<T> {
    answer: Result<Listed<T>>,
    took: Duration,
}

async fn probe<T>(read: impl Future<Output = Result<Listed<T>>>) -> Probe<T> {
    let started = Instant::now();
    let answer = read.await.map_err(|error| match error.kind() {
        ErrorKind::Decode => {
            let message = format!("{}: is PAX8_BASE_URL right?", error.message());
            error.with_message(message)
        }
        _ => error,
    });
    Probe { answer, took: started.elapsed() }
}

impl<T> Probe<T> {
    fn first(&self) -> Option<&T> {
        self.answer.as_ref().ok()?.records().next()
    }

    fn check(&self, kind: EntityKind) -> Check {
        let name = kind.plural();
        match &self.answer {
            Ok(page) => {
                let detail = page
                    .page
                    .total_elements
                    .map_or_else(|| "can be read".to_owned(), |total| format!("{total} can be read"));
                Check::passed(name, detail)
            }
            Err(error) => Check::failed(name, error.clone()),
        }
        .took(self.took)
    }
}
