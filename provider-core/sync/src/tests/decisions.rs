//! The pure functions, with whatever comes.

use std::collections::BTreeMap;

use proptest::prelude::*;
use serde_json::{Value, json};

use crate::decide::evidence::{COUNTED, Walk, most};
use crate::decide::merge::{merge, same};
use crate::fingerprint::Fingerprint;
use crate::plan::{Owner, Values};
use crate::report::Proof;
use crate::target::{LocalKey, LocalRecord};

fn row(values: &Values) -> LocalRecord {
    LocalRecord {
        key: LocalKey::new("1"),
        remote: Some("r".into()),
        values: values.clone(),
        fingerprint: Fingerprint::of_text(""),
    }
}

fn values() -> impl Strategy<Value = Values> {
    proptest::collection::btree_map("[a-d]", "[0-3]".prop_map(Value::String), 0..4)
}

fn owner(field: &str) -> Owner {
    match field {
        "a" => Owner::Remote,
        "b" => Owner::Local,
        _ => Owner::Ask,
    }
}

proptest! {
    /// What was merged and written needs nothing more.
    #[test]
    fn merging_is_done_once(wanted in values(), here in values(), base in values()) {
        let base = json!(base);
        let first = merge(&wanted, &row(&here), Some(&base), &owner);
        let mut after = here;
        after.extend(first.values.clone());
        let second = merge(&wanted, &row(&after), Some(&base), &owner);
        prop_assert_eq!(&second.values, &first.values);
        prop_assert_eq!(&second.conflicts, &first.conflicts);
        for (field, value) in &first.values {
            prop_assert_ne!(owner(field), Owner::Local, "what the application owns is left");
            prop_assert_eq!(after.get(field), Some(value));
        }
        for field in first.conflicts.keys() {
            prop_assert_eq!(owner(field), Owner::Ask);
        }
    }

    /// Names mean nothing to it.
    #[test]
    fn merging_commutes_with_renaming(wanted in values(), here in values(), base in values()) {
        let renamed = |values: &Values| -> Values {
            values.iter().map(|(name, value)| (format!("x_{name}"), value.clone())).collect()
        };
        let plain = merge(&wanted, &row(&here), Some(&json!(base)), &owner);
        let other = merge(&renamed(&wanted), &row(&renamed(&here)), Some(&json!(renamed(&base))), &|field: &str| {
            owner(field.trim_start_matches("x_"))
        });
        prop_assert_eq!(renamed(&plain.values), other.values);
        prop_assert_eq!(plain.conflicts.len(), other.conflicts.len());
    }

    /// Nothing is concluded from a listing that was cut, empty, short or not proven.
    #[test]
    fn only_a_whole_listing_tells(listed in 0_u64..100, before in proptest::option::of(0_u64..100), resumed: bool) {
        for proof in [Proof::Proven, Proof::NoTotal, Proof::Unproven] {
            let walk = Walk { proof, resumed, listed, listed_before: before };
            let tells = walk.tells();
            prop_assert!(!tells || (!resumed && listed > 0 && proof != Proof::Unproven));
            prop_assert!(!tells || before.is_none_or(|before| listed * 2 >= before));
        }
    }

    /// The ceiling never lets a table be emptied by itself.
    #[test]
    fn the_ceiling_holds(live in 0_u64..100_000) {
        prop_assert_eq!(most(live.min(COUNTED), None), most(live, None), "nobody has to count further");
        let most = most(live, None);
        prop_assert!((3..=50).contains(&most));
        prop_assert!(most <= 3 || most <= live / 10);
    }

    /// What a person allows lifts it.
    #[test]
    fn a_persons_word_lifts_the_ceiling(live in 0_u64..100_000, allowed in 0_u64..100_000) {
        prop_assert_eq!(most(live, Some(allowed)), most(live, None).max(allowed));
    }

    /// The order of members does not matter to a fingerprint of values.
    #[test]
    fn fingerprints_ignore_order(values in values()) {
        let forth: Vec<_> = values.iter().map(|(name, value)| (name.as_str(), value)).collect();
        let back: Vec<_> = forth.iter().rev().copied().collect();
        prop_assert_eq!(Fingerprint::of_values(forth), Fingerprint::of_values(back));
    }
}

#[test]
fn values_are_one_however_a_column_wrote_them() {
    let wanted: Values = BTreeMap::from([("c".to_owned(), json!("10.50"))]);
    let here: Values = BTreeMap::from([("c".to_owned(), json!(10.5))]);
    assert!(merge(&wanted, &row(&here), None, &owner).conflicts.is_empty());
}

/// A postal code or a telephone number that is put right is an edit.
#[test]
fn a_text_of_digits_is_no_number() {
    for (one, other) in [("01067", "1067"), ("+4930", "4930"), ("1_0", "10"), ("00", "0"), ("-01", "-1")] {
        assert!(!same(&json!(one), &json!(other)), "{one} and {other}");
    }
    for (one, other) in [("10", "10.0"), ("0.50", "0.5"), ("-1", "-1.00"), ("0", "0.0")] {
        assert!(same(&json!(one), &json!(other)), "{one} and {other}");
    }
    assert!(same(&json!(1067), &json!("01067")), "a column that makes numbers of texts has no other way");
}

#[test]
fn numbers_are_the_same_however_they_are_written_and_texts_with_zeros_in_front_are_not() {
    for (one, other, alike) in [
        (json!("5.00"), json!("5"), true),
        (json!("0.50"), json!("0.5"), true),
        (json!("0"), json!("0.00"), true),
        (json!("-5"), json!("-5.0"), true),
        (json!("007"), json!(7), true),
        (json!(true), json!(1), true),
        (json!("030123"), json!("30123"), false),
        (json!("007"), json!("7.0"), false),
        (json!("00"), json!("0"), false),
        (json!("007"), json!("007"), true),
        (json!(i64::MAX), json!("9223372036854775807"), true),
    ] {
        assert_eq!((same(&one, &other), same(&other, &one)), (alike, alike), "{one} {other}");
    }
}

/// Somebody took the zero off a telephone number: that is an edit like any other.
#[test]
fn a_text_that_has_lost_its_zero_was_changed() {
    let values = |phone: &str| Values::from([("c".to_owned(), json!(phone))]);
    let merged = merge(&values("040 9"), &row(&values("30123")), Some(&json!({ "c": "030123" })), &owner);
    assert!(merged.values.is_empty() && merged.conflicts.contains_key("c"), "{merged:?}");
}
