//! Errors: what went wrong, whether anything happened, what to do next, and no secret in any of it.

use std::error::Error as _;
use std::sync::Arc;
use std::time::Duration;

use provider_core::error::Violation;
use provider_core::{
    Advice, ChangeQuantity, Command, CommandKind, CustomerQuery, Delivery, EntityKind, Error, ErrorKind,
    IdempotencyKey, Operation, Provider, ProviderExt as _, ReadOptions, Result, Services, WriteOptions,
};

use crate::acme::Acme;
use crate::shop::{CLIENT_SECRET, Shop, TOKEN, Trouble};

fn acme(shop: &Shop) -> Arc<Acme> {
    Arc::new(Acme::new("main", shop, CLIENT_SECRET, &Services::default()).unwrap())
}

async fn change(acme: &Acme) -> Result<()> {
    let command = Command::from(ChangeQuantity::new("S-1", 15));
    let options = WriteOptions::new(IdempotencyKey::derive("tickets", ["1"]));
    acme.execute(&command, &options).await.map(drop)
}

/// Everything that may be logged or stored of an error.
fn shown(error: &Error) -> String {
    let mut text = format!("{error} {error:?} {}", serde_json::to_string(error).unwrap());
    let mut cause = error.source();
    while let Some(error) = cause {
        text += &format!(" {error} {error:?}");
        cause = error.source();
    }
    text
}

#[tokio::test]
async fn a_refusal_says_all_that_the_distributor_said_and_no_secret() {
    let shop = Shop::open();
    let body = format!(
        r#"{{"code":"SOLD_OUT","message":"no seats left\nfor {CLIENT_SECRET} with {TOKEN}",
            "errors":[{{"field":"quantity","code":"MAX","message":"at most 12"}}]}}"#
    );
    let headers = vec![("content-type", "application/json"), ("x-request-id", "r-9")];
    shop.write_fails(Trouble::Refused(422, headers, body));
    let error = change(&acme(&shop)).await.unwrap_err();
    assert_eq!((error.kind(), error.delivery()), (ErrorKind::InvalidInput, Delivery::Rejected));
    assert_eq!((error.advice(), error.is_invalid_input()), (Advice::Never, true));
    assert_eq!((error.http_status(), error.attempts()), (Some(422), 1));
    assert_eq!((error.code(), error.request_id()), (Some("SOLD_OUT"), Some("r-9")));
    assert_eq!(error.violations(), [Violation::new("quantity", "at most 12").with_code("MAX")]);
    assert_eq!(error.operation(), Some(Operation::Execute(CommandKind::ChangeQuantity)));
    let line = error.to_string();
    assert!(line.contains("acme") && line.contains("no seats left") && line.contains("r-9"), "{line}");
    assert!(!line.chars().any(char::is_control), "{line}");
    let shown = shown(&error);
    assert!(!shown.contains(CLIENT_SECRET) && !shown.contains(TOKEN), "{shown}");
    let json = serde_json::to_value(&error).unwrap();
    assert_eq!((&json["kind"], &json["delivery"]), (&"invalid_input".into(), &"rejected".into()));
    assert_eq!((&json["advice"], &json["http_status"]), (&"never".into(), &422.into()));
    assert_eq!(json["violations"][0]["field"], "quantity");
}

#[tokio::test]
async fn a_write_that_a_gateway_turned_away_is_unknown_and_not_repeated() {
    for status in [500, 502, 503, 408] {
        let shop = Shop::open();
        shop.write_fails(Trouble::Refused(status, vec![("retry-after", "1")], String::new()));
        let error = change(&acme(&shop)).await.unwrap_err();
        assert_eq!(
            (error.delivery(), error.advice()),
            (Delivery::Unknown, Advice::AfterReconcile),
            "{status}"
        );
        assert_eq!((shop.writes(), error.attempts()), (1, 1), "{status}");
    }
}

#[tokio::test]
async fn a_read_is_repeated_and_a_missing_record_is_not_found() {
    let shop = Shop::open();
    shop.read_fails(Trouble::Refused(502, Vec::new(), String::new()));
    shop.read_fails(Trouble::LostAfter);
    let acme = acme(&shop);
    assert_eq!(acme.customer("A-1").await.unwrap().name, "Example Bakery");
    // A token, and three attempts.
    assert_eq!(shop.calls(), 4);

    let error = acme.customer("A-9").await.unwrap_err();
    assert!(error.is_not_found());
    assert_eq!((error.delivery(), error.advice()), (Delivery::Rejected, Advice::Never));
    assert_eq!((error.code(), error.http_status()), (Some("no_such_record"), Some(404)));
    assert_eq!(error.operation(), Some(Operation::Get(EntityKind::Customer)));
    assert_eq!(shop.calls(), 5);
}

