//! Records whose optional members cannot all be read: each costs itself, never the record.

use std::borrow::Cow;
use std::fmt;
use std::ops::Range;

use provider_core::wire::decimal;
use serde::Deserializer;
use serde::de::{DeserializeOwned, MapAccess, Visitor};
use serde_json::error::Category;
use serde_json::value::RawValue;

use super::{DecodeError, Keys, locate, typed};

/// A record with more members than this that cannot be read is no record of the kind.
const MOST: usize = 32;

/// A step on the way to a value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Step {
    Member(String),
    Element(usize),
}

/// Reads a record whose reading failed: what cannot be read is taken for absent wherever it may be absent.
/// Answers which members those were.
///
/// Never an amount, nor what an amount is in: absent and unreadable are not the same where money is meant. A number of
/// units is no money, whichever type a vendor gives it. Never an element of a list: a line that is left out is a line
/// less.
///
/// # Errors
/// [`DecodeError`] of the first member that the record cannot be without.
pub(super) fn read<T: DeserializeOwned>(
    json: &str,
    keys: Keys,
) -> Result<(T, Vec<DecodeError>), DecodeError> {
    let mut text = Cow::Borrowed(json);
    let mut lost: Vec<(Vec<Step>, DecodeError)> = Vec::new();
    loop {
        let error = match typed::<T>(&mut serde_json::Deserializer::from_str(&text), keys) {
            Ok(value) => {
                let mut told: Vec<DecodeError> = lost.into_iter().map(|(_, error)| error).collect();
                told.dedup();
                return Ok((value, told));
            }
            Err(error) => error,
        };
        let (mut at, found) = locate::<T>(&mut serde_json::Deserializer::from_str(&text), keys, &error);
        if error.classify() != Category::Data || lost.len() == MOST || counts(&at, &found) {
            return Err(found);
        }
        // What is still missed where nothing stands any more has to be there: then it is what is around it that
        // cannot be read.
        let mut told = found;
        while let Some((_, known)) = lost.iter().find(|(lost, _)| *lost == at) {
            told = known.clone();
            at.pop();
        }
        let Some(Step::Member(_)) = at.last() else { return Err(told) };
        let Some(span) = span(&text, &at, keys) else { return Err(told) };
        let mut without = text.into_owned();
        without.replace_range(span, "null");
        text = Cow::Owned(without);
        lost.push((at, told));
    }
}

/// True for amounts and for what they are in, and for the reference that a caller finds its own records by: a record
/// that has lost it would pass for another's, and its command be sent again.
fn counts(at: &[Step], error: &DecodeError) -> bool {
    let kept = |name: &str| {
        name.to_ascii_lowercase().contains("currency") || name.eq_ignore_ascii_case("referenceId")
    };
    let holds_money = |name: &str| {
        let name = name.to_ascii_lowercase();
        ["price", "pricing", "amount", "cost", "total"].iter().any(|word| name.ends_with(word))
    };
    let is_no_record = || error.reason.contains("expected struct");
    let last = match at.last() {
        Some(Step::Member(name)) => name.as_str(),
        _ => "",
    };
    (decimal::is_refusal(&error.reason) && !counts_units(last))
        || (holds_money(last) && is_no_record())
        || at.iter().any(|step| matches!(step, Step::Member(name) if kept(name)))
}

/// True for a member that holds a number of units.
fn counts_units(name: &str) -> bool {
    let name = name.to_ascii_lowercase();
    name.ends_with("quantity") || name.ends_with("licenses") || name == "usage"
}

/// Where in the text the value stands.
fn span(json: &str, path: &[Step], keys: Keys) -> Option<Range<usize>> {
    let mut here = json;
    for step in path {
        here = match step {
            Step::Member(name) => member(here, name, keys)?,
            Step::Element(index) => serde_json::from_str::<Vec<&RawValue>>(here).ok()?.get(*index)?.get(),
        };
    }
    let start = here.as_ptr().addr().checked_sub(json.as_ptr().addr())?;
    Some(start..start.checked_add(here.len())?)
}

fn member<'a>(object: &'a str, name: &str, keys: Keys) -> Option<&'a str> {
    let members = serde_json::Deserializer::from_str(object).deserialize_map(Members).ok()?;
    let exact = members.iter().find(|(known, _)| known == name);
    let alike = || {
        let alike = |(known, _): &&(Cow<'_, str>, _)| known.eq_ignore_ascii_case(name);
        members.iter().find(alike).filter(|_| keys == Keys::AnyCase)
    };
    exact.or_else(alike).map(|(_, value)| value.get())
}

/// The members of an object, as they stand.
struct Members;

