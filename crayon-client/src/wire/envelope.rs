//! Lists: `{"Items": [...], "TotalHits": n}`, or a plain array where the service answers one.

use std::fmt;
use std::marker::PhantomData;

use provider_core::ItemError;
use provider_http::decode::Envelope;
use serde::de::{Deserialize, Deserializer, IgnoredAny, MapAccess, SeqAccess, Visitor};

/// One page of records, or a whole list where the service does not page. A record that could not be read stands as its
/// error; the rest of the page could.
///
/// The service wraps most lists and leaves some bare, and its documents and its SDK disagree on which:
/// both are read.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct Listed<T> {
    /// The records, in the service's order.
    pub items: Vec<Result<T, ItemError>>,
    /// How many records there are on all pages; `None` where the answer was a plain array.
    pub total_hits: Option<u64>,
    /// The answer had its list. `null` in its place is read as an empty one, and proves nothing.
    pub(crate) told: bool,
    /// What its list began with: a page that is another's has another.
    pub(crate) mark: u64,
}

/// By what was read: the same records may have been written in another way.
impl<T: PartialEq> PartialEq for Listed<T> {
    fn eq(&self, other: &Self) -> bool {
        self.items == other.items && self.total_hits == other.total_hits && self.told == other.told
    }
}

/// A short mark of what the list of a page begins with, stable across versions: FNV-1a. So much holds the id of its
/// first record. What stands around the list says nothing: facets are the same on every page, and the number of the page
/// is another on each, whatever it holds.
pub(crate) fn mark(page: &[u8]) -> u64 {
    const BEGINNING: usize = 1024;
    let (mut open, mut ended, mut inside, mut escaped) = (0_u32, false, false, false);
    let within = |byte: &&u8| {
        let goes_on = !ended;
        match **byte {
            _ if escaped => escaped = false,
            b'\\' if inside => escaped = true,
            b'"' => inside = !inside,
            b'[' | b'{' if !inside => open = open.saturating_add(1),
            b']' | b'}' if !inside => {
                open = open.saturating_sub(1);
                ended = open == 0;
            }
            _ => {}
        }
        goes_on
    };
    list(page)
        .iter()
        .take(BEGINNING)
        .take_while(within)
        .fold(0xcbf2_9ce4_8422_2325, |hash, byte| (hash ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3))
}

/// The page from where its list begins; all of it where the list is bare.
fn list(page: &[u8]) -> &[u8] {
    const NAME: &[u8] = b"\"items\"";
    let page = page.trim_ascii_start();
    if page.first() == Some(&b'[') {
        return page;
    }
    let opened = |at: usize| {
        let behind = page.get(at + NAME.len()..)?.trim_ascii_start().strip_prefix(b":")?.trim_ascii_start();
        behind.starts_with(b"[").then_some(behind)
    };
    let named = |(at, name): (usize, &[u8])| name.eq_ignore_ascii_case(NAME).then_some(at);
    page.windows(NAME.len()).enumerate().filter_map(named).find_map(opened).unwrap_or(page)
}

impl<T> Listed<T> {
    /// The records that could be read.
    pub fn records(&self) -> impl Iterator<Item = &T> {
        self.items.iter().filter_map(|item| item.as_ref().ok())
    }

    /// The records that could be read, owned.
    pub fn into_records(self) -> impl Iterator<Item = T> {
        self.items.into_iter().filter_map(Result::ok)
    }

    /// True where the list has no record at all, not even one that could not be read.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.items.is_empty()
    }
}

impl<T> Default for Listed<T> {
    fn default() -> Self {
        Rows::default().into()
    }
}

impl<T> From<Rows<T>> for Listed<T> {
    fn from(rows: Rows<T>) -> Self {
        let Rows { items, beside } = rows;
        Self {
            items: items.into_iter().map(Ok).collect(),
            total_hits: beside.total_hits,
            told: beside.told,
            mark: 0,
        }
    }
}

/// What stands beside the records of a list.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Beside {
    pub(crate) total_hits: Option<u64>,
    /// There was a list, and not `null` in its place.
    pub(crate) told: bool,
}

/// A list whose records can all be read.
pub(crate) struct Rows<T> {
    pub(crate) items: Vec<T>,
    pub(crate) beside: Beside,
}

impl<T> Default for Rows<T> {
    fn default() -> Self {
        Self { items: Vec::new(), beside: Beside::default() }
    }
}

