//! The dialect of records: what each kind of member reads and writes.

#![allow(clippy::unwrap_used, missing_docs, reason = "a failed unwrap is a failed test")]

use std::collections::BTreeMap;

use provider_core::records;
use rust_decimal::Decimal;
use secrecy::ExposeSecret as _;
use serde::Deserialize;

records! {
    #![serde(rename_all = "camelCase")]
    #![derive(Default)]

    /// Every kind of optional member.
    pub struct Everything {
        pub name: Option<String>,
        pub is_on: Option<bool>,
        pub count: Option<i64>,
        pub small: Option<u32>,
        pub price: Option<Decimal>,
        pub made: Option<DateTime>,
        pub day: Option<Day>,
        pub password: Option<Secret>,
        pub inner: Option<Inner>,
        pub lines: Vec<Inner>,
        pub amounts: Map<Decimal>,
        pub labels: Map<String>,
        #[serde(rename = "odd_name")]
        pub renamed: Option<String>,
        pub nested: Option<BTreeMap<String, Option<String>>>,
        #[serde(deserialize_with = "shouted")]
        pub own: Option<Shout>,
        hidden: Option<String>,
    }

    /// A part.
    #[derive(PartialEq, Eq)]
    pub(crate) struct Inner {
        pub value: Option<Decimal>,
    }
}

records! {
    #![numbers]
    #![derive(Default, PartialEq)]

    #[serde(rename_all = "PascalCase")]
    pub struct Written {
        pub id: i64,
        pub order: u32,
        pub quantity: Decimal,
        pub price: Option<Decimal>,
        pub count: Option<i64>,
        pub amounts: Map<Decimal>,
        pub primary: bool,
        pub code: String,
        pub tags: Vec<String>,
        pub kind: Kind,
    }
}

#[derive(Debug, Clone, Default, PartialEq, serde::Serialize)]
pub struct Shout(String);

/// A reading of one's own.
fn shouted<'de, D: serde::Deserializer<'de>>(deserializer: D) -> Result<Option<Shout>, D::Error> {
    Ok(provider_core::wire::lenient::text(deserializer)?.map(|text| Shout(text.to_uppercase())))
}

#[derive(Debug, Clone, Default, PartialEq, serde::Serialize, Deserialize)]
pub enum Kind {
    #[default]
    Plain,
}

#[test]
fn members_are_read_in_every_form() {
    let read: Everything = serde_json::from_str(
        r#"{"name":150,"isOn":"true","count":"3.0","small":4,"price":12345678901234567890.12,
            "made":1772356500000,"day":"2026-03-01T23:30:00-0600","password":"hunter2","inner":{"value":"1.10"},
            "lines":[{},{"value":2}],"amounts":{"USD":12.50,"EUR":null},"labels":{"a":"b"},"odd_name":"x",
            "nested":{"a":null},"own":"hey","hidden":"h","unknown":{"deep":[1]}}"#,
    )
    .unwrap();
    assert_eq!(
        (read.name.as_deref(), read.is_on, read.count, read.small),
        (Some("150"), Some(true), Some(3), Some(4))
    );
    assert_eq!(read.price.unwrap().to_string(), "12345678901234567890.12");
    assert_eq!(read.made.unwrap().to_rfc3339(), "2026-03-01T09:15:00+00:00");
    assert_eq!(read.day.unwrap().to_string(), "2026-03-01");
    assert_eq!(read.password.as_ref().unwrap().expose_secret(), "hunter2");
    assert_eq!(read.lines, [Inner { value: None }, Inner { value: Some(2.into()) }]);
    assert_eq!(read.amounts, BTreeMap::from([("USD".to_owned(), Decimal::new(1250, 2))]));
    assert_eq!((read.renamed.as_deref(), read.hidden.as_deref()), (Some("x"), Some("h")));
    assert!(!format!("{read:?}").contains("hunter2"));
    assert_eq!(
        serde_json::to_string(&read).unwrap(),
        r#"{"name":"150","isOn":true,"count":"3","small":"4","price":"12345678901234567890.12","made":"2026-03-01T09:15:00Z","day":"2026-03-01","inner":{"value":"1.10"},"lines":[{},{"value":"2"}],"amounts":{"USD":"12.50"},"labels":{"a":"b"},"odd_name":"x","nested":{"a":null},"own":"HEY","hidden":"h"}"#
    );
}

#[test]
fn absent_and_null_are_none_and_are_left_out() {
    let null = r#"{"name":null,"isOn":null,"count":null,"small":null,"price":null,"made":null,"day":null,
        "password":null,"inner":null,"lines":null,"amounts":null,"labels":null,"odd_name":null,"nested":null}"#;
    let blank = r#"{"isOn":"","count":"","small":"","price":"","made":"","day":""}"#;
    for json in ["{}", null, blank] {
        let read: Everything = serde_json::from_str(json).unwrap();
        assert_eq!(serde_json::to_string(&read).unwrap(), "{}", "{json}");
    }
}

#[test]
fn what_cannot_be_read_is_an_error() {
    for json in [
        r#"{"name":{}}"#,
        r#"{"isOn":"perhaps"}"#,
        r#"{"count":1.5}"#,
        r#"{"small":-1}"#,
        r#"{"price":"much"}"#,
        r#"{"made":{}}"#,
        r#"{"lines":{}}"#,
        r#"{"amounts":{"USD":"much"}}"#,
        r#"{"password":[]}"#,
    ] {
        assert!(serde_json::from_str::<Everything>(json).is_err(), "{json}");
    }
}

#[test]
fn numbers_are_written_digit_for_digit() {
    let json = r#"{"Id":7,"Order":0,"Quantity":0,"Price":12345678901234567890.10,"Count":-3,"Amounts":{"USD":1.50},"Primary":false,"Code":"","Kind":"Plain"}"#;
    let read: Written = serde_json::from_str(json).unwrap();
    assert_eq!(serde_json::to_string(&read).unwrap(), json);
    // As the wire may also have it.
    let loose = r#"{"Id":"7","Order":"0","Quantity":"0","Price":"12345678901234567890.10","Count":-3.0,"Amounts":{"USD":"1.50"},"Primary":0,"Code":"","Tags":null,"Kind":"Plain"}"#;
    assert_eq!(serde_json::from_str::<Written>(loose).unwrap(), read);
    let unset = Written { quantity: 1.into(), ..Written::default() };
    assert_eq!(
        serde_json::to_string(&unset).unwrap(),
        r#"{"Order":0,"Quantity":1,"Primary":false,"Code":"","Kind":"Plain"}"#
    );
}

#[test]
fn a_record_without_what_it_needs_is_refused() {
    let whole: serde_json::Value = serde_json::json!({"Id": 1, "Order": 1, "Quantity": 1, "Primary": true, "Code": "x", "Kind": "Plain"});
    assert!(serde_json::from_value::<Written>(whole.clone()).is_ok());
    for member in ["Id", "Order", "Quantity", "Primary", "Code", "Kind"] {
        let mut without = whole.clone();
        without.as_object_mut().unwrap().remove(member);
        let error = serde_json::from_value::<Written>(without).unwrap_err().to_string();
        assert!(error.contains(member), "{error}");
        let mut null = whole.clone();
        null.as_object_mut().unwrap().insert(member.to_owned(), serde_json::Value::Null);
        assert!(serde_json::from_value::<Written>(null).is_err(), "{member}");
    }
}
