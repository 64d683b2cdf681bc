//! Answers to begin with, and ways to break them.

use std::fs;
use std::path::Path;
use std::sync::{Arc, OnceLock};

use proptest::prelude::*;
use provider_http::{HttpOptions, ReqwestTransport, Transport};
use provider_simulator::Simulator;
use serde_json::Value;

use crate::pages::read_lists;
use crate::wire::{Recorder, Vendor, simulated};

/// Answers of one vendor.
pub(crate) fn answers(vendor: Vendor) -> &'static [Vec<u8>] {
    static ANSWERS: OnceLock<[Vec<Vec<u8>>; 3]> = OnceLock::new();
    let all = ANSWERS.get_or_init(|| {
        let record = || {
            let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build();
            runtime.unwrap().block_on(recorded())
        };
        // A runtime cannot be started within another.
        let mut all = std::thread::spawn(record).join().unwrap();
        for (answers, folder) in all.iter_mut().zip(["crayon", "pax8", "streamone"]) {
            if let Some(specs) = std::env::var_os("VENDOR_SPECS") {
                let specs = Path::new(&specs);
                let examples = examples(specs, folder);
                let notes = specs.join(format!("{folder}.md")).exists();
                assert!(!notes || examples.len() >= 4, "{folder}: {} examples of the vendor", examples.len());
                answers.extend(examples);
            }
            answers.sort();
            answers.dedup();
            assert!(answers.len() >= 4, "{folder}: only {} answers to begin with", answers.len());
        }
        all
    });
    &all[vendor as usize]
}

/// What the simulator answers to every kind of read.
async fn recorded() -> [Vec<Vec<u8>>; 3] {
    let simulator = Simulator::builder().customers(3).start().await.unwrap();
    let mut all = [Vec::new(), Vec::new(), Vec::new()];
    for vendor in Vendor::ALL {
        let inner: Arc<dyn Transport> = Arc::new(ReqwestTransport::new(&HttpOptions::default()).unwrap());
        let recorder = Recorder::new(inner);
        let provider = simulated(&simulator, vendor, Some(Arc::clone(&recorder) as Arc<dyn Transport>));
        read_lists(&provider, false).await;
        all[vendor as usize] = recorder.bodies();
    }
    all
}

/// The values that a vendor's own descriptions give as examples, and those that the notes on them quote.
fn examples(specs: &Path, vendor: &str) -> Vec<Vec<u8>> {
    let mut found = Vec::new();
    for file in fs::read_dir(specs.join(vendor)).into_iter().flatten() {
        let path = file.unwrap().path();
        if path.extension().is_some_and(|extension| extension == "json") {
            let spec: Value = serde_json::from_slice(&fs::read(path).unwrap()).unwrap();
            collect(&spec, &mut found);
        }
    }
    let notes = fs::read_to_string(specs.join(format!("{vendor}.md"))).unwrap_or_default();
    let quoted = notes.split("```json").skip(1).filter_map(|part| part.split("```").next());
    found.extend(
        quoted
            .filter(|text| serde_json::from_str::<Value>(text).is_ok())
            .map(|text| text.as_bytes().to_vec()),
    );
    found
}

fn collect(value: &Value, found: &mut Vec<Vec<u8>>) {
    match value {
        Value::Object(members) => {
            for (name, member) in members {
                let named = member.as_object().filter(|_| name == "examples");
                if name == "example" && (member.is_object() || member.is_array()) {
                    found.push(serde_json::to_vec(member).unwrap());
                } else if let Some(named) = named {
                    let values = named.values().filter_map(|one| one.get("value"));
                    found.extend(values.map(|value| serde_json::to_vec(value).unwrap()));
                } else {
                    collect(member, found);
                }
            }
        }
        Value::Array(items) => items.iter().for_each(|item| collect(item, found)),
        _ => {}
    }
}

/// Values that stand where another one was expected.
const VALUES: &[&str] = &[
    "null",
    "true",
    "0",
    "-0",
    "-1",
    "1e400",
    "0e999999999",
    "1e29",
    "3.0",
    "1.234,50",
    "18446744073709551616",
    "1767225600000",
    "\"\"",
    "\" \"",
    "\"null\"",
    "\"9999-12-31T23:59:59\"",
    "\"2026-02-30\"",
    "\"\\ud800\"",
    "\"\\u0000\"",
    "\"..\"",
    "\"/\"",
    "\"a/b/c\"",
    "[]",
    "{}",
    "[[]]",
    "[null]",
    "[{}]",
    "{\"\":{}}",
    "{\"id\":{}}",
];

