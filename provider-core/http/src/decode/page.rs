//! The records of one page, one by one: a bad record costs one record.

use std::borrow::Cow;

use provider_core::{Error, ErrorKind, ItemError, Operation, Raw, Result, What};
use serde::Deserialize;
use serde_json::value::RawValue;

use super::{Keys, from_str};
use crate::answer::Answer;
use crate::call::CallOptions;
use crate::client::HttpClient;

/// Reads the records of a page, each on its own, into the models.
///
/// The envelope is read first, with its records left as raw JSON:
///
/// ```
/// use provider_core::{Customer, Raw};
/// use provider_http::decode::PageDecoder;
/// use serde::Deserialize;
/// use serde_json::value::RawValue;
///
/// #[derive(Deserialize)]
/// struct Envelope<'a> {
///     #[serde(borrow)]
///     content: Vec<&'a RawValue>,
/// }
///
/// #[derive(Deserialize)]
/// struct Company {
///     id: String,
///     name: String,
/// }
///
/// let page = r#"{"content":[{"id":"1","name":"Harbor"},{"id":2,"name":"Pier"}]}"#;
/// let envelope: Envelope<'_> = serde_json::from_str(page)?;
/// let customers = PageDecoder::new("content")
///     .decode(&envelope.content, |company: Company, _raw: Option<Raw>| {
///         Ok(Customer::new(company.id, company.name))
///     })?;
/// assert!(customers[0].is_ok());
/// let bad = customers[1].as_ref().unwrap_err();
/// assert_eq!(bad.path, "content[1].id");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone)]
pub struct PageDecoder<'a> {
    name: Cow<'a, str>,
    keys: Keys,
    raw: bool,
    strict: bool,
    secret_members: &'a [&'a str],
    report_to: Option<(&'a HttpClient, Option<Operation>)>,
}

impl<'a> PageDecoder<'a> {
    /// For records that stand under this member of the envelope; errors name it.
    #[must_use]
    pub fn new(name: impl Into<Cow<'a, str>>) -> Self {
        Self {
            name: name.into(),
            keys: Keys::Exact,
            raw: false,
            strict: false,
            secret_members: &[],
            report_to: None,
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

    /// Names the members whose values are blanked in raw JSON.
    #[must_use]
    pub const fn secrets(mut self, members: &'a [&'a str]) -> Self {
        self.secret_members = members;
        self
    }

    /// Tells the observer of the client about bad records.
    #[must_use]
    pub const fn report(mut self, client: &'a HttpClient, answer: &Answer) -> Self {
        self.report_to = Some((client, answer.context.operation));
        self
    }

    /// Reads each record and maps it. `map` gets the record's own JSON where it was asked for, and may
    /// refuse the record with an [`ItemError`] of its own, whose path is taken as one within the record.
    ///
    /// # Errors
    /// `Decode` in strict mode, when any record is bad.
    pub fn decode<'de, W, M>(
        &self,
        records: &[&'de RawValue],
        mut map: impl FnMut(W, Option<Raw>) -> Result<M, ItemError>,
    ) -> Result<Vec<Result<M, ItemError>>>
    where
        W: Deserialize<'de>,
    {
        let mut items = Vec::with_capacity(records.len());
        for (index, record) in records.iter().enumerate() {
            let mapped = from_str::<W>(record.get(), self.keys)
                .map_err(|fault| ItemError::new(fault.path, fault.reason))
                .and_then(|wire| map(wire, self.raw.then(|| self.keep(record))));
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
        Ok(items)
    }

    fn keep(&self, record: &RawValue) -> Raw {
        Raw::from_value(record, self.secret_members)
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
        error
    }

    fn tell(&self, error: &ItemError) {
        tracing::warn!(path = %error.path, reason = %error.reason, "a record could not be read");
        if let Some((client, operation)) = self.report_to {
            client.emit(What::bad_item(operation, error.path.clone(), error.reason.clone()));
        }
    }

    fn refuse(&self, item: &ItemError) -> Error {
        let error = Error::new(
            ErrorKind::Decode,
            format!("a record could not be read: {}: {}", item.path, item.reason),
        )
        .with_source(item.clone());
        match self.report_to {
            Some((client, operation)) => {
                let error = error.with_provider(client.provider());
                match operation {
                    Some(operation) => error.with_operation(operation),
                    None => error.for_read(),
                }
            }
            None => error.for_read(),
        }
    }
}
