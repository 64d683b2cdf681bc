//! How the service wraps what it answers: pages by token and by offset, and the record alone.

use std::collections::BTreeMap;

use provider_core::model::Raw;
use provider_core::{Error, ErrorKind, ItemError, Result, records};
use provider_http::decode::{Envelope, member, peek_text};
use provider_http::{Answer, CallOptions, HttpClient, Keys, PageDecoder, RequestSpec};
use serde::Deserialize;
use serde_json::Value;
use serde_json::value::RawValue;

use super::secrets::{SECRET_MEMBERS, is_secret_name};
use crate::model::Id;

/// How many records a page has where nothing else is asked for.
const DEFAULT_SIZE: u32 = 200;

/// Which page of a list that is paged by token: customers, products, orders.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct TokenPage {
    /// How many records; the service refuses a first page without it. It may answer fewer.
    pub size: u32,
    /// What the page before answered; `None` for the first page. Keep size and filters the same.
    pub token: Option<String>,
}

impl TokenPage {
    /// The first page.
    #[must_use]
    pub const fn first(size: u32) -> Self {
        Self { size, token: None }
    }

    /// The page that a token stands for.
    #[must_use]
    pub fn at(size: u32, token: impl Into<String>) -> Self {
        Self { size, token: Some(token.into()) }
    }

    pub(crate) fn apply(&self, spec: RequestSpec) -> RequestSpec {
        spec.query("pageSize", self.size).query_opt("pageToken", self.token.as_deref())
    }
}

impl Default for TokenPage {
    /// The first page of 200 records.
    fn default() -> Self {
        Self::first(DEFAULT_SIZE)
    }
}

/// Which page of a list that is paged by offset: subscriptions, carts, everything of v1.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct OffsetPage {
    /// How many records. The service may answer fewer.
    pub limit: u32,
    /// How many records to skip.
    pub offset: u64,
}

impl OffsetPage {
    /// The first page.
    #[must_use]
    pub const fn first(limit: u32) -> Self {
        Self { limit, offset: 0 }
    }

    /// A page further on.
    #[must_use]
    pub const fn at(limit: u32, offset: u64) -> Self {
        Self { limit, offset }
    }

    pub(crate) const DEFAULT: Self = Self::first(DEFAULT_SIZE);

    /// v1 and v3 name the two differently.
    pub(crate) fn apply(self, spec: RequestSpec) -> RequestSpec {
        let names = if spec.template().starts_with("/api/v1/") {
            ["limit", "offset"]
        } else {
            ["pagination.limit", "pagination.offset"]
        };
        let [limit, offset] = names;
        spec.query(limit, self.limit).query(offset, self.offset)
    }
}

impl Default for OffsetPage {
    /// The first page of 200 records.
    fn default() -> Self {
        Self::DEFAULT
    }
}

/// A record that answers hold under a name: v3 in a list of that name, v1 in `data`.
pub(crate) trait Entry: for<'de> Deserialize<'de> {
    const NAME: &'static str;

    /// The id that the model of a record has, where only its JSON is at hand: so it is known which record is missing.
    fn own_id(record: &Raw) -> Option<String> {
        member(record, "id", Keys::Exact)
    }
}

/// Says of the records that could not be read which they are.
pub(super) fn name_unread<W: Entry, M>(items: &mut [Result<M, ItemError>]) {
    for error in items.iter_mut().filter_map(|item| item.as_mut().err()) {
        error.id = error.raw.as_ref().and_then(W::own_id);
    }
}

/// One page of records. One that could not be read stands as its error.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct Listed<T> {
    /// The records, in the service's order.
    pub items: Vec<Result<T, ItemError>>,
    /// The token of the next page, where the list is paged by token.
    pub next: Option<String>,
    /// How many records there are, where the service says so.
    pub total: Option<u64>,
    /// The answer had its list. An empty one may be left out, so without it nothing is known.
    pub(crate) told: bool,
    /// How long the answer was.
    pub(crate) bytes: u64,
}

impl<T> Listed<T> {
    /// The same, or an error where the answer had no list: for questions whose answer is worth money.
    pub(crate) fn with_its_list(self, name: &str) -> Result<Self> {
        if self.told {
            return Ok(self);
        }
        let message = format!("the answer does not fit: it has no list `{name}`");
        Err(Error::new(ErrorKind::Decode, message).with_provider(crate::KIND).for_read())
    }

