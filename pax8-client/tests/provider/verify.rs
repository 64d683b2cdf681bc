//! "Verify Connectivity".

use chrono::TimeDelta;
use http::StatusCode;
use pax8_client::Pax8Provider;
use provider_core::verification::CheckStatus;
use provider_core::{Provider, Verification};
use provider_simulator::{FaultAction, FaultRule};
use secrecy::SecretString;

use crate::world::World;

const NAMES: [&str; 11] = [
    "token",
    "account",
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

fn status(verification: &Verification, name: &str) -> CheckStatus {
    verification.checks.iter().find(|check| check.name == name).unwrap().status
}

#[tokio::test]
async fn everything_passes_on_a_good_key() {
    let mut world = World::start().await;
    world.config.currency = Some("USD".parse().unwrap());
    let verification = world.bare().verify().await;
    let names: Vec<_> = verification.checks.iter().map(|check| check.name.as_str()).collect();
    assert_eq!(names, NAMES);
    for check in &verification.checks {
        assert_eq!(check.status, CheckStatus::Passed, "{check:?}");
    }
    assert!(verification.ok());
    world.clean();
}

#[tokio::test]
async fn a_wrong_secret_is_named_with_the_place_to_mend_it() {
    let mut world = World::start().await;
    world.config.client_secret = SecretString::from("planted-wrong-secret".to_owned());
    let verification = world.bare().verify().await;
    let token = &verification.checks[0];
    assert_eq!((token.name.as_str(), token.status), ("token", CheckStatus::Failed));
    for part in ["PAX8_CLIENT_ID", "PAX8_CLIENT_SECRET", "client_secret", "portal", "Integrations"] {
        assert!(token.detail.contains(part), "{}", token.detail);
    }
    assert!(!token.detail.contains("planted"));
    assert!(verification.checks[1..].iter().all(|check| check.status == CheckStatus::Skipped));
    assert_eq!(world.pax8().count("GET", "*"), 0);
    assert_eq!(verification.checks.len(), NAMES.len());
}

#[tokio::test]
async fn a_missing_right_is_named_by_what_it_hides() {
    let world = World::start().await;
    let forbidden = r#"{"type":"FORBIDDEN","message":"Access Denied","status":403,"details":[]}"#;
    world.pax8().faults().add(FaultRule::new(
        "GET",
        "/v1/invoices",
        FaultAction::status(StatusCode::FORBIDDEN, forbidden),
    ));
    let verification = world.bare().verify().await;
    assert_eq!(status(&verification, "invoices"), CheckStatus::Failed);
    assert_eq!(status(&verification, "customers"), CheckStatus::Passed);
    assert!(!verification.ok());
}

#[tokio::test]
async fn a_wrong_clock_and_a_wrong_currency_are_told() {
    let mut world = World::start().await;
    world.config.currency = Some("EUR".parse().unwrap());
    world.pax8().faults().add(FaultRule::new("GET", "*", FaultAction::ClockSkew(TimeDelta::minutes(10))));
    let verification = world.bare().verify().await;
    let detail =
        |name: &str| verification.checks.iter().find(|check| check.name == name).unwrap().detail.clone();
    assert_eq!(status(&verification, "clock"), CheckStatus::Failed);
    assert!(detail("clock").contains("behind"), "{}", detail("clock"));
    assert_eq!(status(&verification, "currency"), CheckStatus::Failed);
    assert!(detail("currency").contains("USD"), "{}", detail("currency"));
}

#[tokio::test]
async fn an_unreachable_host_fails_without_an_error() {
    let mut world = World::start().await;
    world.config.base_url = "http://127.0.0.1:9".to_owned();
    let verification = Pax8Provider::from_config(world.config.clone()).unwrap().verify().await;
    assert_eq!(verification.checks[0].status, CheckStatus::Failed);
    assert!(verification.checks[0].detail.contains("PAX8_BASE_URL"), "{}", verification.checks[0].detail);
}
