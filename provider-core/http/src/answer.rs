//! A successful answer, and the errors for one that cannot be read or says in its body that it failed.

use std::fmt;
use std::sync::{Arc, OnceLock};
use std::time::Duration;

use bytes::Bytes;
use chrono::{DateTime, Utc};
use http::{HeaderMap, StatusCode};
use provider_core::error::Violation;
use provider_core::model::Raw;
use provider_core::observe::EventKind;
use provider_core::wire::unknown;
use provider_core::{Delivery, Error, ErrorKind, ItemError, Operation, Result};
use serde::Deserialize;
use serde::de::{DeserializeOwned, IgnoredAny};

use crate::call::CallOptions;
use crate::deadline::Deadline;
use crate::decode::{self, DecodeError, Keys};
use crate::problem::{Problem, ProblemInput};
use crate::redact::{self, CleanHeaders, LONGEST, Scrubber};
use crate::retry::{self, Safety};
use crate::shared::Shared;

/// Which call an answer belongs to, for errors about it.
#[derive(Debug, Clone)]
pub(crate) struct Context {
    pub(crate) provider: Arc<str>,
    pub(crate) operation: Option<Operation>,
    pub(crate) safety: Safety,
    pub(crate) attempts: u32,
    pub(crate) scrubber: Scrubber,
    /// What was sent holds secrets that nobody could name: what is said about it is not quoted.
    pub(crate) sensitive: bool,
    /// What was left of the call's time when the answer had come: reading it may take as long.
    pub(crate) time_left: Duration,
}

impl Context {
    /// Completes an error of this call. No secret in use leaves in it.
    pub(crate) fn complete(&self, error: Error) -> Error {
        let error = self.scrubber.quoting(error);
        let error = error.with_provider(self.provider.to_string()).with_attempts(self.attempts);
        match (self.operation, self.safety) {
            (Some(operation), _) => error.with_operation(operation),
            (None, Safety::Read) => error.for_read(),
            (None, Safety::IdempotentWrite | Safety::Write) => error,
        }
    }
}

/// A successful answer.
#[derive(Clone)]
#[non_exhaustive]
pub struct Answer {
    /// The status, from 200 to 299.
    pub status: StatusCode,
    /// The headers.
    pub headers: HeaderMap,
    /// The body, content coding undone.
    pub bytes: Bytes,
    pub(crate) context: Context,
    /// Whose answer it is: its observer hears of values that no enum knows.
    pub(crate) client: Arc<Shared>,
    /// What can be read in place of a body that is not quite JSON, once that was found out.
    pub(crate) mended: OnceLock<Option<String>>,
}

impl Answer {
    /// The body with what is clear put right, where it is not quite JSON.
    pub(crate) fn mended(&self) -> Option<&str> {
        let mend = || decode::mended(std::str::from_utf8(&self.bytes).ok()?);
        self.mended.get_or_init(mend).as_deref()
    }

    /// The body as JSON.
    ///
    /// # Errors
    /// `Decode` with the JSON path of the first value that does not fit; delivery `Unknown`, because the
    /// distributor acted and only its answer is unreadable.
    pub fn json<T: DeserializeOwned>(&self) -> Result<T> {
        self.read(Keys::Exact)
    }

    /// The body as JSON that borrows from the answer: envelopes whose items stay
    /// [`RawValue`](serde_json::value::RawValue)s.
    ///
    /// # Errors
    /// As [`json`](Self::json).
    pub fn json_borrowed<'a, T: Deserialize<'a>>(&'a self) -> Result<T> {
        self.read(Keys::Exact)
    }

    /// The body as JSON, with member names compared as `keys` says.
    ///
    /// # Errors
    /// As [`json`](Self::json).
    pub fn read<'a, T: Deserialize<'a>>(&'a self, keys: Keys) -> Result<T> {
        let until = self.reading_until();
        let read = |json: &'a [u8]| decode::from_slice_until(json, keys, || until.has_passed());
        let (read, unknown) = unknown::listen(|| match read(&self.bytes) {
            Err(Some(error)) => self.mended().map_or(Err(Some(error)), |mended| read(mended.as_bytes())),
            value => value,
        });
        self.client.tell_unknown(unknown);
        read.map_err(|error| error.map_or_else(|| self.late(), |error| self.unreadable(&error)))
    }

    /// The body as one record, with member names compared as `keys` says: what cannot be read is taken for absent
    /// wherever it may be, and the observer hears of it. Only amounts have to be read.
    ///
    /// Not for what says how a list goes on: a page that cannot be read is no last page.
    ///
    /// # Errors
    /// As [`json`](Self::json).
    pub fn record<T: DeserializeOwned>(&self, keys: Keys) -> Result<T> {
        let json = std::str::from_utf8(decode::without_mark(&self.bytes));
        let Ok(json) = json else { return self.read(keys) };
        let first = keys == Keys::Exact && self.client.is_first(std::any::type_name::<T>());
        let (read, unknown) = unknown::listen(|| {
            if first {
                // Once for a type: who compares names without case sees those that no field has.
                drop(decode::from_str::<T>(json, Keys::AnyCase));
            }
            decode::record_from_str(json, keys).or_else(|error| {
                self.mended().map_or(Err(error), |mended| decode::record_from_str(mended, keys))
            })
        });
        self.client.tell_unknown(unknown);
        let (record, lost) = read.map_err(|error| self.unreadable(&error))?;
        for DecodeError { path, reason } in lost {
            tracing::warn!(path, reason, "a member could not be read and counts as not told");
            self.client.emit(EventKind::bad_member(self.context.operation, path, reason));
        }
        Ok(record)
    }

