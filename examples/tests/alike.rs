//! What means the same at all three distributors, or is refused: filters, references to what does not exist, settings
//! that are wrong together.
#![allow(clippy::unwrap_used, clippy::panic, missing_docs, reason = "a failed unwrap is a failed test")]

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::time::Duration;

use chrono::{DateTime, Days, NaiveDate, TimeDelta, Utc};
use crayon_client::CrayonConfig;
use pax8_client::Pax8Config;
use provider_core::clock::{BoxFuture, Clock, SystemClock};
use provider_core::model::InvoiceKind;
use provider_core::token::MemoryTokenStore;
use provider_core::{
    CancelSubscription, ChangeQuantity, ChangeRenewal, Command, CustomerQuery, Delivery, ErrorKind,
    IdempotencyKey, InvoiceQuery, Listing, NewOrder, NewOrderLine, Operation, Patch, Period, PlaceOrder,
    ProductQuery, Provider, ProviderExt as _, ResumeSubscription, Services, Subscription, SubscriptionId,
    SubscriptionQuery, SubscriptionStatus, SuspendSubscription, UpdateCustomer, UsageQuery, WriteOptions,
};
use provider_examples::{Connections, Kind};
use provider_simulator::Simulator;
use streamone_client::StreamOneConfig;

async fn all(listing: Listing<Subscription>) -> Result<Vec<Subscription>, provider_core::Error> {
    listing.collect_all().await
}

