//! JSON into types: decimals are exact, a bad record costs that record only, and errors name the JSON path.
//!
//! Decoding takes the fast way first. Only when that fails it runs again with a recorder of the path, so
//! that a good page pays nothing for good error messages.

mod any_case;
mod base64;
mod embedded;
mod legible;
mod page;
mod peek;
mod reason;
mod salvage;

use std::fmt;

use serde::Deserialize;
use serde::de::DeserializeOwned;

use crate::redact::cut;

pub use any_case::AnyCase;
pub use embedded::Embedded;
pub(crate) use embedded::{Around, Extractor};
pub(crate) use legible::{body, mended};
pub use legible::{legible, without_mark};
pub use page::{Envelope, PageDecoder, Records, member};
pub use peek::peek_text;
use salvage::Step;
use serde_path_to_error::Segment;

/// How member names are compared.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum Keys {
    /// As they stand.
    #[default]
    Exact,
    /// Without regard to ASCII case: `Id`, `id` and `ID` are one member. For distributors that mix
    /// conventions. Types that serde buffers first (`flatten`, untagged and internally tagged enums)
    /// compare what is inside them exactly.
    AnyCase,
}

/// Where a value did not fit, and why. Neither part quotes the value: it may be personal or secret.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct DecodeError {
    /// The JSON path, such as `content[3].price`; `.` for the whole.
    pub path: String,
    /// What was expected and what kind of value stood there.
    pub reason: String,
}

impl DecodeError {
    fn unsaid() -> Self {
        Self { path: ".".to_owned(), reason: "does not fit".to_owned() }
    }
}

impl fmt::Display for DecodeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.path, self.reason)
    }
}

impl std::error::Error for DecodeError {}

/// Reads one JSON value. A byte order mark before it is passed over.
///
/// # Errors
/// [`DecodeError`] with the path of the first value that does not fit.
pub fn from_slice<'a, T: Deserialize<'a>>(json: &'a [u8], keys: Keys) -> Result<T, DecodeError> {
    from_slice_until(json, keys, || false).map_err(|error| error.unwrap_or_else(DecodeError::unsaid))
}

/// The same while there is time: an answer that cannot be read is not read again to find out where it is
/// wrong once `late` says so. There is no [`DecodeError`] then.
pub(crate) fn from_slice_until<'a, T: Deserialize<'a>>(
    json: &'a [u8],
    keys: Keys,
    late: impl Fn() -> bool,
) -> Result<T, Option<DecodeError>> {
    let json = legible::without_mark(json);
    match std::str::from_utf8(json) {
        Ok(json) => envelope(json, keys, late),
        Err(_) => bytes(json, keys, late),
    }
}

/// Reads what is no text as a whole: it may be so in places that nobody asks for.
fn bytes<'a, T: Deserialize<'a>>(
    json: &'a [u8],
    keys: Keys,
    late: impl Fn() -> bool,
) -> Result<T, Option<DecodeError>> {
    let mut reader = serde_json::Deserializer::from_slice(json);
    let mut track = serde_path_to_error::Track::new();
    let misfit = match tracked(&mut reader, keys, &mut track) {
        Ok(value) => match reader.end() {
            Ok(()) => return Ok(value),
            Err(error) => return Err(Some(DecodeError { path: ".".to_owned(), reason: reason::of(&error) })),
        },
        Err(misfit) => misfit.to_string(),
    };
    Err((!late()).then(|| {
        // Whether it is the text or the value that does not fit is known to the reader itself only.
        let broken = serde_json::from_slice::<serde_json::Value>(json).err();
        let broken = broken.filter(|broken| broken.to_string() == misfit);
        found(&track.path(), &broken.unwrap_or_else(|| serde::de::Error::custom(misfit)))
    }))
}

/// Reads one JSON value from text.
///
/// # Errors
/// [`DecodeError`] with the path of the first value that does not fit.
pub fn from_str<'a, T: Deserialize<'a>>(json: &'a str, keys: Keys) -> Result<T, DecodeError> {
    if legible::is_illegible(json) {
        return Err(DecodeError { path: ".".to_owned(), reason: "is not UTF-8 text".to_owned() });
    }
    envelope(json, keys, || false).map_err(|error| error.unwrap_or_else(DecodeError::unsaid))
}

