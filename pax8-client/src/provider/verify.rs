//! "Verify Connectivity", check by check.

use std::time::Duration;

use provider_core::{Check, EntityKind, Error, ErrorKind, Result, Verification};
use provider_http::{Answer, CallOptions, Deadline, RequestSpec};
use serde_json::Value;
use tokio::time::Instant;

use super::Pax8Provider;
use crate::api::{self, CompanyFilter, InvoiceFilter, ProductFilter, SubscriptionFilter, UsageSummaryFilter};
use crate::auth::Audience;
use crate::client::PageOf;

/// One check, with its retries.
const EACH: Duration = Duration::from_secs(30);
const SKEW_NOTED: i64 = 60;
const SKEW_REFUSED: i64 = 300;

impl Pax8Provider {
    pub(super) async fn run_checks(&self) -> Verification {
        let started = Instant::now();
        if let Err(error) = self.client.token(Deadline::after(EACH)).await {
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
        let token = Check::passed("token", self.token_detail().await).took(started.elapsed());
        let page = PageOf::first(1);
        let (companies, products, subscriptions, orders, invoices) = futures_util::join!(
            self.probe(CompanyFilter::default().spec(page)),
            self.probe(ProductFilter::default().spec(page)),
            self.probe(SubscriptionFilter::default().spec(page)),
            self.probe(api::list_orders(None, page)),
            self.probe(InvoiceFilter::default().spec(page)),
        );
        let subscription = subscriptions.first("id");
        let invoice = invoices.first("id");
        let (usage, lines) = futures_util::join!(
            self.probe_with(subscription, |id| UsageSummaryFilter::default().spec(id, page)),
            self.probe_with(invoice, |id| api::invoice_items(id, page)),
        );
        let account = match &companies.answer {
            Ok(_) => {
                Check::passed("account", format!("client {} reads its partner account", self.client_hint()))
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
            .check(self.clock_check(&companies))
            .check(self.currency_check([&subscriptions, &invoices]))
    }

    async fn token_detail(&self) -> String {
        let until = self.client.tokens().await.ok().and_then(|status| status.valid_until);
        until.map_or_else(
            || "issued".to_owned(),
            |until| format!("valid for {} minutes", (until - self.clock.now()).num_minutes().max(0)),
        )
    }

    fn client_hint(&self) -> &str {
        self.info.account.as_deref().unwrap_or_default()
    }

    async fn probe(&self, spec: RequestSpec) -> Probe {
        let started = Instant::now();
        let call = CallOptions::default().deadline(EACH);
        let answer = self.client.send(Audience::Partner, spec, &call).await;
        let answer = answer.and_then(|answer| {
            let body = answer.json::<Value>()?;
            if body.get("content").is_none() && body.get("page").is_none() {
                return Err(answer.error(ErrorKind::Decode, "the answer is no page: is PAX8_BASE_URL right?"));
            }
            Ok((answer, body))
        });
        Probe { answer, took: started.elapsed() }
    }

    async fn probe_with(&self, id: Option<String>, spec: impl FnOnce(&str) -> RequestSpec) -> Option<Probe> {
        let id = id?;
        Some(self.probe(spec(&id)).await)
    }

    fn clock_check(&self, probe: &Probe) -> Check {
        let Some(theirs) = probe.answer.as_ref().ok().and_then(|(answer, _)| answer.date()) else {
            return Check::skipped("clock", "no answer said what time it is at Pax8");
        };
        let skew = (self.clock.now() - theirs).num_seconds();
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

    fn currency_check(&self, probes: [&Probe; 2]) -> Check {
        let Some(wanted) = self.currency else {
            return Check::skipped("currency", "none is configured (PAX8_CURRENCY)");
        };
        let found: Vec<String> = probes.into_iter().filter_map(|probe| probe.first("currencyCode")).collect();
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
}

/// One cheap read, and what came of it.
struct Probe {
    answer: Result<(Answer, Value)>,
    took: Duration,
}

impl Probe {
    /// A member of the first row.
    fn first(&self, member: &str) -> Option<String> {
        let (_, body) = self.answer.as_ref().ok()?;
        body.pointer(&format!("/content/0/{member}"))?.as_str().map(str::to_owned)
    }

    fn total(&self) -> Option<u64> {
        let (_, body) = self.answer.as_ref().ok()?;
        body.pointer("/page/totalElements")?.as_u64()
    }

    fn check(&self, kind: EntityKind) -> Check {
        let name = kind.plural();
        match &self.answer {
            Ok(_) => {
                let detail = self
                    .total()
                    .map_or_else(|| "can be read".to_owned(), |total| format!("{total} can be read"));
                Check::passed(name, detail)
            }
            Err(error) => Check::failed(name, error.clone()),
        }
        .took(self.took)
    }
}