#[tokio::test]
async fn a_pause_that_is_past_the_deadline_is_told_instead_of_waited_for() {
    let shop = Shop::open();
    shop.read_fails(Trouble::Refused(429, vec![("retry-after", "120")], String::new()));
    let options = ReadOptions::default().deadline(Duration::from_secs(5));
    let error = acme(&shop).get_customer(&"A-1".into(), &options).await.unwrap_err();
    assert!(error.is_rate_limited(), "{error}");
    let wait = error.retry_after().unwrap();
    assert!(wait > Duration::from_secs(100) && wait <= Duration::from_secs(120), "{wait:?}");
    assert_eq!(error.advice(), Advice::After(wait));
}

#[tokio::test]
async fn wrong_credentials_name_the_settings_and_fail_one_check() {
    let shop = Shop::open();
    let acme = Arc::new(Acme::new("main", &shop, "planted-wrong-secret", &Services::default()).unwrap());
    let error = acme.customers(CustomerQuery::default()).collect_all().await.unwrap_err();
    assert!(error.is_unauthenticated(), "{error}");
    assert_eq!((error.delivery(), error.advice()), (Delivery::NotSent, Advice::AfterReauth));
    assert!(error.to_string().contains("ACME_CLIENT_SECRET"), "{error}");
    assert!(!shown(&error).contains("planted"), "{error:?}");

    let verification = acme.verify().await;
    assert!(!verification.ok());
    let failed = verification.first_failure().unwrap();
    assert_eq!((failed.name.as_str(), failed.error.is_some()), ("customers", true));
    let told = format!("{verification:?} {}", serde_json::to_string(&verification).unwrap());
    assert!(!told.contains("planted"), "{told}");
}

#[test]
fn an_error_of_a_careless_provider_invites_no_resend() {
    let decided = [
        ErrorKind::Config,
        ErrorKind::Unsupported,
        ErrorKind::Refused,
        ErrorKind::InvalidCursor,
        ErrorKind::CircuitOpen,
    ];
    for kind in ErrorKind::ALL {
        let error = Error::new(kind, "two\nlines");
        assert!(!error.to_string().contains('\n'), "{error}");
        if decided.contains(&kind) {
            assert_eq!(error.delivery(), Delivery::NotSent, "{kind}");
        } else {
            assert_eq!(
                (error.delivery(), error.advice()),
                (Delivery::Unknown, Advice::AfterReconcile),
                "{kind}"
            );
        }
    }
    let busy = Error::new(ErrorKind::Unavailable, "busy");
    assert_eq!(busy.clone().for_read().advice(), Advice::Backoff);
    assert_eq!(busy.with_operation(Operation::Verify).advice(), Advice::Backoff);
    let wait = Duration::from_secs(7);
    let later =
        Error::new(ErrorKind::RateLimited, "later").with_delivery(Delivery::Rejected).with_retry_after(wait);
    assert_eq!((later.advice(), later.retry_after()), (Advice::After(wait), Some(wait)));
    let done = Error::new(ErrorKind::Decode, "no JSON").with_delivery(Delivery::Applied);
    assert_eq!(done.advice(), Advice::Never);
}

#[test]
fn a_helper_says_what_it_is_about_and_the_cause_is_kept() {
    let config = Error::config("ACME_TOKEN", "is missing");
    assert_eq!(config.violations(), [Violation::new("ACME_TOKEN", "is missing")]);
    assert!(config.is_config() && config.to_string().contains("ACME_TOKEN"));
    let input = Error::invalid_input("quantity", "must be more than 0");
    assert_eq!((input.kind(), input.delivery()), (ErrorKind::InvalidInput, Delivery::NotSent));
    let caused = Error::new(ErrorKind::Internal, "it broke").with_source(std::io::Error::other("the disk"));
    assert_eq!(caused.source().unwrap().to_string(), "the disk");
    assert!(!caused.to_string().contains("the disk"), "the causes are beside the line");
}