/// Reads a record of which some optional members may be unreadable: they are `None` then, and named beside it. In a
/// good record nothing is done for that.
///
/// # Errors
/// [`DecodeError`] with the path of the first value that does not fit and that the record cannot be without, or that is
/// money: an amount that cannot be read is never taken for one that is absent.
pub fn record_from_str<T: DeserializeOwned>(
    json: &str,
    keys: Keys,
) -> Result<(T, Vec<DecodeError>), DecodeError> {
    if legible::is_illegible(json) {
        return from_str(json, keys).map(|record| (record, Vec::new()));
    }
    match typed(&mut serde_json::Deserializer::from_str(json), keys) {
        Ok(record) => Ok((record, Vec::new())),
        Err(_) => salvage::read(json, keys),
    }
}

/// What may hold records that are not text: it is for their readers to find out.
fn envelope<'a, T: Deserialize<'a>>(
    json: &'a str,
    keys: Keys,
    late: impl Fn() -> bool,
) -> Result<T, Option<DecodeError>> {
    typed(&mut serde_json::Deserializer::from_str(json), keys).map_err(|error| {
        // Reading again costs time only where something is wrong already.
        (!late()).then(|| trace::<T>(&mut serde_json::Deserializer::from_str(json), keys, &error))
    })
}

/// Reads one JSON value, without looking for the path when that fails. Checking the text once as a whole
/// is several times cheaper than string by string, which is what serde_json does with bytes.
fn read<'a, T: Deserialize<'a>>(json: &'a [u8], keys: Keys) -> Option<T> {
    let json = std::str::from_utf8(legible::without_mark(json)).ok()?;
    if legible::is_illegible(json) {
        return None;
    }
    typed(&mut serde_json::Deserializer::from_str(json), keys).ok()
}

fn typed<'a, T: Deserialize<'a>>(
    reader: &mut serde_json::Deserializer<serde_json::de::StrRead<'a>>,
    keys: Keys,
) -> serde_json::Result<T> {
    let value = match keys {
        Keys::Exact => T::deserialize(AnyCase::exact(&mut *reader)),
        Keys::AnyCase => T::deserialize(AnyCase::new(&mut *reader)),
    }?;
    reader.end()?;
    Ok(value)
}

/// A path is as long as the names that a distributor gives its members.
const LONGEST_PATH: usize = 300;

fn trace<'a, T: Deserialize<'a>>(
    reader: &mut serde_json::Deserializer<serde_json::de::StrRead<'a>>,
    keys: Keys,
    first: &serde_json::Error,
) -> DecodeError {
    locate::<T>(reader, keys, first).1
}

/// The way to what does not fit, and the same as an error.
fn locate<'a, T: Deserialize<'a>>(
    reader: &mut serde_json::Deserializer<serde_json::de::StrRead<'a>>,
    keys: Keys,
    first: &serde_json::Error,
) -> (Vec<Step>, DecodeError) {
    let mut track = serde_path_to_error::Track::new();
    let read = tracked::<T>(reader, keys, &mut track);
    if read.is_ok() {
        // The value was fine and something followed it.
        return (Vec::new(), DecodeError { path: ".".to_owned(), reason: reason::of(first) });
    }
    let path = track.path();
    let steps = path.iter().filter_map(|segment| match segment {
        Segment::Map { key } => Some(Step::Member(key.clone())),
        Segment::Seq { index } => Some(Step::Element(*index)),
        Segment::Enum { .. } | Segment::Unknown => None,
    });
    (steps.collect(), found(&path, first))
}

fn found(path: &serde_path_to_error::Path, error: &serde_json::Error) -> DecodeError {
    let path = path.to_string();
    // Where the JSON itself breaks the recorder ends with a question mark.
    let path = match path.trim_end_matches(['?', '.']) {
        "" => ".".to_owned(),
        known => known.to_owned(),
    };
    DecodeError { path: cut(path, LONGEST_PATH), reason: reason::of(error) }
}

/// Reads with a recorder of the path. Through one type for every `T`, reader and way to compare names: this is the
/// slow way anyhow, and a copy of the recorder for each of them would be a third of every client's code.
fn tracked<'a, T: Deserialize<'a>>(
    reader: &mut serde_json::Deserializer<impl serde_json::de::Read<'a>>,
    keys: Keys,
    track: &mut serde_path_to_error::Track,
) -> Result<T, erased_serde::Error> {
    match keys {
        Keys::Exact => {
            let tracked = serde_path_to_error::Deserializer::new(AnyCase::exact(&mut *reader), track);
            erased_serde::deserialize(&mut <dyn erased_serde::Deserializer<'_>>::erase(tracked))
        }
        Keys::AnyCase => {
            let tracked = serde_path_to_error::Deserializer::new(AnyCase::new(&mut *reader), track);
            erased_serde::deserialize(&mut <dyn erased_serde::Deserializer<'_>>::erase(tracked))
        }
    }
}

#[cfg(test)]
#[path = "tests.rs"]
mod tests;
