#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a failed unwrap is a failed test")]

use base64::engine::general_purpose::STANDARD;
use provider_core::error::Violation;
use provider_core::verification::Check;
use provider_core::{Error, ErrorKind, Verification};

use super::*;
use crate::auth::basic_value;
use crate::request::{form_encode, percent_encode};

const NASTY: &str = "pä\"ss\\w/örd +&<1>";

fn secret(text: &str) -> SecretString {
    SecretString::from(text.to_owned())
}

/// Ways to write a secret down that servers and gateways are known to use.
fn spellings(text: &str) -> Vec<String> {
    let json = serde_json::to_string(text).unwrap();
    let json = json[1..json.len() - 1].to_owned();
    let units = |escape: fn(u16) -> String| -> String {
        text.encode_utf16()
            .map(|unit| match u8::try_from(unit) {
                Ok(byte) if byte.is_ascii_alphanumeric() => char::from(byte).to_string(),
                _ => escape(unit),
            })
            .collect()
    };
    let percent = percent_encode(text);
    vec![
        text.to_owned(),
        json.clone(),
        json.replace('/', "\\/"),
        units(|unit| format!("\\u{unit:04x}")),
        units(|unit| format!("\\u{unit:04X}")),
        percent.clone(),
        percent.replace("%C3", "%c3").replace("%2F", "%2f").replace("%5C", "%5c"),
        percent.to_lowercase(),
        form_encode(text),
        form_encode(text).to_lowercase(),
        serde_json::to_string(&json).unwrap(),
        percent_encode(&json),
        format!("{text:?}"),
        STANDARD.encode(text),
        STANDARD.encode(format!("user:{text}")),
        STANDARD.encode(format!("a-client:{text} and more")),
        percent_encode(&STANDARD.encode(format!("user:{text}"))),
        text.replace('&', "&amp;").replace('"', "&quot;").replace('<', "&lt;").replace('>', "&gt;"),
        text.replace('&', "&amp;").replace('ä', "&auml;").replace('ö', "&ouml;").replace('\\', "&bsol;"),
        text.bytes().map(char::from).collect(),
        text.replace(['ä', 'ö'], "\u{FFFD}"),
        text.replace(['ä', 'ö'], "?"),
        percent.replace("%C3%A4", "%E4").replace("%C3%B6", "%f6"),
    ]
}

#[test]
fn every_spelling_is_blanked_wherever_it_stands() {
    for known in [secret(NASTY), basic_value("user", &secret(NASTY)), secret(&format!("Bearer {NASTY}"))] {
        let scrubber = Scrubber::of([&known]);
        for (number, spelling) in spellings(NASTY).into_iter().enumerate() {
            let text = format!("bad: {spelling} is wrong");
            let shown = scrubber.scrub(text.as_str());
            assert!(shown.contains(BLANK), "{number}: {text} became {shown}");
            assert!(scrubber.finds_in(text.as_bytes()), "{number}: {text}");
            assert!(shown.starts_with("bad: ") && shown.ends_with(" is wrong"), "{number}: {shown}");
        }
        assert_eq!(scrubber.scrub("a pässword"), "a pässword");
        assert!(!scrubber.finds_in(b"a password"));
    }
}

#[test]
fn the_case_of_escapes_does_not_matter() {
    let scrubber = Scrubber::of([&secret("ä/ö\\x")]);
    for text in [r"\u00e4/\u00F6\\x", r"\u00E4\/\u00f6\\x", "%c3%A4%2f%C3%b6%5cx", "%C3%a4/%c3%B6%5Cx"] {
        assert_eq!(scrubber.scrub(text), BLANK, "{text}");
    }
}

#[test]
fn longer_secrets_are_blanked_whole_and_short_ones_left_alone() {
    let (short, long) = (secret("abcd"), secret("abcdefgh"));
    let scrubber = Scrubber::of([&short, &long, &secret("xy"), &secret("   ")]);
    assert_eq!(scrubber.scrub("key abcdefgh is wrong, abcd too, xy"), "key *** is wrong, *** too, xy");
    assert_eq!(scrubber.scrub("abcdabcd"), "******");
    let token = secret("A-Token-Of-20-Chars.");
    assert_eq!(
        Scrubber::of([&token]).scrub("https://a-token-of-20-chars.example.com"),
        "https://***example.com"
    );
}

#[test]
fn a_text_that_was_cut_within_a_secret_shows_no_part_of_it() {
    let token = format!("eyJ0eXAiOiJKV1Qi{}", "x1Y2".repeat(100));
    let scrubber = Scrubber::of([&secret(&format!("Bearer {token}"))]);
    assert_eq!(scrubber.scrub(&token[..64]), BLANK);
    assert_eq!(scrubber.scrub(format!("unknown: {}", &token[..20])), "unknown: ***");
    assert_eq!(scrubber.scrub("eyJ0"), "eyJ0");
    let long = format!("{}{token}", "a ".repeat(8_180));
    let shown = scrubber.scrub(long.as_str());
    assert!(!shown.contains("eyJ0eXAi") && shown.len() < 17_000, "{}", shown.len());
}

