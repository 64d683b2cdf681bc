//! Every status, every kind of transport failure and every stage, for every method and safety class,
//! against expectations that are written down a second time and in other words.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a panic is a failed test")]

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
                Kind::Decode if safety == Safety::Read => Decision::Retry,
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
fn the_other_stages_stop_but_for_what_a_read_could_not_understand() {
    for safety in SAFETIES {
        for stage in [Stage::Before, Stage::Deadline] {
            assert_eq!(decide(stage, safety), Decision::Stop, "{stage:?} {safety:?}");
        }
    }
    assert_eq!(
        SAFETIES.map(|safety| decide(Stage::Unreadable, safety)),
        [Decision::Retry, Decision::Stop, Decision::Stop]
    );
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

const BEGIN: &str = "<!-- retry table: begin -->";
const END: &str = "<!-- retry table: end -->";

/// What an operator calls each row, and the stages in it.
fn rows() -> Vec<(&'static str, Vec<Stage>)> {
    use TransportErrorKind as Kind;
    let statuses = |wanted: &dyn Fn(u16) -> bool| -> Vec<Stage> {
        (300..600).filter(|status| wanted(*status)).map(|status| Stage::Status { status }).collect()
    };
    let wire = |kinds: &[Kind]| -> Vec<Stage> { kinds.iter().copied().map(Stage::Wire).collect() };
    let named = [401, 408, 425, 429, 501, 505];
    let mut lost = statuses(&|status| status == 408 || (status >= 500 && !named.contains(&status)));
    lost.extend(wire(&[Kind::Request, Kind::Timeout, Kind::Interrupted]));
    let mut unreadable = wire(&[Kind::Decode]);
    unreadable.push(Stage::Unreadable);
    let mut refused = statuses(&|status| status < 500 && !named.contains(&status));
    refused.extend(statuses(&|status| [501, 505].contains(&status)));
    vec![
        ("not sent: name, connection, TLS", wire(&[Kind::Connect])),
        ("429", statuses(&|status| status == 429)),
        ("401", statuses(&|status| status == 401)),
        ("425", statuses(&|status| status == 425)),
        ("408, other 5xx, time-out, reset, torn answer", lost),
        ("unreadable answer: HTML (403 too), no JSON, JSON that ends early, bad gzip", unreadable),
        ("oversized answer", wire(&[Kind::TooLarge])),
        ("other 4xx, 3xx, 501, 505", refused),
        ("limiter, breaker, no token, deadline", vec![Stage::Before, Stage::Deadline]),
    ]
}

/// The decision of a row, which all of its stages share.
fn cell(stages: &[Stage], safety: Safety) -> &'static str {
    let decisions: Vec<_> = stages.iter().map(|stage| decide(*stage, safety)).collect();
    let first = decisions[0];
    assert!(decisions.iter().all(|decision| *decision == first), "{stages:?} {safety:?}");
    match (first, safety) {
        (Decision::Stop, _) => "stop",
        (Decision::NewToken, Safety::Read) => "again with a new token, twice",
        (Decision::NewToken, _) => "again with a new token, once",
        (Decision::Retry, Safety::IdempotentWrite) if delivery(stages[0]) == Delivery::Unknown => {
            "again, unchanged"
        }
        (Decision::Retry, _) if stages[0] == (Stage::Status { status: 429 }) => "again after the wait",
        (Decision::Retry, _) => "again",
    }
}

/// The table of docs/reliability.md is written by the table that decides.
#[test]
fn the_documented_table_is_the_one_that_decides() {
    let mut table = String::from(
        "\n\n| What happened | read | write with a key the distributor knows | other write |\n|---|---|---|---|\n",
    );
    for (name, stages) in rows() {
        let [read, idempotent, write] = SAFETIES.map(|safety| cell(&stages, safety));
        table.push_str(&format!("| {name} | {read} | {idempotent} | {write} |\n"));
    }
    table.push('\n');
    let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/reliability.md");
    let text = std::fs::read_to_string(&path).unwrap();
    let (before, rest) = text.split_once(BEGIN).unwrap();
    let (shown, after) = rest.split_once(END).unwrap();
    if std::env::var_os("UPDATE_DOCS").is_some() {
        std::fs::write(&path, format!("{before}{BEGIN}{table}{END}{after}")).unwrap();
        return;
    }
    assert_eq!(shown, table, "docs/reliability.md is out of date; UPDATE_DOCS=1 writes it");
}
