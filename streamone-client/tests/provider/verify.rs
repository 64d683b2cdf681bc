//! "Verify Connectivity", and what an operator reads when something is wrong.

use chrono::TimeDelta;
use provider_core::verification::{Check, CheckStatus};
use provider_core::{ErrorKind, Provider as _, Verification};
use provider_simulator::{FaultAction, FaultRule};

use crate::stage::{Stage, config, plain_client};
use streamone_client::{StreamOneConfig, StreamOneProvider};

const NAMES: [&str; 10] = [
    "token",
    "account",
    "customers",
    "products",
    "subscriptions",
    "orders",
    "invoices",
    "usage",
    "clock",
    "currency",
];

fn named<'a>(found: &'a Verification, name: &str) -> &'a Check {
    found.checks.iter().find(|check| check.name == name).unwrap()
}

fn names(found: &Verification) -> Vec<&str> {
    found.checks.iter().map(|check| check.name.as_str()).collect()
}

#[tokio::test]
async fn a_good_connection_passes_every_check_with_small_reads() {
    let stage = Stage::with(|mut config| {
        config.currency = "USD".parse().ok();
        config
    })
    .await;
    let found = stage.provider.verify().await;
    assert!(found.ok(), "{found:#?}");
    assert_eq!(names(&found), NAMES);
    assert!(
        named(&found, "token").detail.contains("32 days")
            || named(&found, "token").detail.contains("31 days"),
        "{found:#?}"
    );
    for name in [
        "account",
        "customers",
        "products",
        "subscriptions",
        "orders",
        "invoices",
        "usage",
        "clock",
        "currency",
    ] {
        assert_eq!(named(&found, name).status, CheckStatus::Passed, "{name}: {found:#?}");
    }
    stage.assert_all_listed();
    for path in [
        "/api/v3/accounts/*/customers",
        "/api/v3/accounts/*/products",
        "/api/v1/invoices/myinvoices",
        "/api/v1/reports/billing/azureplan",
    ] {
        assert_eq!(stage.ion.count("GET", path), 1, "{path}");
    }
    assert_eq!(stage.ion.count("POST", "/oauth/validateAccess"), 1);
    assert_eq!(stage.ion.rotations(), 1);
}

#[tokio::test]
async fn a_wrong_refresh_token_names_the_variable_the_field_and_the_portal() {
    let stage = Stage::with(|mut config| {
        config.refresh_token = "not-a-token".into();
        config
    })
    .await;
    let found = stage.provider.verify().await;
    assert_eq!(names(&found), NAMES);
    let token = named(&found, "token");
    assert_eq!(token.status, CheckStatus::Failed);
    for word in ["STREAMONE_REFRESH_TOKEN", "Refresh token", "Settings, Users", "Request New Credentials"] {
        assert!(token.detail.contains(word), "{word}: {}", token.detail);
    }
    assert_eq!(token.error.as_ref().unwrap().kind(), ErrorKind::ReauthRequired);
    assert!(found.checks.iter().skip(1).all(|check| check.status == CheckStatus::Skipped));
    assert_eq!(stage.ion.count("GET", "*"), 0);
}

#[tokio::test]
async fn a_foreign_account_is_named() {
    let stage = Stage::with(|mut config| {
        config.account_id = "99999".to_owned();
        config
    })
    .await;
    let found = stage.provider.verify().await;
    assert_eq!(names(&found), NAMES);
    let account = named(&found, "account");
    assert_eq!(account.status, CheckStatus::Failed, "{found:#?}");
    assert!(
        account.detail.contains("99999") && account.detail.contains("STREAMONE_ACCOUNT_ID"),
        "{}",
        account.detail
    );
    assert_eq!(named(&found, "customers").status, CheckStatus::Skipped);
}

#[tokio::test]
async fn a_missing_right_is_named_and_the_others_are_still_checked() {
    for (pattern, name) in [
        ("/accounts/*/customers", "customers"),
        ("/accounts/*/products", "products"),
        ("/accounts/*/subscriptions", "subscriptions"),
        ("/accounts/*/orders", "orders"),
    ] {
        let stage = Stage::start().await;
        stage.ion.deny(pattern);
        let found = stage.provider.verify().await;
        let failed: Vec<_> = found
            .checks
            .iter()
            .filter(|c| c.status == CheckStatus::Failed)
            .map(|c| c.name.as_str())
            .collect();
        assert_eq!(failed, [name], "{found:#?}");
        assert!(named(&found, name).detail.contains("role"), "{found:#?}");
    }
}

