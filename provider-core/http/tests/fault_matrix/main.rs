//! Every fault x {read, write}: what the client says about it, held against what the server really did,
//! and printed as the table of docs/reliability.md.
//!
//! `UPDATE_DOCS=1 cargo test -p provider-http --test fault_matrix` writes the table; without it the test
//! fails when the table is out of date.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    missing_docs,
    reason = "a failed unwrap is a failed test"
)]
#![cfg(feature = "rustls")]

mod expected;
mod table;

use std::time::{Duration, Instant};

use provider_core::{Advice, CommandKind, Delivery, EntityKind, Error, Operation, ProviderInfo};
use provider_http::{CallOptions, HttpClient, HttpOptions, ProxySetting, RequestSpec};
use provider_testkit::fault::{FaultServer, Repeat, WireFault};
use serde::Deserialize;

use expected::{Expected, expected};
use table::Row;

const DEADLINE: Duration = Duration::from_secs(12);
/// What the machine may add to a deadline: waking a task late on two busy cores. What never answers takes for ever.
const GRACE: Duration = Duration::from_secs(8);
const ATTEMPTS: u32 = 2;

/// What every good answer of the server says.
#[derive(Debug, Deserialize)]
struct Fine {
    ok: bool,
}

fn client(server: &FaultServer) -> HttpClient {
    let options = HttpOptions::default()
        .attempt_timeout(Duration::from_millis(2500))
        .read_timeout(Duration::from_millis(1500))
        .max_attempts(ATTEMPTS)
        .backoff_base(Duration::from_millis(1))
        .max_body(1024 * 1024)
        .proxy(ProxySetting::None);
    HttpClient::builder(&ProviderInfo::new("fault", "matrix"), server.base_url().parse().unwrap())
        .base_setting("FAULT_BASE_URL")
        .rate(provider_http::RateLimit::unlimited().first_pause(Duration::from_secs(1)))
        .options(options)
        .build()
        .unwrap()
}

/// One call with its answer read, as a client makes it.
async fn call(server: &FaultServer, spec: RequestSpec) -> Result<(), Error> {
    let http = client(server);
    let start = Instant::now();
    let result = match http.send(spec, &CallOptions::default().deadline(DEADLINE)).await {
        Ok(answer) => answer.json::<Fine>().map(|fine| assert!(fine.ok)),
        Err(error) => Err(error),
    };
    assert!(start.elapsed() < DEADLINE + GRACE, "it outlived its deadline: {:?}", start.elapsed());
    result
}

fn read() -> RequestSpec {
    RequestSpec::get("/orders").operation(Operation::List(EntityKind::Order))
}

fn write() -> RequestSpec {
    RequestSpec::post("/orders")
        .json(&serde_json::json!({"quantity": 1}))
        .unwrap()
        .operation(Operation::Execute(CommandKind::PlaceOrder))
}

/// Differences between what was expected and what came, of one fault.
#[derive(Default)]
struct Findings(Vec<String>);

impl Findings {
    fn call(&mut self, what: &str, fault: WireFault, error: &Error, wanted: &Expected, advice: Advice) {
        let got = (error.kind(), error.delivery(), error.advice(), error.attempts());
        let wanted = (wanted.kind, wanted.delivery, advice, wanted.attempts);
        self.holds(got == wanted, || format!("{what}, {fault}: {got:?} instead of {wanted:?}: {error:?}"));
    }

    fn holds(&mut self, condition: bool, otherwise: impl FnOnce() -> String) {
        if !condition {
            self.0.push(otherwise());
        }
    }
}

async fn row(fault: WireFault) -> (Row, Findings) {
    let wanted = expected(fault);
    let mut findings = Findings::default();

    let server = FaultServer::start(fault, Repeat::Always).await.unwrap();
    let read_error = call(&server, read()).await.expect_err(fault.words());
    findings.call("read", fault, &read_error, &wanted.read, wanted.read_advice());

    let server = FaultServer::start(fault, Repeat::Always).await.unwrap();
    let write_error = call(&server, write()).await.expect_err(fault.words());
    findings.call("write", fault, &write_error, &wanted.write, wanted.write_advice());
    // What a caller stakes money on.
    let applied = server.applied();
    findings.holds(applied <= 1, || format!("{fault}: the write was applied {applied} times"));
    let denied = matches!(write_error.delivery(), Delivery::NotSent | Delivery::Rejected);
    findings.holds(!(denied && applied > 0), || format!("{fault}: it is said not to have happened"));
    let careful = write_error.advice() == Advice::AfterReconcile;
    findings.holds(applied == 0 || careful, || format!("{fault}: a resend is invited"));

    let server = FaultServer::start(fault, Repeat::First(1)).await.unwrap();
    let survived = call(&server, read()).await.is_ok();
    findings.holds(survived == wanted.survived, || format!("{fault}: met once, survived: {survived}"));

    (Row { fault, applied: applied == 1, read: read_error, write: write_error, survived }, findings)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_fault_has_one_outcome_for_reads_and_one_for_writes() {
    // A few at a time: enough to be quick, too few to starve each other of the time limits above.
    let (mut rows, mut findings) = (Vec::new(), Vec::new());
    for group in WireFault::all().collect::<Vec<_>>().chunks(4) {
        let running: Vec<_> = group.iter().map(|fault| tokio::spawn(row(*fault))).collect();
        for row in running {
            let (row, found) = row.await.unwrap();
            rows.push(row);
            findings.extend(found.0);
        }
    }
    assert!(findings.is_empty(), "{}", findings.join("\n"));
    assert_eq!(rows.len(), WireFault::all().count());
    table::check(&rows);
}
