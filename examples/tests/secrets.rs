//! Secrets that servers repeat, in logins, headers, errors and records of all three distributors: none of them is in
//! anything that leaves. Planted are such that are written differently in every encoding. A process of its own,
//! because it listens to everything that is logged.
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    missing_docs,
    reason = "a failed unwrap is a failed test"
)]

#[path = "hostile/orders.rs"]
mod orders;
#[path = "hostile/wire.rs"]
#[allow(dead_code, reason = "made for the tests of hostile servers")]
mod wire;
#[path = "secrets/writes.rs"]
mod writes;

use std::error::Error as _;
use std::fmt::{Debug, Write as _};
use std::io;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use bytes::Bytes;
use http::{Request, Response};
use provider_core::model::Entity as _;
use provider_core::observe::{Event, Observer};
use provider_core::{
    CreateCustomer, CustomerQuery, Error, IdempotencyKey, InvoiceQuery, OrderQuery, PageRequest,
    ProductQuery, Provider, ProviderExt as _, ReadOptions, SubscriptionQuery, WriteOptions,
};
use provider_http::Body;
use tracing_subscriber::fmt::MakeWriter;

use crate::wire::{Login, Vendor, Wire, answer, observed, token};

const ACCESS: &str = "aCc3ss-tok3n/with+signs.eyJhbGciOiJIUzI1NiJ9";

fn login() -> Login {
    Login {
        secret: r#"s3cr"ét\of/cli3nt+ü&x"#.to_owned(),
        password: r#"pa"ss\wörd/with <signs>"#.to_owned(),
        refresh_token: "r3fresh/tok3n+öf%20it".to_owned(),
        api_secret: r#"ap1"s3cret\äö/x"#.to_owned(),
    }
}

/// Everything that was shown.
#[derive(Clone, Default)]
struct Shown(Arc<Mutex<String>>);

impl Debug for Shown {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Shown")
    }
}

impl io::Write for Shown {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap().push_str(&String::from_utf8_lossy(bytes));
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl<'a> MakeWriter<'a> for Shown {
    type Writer = Self;

    fn make_writer(&'a self) -> Self {
        self.clone()
    }
}

impl Observer for Shown {
    fn event(&self, event: &Event) {
        writeln!(self.0.lock().unwrap(), "{event:?} {}", serde_json::to_string(event).unwrap()).unwrap();
    }
}

impl Shown {
    fn value(&self, value: &impl Debug) {
        writeln!(self.0.lock().unwrap(), "{value:?}").unwrap();
    }