    /// What tells the page apart from others: the ids of its records, and what cannot be read as it stands there.
    pub(crate) fn told_apart_by(&self, id: impl Fn(&T) -> Option<Id>) -> Vec<String> {
        let of = |item: &Result<T, ItemError>| match item {
            Ok(record) => id(record).map(|id| id.to_string()).unwrap_or_default(),
            Err(error) => error.raw.as_ref().map_or_else(|| error.to_string(), |raw| raw.get().to_owned()),
        };
        self.items.iter().map(of).collect()
    }

    /// The records that could be read.
    pub fn records(&self) -> impl Iterator<Item = &T> {
        self.items.iter().filter_map(|item| item.as_ref().ok())
    }
}

/// The envelope of every list of v3. The lists have names of their own; no envelope has two of them.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Around<R> {
    #[serde(
        alias = "customers",
        alias = "products",
        alias = "orders",
        alias = "carts",
        alias = "cartitems",
        alias = "cartItems"
    )]
    items: Option<Vec<R>>,
    #[serde(default, deserialize_with = "provider_core::wire::lenient::text")]
    next_page_token: Option<String>,
    pagination_response: Option<Totals>,
}

struct PageEnvelope;

/// What stands around the records of a page.
struct Rest {
    next: Option<String>,
    total: Option<u64>,
    told: bool,
}

impl<'a> Envelope<'a> for PageEnvelope {
    type Of<R: Deserialize<'a>> = Around<R>;
    type Rest = Rest;

    fn total(rest: &Rest) -> Option<u64> {
        rest.total
    }

    fn split<R: Deserialize<'a>>(envelope: Around<R>) -> (Vec<R>, Rest) {
        let totals = envelope.pagination_response.unwrap_or_default();
        let rest = Rest {
            next: envelope.next_page_token.filter(|token| !token.trim().is_empty()),
            total: totals.total_size.or(totals.total_count).and_then(|total| u64::try_from(total).ok()),
            told: envelope.items.is_some(),
        };
        (envelope.items.unwrap_or_default(), rest)
    }
}

records! {
    #![serde(rename_all = "camelCase")]
    #![derive(Default)]

    struct Totals {
        total_size: Option<i64>,
        total_count: Option<i64>,
    }
}

/// The token of the next page, before the page is read: what the page says in the end counts.
pub(crate) fn next_token(answer: &Answer) -> Option<String> {
    peek_text(&answer.bytes, "nextPageToken").filter(|token| !token.trim().is_empty())
}

/// Reads a list of v3.
pub(crate) fn read<W: Entry, M>(
    http: &HttpClient,
    answer: &Answer,
    call: &CallOptions,
    map: impl FnMut(W, Option<Raw>) -> Result<M, ItemError>,
) -> Result<Listed<M>> {
    let (mut items, rest) =
        decoder(http, answer, call, W::NAME).page::<PageEnvelope, W, M>(&answer.bytes, map)?;
    if !rest.told {
        refuse_other(answer, W::NAME)?;
    }
    name_unread::<W, M>(&mut items);
    let bytes = answer.bytes.len() as u64;
    Ok(Listed { items, next: rest.next, total: rest.total, told: rest.told, bytes })
}

/// Lists that stand beside the records of a page.
const BESIDE: [&str; 3] = ["categories", "verticals", "charges"];

/// An empty list may be left out of an answer. What holds something else instead is no page: an error with
/// the status of a success, or a list under a name that nobody knows.
fn refuse_other(answer: &Answer, name: &str) -> Result<()> {
    let members: BTreeMap<String, &RawValue> = answer.json_borrowed()?;
    if members.contains_key("error") {
        let message = "the answer is an error with the status of a success";
        return Err(answer.error(ErrorKind::Decode, message));
    }
    let list = |(name, value): &(&String, &&RawValue)| {
        value.get().starts_with('[') && !BESIDE.contains(&name.as_str())
    };
    match members.iter().find(list) {
        Some((other, _)) => {
            let message = format!("the answer does not fit: it has no list `{name}`, but `{}`", short(other));
            Err(answer.error(ErrorKind::Decode, message))
        }
        None => Ok(()),
    }
}

fn short(name: &str) -> &str {
    name.char_indices().nth(40).and_then(|(end, _)| name.get(..end)).unwrap_or(name)
}

