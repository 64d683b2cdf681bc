//! Every method of the client with arguments that fill everything, and the request that has to leave.

#![allow(deprecated, reason = "the replaced endpoints are called as well")]

use chrono::{DateTime, Utc};
use crayon_client::model::DownloadedFile;
use crayon_client::{CrayonClient, Document, Listed};
use provider_core::Result;
use provider_http::Downloaded;
use serde::Serialize;
use serde_json::{Value, json};

use super::recorder::{Recorder, Sent};

/// A record with these members set: records of the client cannot be written out in full from outside.
macro_rules! model {
    ($name:ident { $($field:ident : $value:expr),* $(,)? }) => {{
        #[allow(unused_mut, reason = "a record may have no members")]
        let mut record = $name::default();
        $( record.$field = $value; )*
        record
    }};
}

/// Makes a call, and keeps what it sent, what it had to send, and what it read.
macro_rules! case {
    ($calls:ident, $expected:literal, $call:expr) => {{
        #[allow(unused_imports, reason = "lists and downloads are shown in their own way")]
        use crate::calls::{Answered, Shown as _};
        let read = Answered($call).shown();
        $calls.keep(stringify!($call), $expected, read);
    }};
}

mod accounts;
mod agreements;
mod assets;
mod azure_plans;
mod billing_statements;
pub(crate) mod bodies;
mod consumers;
mod containers;
mod customers;
mod orders;
mod organizations;
mod products;
mod subscriptions;
mod usage;

const GUID: &str = "3f2b8d0a-6f0e-4c55-9d1a-0b7e5f9c1a22";

fn some(text: &str) -> Option<String> {
    Some(text.to_owned())
}

fn day() -> DateTime<Utc> {
    "2025-03-01T09:00:00Z".parse().unwrap()
}

fn document(json: &str) -> Document {
    serde_json::from_str(json).unwrap()
}

/// A call that was made.
pub(crate) struct Case {
    /// How it is called on the client, as the table of endpoints writes it.
    pub(crate) call: String,
    /// The request that had to leave; empty where the whole record was sent.
    pub(crate) expected: &'static str,
    pub(crate) sent: Vec<Sent>,
    /// What the typed answer holds, as JSON.
    pub(crate) read: Result<Value>,
}

/// Calls the client and keeps what came of it.
pub(crate) struct Calls<'a> {
    client: CrayonClient,
    recorder: &'a Recorder,
    cases: Vec<Case>,
}

impl Calls<'_> {
    fn keep(&mut self, code: &str, expected: &'static str, read: Result<Value>) {
        // `c.users().get(..).await` is the row `users().get`.
        let code: String = code.chars().filter(|letter| !letter.is_whitespace()).collect();
        let (handle, rest) = code.trim_start_matches("c.").split_once("().").unwrap();
        let (method, _) = rest.split_once('(').unwrap();
        let call = format!("{handle}().{method}");
        self.cases.push(Case { call, expected, sent: self.recorder.take(), read });
    }
}

/// What a call ended in.
pub(crate) struct Answered<T>(pub(crate) Result<T>);

impl<T: Serialize> Answered<Listed<T>> {
    pub(crate) fn shown(self) -> Result<Value> {
        self.0.map(|list| Value::Array(list.into_records().map(|item| json!(item)).collect()))
    }
}

impl Answered<Downloaded> {
    pub(crate) fn shown(self) -> Result<Value> {
        self.0.map(|file| json!({ "bytes": file.bytes }))
    }
}

impl Answered<DownloadedFile> {
    pub(crate) fn shown(self) -> Result<Value> {
        self.0.map(|file| json!({ "bytes": file.bytes, "fileName": file.file_name }))
    }
}

/// Shows every other answer by what it is written as.
pub(crate) trait Shown {
    fn shown(self) -> Result<Value>;
}

impl<T: Serialize> Shown for Answered<T> {
    fn shown(self) -> Result<Value> {
        self.0.map(|answer| json!(answer))
    }
}

/// Makes every call.
pub(crate) async fn all(client: &CrayonClient, recorder: &Recorder) -> Vec<Case> {
    let mut calls = Calls { client: client.clone(), recorder, cases: Vec::new() };
    accounts::all(&mut calls).await;
    organizations::all(&mut calls).await;
    customers::all(&mut calls).await;
    agreements::all(&mut calls).await;
    products::all(&mut calls).await;
    subscriptions::all(&mut calls).await;
    orders::all(&mut calls).await;
    billing_statements::all(&mut calls).await;
    usage::all(&mut calls).await;
    azure_plans::all(&mut calls).await;
    assets::all(&mut calls).await;
    consumers::all(&mut calls).await;
    containers::all(&mut calls).await;
    calls.cases
}
