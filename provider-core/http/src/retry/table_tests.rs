//! Every status, every kind of transport failure and every stage, for every method and safety class,
//! against expectations that are written down a second time and in other words.

use http::Method;
use provider_core::Delivery;

use super::*;
use crate::request::RequestSpec;

const SAFETIES: [Safety; 3] = [Safety::Read, Safety::IdempotentWrite, Safety::Write];

/// Statuses after which the same request can succeed a moment later.
const TRANSIENT: [u16; 8] = [408, 425, 429, 500, 502, 503, 504, 599];

#[test]
fn methods_start_in_the_right_class() {
    for (method, safety) in [
        (Method::GET, Safety::Read),
        (Method::HEAD, Safety::Read),
        (Method::POST, Safety::Write),
        (Method::PUT, Safety::Write),
        (Method::PATCH, Safety::Write),
        (Method::DELETE, Safety::Write),
        (Method::OPTIONS, Safety::Write),
    ] {
        assert_eq!(RequestSpec::new(method.clone(), "/").safety, safety, "{method}");
    }
    assert_eq!(RequestSpec::post("/").read().safety, Safety::Read);
    assert_eq!(RequestSpec::get("/").write().safety, Safety::Write);
    assert_eq!(RequestSpec::post("/").idempotent(true).safety, Safety::IdempotentWrite);
    assert_eq!(RequestSpec::post("/").idempotent(true).idempotent(false).safety, Safety::Write);
    assert_eq!(RequestSpec::get("/").idempotent(true).safety, Safety::Read);
}

#[test]
fn every_status_has_one_delivery() {
    for status in 100..=999_u16 {
        let did_nothing = (400..=499).contains(&status) && status != 408;
        let expected = if did_nothing { Delivery::Rejected } else { Delivery::Unknown };
        assert_eq!(delivery(Stage::Status { status }), expected, "{status}");
    }
}

#[test]
fn every_status_and_class_has_one_decision() {
    for status in 100..=999_u16 {
        for safety in SAFETIES {
            let transient =
                TRANSIENT.contains(&status) || (500..600).contains(&status) && ![501, 505].contains(&status);
            let expected = if status == 401 {
                Decision::NewToken
            } else if status == 429 || transient && safety != Safety::Write {
                Decision::Retry
            } else {
                Decision::Stop
            };
            assert_eq!(decide(Stage::Status { status }, safety), expected, "{status} {safety:?}");
        }
    }
}

#[test]
fn every_transport_failure_and_class_has_one_decision() {
    use TransportErrorKind as Kind;
    for kind in Kind::ALL {
        for safety in SAFETIES {
            let expected = match kind {
                Kind::Connect => Decision::Retry,
                Kind::Request | Kind::Timeout | Kind::Interrupted if safety != Safety::Write => {
                    Decision::Retry
                }
                _ => Decision::Stop,
            };
            assert_eq!(decide(Stage::Wire(kind), safety), expected, "{kind:?} {safety:?}");
        }
        let before_the_wire = matches!(kind, Kind::Connect | Kind::Unsendable);
        let expected = if before_the_wire { Delivery::NotSent } else { Delivery::Unknown };
        assert_eq!(delivery(Stage::Wire(kind)), expected, "{kind:?}");
    }
}

#[test]
fn the_other_stages_stop() {
    for safety in SAFETIES {
        for stage in [Stage::Before, Stage::Deadline, Stage::Unreadable] {
            assert_eq!(decide(stage, safety), Decision::Stop, "{stage:?} {safety:?}");
        }
    }
    assert_eq!(delivery(Stage::Before), Delivery::NotSent);
    assert_eq!(delivery(Stage::Deadline), Delivery::Unknown);
    assert_eq!(delivery(Stage::Unreadable), Delivery::Unknown);
}

#[test]
fn no_plain_write_is_repeated_when_it_may_have_been_applied() {
    let statuses = (100..=999).map(|status| Stage::Status { status });
    let wire = TransportErrorKind::ALL.map(Stage::Wire);
    for stage in statuses.chain(wire).chain([Stage::Before, Stage::Deadline, Stage::Unreadable]) {
        if decide(stage, Safety::Write) != Decision::Stop {
            assert_ne!(delivery(stage), Delivery::Unknown, "{stage:?}");
            assert_ne!(delivery(stage), Delivery::Applied, "{stage:?}");
        }
    }
}
