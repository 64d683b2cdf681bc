//! "Verify Connectivity", with everything right and with one thing wrong at a time.

use crayon_client::{CrayonFactory, CrayonProvider};
use provider_core::info::Environment;
use provider_core::verification::{Check, CheckStatus};
use provider_core::{ConnectionSettings, Currency, ErrorKind, Provider, ProviderFactory, Services};
use provider_simulator::{FaultAction, FaultRule};

use super::connection::Account;

fn check<'a>(checks: &'a [Check], name: &str) -> &'a Check {
    checks.iter().find(|check| check.name == name).unwrap_or_else(|| panic!("no check {name}: {checks:#?}"))
}

#[tokio::test]
async fn every_check_passes_where_everything_is_right() {
    let account = Account::start().await;
    let verification = account.provider().verify().await;
    assert!(verification.ok(), "{verification:#?}");
    let names: Vec<&str> = verification.checks.iter().map(|check| check.name.as_str()).collect();
    assert_eq!(names.first(), Some(&"token"));
    for name in [
        "account",
        "organization",
        "customers",
        "products",
        "subscriptions",
        "orders",
        "invoices",
        "usage",
        "clock",
    ] {
        assert_eq!(check(&verification.checks, name).status, CheckStatus::Passed, "{name}");
    }
    assert_eq!(check(&verification.checks, "currency").status, CheckStatus::Skipped);
    assert!(account.crayon.refused().is_empty(), "{:#?}", account.crayon.refused());
}

#[tokio::test]
async fn a_wrong_secret_names_the_variable_and_the_place_and_skips_the_rest() {
    let account = Account::start().await;
    let mut config = account.config();
    config.client_secret = "wrong".into();
    let verification = CrayonProvider::from_config(config).unwrap().verify().await;
    let token = check(&verification.checks, "token");
    assert_eq!(token.status, CheckStatus::Failed);
    for words in ["CRAYON_CLIENT_SECRET", "API Management", "Client secret"] {
        assert!(token.detail.contains(words), "{}", token.detail);
    }
    assert!(verification.checks.iter().skip(1).all(|check| check.status == CheckStatus::Skipped));
    assert!(!verification.ok());
}

#[tokio::test]
async fn a_foreign_organization_names_its_setting() {
    let account = Account::start().await;
    let config = account.config().with_organization(account.crayon.foreign_organization_id());
    let verification = CrayonProvider::from_config(config).unwrap().verify().await;
    let failed = check(&verification.checks, "organization");
    assert_eq!(failed.status, CheckStatus::Failed);
    assert!(failed.detail.contains("CRAYON_ORGANIZATION_ID"), "{}", failed.detail);
    assert_eq!(check(&verification.checks, "customers").status, CheckStatus::Skipped);
}

#[tokio::test]
async fn a_missing_right_is_named() {
    let account = Account::start().await;
    let denied = FaultAction::status(http::StatusCode::FORBIDDEN, "");
    account.crayon.faults().add(FaultRule::new("GET", "/api/v1/Subscriptions", denied));
    let verification = account.provider().verify().await;
    let failed = verification.first_failure().unwrap();
    assert_eq!(failed.name, "subscriptions");
    assert!(failed.detail.contains("right to read subscriptions"), "{}", failed.detail);
    assert_eq!(check(&verification.checks, "customers").status, CheckStatus::Passed);
}

#[tokio::test]
async fn a_clock_that_is_far_off_fails_and_a_little_is_told() {
    let account = Account::start().await;
    for (minutes, status) in [(0, CheckStatus::Passed), (3, CheckStatus::Passed), (9, CheckStatus::Failed)] {
        let skew = FaultAction::ClockSkew(chrono::TimeDelta::minutes(minutes));
        account.crayon.faults().add(FaultRule::new("GET", "/api/v1/Me", skew).once());
        let verification = account.provider().verify().await;
        let clock = check(&verification.checks, "clock");
        assert_eq!(clock.status, status, "{minutes}: {}", clock.detail);
    }
}

#[tokio::test]
async fn the_currency_is_compared_with_the_agreements() {
    let account = Account::start().await;
    for (code, status) in [("EUR", CheckStatus::Passed), ("JPY", CheckStatus::Failed)] {
        let mut config = account.config();
        config.currency = Some(Currency::new(code).unwrap());
        let verification = CrayonProvider::from_config(config).unwrap().verify().await;
        let found = check(&verification.checks, "currency");
        assert_eq!(found.status, status, "{code}: {}", found.detail);
    }
}

#[tokio::test]
async fn the_factory_discovers_organizations_and_builds() {
    let account = Account::start().await;
    let factory = CrayonFactory::new();
    let settings = ConnectionSettings::new("crayon", "main")
        .with_endpoint(account.crayon.base_url())
        .with_secret("client_id", account.crayon.client_id())
        .with_secret("client_secret", account.crayon.client_secret())
        .with_secret("username", account.crayon.username())
        .with_secret("password", account.crayon.password());
    factory.form().validate(&settings).unwrap();
    let services = Services::default();
    let choices = factory.discover(&settings, &services).await.unwrap();
    let found: Vec<String> = choices["organization_id"].iter().map(|choice| choice.value.clone()).collect();
    let expected: Vec<String> = account.crayon.organization_ids().iter().map(ToString::to_string).collect();
    assert_eq!(found, expected);
    let provider =
        factory.build(&settings.with_value("organization_id", found[0].as_str()), &services).unwrap();
    assert!(provider.verify().await.ok());
    assert_eq!(provider.info().account.as_deref(), Some(account.crayon.client_id()));
}

#[tokio::test]
async fn in_the_sandbox_nothing_is_ever_sent() {
    let account = Account::start().await;
    let provider =
        account.config().with_environment(Environment::Sandbox).connect(&Services::default()).unwrap();
    assert!(provider.verify().await.ok());
    account.crayon.reset_counters();
    let command = provider_core::SuspendSubscription::new("610001").into();
    let options = provider_core::WriteOptions::new("sandbox-key-0000001".parse().unwrap());
    let error = provider.execute(&command, &options).await.unwrap_err();
    assert_eq!((error.kind(), error.delivery()), (ErrorKind::Refused, provider_core::Delivery::NotSent));
    assert!(account.crayon.requests().is_empty());
}