#[tokio::test]
async fn without_an_api_key_billing_is_skipped_and_named() {
    let stage = Stage::with(|mut config| {
        config.api_key = None;
        config.api_secret = None;
        config
    })
    .await;
    let found = stage.provider.verify().await;
    assert!(found.ok());
    for name in ["invoices", "usage"] {
        assert_eq!(named(&found, name).status, CheckStatus::Skipped);
        assert!(named(&found, name).detail.contains("STREAMONE_API_KEY"));
    }
}

#[tokio::test]
async fn a_wrong_api_secret_fails_invoices_and_names_both_variables() {
    let stage = Stage::with(|config| {
        let key = config.api_key.clone().unwrap();
        config.with_api_key(key, "wrong")
    })
    .await;
    let found = stage.provider.verify().await;
    let invoices = named(&found, "invoices");
    assert_eq!(invoices.status, CheckStatus::Failed);
    assert!(
        invoices.detail.contains("STREAMONE_API_KEY") && invoices.detail.contains("STREAMONE_API_SECRET")
    );
}

#[tokio::test]
async fn the_clock_and_the_currency_are_compared() {
    for (skew, status) in [(0, CheckStatus::Passed), (120, CheckStatus::Passed), (900, CheckStatus::Failed)] {
        let stage = Stage::with(|mut config| {
            config.currency = "EUR".parse().ok();
            config
        })
        .await;
        let skewed = FaultAction::ClockSkew(TimeDelta::seconds(skew));
        stage.ion.faults().add(FaultRule::new("GET", "/api/v3/*", skewed));
        let found = stage.provider.verify().await;
        assert_eq!(named(&found, "clock").status, status, "{skew}: {found:#?}");
        let currency = named(&found, "currency");
        assert_eq!(currency.status, CheckStatus::Failed);
        assert!(currency.detail.contains("STREAMONE_CURRENCY") && currency.detail.contains("USD"));
    }
}

#[tokio::test]
async fn what_is_no_api_is_one_typed_error_that_names_the_address() {
    let stage = Stage::start().await;
    for (fault, kind) in [
        (FaultAction::Html, ErrorKind::Decode),
        (FaultAction::Redirect("https://other.example.com/".to_owned()), ErrorKind::Config),
    ] {
        stage.ion.faults().clear();
        stage.ion.faults().add(FaultRule::new("GET", "/api/v3/*", fault.clone()));
        let found = stage.provider.verify().await;
        let failed = named(&found, "customers").error.clone().unwrap();
        assert_eq!(failed.kind(), kind, "{fault:?}: {failed}");
        assert!(failed.to_string().contains("STREAMONE_BASE_URL"), "{fault:?}: {failed}");
    }
}

#[tokio::test]
async fn an_endless_body_ends_at_the_cap_or_the_deadline() {
    use provider_core::{CustomerQuery, PageRequest};
    let stage = Stage::start().await;
    stage.ion.faults().add(FaultRule::new("GET", "/api/v3/*", FaultAction::Endless));
    let query = CustomerQuery::default().deadline(std::time::Duration::from_secs(2));
    let begun = std::time::Instant::now();
    let error = stage.provider.list_customers(&query, &PageRequest::default()).await.unwrap_err();
    assert!(matches!(error.kind(), ErrorKind::Timeout | ErrorKind::Decode | ErrorKind::Transport), "{error}");
    assert!(begun.elapsed() < std::time::Duration::from_secs(60), "it never ended by itself");
}

#[tokio::test]
async fn an_unreachable_host_fails_the_token_check() {
    let stage = Stage::start().await;
    let mut unreachable = config(&stage.ion);
    unreachable.base_url = "http://127.0.0.1:9".to_owned();
    let provider = StreamOneProvider::new(plain_client(unreachable));
    let found = provider.verify().await;
    assert_eq!(named(&found, "token").status, CheckStatus::Failed);
    assert!(matches!(
        named(&found, "token").error.as_ref().unwrap().kind(),
        ErrorKind::Transport | ErrorKind::Unavailable
    ));
}

#[test]
fn plain_http_elsewhere_is_refused_by_name() {
    let mut foreign = StreamOneConfig::new("20001", "token");
    foreign.base_url = "http://ion.example.com".to_owned();
    let error = StreamOneProvider::from_config(foreign).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Config);
    assert!(error.to_string().contains("STREAMONE_BASE_URL"), "{error}");
}