/// One way to break an answer.
#[derive(Debug, Clone)]
pub(crate) enum Damage {
    /// It ends here.
    Cut(usize),
    /// Another byte.
    Byte(usize, u8),
    /// Another value for a member.
    Value(usize, usize),
    /// A value nested so deep for a member.
    Nest(usize, bool, u32),
    /// A text of this length for a member.
    Long(usize, u32),
    /// A part comes twice.
    Twice(usize, usize),
    /// The name of a member is another one's.
    Name(usize, usize),
}

pub(crate) fn damage() -> impl Strategy<Value = Vec<Damage>> {
    let at = any::<usize>;
    let one = prop_oneof![
        1 => at().prop_map(Damage::Cut),
        2 => (at(), any::<u8>()).prop_map(|(at, byte)| Damage::Byte(at, byte)),
        6 => (at(), 0..VALUES.len()).prop_map(|(at, value)| Damage::Value(at, value)),
        1 => (at(), any::<bool>(), prop_oneof![Just(100_u32), Just(130), Just(20_000)])
            .prop_map(|(at, object, levels)| Damage::Nest(at, object, levels)),
        1 => (at(), prop_oneof![Just(100_u32), Just(100_000)]).prop_map(|(at, length)| Damage::Long(at, length)),
        1 => (at(), at()).prop_map(|(from, length)| Damage::Twice(from, length)),
        1 => (at(), at()).prop_map(|(from, to)| Damage::Name(from, to)),
    ];
    proptest::collection::vec(one, 1..6)
}

/// The answer after that.
pub(crate) fn damaged(answer: &[u8], damages: &[Damage]) -> Vec<u8> {
    damages.iter().fold(answer.to_vec(), |bytes, damage| damage.done_to(bytes))
}

pub(crate) fn nested(object: bool, levels: u32) -> String {
    let levels = levels as usize;
    if object {
        format!("{}1{}", r#"{"id":"#.repeat(levels), "}".repeat(levels))
    } else {
        format!("{}{}", "[".repeat(levels), "]".repeat(levels))
    }
}

impl Damage {
    fn done_to(&self, mut bytes: Vec<u8>) -> Vec<u8> {
        if bytes.is_empty() {
            return bytes;
        }
        let length = bytes.len();
        match *self {
            Self::Cut(at) => bytes.truncate(at % length),
            Self::Byte(at, byte) => bytes[at % length] = byte,
            Self::Value(at, value) => return replaced(&bytes, at, VALUES[value]),
            Self::Nest(at, object, levels) => return replaced(&bytes, at, &nested(object, levels)),
            Self::Long(at, length) => {
                return replaced(&bytes, at, &format!("\"{}\"", "x".repeat(length as usize)));
            }
            Self::Twice(from, part) => {
                let from = from % length;
                let part = bytes[from..length.min(from + 1 + part % 200)].to_vec();
                bytes.splice(from..from, part);
            }
            Self::Name(from, to) => {
                let names = names(&bytes);
                if let (Some(from), Some(to)) = (pick(&names, from), pick(&names, to)) {
                    let name = bytes[from.clone()].to_vec();
                    bytes.splice(to, name);
                }
            }
        }
        bytes
    }
}

fn pick<T: Clone>(all: &[T], at: usize) -> Option<T> {
    all.get(at.checked_rem(all.len())?).cloned()
}

/// Where the names of members stand, quotes included.
fn names(bytes: &[u8]) -> Vec<std::ops::Range<usize>> {
    let mut found = Vec::new();
    let mut start = None;
    for (at, byte) in bytes.iter().enumerate() {
        match (byte, start) {
            (b'"', None) => start = Some(at),
            (b'"', Some(begun)) => {
                if bytes.get(at + 1) == Some(&b':') {
                    found.push(begun..at + 1);
                }
                start = None;
            }
            _ => {}
        }
    }
    found
}

/// The same answer with another value for one member.
fn replaced(bytes: &[u8], at: usize, value: &str) -> Vec<u8> {
    let Some(name) = pick(&names(bytes), at) else { return bytes.to_vec() };
    let start = name.end + 1;
    let mut stream =
        serde_json::Deserializer::from_slice(&bytes[start..]).into_iter::<serde::de::IgnoredAny>();
    let end = match stream.next() {
        Some(Ok(_)) => start + stream.byte_offset(),
        _ => start,
    };
    [&bytes[..start], value.as_bytes(), &bytes[end..]].concat()
}
