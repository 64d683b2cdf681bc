#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a failed unwrap is a failed test")]

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use super::*;

fn read(wanted: &Embedded, json: &str, size: usize) -> Result<(Vec<u8>, bool, String), String> {
    let (mut extractor, mut file) = (Extractor::new(wanted), Vec::new());
    for piece in json.as_bytes().chunks(size) {
        extractor.push(piece, &mut file).map_err(|error| error.to_string())?;
    }
    let around = extractor.finish().map_err(|error| error.to_string())?;
    Ok((file, around.found, String::from_utf8(around.json).unwrap()))
}

fn data() -> Embedded {
    Embedded::base64("Data").keys(Keys::AnyCase)
}

#[test]
fn base64_comes_out_in_pieces_of_any_size() {
    let bytes: Vec<u8> = (0..=255).cycle().take(1_000).collect();
    for length in [0, 1, 2, 3, 998, 999, 1_000] {
        let wanted = bytes.get(..length).unwrap();
        let text = STANDARD.encode(wanted);
        let json = format!(
            r#"{{"BillingStatement":{{"Id":7,"Data":"x\"y"}}, "data" : "{text}","FileName":"a\\\"b.csv"}}"#
        );
        for size in [1, 2, 3, 5, 64, json.len()] {
            let (file, found, around) = read(&data(), &json, size).unwrap();
            assert_eq!(file, wanted, "{length} in pieces of {size}");
            assert!(found);
            let rest = r#"{"BillingStatement":{"Id":7,"Data":"x\"y"}, "data" : "","FileName":"a\\\"b.csv"}"#;
            assert_eq!(around, rest);
        }
    }
    let (file, ..) = read(&data(), r#"{"Data":"\/\u002B\u002b8"}"#, 1).unwrap();
    assert_eq!(file, [0xff, 0xef, 0xbc], "signs may be written with a backslash");
}

#[test]
fn text_comes_out_in_pieces_of_any_size() {
    let text = "Name,Cost \u{20ac}\n\"Pier, Ltd\",\"1\\2\"\t\u{1f4c8}\r\n";
    let plain =
        serde_json::json!({"report": {"results": "no", "a": [1, "]"]}, "results": text, "resultCount": "1"});
    let escaped =
        r#" {"resultCount":"1","results":"Name,Cost \u20AC\n\"Pier, Ltd\",\"1\\2\"\t\ud83d\udcc8\r\n"} "#;
    for json in [plain.to_string().as_str(), escaped] {
        for size in [1, 2, 3, 7, 1_000] {
            let (file, found, around) = read(&Embedded::text("results"), json, size).unwrap();
            assert_eq!(String::from_utf8(file).unwrap(), text, "{size}: {json}");
            assert!(found);
            let around: serde_json::Value = serde_json::from_str(&around).unwrap();
            assert_eq!((around["results"].as_str(), around["resultCount"].as_str()), (Some(""), Some("1")));
        }
    }
}

#[test]
fn what_is_not_there_is_not_found_and_the_rest_is_kept_as_it_came() {
    for json in [
        "{}",
        r#"{"Results":"a"}"#,
        r#"{"results":null}"#,
        r#"{"results":7}"#,
        r#"["results","a"]"#,
        "<html>",
        "",
    ] {
        let (file, found, around) = read(&Embedded::text("results"), json, 1).unwrap();
        assert_eq!((file.as_slice(), found, around.as_str()), (&[][..], false, json));
    }
}

#[test]
fn what_is_torn_or_broken_is_told() {
    let cut = ".: the JSON ends in the middle of a string";
    let no_base64 = "Data: is not base64";
    let no_text = "Data: is no JSON text";
    for (json, error) in [
        (r#"{"Data":"UGVyaW9k"#, cut),
        (r#"{"Data":"UGVyaW9k\"#, cut),
        (r#"{"Data":"\u00"#, cut),
        (r#"{"FileNa"#, cut),
        (r#"{"Data":"UGVyaW9","FileName":"a"}"#, no_base64),
        (r#"{"Data":"UG==UGVy"}"#, no_base64),
        (r#"{"Data":"UG==U"}"#, no_base64),
        (r#"{"Data":"UGV*"}"#, no_base64),
        (r#"{"Data":"\n"}"#, no_base64),
        (r#"{"Data":"\u12g4"}"#, no_text),
        (r#"{"Data":"\x"}"#, no_text),
        (r#"{"Data":"\ud83d"}"#, no_text),
        (r#"{"Data":"\ud83dx"}"#, no_text),
        (r#"{"Data":"\udcc8"}"#, no_text),
        (r#"{"Data":"UGVy","data":"UGVy"}"#, "Data: stands there twice"),
    ] {
        for size in [1, 4, 1_000] {
            assert_eq!(read(&data(), json, size).unwrap_err(), error, "{json} in pieces of {size}");
        }
    }
    let long = format!(r#"{{"FileName":"{}","Data":"UGVy"}}"#, "x".repeat(LARGEST_REST));
    assert_eq!(read(&data(), &long, 4_096).unwrap_err(), ".: there is too much around the file");
}
