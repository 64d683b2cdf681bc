#![allow(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::*;

#[derive(Debug, Default, PartialEq, Deserialize)]
#[serde(default)]
struct Record {
    #[serde(deserialize_with = "text")]
    zip: Option<String>,
    #[serde(deserialize_with = "flag")]
    on: Option<bool>,
    #[serde(deserialize_with = "whole")]
    count: Option<i64>,
    #[serde(deserialize_with = "whole")]
    small: Option<u32>,
    #[serde(deserialize_with = "list")]
    tags: Vec<String>,
    #[serde(deserialize_with = "map")]
    by_name: BTreeMap<String, u8>,
}

#[derive(Debug, PartialEq, Deserialize)]
struct Needed {
    #[serde(deserialize_with = "required_whole")]
    id: i64,
    #[serde(deserialize_with = "required_text")]
    name: String,
    #[serde(deserialize_with = "required_flag")]
    on: bool,
}

fn read_record(json: &str) -> Result<Record, serde_json::Error> {
    let read = serde_json::from_str::<Record>(json);
    // Values and buffers that hold the same have to be read the same.
    let value = serde_json::from_str::<Value>(json).unwrap();
    assert_eq!(serde_json::from_value::<Record>(value).ok(), read.as_ref().ok().map(copy), "{json}");
    read
}

fn copy(record: &Record) -> Record {
    let Record { zip, on, count, small, tags, by_name } = record;
    Record {
        zip: zip.clone(),
        on: *on,
        count: *count,
        small: *small,
        tags: tags.clone(),
        by_name: by_name.clone(),
    }
}

