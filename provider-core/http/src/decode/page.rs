//! The records of one page, one by one: a bad record costs one record.

use std::borrow::Cow;
use std::collections::BTreeMap;

use provider_core::model::Raw;
use provider_core::observe::EventKind;
use provider_core::wire::unknown;
use provider_core::{Error, ErrorKind, ItemError, Operation, Result};
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::value::RawValue;

use super::{DecodeError, Keys, from_slice, from_str, read, record_from_str};
use crate::answer::Answer;
use crate::call::CallOptions;
use crate::client::HttpClient;
use crate::deadline::Deadline;

/// The records of a page, each read or refused on its own.
pub type Records<M> = Vec<Result<M, ItemError>>;

/// What a distributor puts around the records of a page.
///
/// It names the envelope's type as a function of the record's, so that a page can be read in one go, with
/// its records as types, and only when that fails once more with each record left as it stands.
pub trait Envelope<'a> {
    /// The envelope around records of type `R`.
    type Of<R: Deserialize<'a>>: Deserialize<'a>;
    /// What else stands in it: the total, the next page.
    type Rest;

    /// The total that it declares.
    #[must_use]
    fn total(_rest: &Self::Rest) -> Option<u64> {
        None
    }

    /// Takes it apart.
    fn split<R: Deserialize<'a>>(envelope: Self::Of<R>) -> (Vec<R>, Self::Rest);
}

/// Reads the records of a page into models, each on its own: a bad record costs one record, and an optional member
/// that cannot be read costs that member, of which the observer hears. Only amounts cost their record.
///
/// ```
/// use provider_core::Customer;
/// use provider_core::model::Raw;
/// use provider_http::decode::{Envelope, PageDecoder};
/// use serde::Deserialize;
///
/// #[derive(Deserialize)]
/// struct Content<R> {
///     content: Vec<R>,
///     total: u64,
/// }
///
/// struct PageEnvelope;
///
/// impl<'a> Envelope<'a> for PageEnvelope {
///     type Of<R: Deserialize<'a>> = Content<R>;
///     type Rest = u64;
///
///     fn split<R: Deserialize<'a>>(envelope: Content<R>) -> (Vec<R>, u64) {
///         (envelope.content, envelope.total)
///     }
/// }
///
/// #[derive(Deserialize)]
/// struct Company {
///     id: String,
///     name: String,
/// }
///
/// let page = br#"{"content":[{"id":"1","name":"Harbor"},{"id":2,"name":"Pier"}],"total":2}"#;
/// let (customers, total) = PageDecoder::new("content")
///     .id("id")
///     .page::<PageEnvelope, _, _>(page, |company: Company, _raw: Option<Raw>| {
///         Ok(Customer::new(company.id, company.name))
///     })?;
/// assert_eq!(total, 2);
/// assert!(customers[0].is_ok());
/// let bad = customers[1].as_ref().unwrap_err();
/// assert_eq!((bad.path.as_str(), bad.id.as_deref()), ("content[1].id", Some("2")));
/// # Ok::<(), provider_core::Error>(())
/// ```
#[derive(Debug, Clone)]
pub struct PageDecoder<'a> {
    name: Cow<'a, str>,
    keys: Keys,
    id: Option<&'a str>,
    raw: bool,
    strict: bool,
    secret_members: &'a [&'a str],
    secret_attributes: Option<fn(&str) -> bool>,
    source: Option<(&'a HttpClient, &'a Answer)>,
}

impl<'a> PageDecoder<'a> {
    /// For records that stand under this member of the envelope; errors name it.
    #[must_use]
    pub fn new(name: impl Into<Cow<'a, str>>) -> Self {
        Self {
            name: name.into(),
            keys: Keys::Exact,
            id: None,
            raw: false,
            strict: false,
            secret_members: &[],
            secret_attributes: None,
            source: None,
        }
    }

    /// Keeps raw JSON and is strict as the call says.
    #[must_use]
    pub const fn options(mut self, call: &CallOptions) -> Self {
        self.raw = call.raw;
        self.strict = call.strict;
        self
    }