    /// Runs `make`, which maps what was read, and reports to the observer every value that no enum knows, such as a
    /// currency code that does not exist ([`EventKind::UnknownValue`]).
    pub fn listening<T>(&self, make: impl FnOnce() -> T) -> T {
        let (made, unknown) = unknown::listen(make);
        self.client.tell_unknown(unknown);
        made
    }

    /// The record's own JSON where the call asks for it, with the values of these members blanked and without the
    /// secrets in use. For an answer that is one record; those of a page get theirs from the
    /// [`PageDecoder`](crate::PageDecoder).
    #[must_use]
    pub fn raw(&self, call: &CallOptions, secret_members: &[&str]) -> Option<Raw> {
        if !call.raw {
            return None;
        }
        let json = std::str::from_utf8(&self.bytes).ok()?;
        let raw =
            Raw::new(json, secret_members).ok().or_else(|| Raw::new(self.mended()?, secret_members).ok())?;
        Some(self.context.scrubber.raw(raw))
    }

    /// The `Decode` error of an answer that is one record, where the record could be read and does not fit the model:
    /// what an [`ItemError`] is to a record of a page.
    #[must_use]
    pub fn unfit(&self, item: ItemError) -> Error {
        self.error(ErrorKind::Decode, format!("the record does not fit: {item}"))
            .with_violation(Violation::new(item.path.as_str(), item.reason.as_str()))
            .with_source(item)
    }

    /// The body as text.
    ///
    /// # Errors
    /// `Decode` when it is not UTF-8.
    pub fn text(&self) -> Result<&str> {
        std::str::from_utf8(&self.bytes)
            .map_err(|e| self.error(ErrorKind::Decode, "the answer is not UTF-8 text").with_source(e))
    }

    /// The distributor's request id, from the usual headers.
    #[must_use]
    pub fn request_id(&self) -> Option<&str> {
        request_id(&self.headers)
    }

    /// When the distributor answered, by its own clock.
    #[must_use]
    pub fn date(&self) -> Option<DateTime<Utc>> {
        retry::date(&self.headers)
    }

    /// An error for a status of success whose body says that the call failed. Delivery starts as `Unknown`: set the one
    /// you know.
    #[must_use]
    pub fn error(&self, kind: ErrorKind, message: impl Into<std::borrow::Cow<'static, str>>) -> Error {
        // What is said here may quote the answer. An error cuts what it shows, and half a secret is one too.
        let message = self.context.scrubber.scrub(message.into()).into_owned();
        let error =
            Error::new(kind, message).with_delivery(Delivery::Unknown).with_http_status(self.status.as_u16());
        let error = match self.request_id() {
            Some(id) => error.with_request_id(self.context.scrubber.scrub_and_cut(id, LONGEST)),
            None => error,
        };
        self.context.complete(error)
    }

    /// Refuses an answer with the status of a success that calls itself an error, with its words: after a write nobody
    /// knows then whether anything was done.
    ///
    /// # Errors
    /// `Decode` where its `error` holds something, or where its `status` is the word `error` or its `errorCode` holds
    /// something and it is no record: it has no `id`, no `name` and no `isSuccessful`. A body of more than 64 KiB is none.
    pub fn no_error(&self) -> Result<()> {
        // What is read in place of a body that is not quite JSON is judged as well.
        let body: &[u8] = if serde_json::from_slice::<IgnoredAny>(&self.bytes).is_ok() {
            &self.bytes
        } else {
            self.mended().map_or(&*self.bytes, str::as_bytes)
        };
        let input = ProblemInput::new(self.status, &self.headers, body);
        let Some(problem) = Problem::of_success(&input) else { return Ok(()) };
        redact::learn_passwords(&self.context.scrubber, body);
        let what = "the answer is an error with the status of a success";
        let message = match problem.message.filter(|_| !self.context.sensitive) {
            Some(said) => format!("{what}: {}", self.context.scrubber.scrub_and_cut(&said, LONGEST)),
            None => what.to_owned(),
        };
        Err(self.error(ErrorKind::Decode, message))
    }

    /// Until then an answer whose reading begins now has to be read. Counted from now: a caller who looks late
    /// is no reason to give up.
    pub(crate) fn reading_until(&self) -> Deadline {
        Deadline::after(self.context.time_left)
    }

    /// The error of an answer that takes longer to read than its call had time.
    pub(crate) fn late(&self) -> Error {
        self.error(
            ErrorKind::Timeout,
            "the deadline passed while the answer was read: it is too large or too odd",
        )
    }

    pub(crate) fn unreadable(&self, error: &DecodeError) -> Error {
        let message = if self.bytes.iter().all(u8::is_ascii_whitespace) {
            "the answer is empty where JSON was expected".to_owned()
        } else {
            format!("the answer does not fit: {error}")
        };
        self.error(ErrorKind::Decode, message).with_violation(Violation::new(&*error.path, &*error.reason))
    }
}

impl fmt::Debug for Answer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Answer")
            .field("status", &self.status)
            .field("headers", &CleanHeaders(&self.headers, &self.context.scrubber))
            .field("bytes", &self.bytes.len())
            .finish_non_exhaustive()
    }
}

/// The names under which APIs and gateways send their request id.
pub(crate) fn request_id(headers: &HeaderMap) -> Option<&str> {
    ["x-request-id", "request-id", "x-correlation-id", "x-ms-request-id", "x-amzn-requestid", "cf-ray"]
        .into_iter()
        .find_map(|name| headers.get(name)?.to_str().ok().filter(|id| !id.is_empty() && id.len() <= 128))
}
