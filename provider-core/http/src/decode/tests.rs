#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a failed unwrap is a failed test")]

use std::borrow::Cow;
use std::collections::BTreeMap;

use provider_core::model::Raw;
use provider_core::{ErrorKind, ItemError};
use serde::Deserialize;
use serde_json::value::RawValue;

use super::*;
use crate::call::CallOptions;

#[derive(Debug, Deserialize, PartialEq)]
#[serde(rename_all = "PascalCase")]
struct Line<'a> {
    id: u32,
    #[serde(borrow)]
    name: Cow<'a, str>,
    #[serde(default)]
    price: Option<Price>,
    #[serde(default)]
    tags: Vec<Tag>,
    #[serde(default)]
    extra: BTreeMap<String, u8>,
}

#[derive(Debug, Deserialize, PartialEq)]
#[serde(rename_all = "PascalCase")]
struct Price {
    amount: u32,
    #[serde(alias = "CurrencyCode")]
    currency: String,
}

#[derive(Debug, Deserialize, PartialEq)]
enum Tag {
    Plain,
    Value(u8),
    Pair { left: u8, right: u8 },
}

fn read(json: &str, keys: Keys) -> Result<Line<'_>, DecodeError> {
    from_str(json, keys)
}

#[test]
fn member_names_fit_in_any_case_and_values_stay_as_they_are() {
    let exact = r#"{"Id":1,"Name":"Ab","Price":{"Amount":2,"Currency":"EUR"},"Tags":["Plain",{"Value":3},{"Pair":{"left":1,"right":2}}],"Extra":{"Aa":1,"aA":2}}"#;
    let mixed = r#"{"id":1,"NAME":"Ab","price":{"aMOUNT":2,"currencycode":"EUR"},"tags":["Plain",{"Value":3},{"Pair":{"LEFT":1,"Right":2}}],"extra":{"Aa":1,"aA":2},"unknown":{"Id":[1]}}"#;
    let expected = read(exact, Keys::Exact).unwrap();
    assert_eq!(expected.extra.len(), 2, "keys of a map are data");
    assert_eq!(expected.tags.len(), 3);
    assert_eq!(read(exact, Keys::AnyCase).unwrap(), expected);
    assert_eq!(read(mixed, Keys::AnyCase).unwrap(), expected);
    assert_eq!(read(mixed, Keys::Exact).unwrap_err().reason, "missing field `Id`");
}