    /// Sets how member names are compared.
    #[must_use]
    pub const fn keys(mut self, keys: Keys) -> Self {
        self.keys = keys;
        self
    }

    /// Names the member that is the record's id as a model has it. Of a bad record it is read all the same, so that it
    /// is known which record is missing.
    #[must_use]
    pub const fn id(mut self, member: &'a str) -> Self {
        self.id = Some(member);
        self
    }

    /// Names the members whose values are blanked in raw JSON.
    #[must_use]
    pub const fn secrets(mut self, members: &'a [&'a str]) -> Self {
        self.secret_members = members;
        self
    }

    /// Tells by the `name` beside it which `value` is blanked in raw JSON:
    /// [`Raw::without_attributes`].
    #[must_use]
    pub const fn secret_attributes(mut self, is_secret: fn(&str) -> bool) -> Self {
        self.secret_attributes = Some(is_secret);
        self
    }

    /// Names the answer that the page came in: errors tell its operation, and the observer of the client
    /// hears of the page, of its bad records and of values that no enum knows.
    #[must_use]
    pub const fn report(mut self, client: &'a HttpClient, answer: &'a Answer) -> Self {
        self.source = Some((client, answer));
        self
    }

    /// Reads a page and maps its records. `map` gets the record's own JSON where it was asked for, and
    /// may refuse the record with an [`ItemError`] of its own, whose path is taken as one within the
    /// record.
    ///
    /// A good page is read once, straight into the types. Only a page with a bad record is read again,
    /// record by record.
    ///
    /// # Errors
    /// `Decode` when the envelope does not fit; in strict mode also when any record is bad.
    pub fn page<'de, E, W, M>(
        &self,
        json: &'de [u8],
        map: impl FnMut(W, Option<Raw>) -> Result<M, ItemError>,
    ) -> Result<(Records<M>, E::Rest)>
    where
        'a: 'de,
        E: Envelope<'de>,
        W: DeserializeOwned,
    {
        self.listening(|| self.whole::<E, W, M>(json, map))
    }

    /// Reads while the client's observer hears of values that no enum knows.
    fn listening<T>(&self, read: impl FnOnce() -> T) -> T {
        let Some((client, _)) = self.source else { return read() };
        let (value, met) = unknown::listen(read);
        client.shared.tell_unknown(met);
        value
    }

    fn whole<'de, E, W, M>(
        &self,
        json: &'de [u8],
        mut map: impl FnMut(W, Option<Raw>) -> Result<M, ItemError>,
    ) -> Result<(Records<M>, E::Rest)>
    where
        'a: 'de,
        E: Envelope<'de>,
        W: DeserializeOwned,
    {
        let time = self.time();
        if self.keys == Keys::Exact
            && let Some((client, _)) = self.source
            && client.shared.is_first(std::any::type_name::<W>())
        {
            // Once for a type: who compares names without case sees those that no field has.
            drop(read::<E::Of<W>>(json, Keys::AnyCase));
        }
        if !self.raw
            && let Some(envelope) = read::<E::Of<W>>(json, self.keys)
        {
            let (records, rest) = E::split(envelope);
            let mut items: Vec<_> = records.into_iter().map(|wire| map(wire, None)).collect();
            if items.iter().any(Result::is_err) {
                let (records, _) = self.unread::<E>(json, &time)?;
                self.place_all(&mut items, &records, &time)?;
            }
            self.tell_page(items.len(), E::total(&rest));
            return Ok((items, rest));
        }
        let (records, rest) = self.unread::<E>(json, &time)?;
        Ok((self.one_by_one(&records, E::total(&rest), &time, map)?, rest))
    }

    /// The time that reading may take: what was left to the call when the answer had come.
    fn time(&self) -> Time<'a> {
        Time(self.source.map(|(_, answer)| (answer, answer.reading_until())))
    }

    /// The page with its records left as they stand.
    fn unread<'de, E: Envelope<'de>>(
        &self,
        json: &'de [u8],
        time: &Time<'_>,
    ) -> Result<(Vec<&'de RawValue>, E::Rest)>
    where
        'a: 'de,
    {
        time.check()?;
        let read = |json: &'de [u8]| from_slice::<E::Of<&'de RawValue>>(json, self.keys);
        let envelope = read(json).or_else(|error| match self.mended(json) {
            Some(mended) => read(mended),
            None => Err(error),
        });
        let envelope = envelope.map_err(|error| match self.source {
            Some((_, answer)) => answer.unreadable(&error),
            None => Error::new(ErrorKind::Decode, format!("the page does not fit: {error}")).for_read(),
        })?;
        Ok(E::split(envelope))
    }

    /// What can be read in place of an answer that is not quite JSON: one record that is not must not cost the page.
    /// Strictly, all of it has to be.
    fn mended(&self, json: &[u8]) -> Option<&'a [u8]> {
        let (_, answer) =
            self.source.filter(|(_, answer)| !self.strict && std::ptr::eq(json, &*answer.bytes))?;
        answer.mended().map(str::as_bytes)
    }

    /// Completes what `map` itself refused: the record's own JSON is needed after all.
    fn place_all<M>(
        &self,
        items: &mut [Result<M, ItemError>],
        records: &[&RawValue],
        time: &Time<'_>,
    ) -> Result<()> {
        for (index, (item, record)) in items.iter_mut().zip(records).enumerate() {
            if let Err(error) = item {
                time.check()?;
                *error = self.place(error.clone(), index, record);
                self.tell(error);
                if self.strict {
                    return Err(self.refuse(error));
                }
            }
        }
        Ok(())
    }

    /// Reads records that an envelope left as they stand, and maps them as [`page`](Self::page) does.
    ///
    /// # Errors
    /// `Decode` in strict mode, when any record is bad.
    pub fn decode<W, M>(
        &self,
        records: &[&RawValue],
        map: impl FnMut(W, Option<Raw>) -> Result<M, ItemError>,
    ) -> Result<Records<M>>
    where
        W: DeserializeOwned,
    {
        self.listening(|| self.one_by_one(records, None, &self.time(), map))
    }

    fn one_by_one<W, M>(
        &self,
        records: &[&RawValue],
        total: Option<u64>,
        time: &Time<'_>,
        mut map: impl FnMut(W, Option<Raw>) -> Result<M, ItemError>,
    ) -> Result<Records<M>>
    where
        W: DeserializeOwned,
    {
        let mut items = Vec::with_capacity(records.len());
        for (index, record) in records.iter().enumerate() {
            time.check()?;
            let mapped = self.read(record).and_then(|(wire, lost)| {
                let mapped = map(wire, self.raw.then(|| self.keep(record)));
                match (mapped, lost.into_iter().map(unread)) {
                    // What is missed may be what could not be read.
                    (Err(missed), mut lost) => {
                        Err(lost.find(|lost| lost.path == missed.path).unwrap_or(missed))
                    }
                    (Ok(item), lost) => {
                        lost.for_each(|lost| self.tell_lost(self.place(lost, index, record)));
                        Ok(item)
                    }
                }
            });
            match mapped {
                Ok(item) => items.push(Ok(item)),
                Err(error) => {
                    let error = self.place(error, index, record);
                    self.tell(&error);
                    if self.strict {
                        return Err(self.refuse(&error));
                    }
                    items.push(Err(error));
                }
            }
        }
        self.tell_page(items.len(), total);
        Ok(items)
    }

    /// The record, and which of its optional members could not be read. Strictly, none may.
    fn read<W: DeserializeOwned>(&self, record: &RawValue) -> Result<(W, Vec<DecodeError>), ItemError> {
        let read = if self.strict {
            from_str(record.get(), self.keys).map(|record| (record, Vec::new()))
        } else {
            record_from_str(record.get(), self.keys)
        };
        read.map_err(unread)
    }

    fn keep(&self, record: &RawValue) -> Raw {
        let raw = match self.secret_attributes {
            Some(is_secret) => Raw::without_secrets(record, self.secret_members, is_secret),
            None => Raw::from_value(record, self.secret_members),
        };
        match self.source {
            Some((client, _)) => client.shared.scrubber.raw(raw),
            None => raw,
        }
    }

    fn place(&self, mut error: ItemError, index: usize, record: &RawValue) -> ItemError {
        error.path = match error.path.as_str() {
            "" | "." => format!("{}[{index}]", self.name),
            inner if inner.starts_with('[') => format!("{}[{index}]{inner}", self.name),
            inner => format!("{}[{index}].{inner}", self.name),
        };
        if error.raw.is_none() {
            error.raw = Some(self.keep(record));
        }
        if error.id.is_none() {
            error.id = self.id.and_then(|name| text_member(record.get(), name, self.keys));
        }
        match self.source {
            Some((client, _)) => client.shared.scrubber.item(error),
            None => error.with_texts(&|_| None),
        }
    }

    fn tell_page(&self, items: usize, total: Option<u64>) {
        if let Some((client, answer)) = self.source
            && let Some(Operation::List(entity)) = answer.context.operation
        {
            client.emit(EventKind::page(entity, items as u64, total));
        }
    }

    fn tell(&self, error: &ItemError) {
        tracing::warn!(path = %error.path, reason = %error.reason, "a record could not be read");
        if let Some((client, answer)) = self.source {
            client.emit(EventKind::bad_item(
                answer.context.operation,
                error.path.clone(),
                error.reason.clone(),
            ));
        }
    }

    fn tell_lost(&self, member: ItemError) {
        let ItemError { path, reason, .. } = member;
        tracing::warn!(path, reason, "a member could not be read and counts as not told");
        if let Some((client, answer)) = self.source {
            client.emit(EventKind::bad_member(answer.context.operation, path, reason));
        }
    }

    fn refuse(&self, item: &ItemError) -> Error {
        let message = format!("a record could not be read: {}: {}", item.path, item.reason);
        let error = match self.source {
            Some((_, answer)) => answer.error(ErrorKind::Decode, message),
            None => Error::new(ErrorKind::Decode, message).for_read(),
        };
        error.with_source(item.clone())
    }
}