    fn error(&self, error: &Error) {
        let mut out = self.0.lock().unwrap();
        writeln!(
            out,
            "{error} {error:?} {} {:?} {:?} {:?}",
            serde_json::to_string(error).unwrap(),
            error.code(),
            error.request_id(),
            error.violations()
        )
        .unwrap();
        let mut cause = error.source();
        while let Some(error) = cause {
            writeln!(out, "{error} {error:?}").unwrap();
            cause = error.source();
        }
    }
}

fn percent(text: &str, lower: bool) -> String {
    text.bytes().fold(String::new(), |mut out, byte| {
        match byte {
            byte if byte.is_ascii_alphanumeric() => out.push(char::from(byte)),
            byte if lower => write!(out, "%{byte:02x}").unwrap(),
            byte => write!(out, "%{byte:02X}").unwrap(),
        }
        out
    })
}

fn units(text: &str, upper: bool) -> String {
    text.encode_utf16().fold(String::new(), |mut out, unit| {
        if upper { write!(out, "\\u{unit:04X}") } else { write!(out, "\\u{unit:04x}") }.unwrap();
        out
    })
}

/// Ways in which servers write a text down.
fn spellings(text: &str) -> Vec<String> {
    let json = serde_json::to_string(text).unwrap();
    let json = json[1..json.len() - 1].to_owned();
    vec![
        text.to_owned(),
        json.clone(),
        json.replace('/', "\\/"),
        units(text, false),
        units(text, true),
        percent(text, false),
        percent(text, true),
        percent(text, true).replace("%20", "+"),
        STANDARD.encode(text),
        STANDARD.encode(format!("client-1:{text}")),
        percent(&STANDARD.encode(format!("x:{text}")), true),
        text.replace('&', "&amp;").replace('"', "&quot;").replace('ä', "&auml;").replace('ö', "&#246;"),
    ]
}

/// The secrets of a connection; the token comes last.
fn secrets(vendor: Vendor) -> Vec<String> {
    let login = login();
    let mut all = match vendor {
        Vendor::Crayon => vec![login.secret, login.password],
        Vendor::Pax8 => vec![login.secret],
        Vendor::StreamOne => vec![login.refresh_token, login.api_secret],
    };
    all.push(ACCESS.to_owned());
    all
}

/// One way to repeat everything that is known.
fn echo(vendor: Vendor, spelling: usize) -> Vec<String> {
    secrets(vendor).iter().map(|secret| spellings(secret)[spelling].clone()).collect()
}

/// A JSON text that says this; what is escaped already is put in as it stands.
fn quoted(text: &str, spelling: usize) -> String {
    if (1..5).contains(&spelling) { format!("\"{text}\"") } else { serde_json::to_string(text).unwrap() }
}

/// Whatever a careless gateway does with what it was sent.
fn careless(
    request: &Request<Bytes>,
    vendor: Vendor,
    spelling: usize,
    statuses: (u16, u16),
) -> Response<Body> {
    let (status, login_status) = statuses;
    let mut echo = echo(vendor, spelling);
    // Where no token was issued, there is none to repeat.
    let access = if login_status == 200 { ACCESS } else { "-" };
    if login_status != 200 {
        echo.pop();
    }
    let said = |text: &str| quoted(text, spelling);
    let sent = request.headers().get("authorization").map(|value| value.to_str().unwrap().to_owned());
    let body = String::from_utf8_lossy(request.body()).into_owned();
    let mut response = match token(request, ACCESS) {
        Some(granted) if login_status == 200 => granted,
        Some(_) => {
            let all = echo.iter().map(|text| said(text)).collect::<Vec<_>>().join(",");
            let told = serde_json::to_string(&format!("{sent:?} {body}")).unwrap();
            let said = said(&format!("wrong: {}", echo.join(" ")));
            answer(
                login_status,
                format!(r#"{{"error_description":{said},"error":{said},"sent":{told},"all":[{all}]}}"#),
            )
        }
        None => {
            let one = said(&echo.join(" "));
            let token = said(echo.last().unwrap());
            let sent = serde_json::to_string(&sent).unwrap();
            let record = format!(
                r#"{{"id":{one},"Id":{one},"name":"x","Name":"x",{one}:{{"deep":{token}}},"status":{token},"Status":{token},"customerStatus":{token},"price":{token}}}"#
            );
            answer(
                status,
                format!(
                    r#"{{"code":{token},"message":{one},"ErrorCode":{one},"Message":{one},"detail":{one},"error":{sent},"requestId":{token},"errors":[{{"field":{one},"message":{one},"code":{one}}}],"Items":[{record}],"content":[{record}],"items":[{record}],"customers":[{record}],"TotalHits":{one}}}"#
                ),
            )
        }
    };
    for name in ["x-request-id", "server", "via", "x-correlation-id", "content-language", "retry-after"] {
        if let Ok(value) = http::HeaderValue::from_bytes(format!("gw {access} {}", echo[0]).as_bytes()) {
            response.headers_mut().insert(name, value);
        }
    }
    response
}

async fn everything(provider: &Arc<dyn Provider>, shown: &Shown) {
    shown.value(provider);
    shown.value(&provider.verify().await);
    let first = PageRequest::default();
    let deadline = Duration::from_secs(5);
    macro_rules! list {
        ($($method:ident: $query:ident),+) => {$(
            match provider.$method(&$query::default().raw(true).deadline(deadline), &first).await {
                Ok(page) => {
                    for item in page.items {
                        // The record is data and its own JSON is kept for logs and files.
                        let raw = match &item {
                            Ok(record) => record.raw(),
                            Err(error) => {
                                shown.value(error);
                                write!(shown.0.lock().unwrap(), "{error}").unwrap();
                                error.raw.as_ref()
                            }
                        };
                        if let Some(raw) = raw {
                            writeln!(shown.0.lock().unwrap(), "raw: {}", raw.get()).unwrap();
                        }
                    }
                }
                Err(error) => shown.error(&error),
            }
        )+};
    }
    list! {
        list_customers: CustomerQuery, list_products: ProductQuery, list_subscriptions: SubscriptionQuery,
        list_orders: OrderQuery, list_invoices: InvoiceQuery
    }
    let mut customers = provider.customers(CustomerQuery::default().deadline(deadline));
    while let Some(customer) = customers.next().await {
        if let Err(error) = customer {
            shown.error(&error);
        }
    }
    let options = ReadOptions::default().deadline(deadline);
    for error in [
        provider.get_customer(&"1".into(), &options).await.err(),
        provider.get_product(&"1".into(), &options).await.err(),
        provider.get_order(&"1".into(), &options).await.err(),
    ] {
        error.iter().for_each(|error| shown.error(error));
    }
    let key = WriteOptions::new(IdempotencyKey::derive("hostile", ["1"])).deadline(deadline);
    if let Err(error) = provider.create_customer(CreateCustomer::new("Example Bakery"), &key).await {
        shown.error(&error);
    }
}

/// A runtime on this thread whose pauses take no time.
fn block_on<F: Future>(future: F) -> F::Output {
    let mut runtime = tokio::runtime::Builder::new_current_thread();
    runtime.enable_all().start_paused(true).build().unwrap().block_on(future)
}

#[test]
fn no_secret_is_in_anything_that_leaves() {
    let shown = Shown::default();
    let subscriber = tracing_subscriber::fmt()
        .with_max_level(tracing::Level::TRACE)
        .with_span_events(tracing_subscriber::fmt::format::FmtSpan::FULL)
        .with_ansi(false)
        .with_writer(shown.clone())
        .finish();
    tracing::subscriber::with_default(subscriber, || {
        for spelling in 0..spellings("x").len() {
            let mut statuses = vec![(200, 200), (422, 200), (200, 400)];
            if spelling == 0 {
                statuses.extend([(400, 200), (503, 200), (200, 401), (200, 503)]);
            }
            for (status, login_status) in statuses {
                for vendor in Vendor::ALL {
                    let wire =
                        Wire::new(move |request| careless(request, vendor, spelling, (status, login_status)));
                    block_on(async {
                        let provider = observed(vendor, wire, &login(), Arc::new(shown.clone()));
                        everything(&provider, &shown).await;
                    });
                }
            }
        }
    });
    let text = shown.0.lock().unwrap();
    for proof in [
        "TRACE",
        "http.request",
        "a record could not be read",
        "unknown_value",
        "\"event\":\"attempt\"",
        "raw: {",
    ] {
        assert!(text.contains(proof), "nothing was captured of {proof}");
    }
    for secret in Vendor::ALL.into_iter().flat_map(secrets) {
        let debug = format!("{secret:?}");
        let mut needles = spellings(&secret);
        needles.push(debug[1..debug.len() - 1].to_owned());
        // As a `Debug` of what was written as JSON or by its escapes.
        let again: Vec<String> = needles.iter().map(|needle| format!("{needle:?}")).collect();
        needles.extend(again.iter().map(|again| again[1..again.len() - 1].to_owned()));
        for needle in needles {
            let found: Vec<_> = text.lines().filter(|line| line.contains(&needle)).take(3).collect();
            assert!(found.is_empty(), "{needle} in {found:#?}");
        }
    }
}
