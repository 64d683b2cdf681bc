//! Each law of reading is broken by a reader with one fault, and none by a careful one.
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    missing_docs,
    reason = "a failed unwrap is a failed test"
)]

use std::collections::BTreeSet;

use provider_core::SubscriptionStatus;
use provider_core::model::Denomination;
use provider_core::wire::moment::Moment;
use provider_testkit::reading::{Law, LawReport, Reading, examine};
use rust_decimal::Decimal;
use serde_json::{Map, Value, json};

/// What is wrong with the reader.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Flaw {
    None,
    ZeroForAbsent,
    AbsentForUnreadable,
    UnreadableUntold,
    PageForRecord,
    ActiveForUnknown,
    DayOfUtc,
    ConfiguredCurrency,
    CaseCounts,
    NumbersOnly,
}

fn text(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        Value::Bool(flag) => Some(flag.to_string()),
        _ => None,
    }
}

fn decimal(value: &Value) -> Option<Decimal> {
    Some(text(value)?.parse::<Decimal>().ok()?.normalize())
}

/// Reads `{"seats", "status", "issued", "cost", "currency"}` as a careful client does, but for one fault.
fn read(flaw: Flaw, wire: &Value) -> Reading {
    let mut record = Map::new();
    let mut told = Vec::new();
    let member = |name: &str| wire.get(name).filter(|value| !value.is_null());
    match member("seats") {
        Some(Value::String(_)) if flaw == Flaw::NumbersOnly => {
            return Reading::of([Err("seats: is no number".to_owned())]);
        }
        Some(seats) => match decimal(seats).filter(Decimal::is_integer) {
            Some(seats) => drop(record.insert("quantity".to_owned(), json!(seats.to_string()))),
            None if flaw == Flaw::PageForRecord => return Reading::refused("seats: is no number"),
            None if flaw == Flaw::UnreadableUntold => {}
            None => told.push("seats".to_owned()),
        },
        None if flaw == Flaw::ZeroForAbsent => drop(record.insert("quantity".to_owned(), json!("0"))),
        None => {}
    }
    if let Some(status) = member("status") {
        match text(status) {
            Some(word) if flaw == Flaw::CaseCounts && word != "Suspended" && word != "Zzqx Unheard Of" => {
                record.insert("status".to_owned(), json!("strange"));
            }
            Some(word) => {
                let known = SubscriptionStatus::from(word.as_str());
                let odd = matches!(known, SubscriptionStatus::Other(_)) && flaw == Flaw::ActiveForUnknown;
                let known = if odd { SubscriptionStatus::Active } else { known };
                record.insert("status".to_owned(), serde_json::to_value(known).unwrap());
            }
            None => told.push("status".to_owned()),
        }
    }
    if let Some(issued) = member("issued") {
        match text(issued).and_then(|text| Moment::parse(&text)) {
            Some(moment) if flaw == Flaw::DayOfUtc => {
                record.insert("issued_on".to_owned(), json!(moment.at().date_naive()));
            }
            Some(moment) => drop(record.insert("issued_on".to_owned(), json!(moment.day()))),
            None => told.push("issued".to_owned()),
        }
    }
    if let Some(cost) = member("cost") {
        let Some(amount) = decimal(cost) else {
            if flaw == Flaw::AbsentForUnreadable {
                return Reading::of([Ok(Value::Object(record))]).with_told(["cost".to_owned()]);
            }
            return Reading::of([Err("cost: is no amount".to_owned())]);
        };
        let code = member("currency").map(text);
        let Some(code) = code.map_or(Some(None), |code| code.map(Some)) else {
            return Reading::of([Err("currency: is no text".to_owned())]);
        };
        let usd = "USD".parse().ok();
        let money = Denomination::of(code.as_deref(), usd);
        let mut price = serde_json::to_value(money.whole(amount)).unwrap();
        if flaw == Flaw::ConfiguredCurrency && price.get("currency").is_none_or(Value::is_null) {
            price["currency"] = json!("USD");
            price.as_object_mut().unwrap().remove("currency_as_sent");
        }
        record.insert("cost".to_owned(), price);
    }
    Reading::of([Ok(Value::Object(record))]).with_told(told)
}

fn examined(flaw: Flaw) -> LawReport {
    let record = json!({
        "seats": 4, "status": "Suspended", "issued": "2026-03-01", "cost": 10.5, "currency": "EUR", "unknown": "text",
    });
    examine(&record, |wire| read(flaw, wire))
}

#[test]
fn every_law_is_broken_by_its_fault() {
    for (flaw, law) in [
        (Flaw::ZeroForAbsent, Law::AbsentIsNotZero),
        (Flaw::AbsentForUnreadable, Law::UnreadableIsNotAbsent),
        (Flaw::UnreadableUntold, Law::UnreadableIsNotAbsent),
        (Flaw::PageForRecord, Law::UnreadableIsNotAbsent),
        (Flaw::ActiveForUnknown, Law::UnknownIsNoOther),
        (Flaw::DayOfUtc, Law::DayAsWritten),
        (Flaw::ConfiguredCurrency, Law::CurrencyAsSent),
        (Flaw::CaseCounts, Law::WordsInAnyCase),
        (Flaw::NumbersOnly, Law::OtherClothes),
    ] {
        let report = examined(flaw);
        let broken: BTreeSet<Law> = report.broken().map(|(law, _)| law).collect();
        assert!(broken.contains(&law), "{flaw:?}\n{report}");
    }
}

#[test]
fn a_careful_reader_breaks_none() {
    let report = examined(Flaw::None);
    assert_eq!(report.broken().count(), 0, "{report}");
    for law in Law::ALL {
        assert!(report.held(law) > 0, "{law:?} was not examined\n{report}");
    }
}

#[test]
fn a_record_that_is_not_read_as_it_stands_is_told() {
    let report = examine(&json!({ "seats": 1 }), |_| Reading::of([Err("seats: no".to_owned())]));
    assert!(report.breaks(Law::OtherClothes));
}