/// A member of a record that cannot be read otherwise, where it is text or a whole number: what names the record.
/// `None` where it is empty, another kind of value or absent.
///
/// ```
/// use provider_core::model::Raw;
/// use provider_http::Keys;
/// use provider_http::decode::member;
///
/// let record = Raw::new(r#"{"Id": 7, "Quantity": "many"}"#, &[]).unwrap();
/// assert_eq!(member(&record, "id", Keys::AnyCase).as_deref(), Some("7"));
/// assert_eq!(member(&record, "id", Keys::Exact), None);
/// ```
#[must_use]
pub fn member(record: &Raw, name: &str, keys: Keys) -> Option<String> {
    text_member(record.get(), name, keys)
}

fn text_member(record: &str, name: &str, keys: Keys) -> Option<String> {
    let members: BTreeMap<Cow<'_, str>, &RawValue> = serde_json::from_str(record).ok()?;
    let value = match keys {
        Keys::Exact => members.get(name)?,
        Keys::AnyCase => members.iter().find(|(member, _)| member.eq_ignore_ascii_case(name))?.1,
    };
    let text = serde_json::from_str::<String>(value.get()).ok();
    let number = || value.get().bytes().all(|byte| byte.is_ascii_digit()).then(|| value.get().to_owned());
    text.or_else(number).filter(|id| !id.is_empty())
}

fn unread(error: DecodeError) -> ItemError {
    ItemError::new(error.path, error.reason)
}

/// Until when a page has to be read, and of which answer it is.
struct Time<'a>(Option<(&'a Answer, Deadline)>);

impl Time<'_> {
    /// Asked between records and between readings: none of them takes long by itself.
    fn check(&self) -> Result<()> {
        match self.0 {
            Some((answer, until)) if until.has_passed() => Err(answer.late()),
            _ => Ok(()),
        }
    }
}