impl<'de> Visitor<'de> for Members {
    type Value = Vec<(Cow<'de, str>, &'de RawValue)>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
        let mut members = Vec::new();
        while let Some(member) = map.next_entry()? {
            members.push(member);
        }
        Ok(members)
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]

    use provider_core::records;

    use super::*;

    records! {
        #![serde(rename_all = "camelCase")]
        #![derive(PartialEq)]

        struct Owner {
            id: i64,
        }

        struct Money {
            value: Option<Decimal>,
        }

        struct Line {
            number: i64,
            seats: Option<i64>,
        }

        struct Record {
            id: String,
            owner: Option<Owner>,
            trial: Option<bool>,
            cost: Option<Decimal>,
            quantity: Option<Decimal>,
            sales_price: Option<Money>,
            price_type: Option<Owner>,
            currency_code: Option<String>,
            reference_id: Option<String>,
            lines: Vec<Line>,
        }
    }

    fn salvaged(json: &str) -> Result<(Record, Vec<String>), String> {
        let (record, lost) = read::<Record>(json, Keys::AnyCase).map_err(|error| error.to_string())?;
        Ok((record, lost.into_iter().map(|error| error.path).collect()))
    }

    #[test]
    fn optional_members_cost_themselves() {
        let json = r#"{"ID":"7","Trial":{},"owner":{"Id":"x"},"cost":"1.50",
            "lines":[{"number":1,"seats":"four"},{"number":2,"seats":3}]}"#;
        let (record, lost) = salvaged(json).unwrap();
        assert_eq!(lost, ["trial", "owner.id", "lines[0].seats"]);
        assert_eq!((record.id.as_str(), record.trial, record.owner), ("7", None, None));
        let seats: Vec<_> = record.lines.iter().map(|line| (line.number, line.seats)).collect();
        assert_eq!(seats, [(1, None), (2, Some(3))]);
        assert_eq!(record.cost.map(|cost| cost.to_string()).as_deref(), Some("1.50"));
        let (record, lost) = salvaged(r#"{"id":"7","priceType":1,"salesPrice":{"value":"2"}}"#).unwrap();
        assert_eq!((lost.as_slice(), record.price_type), (&["priceType".to_owned()][..], None));
        assert_eq!(record.sales_price.and_then(|price| price.value), Some(2.into()));
    }

    #[test]
    fn a_number_of_units_is_no_money() {
        for odd in [r#""many""#, "{}", "[5]", "true", "1e29"] {
            let (record, lost) = salvaged(&format!(r#"{{"id":"7","cost":5,"quantity":{odd}}}"#)).unwrap();
            assert_eq!((lost.as_slice(), record.quantity), (&["quantity".to_owned()][..], None), "{odd}");
            assert_eq!(record.cost, Some(5.into()), "{odd}");
        }
        let (record, lost) = salvaged(r#"{"id":"7","quantity":"2.50"}"#).unwrap();
        assert_eq!((record.quantity.map(|it| it.to_string()).as_deref(), lost.len()), (Some("2.50"), 0));
    }

    #[test]
    fn what_has_to_be_there_costs_the_record() {
        for (json, reason) in [
            (r#"{"id":{},"trial":{}}"#, "id"),
            (r#"{"trial":[]}"#, "missing field `id`"),
            (r#"{"id":"7","lines":[{"number":"one"}]}"#, "lines[0].number"),
            (r#"{"id":"7","lines":[7]}"#, "lines[0]"),
            (r#"[]"#, "."),
        ] {
            let refused = salvaged(json).unwrap_err();
            assert!(refused.contains(reason), "{json}: {refused}");
        }
    }

    #[test]
    fn no_amount_no_currency_and_no_reference_is_taken_for_absent() {
        for (json, path) in [
            (r#"{"id":"7","trial":{},"cost":"1.234,50"}"#, "cost: "),
            (r#"{"id":"7","cost":true}"#, "cost: "),
            (r#"{"id":"7","cost":{"value":1}}"#, "cost: "),
            (r#"{"id":"7","cost":1e29}"#, "cost: "),
            (r#"{"id":"7","salesPrice":12.5}"#, "salesPrice: "),
            (r#"{"id":"7","salesPrice":[12.5]}"#, "salesPrice: "),
            (r#"{"id":"7","salesPrice":[]}"#, "salesPrice: "),
            (r#"{"id":"7","salesPrice":"12.5 EUR"}"#, "salesPrice: "),
            (r#"{"id":"7","salesPrice":{"value":"12,5"}}"#, "salesPrice.value: "),
            (r#"{"id":"7","currencyCode":{}}"#, "currencyCode: "),
            (r#"{"id":"7","referenceId":{}}"#, "referenceId: "),
        ] {
            let refused = salvaged(json).unwrap_err();
            assert!(refused.starts_with(path), "{json}: {refused}");
        }
    }
}
