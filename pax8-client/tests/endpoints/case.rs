//! One operation: how it is called, what must be sent, and an answer that can be read.

use std::future::Future;
use std::pin::Pin;

use pax8_client::{Listed, Pax8Client};
use provider_core::Result;

use super::recorder::{Recorder, Sent};

/// Stands in every placeholder of a path.
pub(crate) const ID: &str = "6f1d3c52-0a57-4c1e-9d0b-6d2c5f6f1a01";
pub(crate) const RECORD: &str = r#"{"id":"6f1d3c52-0a57-4c1e-9d0b-6d2c5f6f1a01"}"#;
pub(crate) const PAGE: &str =
    r#"{"content":[],"page":{"size":200,"totalElements":0,"totalPages":0,"number":0}}"#;
pub(crate) const LIST: &str = "[]";
pub(crate) const NOTHING: &str = "";

type Running<'a> = Pin<Box<dyn Future<Output = Result<()>> + Send + 'a>>;
type Run = Box<dyn for<'a> Fn(&'a Pax8Client) -> Running<'a> + Send + Sync>;

pub(crate) struct Case {
    pub(crate) method: &'static str,
    pub(crate) template: &'static str,
    pub(crate) query: &'static str,
    pub(crate) body: &'static str,
    pub(crate) answer: String,
    pub(crate) content_type: &'static str,
    pub(crate) accept: &'static str,
    pub(crate) run: Run,
}

impl Case {
    pub(crate) fn name(&self) -> String {
        format!("{} {}?{}", self.method, self.template, self.query)
    }

    pub(crate) fn sending(mut self, content_type: &'static str) -> Self {
        self.content_type = content_type;
        self
    }

    pub(crate) fn wanting(mut self, accept: &'static str) -> Self {
        self.accept = accept;
        self
    }

    /// The path with an id in every placeholder, and the query.
    pub(crate) fn target(&self) -> String {
        let mut path = String::new();
        let mut rest = self.template;
        while let Some((before, after)) = rest.split_once('{') {
            let (name, after) = after.split_once('}').unwrap();
            path.push_str(before);
            path.push_str(if name == "topic" { "SUBSCRIPTION" } else { ID });
            rest = after;
        }
        path.push_str(rest);
        if self.query.is_empty() { path } else { format!("{path}?{}", self.query) }
    }

    pub(crate) fn audience(&self) -> &'static str {
        if self.template.starts_with("/v2/provision") {
            "api://provisioning"
        } else if self.template.starts_with("/v2/usage") {
            "api://usage"
        } else {
            "https://api.pax8.com"
        }
    }

    /// Everything that was sent, the token request included.
    pub(crate) async fn recorded(&self, answer: &str) -> Result<Vec<Sent>> {
        let recorder = Recorder::answering(answer);
        let client = recorder.client();
        (self.run)(&client).await?;
        Ok(recorder.sent())
    }

    /// The one request that was sent besides the one for the token.
    pub(crate) async fn send(&self, answer: &str) -> Result<Sent> {
        let mut sent = self.recorded(answer).await?;
        sent.retain(|sent| sent.path != "/v1/token");
        assert_eq!(sent.len(), 1, "{}", self.name());
        Ok(sent.remove(0))
    }
}

/// Fails on the first record of a page that could not be read.
pub(crate) fn whole<T>(page: Listed<T>) -> Result<()> {
    for item in page.items {
        item.map_err(|item| item.into_error(provider_core::Operation::Verify))?;
    }
    Ok(())
}

/// A case: method, path template, query, body, answer, and the call.
macro_rules! case {
    ($method:literal, $template:literal, $query:literal, $body:expr, $answer:expr, |$client:ident| $call:expr) => {
        $crate::case::Case {
            method: $method,
            template: $template,
            query: $query,
            body: $body,
            answer: $answer.to_owned(),
            content_type: "application/json",
            accept: "application/json",
            run: Box::new(|$client| Box::pin(async move { $call.await.map(drop) })),
        }
    };
}

/// A case whose answer is a page: every record of it must be read.
macro_rules! page_case {
    ($method:literal, $template:literal, $query:literal, $body:expr, |$client:ident| $call:expr) => {
        $crate::case::Case {
            method: $method,
            template: $template,
            query: $query,
            body: $body,
            answer: $crate::case::PAGE.to_owned(),
            content_type: "application/json",
            accept: "application/json",
            run: Box::new(|$client| Box::pin(async move { $crate::case::whole($call.await?) })),
        }
    };
}

pub(crate) use {case, page_case};
