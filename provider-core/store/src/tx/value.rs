//! Values on their way into and out of a database.

use chrono::{DateTime, Utc};
use provider_core::Result;

use crate::error::damaged;

/// One value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Value {
    /// No value.
    Null,
    /// A whole number, a flag or a time.
    Int(i64),
    /// Text.
    Text(String),
    /// Bytes.
    Bytes(Vec<u8>),
    /// Text that the program itself has; read, it is [`Text`](Self::Text).
    Word(&'static str),
    /// Sixteen bytes, such as a fingerprint; read, they are [`Bytes`](Self::Bytes).
    Mark([u8; 16]),
}

impl From<&str> for Value {
    fn from(text: &str) -> Self {
        Self::Text(text.to_owned())
    }
}

impl From<String> for Value {
    fn from(text: String) -> Self {
        Self::Text(text)
    }
}

impl From<[u8; 16]> for Value {
    fn from(mark: [u8; 16]) -> Self {
        Self::Mark(mark)
    }
}

impl From<i64> for Value {
    fn from(number: i64) -> Self {
        Self::Int(number)
    }
}

impl From<bool> for Value {
    fn from(holds: bool) -> Self {
        Self::Int(i64::from(holds))
    }
}

impl From<Vec<u8>> for Value {
    fn from(bytes: Vec<u8>) -> Self {
        Self::Bytes(bytes)
    }
}

/// Microseconds since 1970: both databases compare them alike, and neither needs to know of time zones.
impl From<DateTime<Utc>> for Value {
    fn from(time: DateTime<Utc>) -> Self {
        Self::Int(time.timestamp_micros())
    }
}

impl<T: Into<Value>> From<Option<T>> for Value {
    fn from(value: Option<T>) -> Self {
        value.map_or(Self::Null, Into::into)
    }
}

/// One row of an answer, read from the left.
#[derive(Debug)]
pub struct Row(std::vec::IntoIter<Value>);

impl Row {
    /// A row of these values.
    #[must_use]
    pub fn new(values: Vec<Value>) -> Self {
        Self(values.into_iter())
    }

    /// The next value, which has to be text.
    ///
    /// # Errors
    /// `Config`, damaged, when it is something else.
    pub fn text(&mut self) -> Result<String> {
        match self.0.next() {
            Some(Value::Text(text)) => Ok(text),
            other => Err(unexpected("text", other.as_ref())),
        }
    }

    /// The next value, which has to be a number.
    ///
    /// # Errors
    /// `Config`, damaged, when it is something else.
    pub fn int(&mut self) -> Result<i64> {
        match self.0.next() {
            Some(Value::Int(number)) => Ok(number),
            other => Err(unexpected("a number", other.as_ref())),
        }
    }

    /// The next value, where there is one.
    ///
    /// # Errors
    /// `Config`, damaged, when it is no text.
    pub fn text_or_none(&mut self) -> Result<Option<String>> {
        match self.0.next() {
            Some(Value::Null) => Ok(None),
            Some(Value::Text(text)) => Ok(Some(text)),
            other => Err(unexpected("text", other.as_ref())),
        }
    }

    /// The next value, where there is one.
    ///
    /// # Errors
    /// `Config`, damaged, when it is no number.
    pub fn int_or_none(&mut self) -> Result<Option<i64>> {
        match self.0.next() {
            Some(Value::Null) => Ok(None),
            Some(Value::Int(number)) => Ok(Some(number)),
            other => Err(unexpected("a number", other.as_ref())),
        }
    }

    /// The next value, where there is one.
    ///
    /// # Errors
    /// `Config`, damaged, when it is no bytes.
    pub fn bytes_or_none(&mut self) -> Result<Option<Vec<u8>>> {
        match self.0.next() {
            Some(Value::Null) => Ok(None),
            Some(Value::Bytes(bytes)) => Ok(Some(bytes)),
            other => Err(unexpected("bytes", other.as_ref())),
        }
    }

    /// The next value, which has to be bytes.
    ///
    /// # Errors
    /// `Config`, damaged, when it is something else.
    pub fn bytes(&mut self) -> Result<Vec<u8>> {
        match self.0.next() {
            Some(Value::Bytes(bytes)) => Ok(bytes),
            other => Err(unexpected("bytes", other.as_ref())),
        }
    }
}

/// The value itself may be a token and is not shown.
fn unexpected(wanted: &str, found: Option<&Value>) -> provider_core::Error {
    let found = match found {
        None => "nothing",
        Some(Value::Null) => "no value",
        Some(Value::Int(_)) => "a number",
        Some(Value::Text(_) | Value::Word(_)) => "text",
        Some(Value::Bytes(_) | Value::Mark(_)) => "bytes",
    };
    damaged(format_args!("a row of the store holds {found} in place of {wanted}"))
}