/// Reads a single record. One that cannot be used is an unreadable answer.
pub(crate) fn record<W, M>(
    answer: &Answer,
    call: &CallOptions,
    map: impl FnOnce(W, Option<Raw>) -> Result<M, ItemError>,
) -> Result<M>
where
    W: for<'de> Deserialize<'de>,
{
    let raw = answer.raw(call, SECRET_MEMBERS).map(|raw| raw.without_attributes(is_secret_name));
    let record = answer.record(Keys::Exact)?;
    answer.listening(|| map(record, raw)).map_err(|item| answer.unfit(item))
}

/// The answer to a write whose answer is not documented: the JSON as it came, or none at all.
///
/// # Errors
/// When it says that it failed, or is no JSON.
pub(crate) fn undocumented(answer: &Answer) -> Result<Value> {
    if answer.bytes.iter().all(u8::is_ascii_whitespace) {
        return Ok(Value::Null);
    }
    let said: Value = answer.json()?;
    if said.is_object() {
        answer.json::<Told>()?.judge(answer)?;
    }
    Ok(said)
}

/// Refuses an answer to a write that says that nothing was done. What says nothing of itself is in order.
///
/// # Errors
/// When it says that it failed.
pub(crate) fn accepted(answer: &Answer) -> Result<()> {
    answer.read::<Told>(Keys::Exact).map_or(Ok(()), |told| told.judge(answer))
}

/// What an answer says of itself, whatever else it holds.
#[derive(Deserialize)]
struct Told {
    #[serde(default, deserialize_with = "provider_core::wire::lenient::flag")]
    success: Option<bool>,
    #[serde(default)]
    message: Option<Value>,
    #[serde(default)]
    error: Option<Value>,
}

impl Told {
    fn judge(&self, answer: &Answer) -> Result<()> {
        let message = self.message.as_ref().and_then(Value::as_str);
        check(answer, self.success, message)?;
        refuse_error(answer, self.error.as_ref(), message)
    }
}

/// Refuses an answer of v1 that says in whatever words that it failed: it is no empty list.
pub(crate) fn judge(
    answer: &Answer,
    success: Option<bool>,
    message: Option<&str>,
    error: Option<&Value>,
    holds_data: bool,
) -> Result<()> {
    check(answer, success, message)?;
    refuse_error(answer, error, message)?;
    match message.map(str::trim) {
        Some(said) if !holds_data && success.is_none() && !said.is_empty() => {
            Err(answer.error(ErrorKind::Decode, format!("the answer holds no data, but says: {said}")))
        }
        _ => Ok(()),
    }
}

/// An error is one, whatever its status.
fn refuse_error(answer: &Answer, error: Option<&Value>, message: Option<&str>) -> Result<()> {
    let word = match error {
        None | Some(Value::Null | Value::Bool(false)) => return Ok(()),
        Some(Value::Array(reasons)) if reasons.is_empty() => return Ok(()),
        Some(Value::Object(reasons)) if reasons.is_empty() => return Ok(()),
        Some(Value::Number(code)) if code.as_i64() == Some(0) => return Ok(()),
        Some(Value::String(word)) if word.trim().is_empty() => return Ok(()),
        Some(Value::String(word)) => word.trim(),
        Some(_) => "",
    };
    let inside = error.and_then(|error| error.get("message")).and_then(Value::as_str);
    let mut said = [message, inside].into_iter().flatten().map(str::trim);
    let said = said.find(|said| !said.is_empty()).unwrap_or(word);
    let what = "the answer is an error with the status of a success";
    let message = if said.is_empty() { what.to_owned() } else { format!("{what}: {said}") };
    Err(answer.error(ErrorKind::Decode, message))
}

/// An answer that says it failed is a failure, whatever its status.
pub(crate) fn check(answer: &Answer, success: Option<bool>, message: Option<&str>) -> Result<()> {
    if success == Some(false) {
        let said = message.map(str::trim).filter(|m| !m.is_empty()).unwrap_or("no reason was given");
        return Err(answer.error(ErrorKind::InvalidInput, format!("the service refused: {said}")));
    }
    Ok(())
}

pub(super) fn decoder<'a>(
    http: &'a HttpClient,
    answer: &'a Answer,
    call: &CallOptions,
    name: &'static str,
) -> PageDecoder<'a> {
    PageDecoder::new(name)
        .options(call)
        .secrets(SECRET_MEMBERS)
        .secret_attributes(is_secret_name)
        .report(http, answer)
}