#[test]
fn errors_events_and_checks_are_cleaned() {
    let scrubber = Scrubber::of([&secret(NASTY)]);
    let coded = percent_encode(NASTY).to_lowercase().replace("p%c3", "p%C3");
    let error = Error::new(ErrorKind::Unauthenticated, format!("bad {NASTY}"))
        .with_code(NASTY)
        .with_violation(Violation::new(coded.clone(), NASTY))
        .with_source(coded.clone());
    let check = Check::failed("token", error.clone());
    let verification = scrubber.quoting(Verification::default().check(check));
    let shown = format!("{:?} {verification:?}", scrubber.quoting(error));
    assert!(!shown.contains("ss\\\\w") && !shown.contains("%5c"), "{shown}");
    let what = scrubber.event(EventKind::bad_item(None, format!("a.{NASTY}"), NASTY.to_owned()));
    assert_eq!(what, EventKind::bad_item(None, "a.***".to_owned(), BLANK.to_owned()));
    let item = scrubber.item(ItemError::new(format!("a.{NASTY}"), NASTY));
    assert_eq!(item, ItemError::new("a.***", BLANK));
    // Our own words stay although somebody has chosen one of them as a password.
    let plain = Scrubber::of([&secret("token")]);
    let error = Error::new(ErrorKind::Unavailable, "the token endpoint is not available");
    assert_eq!(plain.quoting(error.clone()).to_string(), error.to_string());
}

/// A record's JSON stays JSON, and stays to the letter where there is nothing to blank.
#[test]
fn raw_json_is_blanked_in_every_spelling_and_size() {
    let scrubber = Scrubber::of([&secret(NASTY), &secret("12345678"), &secret("test")]);
    for spelling in spellings(NASTY) {
        for json in [
            serde_json::to_string(
                &serde_json::json!({"id": 1, "note": format!("bad: {spelling}!"), "x": [null]}),
            ),
            serde_json::to_string(&serde_json::json!({format!("x{spelling}"): {"price": 12_345_678}})),
            serde_json::to_string(&serde_json::json!({"long": "x".repeat(200_000) + &spelling})),
        ] {
            let raw = scrubber.raw(Raw::new(&json.unwrap(), &[]).unwrap());
            assert!(raw.get().contains(BLANK) && !scrubber.finds_in(raw.get().as_bytes()), "{spelling}");
            assert!(serde_json::from_str::<serde_json::Value>(raw.get()).is_ok(), "{spelling}");
        }
    }
    let escaped = Raw::new(r#"{"a":1.10, "p\u00e4\"ss":"p\u00E4\"ss\\w/\u00F6rd +&<1>"}"#, &[]).unwrap();
    assert_eq!(scrubber.raw(escaped).get(), r#"{"a":1.10, "p\u00e4\"ss":"***"}"#);
    let clean = Raw::new(r#"{"name":"test","n":1.10,"long":"x"}"#, &[]).unwrap();
    assert_eq!(scrubber.raw(clean.clone()), clean, "a word of theirs that somebody took for a password");
}

/// Wherever it stands in a long text: the pieces overlap.
#[test]
fn a_long_text_is_searched_to_its_end() {
    let scrubber = Scrubber::of([&secret(NASTY)]);
    let unit: String = NASTY.encode_utf16().map(|unit| format!("\\u{unit:04x}")).collect();
    for at in [0, PIECE - OVERLAP - 5, PIECE - 5, PIECE, 2 * PIECE + 77, LARGE] {
        assert!(scrubber.finds_in(format!("{}{unit}", "x".repeat(at)).as_bytes()), "{at}");
        assert!(!scrubber.finds_in("x".repeat(at).as_bytes()), "{at}");
    }
}

#[test]
fn what_was_configured_is_never_forgotten_and_what_passed_is() {
    let scrubber = Scrubber::default();
    scrubber.learn_for_good(&secret("the-password"));
    for number in 0..2 * REMEMBERED {
        scrubber.learn(&secret(&format!("token-number-{number:04}")));
        scrubber.learn(&secret(&format!("token-number-{number:04}")));
    }
    assert_eq!(scrubber.known.read().unwrap().secrets.len(), 1 + REMEMBERED);
    assert_eq!(scrubber.scrub("the-password"), BLANK);
    assert_eq!(scrubber.scrub("token-number-0001"), "token-number-0001");
    assert_eq!(scrubber.scrub(format!("token-number-{:04}", 2 * REMEMBERED - 1)), BLANK);
}

#[test]
fn the_work_grows_with_the_text_and_not_with_its_square() {
    // The pieces of a long text are as long together as it is, and a little.
    for length in [0, 1, PIECE, PIECE + 1, 1 << 20, 1 << 22] {
        let text = vec![b'x'; length];
        let looked_at: usize = pieces(&text).map(<[u8]>::len).sum();
        assert!(looked_at >= length && looked_at <= 2 * length + PIECE, "{length}: {looked_at}");
    }
    // Readings are bounded in number, and none is longer than the text.
    for text in
        ["%25".repeat(5_000), "\\\\".repeat(8_000), "&amp;".repeat(3_000), "%2525%5C%26amp;+".repeat(900)]
    {
        let all = views(text.as_bytes());
        assert!(all.len() <= 24, "{}", all.len());
        assert!(all.iter().all(|view| view.bytes.len() <= text.len()));
    }
}