#[test]
fn texts_and_flags_are_read_in_every_form() {
    for (json, zip, on) in [
        (r#"{"zip":"0150","on":true}"#, Some("0150"), Some(true)),
        (r#"{"zip":22150,"on":"False"}"#, Some("22150"), Some(false)),
        (r#"{"zip":-1,"on":1}"#, Some("-1"), Some(true)),
        (r#"{"zip":1.5,"on":" 0 "}"#, Some("1.5"), Some(false)),
        (r#"{"zip":18446744073709551615}"#, Some("18446744073709551615"), None),
        (r#"{"zip":true,"on":""}"#, Some("true"), None),
        (r#"{"zip":"","on":"Yes"}"#, Some(""), Some(true)),
        (r#"{"zip":"","on":"N"}"#, Some(""), Some(false)),
        (r#"{"zip":"","on":"off"}"#, Some(""), Some(false)),
        (r#"{"zip":null,"on":null}"#, None, None),
        ("{}", None, None),
        (r#"{"zip":"a\u00e9","on":0}"#, Some("a\u{e9}"), Some(false)),
    ] {
        let read = read_record(json).unwrap();
        assert_eq!((read.zip.as_deref(), read.on), (zip, on), "{json}");
    }
    for json in [
        r#"{"zip":{}}"#,
        r#"{"zip":[]}"#,
        // What would be read are not the digits that stand there, and ids that differ would be the same.
        r#"{"zip":12345678901234567890123}"#,
        r#"{"zip":-9223372036854775809}"#,
        r#"{"on":"perhaps"}"#,
        r#"{"on":2}"#,
        r#"{"on":{}}"#,
        r#"{"on":[true]}"#,
    ] {
        assert!(read_record(json).is_err(), "{json}");
    }
}

#[test]
fn whole_numbers_are_read_in_every_form() {
    for (json, count) in [
        (r#"{"count":3}"#, Some(3)),
        (r#"{"count":-3}"#, Some(-3)),
        (r#"{"count":3.0}"#, Some(3)),
        (r#"{"count":3e2}"#, Some(300)),
        (r#"{"count":"3"}"#, Some(3)),
        (r#"{"count":" 3.00 "}"#, Some(3)),
        (r#"{"count":"9223372036854775807"}"#, Some(i64::MAX)),
        (r#"{"count":9223372036854775807}"#, Some(i64::MAX)),
        (r#"{"count":""}"#, None),
        (r#"{"count":null}"#, None),
        ("{}", None),
    ] {
        assert_eq!(read_record(json).unwrap().count, count, "{json}");
    }
    for json in [
        r#"{"count":3.5}"#,
        r#"{"count":"3.5"}"#,
        r#"{"count":"three"}"#,
        r#"{"count":true}"#,
        r#"{"count":[3]}"#,
        r#"{"count":9223372036854775808}"#,
        r#"{"count":"9223372036854775808"}"#,
        r#"{"count":9007199254740993.0e1}"#,
        r#"{"small":-1}"#,
        r#"{"small":4294967296}"#,
    ] {
        assert!(read_record(json).is_err(), "{json}");
    }
    assert_eq!(read_record(r#"{"small":"7"}"#).unwrap().small, Some(7));
}

#[test]
fn lists_and_maps_that_are_null_are_empty() {
    let read = read_record(r#"{"tags":null,"by_name":null}"#).unwrap();
    assert_eq!((read.tags.len(), read.by_name.len()), (0, 0));
    let read = read_record(r#"{"tags":["a"],"by_name":{"b":1}}"#).unwrap();
    assert_eq!((read.tags, read.by_name.get("b")), (vec!["a".to_owned()], Some(&1)));
    for json in [r#"{"tags":{}}"#, r#"{"tags":[[]]}"#, r#"{"by_name":[]}"#, r#"{"by_name":{"b":"x"}}"#] {
        assert!(read_record(json).is_err(), "{json}");
    }
}

#[test]
fn what_must_be_there_is_refused_where_it_is_not() {
    let good = json!({"id": "7", "name": 8, "on": "true"});
    let read: Needed = serde_json::from_value(good.clone()).unwrap();
    assert_eq!(read, Needed { id: 7, name: "8".to_owned(), on: true });
    for member in ["id", "name", "on"] {
        for bad in [Value::Null, json!({})] {
            let mut record = good.clone();
            record.as_object_mut().unwrap().insert(member.to_owned(), bad);
            assert!(serde_json::from_value::<Needed>(record).is_err(), "{member}");
        }
        let mut record = good.clone();
        record.as_object_mut().unwrap().remove(member);
        let error = serde_json::from_value::<Needed>(record).unwrap_err().to_string();
        assert!(error.contains(member), "{error}");
    }
}

#[test]
fn no_value_is_quoted_in_an_error() {
    for json in [r#"{"count":"hunter2"}"#, r#"{"on":"hunter2"}"#, r#"{"small":"hunter2"}"#] {
        let error = serde_json::from_str::<Record>(json).unwrap_err().to_string();
        assert!(!error.contains("hunter2"), "{error}");
    }
}

#[test]
fn optional_and_buffered_content_is_read_alike() {
    #[derive(Debug, PartialEq, Deserialize)]
    #[serde(untagged)]
    enum Buffered {
        Record(Record),
    }
    let json = r#"{"zip":22150,"on":"1","count":"3.0","small":4}"#;
    let Buffered::Record(buffered) = serde_json::from_str(json).unwrap();
    assert_eq!(buffered, read_record(json).unwrap());
    struct Length(usize);
    impl<'de> Deserialize<'de> for Length {
        fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
            read(deserializer, |text| Self(text.len()))
        }
    }
    assert_eq!(serde_json::from_str::<Length>("1234").unwrap().0, 4);
    assert!(serde_json::from_str::<Length>("null").is_err());
    assert!(serde_json::from_str::<Option<Length>>("null").unwrap().is_none());
}

#[test]
fn secrets_are_read_and_numbers_written_as_text() {
    #[derive(Deserialize, Serialize)]
    struct Row {
        #[serde(default, skip_serializing, deserialize_with = "secret")]
        password: Option<SecretString>,
        #[serde(serialize_with = "as_text")]
        count: Option<i64>,
    }
    let row: Row = serde_json::from_str(r#"{"password":"hunter2","count":12}"#).unwrap();
    assert!(row.password.is_some());
    assert_eq!(serde_json::to_string(&row).unwrap(), r#"{"count":"12"}"#);
    let row = Row { password: None, count: None };
    assert_eq!(serde_json::to_string(&row).unwrap(), r#"{"count":null}"#);
    assert!(is_unset(&0) && !is_unset(&1));
}