/// Every state that has a name, and one that nobody knows.
fn states() -> Vec<SubscriptionStatus> {
    let mut states = SubscriptionStatus::KNOWN.to_vec();
    states.push(SubscriptionStatus::Other("zzqx".to_owned()));
    states
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_state_finds_the_subscriptions_in_it_or_is_refused() {
    let connections = Connections::open(None).await.unwrap();
    for (kind, provider) in connections.iter() {
        let whole = all(provider.subscriptions(SubscriptionQuery::default())).await.unwrap();
        let mut found = 0;
        for state in states() {
            let wanted: BTreeSet<_> =
                whole.iter().filter(|one| one.status == state).map(|one| one.id.clone()).collect();
            match all(provider.subscriptions(SubscriptionQuery::default().status(state.clone()))).await {
                Ok(records) => {
                    let got: BTreeSet<_> = records.iter().map(|one| one.id.clone()).collect();
                    assert_eq!(got, wanted, "{kind}: {state}");
                    found += got.len();
                }
                Err(error) => {
                    let refused =
                        (error.kind(), error.delivery()) == (ErrorKind::InvalidInput, Delivery::NotSent);
                    assert!(refused && wanted.is_empty(), "{kind}: {state}: {error}");
                }
            }
        }
        assert!(found > 0, "{kind}");
        // These mean the same everywhere, so nobody refuses them.
        for state in [SubscriptionStatus::Active, SubscriptionStatus::Trial, SubscriptionStatus::Cancelled] {
            let query = SubscriptionQuery::default().status(state.clone());
            assert!(all(provider.subscriptions(query)).await.is_ok(), "{kind}: {state} is refused");
        }
        assert!(whole.iter().all(|one| one.status != SubscriptionStatus::Trial || one.trial == Some(true)));
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn days_find_what_was_issued_on_them_or_are_refused() {
    let connections = Connections::open(None).await.unwrap();
    for (kind, provider) in connections.iter() {
        let list = |query: InvoiceQuery| provider.invoices(query.kind(InvoiceKind::Invoice)).collect_all();
        let whole = list(InvoiceQuery::default()).await.unwrap();
        let mut days: Vec<NaiveDate> = whole.iter().filter_map(|invoice| invoice.issued_on).collect();
        days.sort_unstable();
        let day = days.get(days.len() / 2).copied().unwrap_or_default();
        let next = day.checked_add_days(Days::new(1)).unwrap();
        let on = InvoiceQuery::default().issued_from(day).issued_before(next);
        match list(on).await {
            Ok(found) => {
                let wanted = whole.iter().filter(|invoice| invoice.issued_on == Some(day)).count();
                assert!(found.len() == wanted && wanted > 0, "{kind}: {} of {wanted}", found.len());
                assert!(found.iter().all(|invoice| invoice.issued_on == Some(day)), "{kind}");
            }
            Err(error) => {
                assert_eq!(
                    (error.kind(), error.delivery()),
                    (ErrorKind::InvalidInput, Delivery::NotSent),
                    "{kind}"
                );
                assert!(days.is_empty(), "{kind} tells days and refuses to filter by them");
            }
        }
    }
}

/// An id that nobody has, of the shape that the distributor gives.
fn nobody(kind: Kind) -> &'static str {
    match kind {
        Kind::Crayon => "987654321",
        Kind::Pax8 => "6f1d3c52-0a57-4c1e-9d0b-6d2c5f6f1aff",
        Kind::StreamOne => "987654",
    }
}

async fn refusal(provider: &Arc<dyn Provider>, command: impl Into<Command>) -> provider_core::Error {
    let options = WriteOptions::new(IdempotencyKey::derive("alike", ["1"]));
    provider.plan(&command.into(), &options).await.unwrap_err()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_an_order_names_and_nobody_knows_is_named_by_its_field() {
    let connections = Connections::open(None).await.unwrap();
    for (kind, provider) in connections.iter() {
        let product = provider.products(ProductQuery::default()).next().await.unwrap().unwrap();
        let known = provider.subscriptions(SubscriptionQuery::default().status(SubscriptionStatus::Active));
        let known = known.collect_all().await.unwrap().remove(0);
        let fields = |error: &provider_core::Error| -> Vec<String> {
            error.violations().iter().map(|violation| violation.field.clone()).collect()
        };
        let line = NewOrderLine::new(&product.id, 1);
        let error = refusal(provider, PlaceOrder::new(NewOrder::new(nobody(kind)).line(line))).await;
        assert_eq!(fields(&error), ["customer"], "{kind}: {error}");
        assert!(matches!(error.delivery(), Delivery::NotSent | Delivery::Rejected), "{kind}: {error}");

        let line = NewOrderLine::new(nobody(kind), 1);
        let error = refusal(provider, PlaceOrder::new(NewOrder::new(&known.customer).line(line))).await;
        assert_eq!(fields(&error), ["lines[0].product"], "{kind}: {error}");
        assert!(matches!(error.delivery(), Delivery::NotSent | Delivery::Rejected), "{kind}: {error}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_any_command_is_about_and_nobody_knows_is_named_by_its_field() {
    let connections = Connections::open(None).await.unwrap();
    for (kind, provider) in connections.iter() {
        let known = provider.customers(CustomerQuery::default()).next().await.unwrap().unwrap();
        let subscription = match kind {
            Kind::StreamOne => SubscriptionId::composite([known.id.as_str(), nobody(kind)]),
            _ => SubscriptionId::from(nobody(kind)),
        };
        let mut renewal = ChangeRenewal::new(&subscription);
        renewal.auto_renew = Some(false);
        let mut update = UpdateCustomer::new(nobody(kind));
        update.name = Patch::Set("Example Bakery".to_owned());
        let commands: [(Command, &str); 6] = [
            (update.into(), "customer"),
            (ChangeQuantity::new(&subscription, 3).into(), "subscription"),
            (renewal.into(), "subscription"),
            (SuspendSubscription::new(&subscription).into(), "subscription"),
            (ResumeSubscription::new(&subscription).into(), "subscription"),
            (CancelSubscription::new(&subscription).into(), "subscription"),
        ];
        let mut named = 0;
        for (command, field) in commands {
            if !provider.capabilities().support(Operation::Plan(command.kind())).is_supported() {
                continue;
            }
            let error = refusal(provider, command.clone()).await;
            // What is refused for itself is refused first.
            if error.kind() == ErrorKind::InvalidInput {
                continue;
            }
            let fields: Vec<_> =
                error.violations().iter().map(|violation| violation.field.as_str()).collect();
            assert_eq!(
                (error.kind(), fields),
                (ErrorKind::NotFound, vec![field]),
                "{kind}: {command:?}: {error}"
            );
            assert!(matches!(error.delivery(), Delivery::NotSent | Delivery::Rejected), "{kind}: {error}");
            named += 1;
        }
        assert!(named >= 2, "{kind}: {named}");
    }
}

/// What is wrong with all three at once, by their variables without the prefix.
const WRONG: [(&str, &str); 4] = [
    ("BASE_URL", "http://api.example.com"),
    ("CURRENCY", "kr"),
    ("ENVIRONMENT", "staging"),
    ("COUNTRY", "Nowhere at all"),
];

#[test]
fn everything_that_is_wrong_with_settings_is_named_at_once_by_all_three() {
    for (prefix, required) in [
        ("CRAYON", vec!["CLIENT_ID", "CLIENT_SECRET", "USERNAME", "PASSWORD"]),
        ("PAX8", vec!["CLIENT_ID", "CLIENT_SECRET"]),
        ("STREAMONE", vec!["ACCOUNT_ID", "REFRESH_TOKEN"]),
    ] {
        let own = |name: &str| {
            let own = name.strip_prefix(prefix)?.strip_prefix('_')?;
            let (_, value) = WRONG.iter().find(|(known, _)| *known == own)?;
            Some((*value).to_owned())
        };
        let error = match prefix {
            "CRAYON" => CrayonConfig::from_vars(own).unwrap_err(),
            "PAX8" => Pax8Config::from_vars(own).unwrap_err(),
            _ => StreamOneConfig::from_vars(own).unwrap_err(),
        };
        let named: BTreeSet<_> = error.violations().iter().map(|violation| violation.field.clone()).collect();
        let wrong = WRONG.iter().map(|(name, _)| *name).chain(required);
        let expected: BTreeSet<_> = wrong.map(|name| format!("{prefix}_{name}")).collect();
        assert_eq!(named, expected, "{error}");
        for name in expected {
            assert!(error.to_string().contains(&name), "{error}");
        }
    }
}

#[test]
fn where_tokens_are_kept_is_named_with_the_rest() {
    let get = |name: &str| match name {
        "STREAMONE_ACCOUNT_ID" => Some("20001"),
        "STREAMONE_CURRENCY" => Some("kr"),
        "PROVIDER_TOKEN_KEY" | "PROVIDER_TOKEN_DIR" => Some(" "),
        _ => None,
    };
    let error = StreamOneConfig::from_vars(get).unwrap_err();
    for name in ["STREAMONE_REFRESH_TOKEN", "STREAMONE_CURRENCY", "PROVIDER_TOKEN_KEY", "PROVIDER_TOKEN_DIR"]
    {
        assert!(error.to_string().contains(name), "{name}: {error}");
        assert!(error.violations().iter().any(|violation| violation.field == name), "{name}: {error}");
    }
}

/// A clock that was set to a moment, and goes on from there.
#[derive(Debug)]
struct Set(TimeDelta);

impl Set {
    fn to(moment: DateTime<Utc>) -> Self {
        Self(moment - SystemClock.now())
    }
}

impl Clock for Set {
    fn now(&self) -> DateTime<Utc> {
        SystemClock.now() + self.0
    }

    fn sleep(&self, duration: Duration) -> BoxFuture<()> {
        Box::pin(tokio::time::sleep(duration))
    }
}

/// The connections of a simulator, by a clock of the caller's.
fn by_clock(simulator: &Simulator, moment: DateTime<Utc>) -> [(Kind, Arc<dyn Provider>); 3] {
    let variables: BTreeMap<String, String> = simulator.env().into_iter().collect();
    let variable = |name: &str| variables.get(name).cloned();
    let services = Services::default()
        .with_clock(Arc::new(Set::to(moment)))
        .with_token_store(Arc::new(MemoryTokenStore::default()))
        .without_journal();
    let crayon = CrayonConfig::from_vars(variable).unwrap().unwrap().connect(&services);
    let pax8 = Pax8Config::from_vars(variable).unwrap().unwrap().connect(&services);
    let streamone = StreamOneConfig::from_vars(variable).unwrap().unwrap().connect(&services);
    [(Kind::Crayon, crayon), (Kind::Pax8, pax8), (Kind::StreamOne, streamone)]
        .map(|(kind, provider)| (kind, provider.unwrap()))
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn usage_without_a_time_is_that_of_the_month_that_runs() {
    // The same evening is in the next month already to the east of Greenwich, and the same night in the last one to
    // the west: the month is the one in UTC, by the connection's clock.
    for (moment, year, month) in [
        ("2026-08-31T23:30:00Z", 2026, 8),
        ("2026-09-01T00:30:00Z", 2026, 9),
        ("2026-12-31T22:00:00Z", 2026, 12),
    ] {
        let moment: DateTime<Utc> = moment.parse().unwrap();
        let simulator = Simulator::builder().fixed_time(moment).start().await.unwrap();
        let running = Period::month(year, month).unwrap();
        for (kind, provider) in by_clock(&simulator, moment) {
            let used = provider.usage(UsageQuery::default()).collect_all().await.unwrap();
            // Within the first hour of a month nothing may be reported of it yet, and nothing else comes instead.
            let young = moment - running.start < TimeDelta::hours(1);
            assert!(young || !used.is_empty(), "{kind}: nothing was used in {running}");
            for record in &used {
                assert_eq!(record.period, Some(running), "{kind} at {moment}");
            }
            let asked = provider.usage(UsageQuery::default().period(running)).collect_all().await;
            match asked {
                Ok(asked) => assert_eq!(asked, used, "{kind}: {running} is not what comes without a time"),
                // Pax8 tells days apart for one subscription alone.
                Err(error) => {
                    let refused = (error.kind(), error.delivery());
                    assert_eq!(refused, (ErrorKind::InvalidInput, Delivery::NotSent), "{kind}: {error}");
                    assert_eq!(kind, Kind::Pax8);
                }
            }
        }
    }
}