#[test]
fn borrowed_text_stays_borrowed_in_any_case() {
    let line = read(r#"{"iD":1,"nAme":"plain"}"#, Keys::AnyCase).unwrap();
    assert!(matches!(line.name, Cow::Borrowed("plain")));
    let line = read(r#"{"iD":1,"n\u0041me":"esc\"aped"}"#, Keys::AnyCase).unwrap();
    assert_eq!(line.name, "esc\"aped");
}

#[test]
fn an_exact_name_wins_over_a_similar_one() {
    #[derive(Debug, Deserialize, PartialEq)]
    struct Both {
        #[serde(rename = "id")]
        lower: u8,
        #[serde(rename = "ID")]
        upper: u8,
    }
    let both: Both = from_str(r#"{"ID":2,"id":1}"#, Keys::AnyCase).unwrap();
    assert_eq!(both, Both { lower: 1, upper: 2 });
}

#[test]
fn raw_values_and_options_pass_through_any_case() {
    #[derive(Deserialize)]
    struct Envelope<'a> {
        #[serde(borrow)]
        items: Vec<&'a RawValue>,
        total: Option<u64>,
        next: Option<u64>,
    }
    let envelope: Envelope<'_> =
        from_str(r#"{"Items":[{"A":1.10},2],"Total":2,"Next":null}"#, Keys::AnyCase).unwrap();
    assert_eq!(envelope.items[0].get(), r#"{"A":1.10}"#);
    assert_eq!((envelope.total, envelope.next), (Some(2), None));
}

#[test]
fn decimals_keep_every_digit_in_any_case() {
    #[derive(Deserialize)]
    struct Money {
        #[serde(with = "provider_core::wire::decimal")]
        amount: rust_decimal::Decimal,
    }
    for keys in [Keys::Exact, Keys::AnyCase] {
        for text in ["1234567890123.4567", "12345678901234567890.12", "10.10", "0.1"] {
            let json = format!(r#"{{"amount":{text}}}"#);
            assert_eq!(from_str::<Money>(&json, keys).unwrap().amount.to_string(), text);
        }
    }
}

#[test]
fn errors_name_the_path_and_never_the_value() {
    let cases = [
        (r#"{"Id":"s3cret","Name":""}"#, "Id", "invalid type: string, expected u32"),
        (
            r#"{"Id":1,"Name":"","Price":{"Amount":-73310,"Currency":""}}"#,
            "Price.Amount",
            "invalid value: integer, expected u32",
        ),
        (
            r#"{"Id":1,"Name":"","Price":{"Amount":733.10,"Currency":""}}"#,
            "Price.Amount",
            "invalid type: floating point, expected u32",
        ),
        (
            r#"{"Id":1,"Name":"","Tags":["Plain","s3cret"]}"#,
            "Tags[1]",
            "unknown variant, expected one of `Plain`, `Value`, `Pair`",
        ),
        (r#"{"Id":1,"Name":"","Tags":"s3\"cret"}"#, "Tags", "invalid type: string, expected a sequence"),
        (r#"{"Id":1}"#, ".", "missing field `Name`"),
        (r#"{"Id":1,"Name":"x""#, ".", "the JSON ends early"),
        (r#"{"Id":1,"Name":"x"} s3cret"#, ".", "not JSON: trailing characters"),
        ("s3cret", ".", "not JSON: expected value"),
    ];
    for (json, path, reason) in cases {
        for keys in [Keys::Exact, Keys::AnyCase] {
            let error = read(json, keys).unwrap_err();
            assert_eq!((error.path.as_str(), error.reason.as_str()), (path, reason), "{json} {keys:?}");
            assert!(!error.to_string().contains("s3"), "{error}");
            assert!(!error.to_string().contains("733"), "{error}");
        }
    }
}

#[test]
fn a_list_is_no_record_by_its_positions() {
    provider_core::records! {
        #![derive(PartialEq)]

        /// Money, or whose it is.
        struct Told {
            value: Option<i64>,
            code: Option<String>,
        }

        /// A seat.
        struct Priced {
            id: String,
            owner: Option<Told>,
            price: Option<Told>,
            parts: Vec<Told>,
        }
    }
    let owned = |keys: Keys, owner: &str| {
        let json = format!(r#"{{"id":"a","owner":{owner},"parts":[{{"value":1}}]}}"#);
        let (seat, lost) = record_from_str::<Priced>(&json, keys).unwrap();
        assert_eq!((seat.id.as_str(), seat.parts.len()), ("a", 1), "{json}");
        (seat.owner, lost.into_iter().map(|error| error.path).collect::<Vec<_>>())
    };
    for keys in [Keys::Exact, Keys::AnyCase] {
        assert_eq!(owned(keys, r#"[5,"EUR"]"#), (None, vec!["owner".to_owned()]), "{keys:?}");
        let whole = owned(keys, r#"{"value":5,"code":"EUR"}"#);
        assert_eq!(whole, (Some(Told { value: Some(5), code: Some("EUR".to_owned()) }), Vec::new()));
        for (json, path) in [
            (r#"{"id":"a","price":[5,"EUR"]}"#, "price"),
            (r#"{"id":"a","parts":[[5,"EUR"]]}"#, "parts[0]"),
            (r#"["a",null,null]"#, "."),
        ] {
            let refused = record_from_str::<Priced>(json, keys).unwrap_err();
            assert_eq!(refused.path, path, "{json} {keys:?}");
            assert!(refused.reason.starts_with("invalid type: sequence, expected struct"), "{refused}");
        }
    }
    // What writes an object without members as a list writes exact names.
    assert_eq!(owned(Keys::Exact, "[]"), (Some(Told { value: None, code: None }), Vec::new()));
    assert_eq!(owned(Keys::AnyCase, "[]"), (None, vec!["owner".to_owned()]));
}

#[test]
fn bytes_that_are_no_text_are_an_error_unless_nobody_reads_them() {
    let error = from_slice::<Vec<(u8, u8)>>(b"[[1,2],[3,true],\"\xff\"]", Keys::Exact).unwrap_err();
    let told = ("[1][1]", "invalid type: boolean, expected u8");
    assert_eq!(
        (error.path.as_str(), error.reason.as_str()),
        told,
        "what does not fit, and not what is no text"
    );
    let error = from_slice::<Vec<String>>(b"[\"a\",\"\xff\"]", Keys::Exact).unwrap_err();
    assert_eq!((error.path.as_str(), error.reason.as_str()), ("[1]", "not JSON: invalid unicode code point"));
    let skipped: BTreeMap<String, serde::de::IgnoredAny> =
        from_slice(b"{\"a\":\"\xff\"}", Keys::Exact).unwrap();
    assert_eq!(skipped.len(), 1);
}

#[derive(Deserialize)]
struct Content<R> {
    content: Vec<R>,
    #[serde(default)]
    total: Option<u64>,
}

struct PageEnvelope;

impl<'a> Envelope<'a> for PageEnvelope {
    type Of<R: Deserialize<'a>> = Content<R>;
    type Rest = Option<u64>;

    fn split<R: Deserialize<'a>>(envelope: Content<R>) -> (Vec<R>, Option<u64>) {
        (envelope.content, envelope.total)
    }
}

#[derive(Debug, Deserialize)]
struct Seat {
    id: String,
    seats: u32,
}

const PAGE: &str = r#"{"content":[{"id":"a","seats":1},{"id":"b","seats":"two","password":"s3cret"},{"id":"c","seats":0},[],{"id":"e","seats":5}]}"#;

fn seat(seat: Seat, raw: Option<Raw>) -> Result<(String, Option<Raw>), ItemError> {
    if seat.seats == 0 {
        return Err(ItemError::new("seats", "no seats"));
    }
    Ok((seat.id, raw))
}

type Items = Vec<Result<(String, Option<Raw>), ItemError>>;

fn read_page(decoder: &PageDecoder<'_>, json: &str) -> Result<(Items, Option<u64>), provider_core::Error> {
    let together = decoder.page::<PageEnvelope, _, _>(json.as_bytes(), seat)?;
    // Whoever splits the envelope on his own gets the same.
    let split: Content<&RawValue> = from_str(json, Keys::Exact).unwrap();
    assert_eq!(decoder.decode(&split.content, seat)?, together.0);
    Ok(together)
}

#[test]
fn a_bad_record_costs_one_record() {
    let decoder = PageDecoder::new("content").secrets(&["password"]);
    let (items, _) = read_page(&decoder, PAGE).unwrap();
    let good: Vec<_> = items.iter().flatten().map(|(id, raw)| (id.as_str(), raw.is_some())).collect();
    assert_eq!(good, [("a", false), ("e", false)]);
    let bad: Vec<_> = items.iter().filter_map(|item| item.as_ref().err()).collect();
    let told: Vec<_> = bad.iter().map(|e| (e.path.as_str(), e.reason.as_str())).collect();
    assert_eq!(
        told,
        [
            ("content[1].seats", "invalid type: string, expected u32"),
            ("content[2].seats", "no seats"),
            ("content[3]", "invalid length 0, expected struct Seat with 2 elements"),
        ]
    );
    // The JSON of a bad record is always kept, its secrets never.
    assert_eq!(bad[0].raw.as_ref().unwrap().get(), r#"{"id":"b","seats":"two","password":"***"}"#);
}

#[test]
fn a_record_that_the_map_refuses_keeps_its_place_and_its_json() {
    let page = r#"{"content":[{"id":"a","seats":1},{"id":"b","seats":0}],"total":2}"#;
    let (items, total) = read_page(&PageDecoder::new("content"), page).unwrap();
    assert_eq!((items.len(), total), (2, Some(2)));
    let bad = items[1].as_ref().unwrap_err();
    assert_eq!((bad.path.as_str(), bad.reason.as_str()), ("content[1].seats", "no seats"));
    assert_eq!(bad.raw.as_ref().unwrap().get(), r#"{"id":"b","seats":0}"#);
    let strict = PageDecoder::new("content").options(&CallOptions::default().strict(true));
    let error = strict.page::<PageEnvelope, _, _>(page.as_bytes(), seat).unwrap_err();
    assert!(error.to_string().contains("content[1].seats"), "{error}");
}

#[test]
fn a_byte_that_is_no_text_costs_one_record_and_a_mark_before_the_page_nothing() {
    let page =
        b"\xEF\xBB\xBF{\"content\":[{\"id\":\"a\",\"seats\":1},{\"id\":\"b\xE9\",\"seats\":2}],\"total\":2}";
    for decoder in
        [PageDecoder::new("content"), PageDecoder::new("content").options(&CallOptions::default().raw(true))]
    {
        let page = super::legible(page);
        let (items, total) = decoder.page::<PageEnvelope, _, _>(&page, seat).unwrap();
        assert_eq!((items.len(), total), (2, Some(2)));
        assert_eq!(items[0].as_ref().unwrap().0, "a");
        let bad = items[1].as_ref().unwrap_err();
        assert_eq!((bad.path.as_str(), bad.reason.as_str()), ("content[1]", "is not UTF-8 text"));
    }
    assert_eq!(from_slice::<Vec<u8>>(b"\xEF\xBB\xBF[1]", Keys::AnyCase).unwrap(), [1]);
    assert!(from_slice::<Vec<String>>("[\"\u{FDD0}\"]".as_bytes(), Keys::Exact).is_ok());
    assert!(from_str::<Vec<String>>("[\"\u{FDD0}\"]", Keys::Exact).is_err());
}

#[test]
fn an_optional_member_that_cannot_be_read_costs_itself() {
    provider_core::records! {
        /// A seat whose number need not be told.
        struct Told {
            id: String,
            seats: Option<i64>,
            cost: Option<Decimal>,
        }
    }
    let page = r#"{"content":[{"id":"a","seats":"many","cost":"1.50"},{"id":"b","cost":"1,50"},{"id":"c","seats":{}}]}"#;
    let map = |told: Told, _: Option<Raw>| match told.seats {
        None if told.id == "c" => Err(ItemError::new("seats", "is missing")),
        seats => Ok((told.id, seats, told.cost)),
    };
    let (items, _) = PageDecoder::new("content").page::<PageEnvelope, _, _>(page.as_bytes(), map).unwrap();
    assert_eq!(items[0].as_ref().unwrap(), &("a".to_owned(), None, Some("1.50".parse().unwrap())));
    let bad = |index: usize| items[index].as_ref().unwrap_err();
    assert_eq!(
        (bad(1).path.as_str(), bad(1).reason.as_str()),
        ("content[1].cost", "the string is not a number")
    );
    // What the map misses is what could not be read: that is said, not that it is missing.
    assert_eq!(bad(2).path, "content[2].seats");
    assert!(bad(2).reason.contains("whole number"), "{}", bad(2).reason);
    let strict = PageDecoder::new("content").options(&CallOptions::default().strict(true));
    assert!(
        strict
            .page::<PageEnvelope, _, _>(page.as_bytes(), map)
            .unwrap_err()
            .to_string()
            .contains("content[0].seats")
    );
}

#[test]
fn an_envelope_that_does_not_fit_is_an_error() {
    for (page, said) in [
        (r#"{"content":{}}"#, "content: invalid type: map, expected a sequence"),
        (r#"{"items":[]}"#, "missing field `content`"),
        (r#"{"content":[{"id":"a","seats":1}"#, "the JSON ends early"),
    ] {
        let error =
            PageDecoder::new("content").page::<PageEnvelope, _, _>(page.as_bytes(), seat).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Decode);
        assert!(error.to_string().contains(said), "{error}");
    }
}

#[test]
fn raw_json_is_kept_when_asked() {
    let decoder = PageDecoder::new("content").options(&CallOptions::default().raw(true));
    let (items, _) = read_page(&decoder, PAGE).unwrap();
    let (_, raw) = items[0].as_ref().unwrap();
    assert_eq!(raw.as_ref().unwrap().get(), r#"{"id":"a","seats":1}"#);
}

#[test]
fn strict_mode_fails_the_page() {
    let decoder = PageDecoder::new("content").options(&CallOptions::default().strict(true));
    let error = decoder.page::<PageEnvelope, _, _>(PAGE.as_bytes(), seat).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Decode);
    assert!(!error.is_item());
    assert!(error.to_string().contains("content[1].seats"), "{error}");
}

#[test]
fn what_no_lenient_reader_can_read_is_named_by_its_member() {
    provider_core::records! {
        #![serde(rename_all = "PascalCase")]
        /// A line.
        struct Lenient {
            id: i64,
            code: Option<String>,
            on: Option<bool>,
            count: Option<u32>,
            price: Option<Decimal>,
            made: Option<DateTime>,
            tags: Vec<String>,
            amounts: Map<Decimal>,
        }
    }
    let read = |json: &str, keys| from_str::<Vec<Lenient>>(json, keys).map(|mut lines| lines.remove(0));
    for keys in [Keys::Exact, Keys::AnyCase] {
        let json = r#"[{"Id":"7","Code":1,"On":"true","Count":3.0,"Price":10.10,"Made":1772356500,"Tags":null,"Amounts":{"USD":"1.50"}}]"#;
        let line = read(json, keys).unwrap();
        assert_eq!((line.id, line.code.as_deref(), line.on, line.count), (7, Some("1"), Some(true), Some(3)));
        assert_eq!((line.price.unwrap().to_string().as_str(), line.amounts.len()), ("10.10", 1));
        assert!(line.made.is_some() && line.tags.is_empty());
        for (json, path) in [
            (r#"[{"Id":"x1"}]"#, "[0].Id"),
            (r#"[{"Id":1,"Code":{}}]"#, "[0].Code"),
            (r#"[{"Id":1,"On":"perhaps"}]"#, "[0].On"),
            (r#"[{"Id":1,"Count":-1}]"#, "[0].Count"),
            (r#"[{"Id":1,"Price":"much"}]"#, "[0].Price"),
            (r#"[{"Id":1,"Made":{}}]"#, "[0].Made"),
            (r#"[{"Id":1,"Tags":[1]}]"#, "[0].Tags[0]"),
            (r#"[{"Id":1,"Amounts":{"USD":"much"}}]"#, "[0].Amounts.USD"),
        ] {
            let error = read(json, keys).unwrap_err();
            assert_eq!(error.path, path, "{json} {keys:?}");
            assert!(!error.reason.contains("much") && !error.reason.contains("perhaps"), "{}", error.reason);
        }
    }
}

#[test]
fn secret_attributes_are_blanked_in_what_is_kept() {
    let json = r#"[{"name":"password","value":"hunter2"},{"name":"password","value":"hunter2","id":[]}]"#;
    let records: Vec<&RawValue> = serde_json::from_str(json).unwrap();
    #[derive(Deserialize)]
    struct Named {
        #[serde(default, rename = "id")]
        _id: u8,
    }
    let decoder = PageDecoder::new("items").options(&CallOptions::default().raw(true));
    let decoder = decoder.secret_attributes(|name| name == "password");
    let items = decoder.decode(&records, |_: Named, raw: Option<Raw>| Ok(raw.unwrap())).unwrap();
    let bad = items[1].as_ref().unwrap_err().raw.as_ref().unwrap();
    for kept in [items[0].as_ref().unwrap(), bad] {
        assert!(!kept.get().contains("hunter2"), "{kept:?}");
    }
}

/// Member names are the distributor's, and a path is made of them.
#[test]
fn a_path_is_cut_however_long_the_names_are() {
    let name = "x".repeat(3_000_000);
    let json = format!(r#"{{"Id":1,"Name":"a","Extra":{{"{name}":"no number"}}}}"#);
    for keys in [Keys::Exact, Keys::AnyCase] {
        let error = read(&json, keys).unwrap_err();
        assert!(error.path.starts_with("Extra.xxx") && error.path.len() < 400, "{}", error.path.len());
        assert!(error.to_string().len() < 800);
    }
}

thread_local! {
    /// How often a record was begun to be read.
    static READ: std::cell::Cell<u64> = const { std::cell::Cell::new(0) };
}

/// A seat that is counted each time somebody tries to read it.
struct Counted;

impl<'de> Deserialize<'de> for Counted {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        READ.set(READ.get() + 1);
        Seat::deserialize(deserializer).map(|_| Self)
    }
}

/// No record makes others be read again, however many are bad.
#[test]
fn twice_as_many_bad_records_are_read_twice_as_often() {
    let readings = |records: usize, bad: usize, keep: bool| {
        let record = |n: usize| {
            if n.is_multiple_of(bad) {
                r#"{"id":{},"seats":[]}"#.to_owned()
            } else {
                format!(r#"{{"id":"{n}","seats":1}}"#)
            }
        };
        let all: Vec<_> = (1..=records).map(record).collect();
        let page = format!(r#"{{"content":[{}]}}"#, all.join(","));
        READ.set(0);
        let decoder = PageDecoder::new("content").options(&CallOptions::default().raw(keep));
        let (items, _) =
            decoder.page::<PageEnvelope, _, _>(page.as_bytes(), |_: Counted, _: Option<Raw>| Ok(())).unwrap();
        assert_eq!(items.iter().filter(|item| item.is_err()).count(), records / bad);
        READ.get()
    };
    for bad in [1, 2, 7, usize::MAX] {
        for keep in [false, true] {
            for records in [500, 1_000, 2_000, 4_000] {
                let count = readings(records, bad, keep);
                let most = records as u64 + 1 + 4 * (records / bad) as u64;
                // What had been read before the first bad record is read once more.
                assert!(count <= most + bad.min(records) as u64, "{records}, {bad}: {count} readings");
            }
        }
    }
}
