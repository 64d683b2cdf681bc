//! An error as JSON, for logs and for programs in other languages.

use std::error::Error as _;

use serde::ser::{Serialize, SerializeStruct, Serializer};

use super::{Delivery, Error};

impl Serialize for Error {
    /// An object with `kind`, `message`, `delivery`, `advice` and `attempts`, and where they are known
    /// `retry_after_ms`, `provider`, `operation`, `http_status`, `code`, `request_id`, `violations`, `item` and
    /// `causes` (the messages of what lies behind it).
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let inner = &*self.0;
        let mut causes = Vec::new();
        let mut cause = self.source();
        while let Some(error) = cause {
            causes.push(error.to_string());
            cause = error.source();
        }
        let mut object = serializer.serialize_struct("Error", 14)?;
        object.serialize_field("kind", &inner.kind)?;
        object.serialize_field("message", &inner.message)?;
        object.serialize_field("delivery", &inner.delivery)?;
        object.serialize_field("advice", &self.advice())?;
        object.serialize_field("attempts", &inner.attempts)?;
        if let Some(wait) = inner.retry_after {
            let millis = u64::try_from(wait.as_millis()).unwrap_or(u64::MAX);
            object.serialize_field("retry_after_ms", &millis)?;
        }
        if let Some(provider) = &inner.provider {
            object.serialize_field("provider", provider)?;
        }
        if let Some(operation) = &inner.operation {
            object.serialize_field("operation", operation)?;
        }
        if let Some(status) = &inner.http_status {
            object.serialize_field("http_status", status)?;
        }
        if let Some(code) = &inner.code {
            object.serialize_field("code", code)?;
        }
        if let Some(id) = &inner.request_id {
            object.serialize_field("request_id", id)?;
        }
        if !inner.violations.is_empty() {
            object.serialize_field("violations", &inner.violations)?;
        }
        if inner.item {
            object.serialize_field("item", &true)?;
        }
        if !causes.is_empty() {
            object.serialize_field("causes", &causes)?;
        }
        object.end()
    }
}

impl Serialize for Delivery {
    /// As its [name](Self::as_str).
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.as_str())
    }
}
