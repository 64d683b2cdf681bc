#![allow(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]

use std::error::Error as _;
use std::time::Duration;

use super::*;
use crate::capability::{CommandKind, EntityKind};

const READ: Operation = Operation::List(EntityKind::Customer);
const WRITE: Operation = Operation::Execute(CommandKind::PlaceOrder);
const WAIT: Duration = Duration::from_secs(7);

fn expected(kind: ErrorKind, delivery: Delivery, write: bool, wait: bool) -> Advice {
    use ErrorKind as K;
    if write && delivery == Delivery::Unknown {
        return Advice::AfterReconcile;
    }
    if write && delivery == Delivery::Applied {
        return Advice::Never;
    }
    match kind {
        K::Unauthenticated | K::ReauthRequired => Advice::AfterReauth,
        K::Incomplete => Advice::Backoff,
        K::RateLimited | K::Unavailable | K::Timeout | K::Transport | K::CircuitOpen if wait => {
            Advice::After(WAIT)
        }
        K::RateLimited | K::Unavailable | K::Timeout | K::Transport | K::CircuitOpen => Advice::Backoff,
        K::Conflict if wait => Advice::After(WAIT),
        _ => Advice::Never,
    }
}

#[test]
fn every_kind_and_delivery_has_one_advice_for_reads_and_writes() {
    for kind in ErrorKind::ALL {
        for delivery in Delivery::ALL {
            for (operation, write) in [(Some(READ), false), (Some(WRITE), true), (None, true)] {
                for wait in [false, true] {
                    let mut error = Error::new(kind, "m").with_delivery(delivery);
                    if let Some(operation) = operation {
                        error = error.with_operation(operation);
                    }
                    if wait {
                        error = error.with_retry_after(WAIT);
                    }
                    assert_eq!(
                        error.advice(),
                        expected(kind, delivery, write, wait),
                        "{kind} {delivery} write={write} wait={wait}"
                    );
                }
            }
        }
    }
}

#[test]
fn a_careless_error_never_invites_a_resend_of_a_write() {
    for kind in ErrorKind::ALL {
        let error = Error::new(kind, "m");
        let early = matches!(
            kind,
            ErrorKind::Config
                | ErrorKind::Unsupported
                | ErrorKind::Refused
                | ErrorKind::InvalidCursor
                | ErrorKind::CircuitOpen
        );
        assert_eq!(error.delivery() == Delivery::NotSent, early, "{kind}");
        if !early {
            assert_eq!(error.advice(), Advice::AfterReconcile, "{kind}");
        }
    }
}

#[test]
fn display_is_one_line_and_the_chain_is_complete() {
    let root = std::io::Error::other("connection reset");
    let middle = Error::new(ErrorKind::Transport, "socket closed").with_source(root);
    let top = Error::new(ErrorKind::Unavailable, "line one\nline two")
        .with_provider("crayon")
        .with_operation(READ)
        .with_http_status(503)
        .with_code("BUSY")
        .with_request_id("r-1")
        .with_source(middle);
    assert_eq!(
        top.to_string(),
        "crayon: list customers: line one line two (unavailable, HTTP 503, code BUSY, request r-1)"
    );
    let mut chain = Vec::new();
    let mut next = top.source();
    while let Some(error) = next {
        chain.push(error.to_string());
        next = error.source();
    }
    assert_eq!(chain, ["socket closed (transport)", "connection reset"]);
}

#[test]
fn a_clone_shares_and_a_builder_does_not_touch_the_original() {
    let first = Error::new(ErrorKind::RateLimited, "slow down");
    let second = first.clone().with_retry_after(WAIT).with_attempts(3).for_item();
    assert_eq!(first.retry_after(), None);
    assert_eq!(first.attempts(), 1);
    assert!(!first.is_item());
    assert_eq!(second.retry_after(), Some(WAIT));
    assert_eq!(second.attempts(), 3);
    assert!(second.is_item());
}

#[test]
fn a_lease_is_the_one_unknown_outcome_to_come_back_to() {
    let error = Error::leased("in flight".into(), WAIT).with_operation(WRITE);
    assert_eq!(error.kind(), ErrorKind::Conflict);
    assert_eq!(error.delivery(), Delivery::Unknown);
    assert_eq!(error.advice(), Advice::After(WAIT));
}

#[test]
fn a_read_without_an_operation_may_be_repeated_until_a_write_claims_it() {
    let lost = Error::new(ErrorKind::Timeout, "m");
    assert_eq!(lost.clone().advice(), Advice::AfterReconcile);
    assert_eq!(lost.clone().for_read().advice(), Advice::Backoff);
    assert_eq!(lost.for_read().with_operation(WRITE).advice(), Advice::AfterReconcile);
}

#[test]
fn an_error_is_written_as_json() {
    let error = Error::new(ErrorKind::RateLimited, "slow down")
        .with_provider("pax8")
        .with_operation(WRITE)
        .with_delivery(Delivery::Rejected)
        .with_http_status(429)
        .with_code("TOO_MANY")
        .with_request_id("r-1")
        .with_retry_after(Duration::from_millis(1500))
        .with_attempts(4)
        .with_violation(Violation::new("lines[0]", "too many"))
        .with_source(std::io::Error::other("behind it"));
    let json = serde_json::to_value(&error).unwrap();
    let expected = serde_json::json!({
        "kind": "rate_limited",
        "message": "slow down",
        "delivery": "rejected",
        "advice": "after",
        "attempts": 4,
        "retry_after_ms": 1500,
        "provider": "pax8",
        "operation": WRITE,
        "http_status": 429,
        "code": "TOO_MANY",
        "request_id": "r-1",
        "violations": [{ "field": "lines[0]", "message": "too many" }],
        "causes": ["behind it"],
    });
    assert_eq!(json, expected);
    let bare = serde_json::to_value(Error::new(ErrorKind::NotFound, "no customer")).unwrap();
    assert_eq!(bare.as_object().unwrap().len(), 5, "what is not known is left out: {bare}");
}

#[test]
fn advice_is_said_in_words() {
    for (advice, words) in [
        (Advice::Never, "do not repeat it"),
        (Advice::After(Duration::from_millis(1200)), "repeat it after 2 s"),
        (Advice::Backoff, "repeat it later"),
        (Advice::AfterReconcile, "find out first whether it happened"),
        (Advice::AfterReauth, "renew the credentials first"),
    ] {
        assert_eq!(advice.to_string(), words);
    }
    assert!(Error::new(ErrorKind::NotFound, "m").is_not_found());
    assert!(!Error::new(ErrorKind::Conflict, "m").is_not_found());
}