/// A total, as a number or as text. One that cannot be read is an error: without it nobody knows where a list ends.
#[derive(serde::Deserialize)]
#[serde(transparent)]
struct Total(#[serde(deserialize_with = "provider_core::wire::lenient::whole")] Option<i64>);

struct Either<T>(PhantomData<T>);

impl<'de, T: Deserialize<'de>> Visitor<'de> for Either<T> {
    type Value = Rows<T>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a list, or an object with Items")
    }

    fn visit_unit<E: serde::de::Error>(self) -> Result<Self::Value, E> {
        Ok(Rows::default())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Self::Value, A::Error> {
        let mut items = Vec::with_capacity(seq.size_hint().unwrap_or_default());
        while let Some(item) = seq.next_element()? {
            items.push(item);
        }
        Ok(Rows { items, beside: Beside { total_hits: None, told: true } })
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
        let mut items = None;
        let mut total_hits = None;
        while let Some(name) = map.next_key::<std::borrow::Cow<'de, str>>()? {
            if name.eq_ignore_ascii_case("items") {
                items = Some(map.next_value::<Option<Vec<T>>>()?);
            } else if name.eq_ignore_ascii_case("totalHits") {
                total_hits = map.next_value::<Total>()?.0.and_then(|total| u64::try_from(total).ok());
            } else {
                map.next_value::<IgnoredAny>()?;
            }
        }
        // Without the list this is some other object: an error page must not pass for an empty list.
        let items = items.ok_or_else(|| serde::de::Error::missing_field("Items"))?;
        let beside = Beside { total_hits, told: items.is_some() };
        Ok(Rows { items: items.unwrap_or_default(), beside })
    }
}

impl<'de, T: Deserialize<'de>> Deserialize<'de> for Rows<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(Either(PhantomData))
    }
}

impl<'de, T: Deserialize<'de>> Deserialize<'de> for Listed<T> {
    /// All records or none: which of them is bad is known to the calls of the client alone.
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Rows::deserialize(deserializer).map(Self::from)
    }
}

/// The envelope of every list, for reading a page in one go.
pub(crate) struct Lists;

impl<'a> Envelope<'a> for Lists {
    type Of<R: Deserialize<'a>> = Rows<R>;
    type Rest = Beside;

    fn total(beside: &Beside) -> Option<u64> {
        beside.total_hits
    }

    fn split<R: Deserialize<'a>>(rows: Rows<R>) -> (Vec<R>, Beside) {
        (rows.items, rows.beside)
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]

    use provider_http::Keys;
    use provider_http::decode::from_str;
    use serde_json::value::RawValue;

    use super::{Rows, mark};

    #[test]
    fn pages_are_told_apart_by_their_lists_alone() {
        let facets = format!(r#""Publishers":[{}0]"#, r#"{"Key":"Microsoft","DocCount":7},"#.repeat(100));
        let page = |number: u32, id: u32| {
            let list = format!(r#""Items" : [{{"Id":{id},"Name":"]\"}}"}}],"TotalHits":20000"#);
            let filter = format!(r#""Filter":{{"Page":{number}}}"#);
            [format!("{{{facets},{filter},{list}}}"), format!("{{{list},{filter},{facets}}}")]
        };
        for (first, second) in page(1, 1).iter().zip(&page(2, 2)) {
            assert_ne!(mark(first.as_bytes()), mark(second.as_bytes()), "{second}");
        }
        for (first, again) in page(1, 1).iter().zip(&page(2, 1)) {
            assert_eq!(mark(first.as_bytes()), mark(again.as_bytes()), "{again}");
        }
        let bare = |id: u32| mark(format!(r#" [{{"Id":{id},"Items":[1]}}]"#).as_bytes());
        assert_ne!(bare(1), bare(2));
        assert_ne!(mark(br#"{"Id":1}"#), mark(br#"{"Id":2}"#));
    }

    #[test]
    fn both_envelopes_and_both_cases_are_read() {
        for (json, total) in [
            (r#"{"Items":[1,2],"TotalHits":7,"Filter":{"Items":3}}"#, Some(7)),
            (r#"{"totalHits":7,"items":[1,2]}"#, Some(7)),
            (r#"{"totalHits":"7","items":[1,2]}"#, Some(7)),
            (r#"{"Items":[1,2],"TotalHits":null}"#, None),
            ("[1,2]", None),
        ] {
            for keys in [Keys::Exact, Keys::AnyCase] {
                let list: Rows<i32> = from_str(json, keys).unwrap();
                assert_eq!((list.items, list.beside.total_hits), (vec![1, 2], total), "{json}");
            }
        }
        for json in ["null", r#"{"Items":null}"#] {
            let list: Rows<i32> = from_str(json, Keys::AnyCase).unwrap();
            assert!(list.items.is_empty() && !list.beside.told, "{json}");
        }
        assert!(from_str::<Rows<i32>>(r#"{"Message":"no"}"#, Keys::AnyCase).is_err());
        assert!(from_str::<Rows<i32>>("7", Keys::AnyCase).is_err());
        assert!(from_str::<Rows<i32>>(r#"{"Items":[],"TotalHits":"many"}"#, Keys::AnyCase).is_err());
    }

    #[test]
    fn records_stay_raw_where_they_are_asked_for_raw() {
        let json = r#"{"Items":[{"Id": 1.10}],"TotalHits":1}"#;
        let list: Rows<&RawValue> = from_str(json, Keys::AnyCase).unwrap();
        assert_eq!(list.items.first().unwrap().get(), r#"{"Id": 1.10}"#);
    }
}
