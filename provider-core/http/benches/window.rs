//! How long an order counts as sent before its first byte is: from the moment the journal has stored it to the
//! moment the server has the first byte of the request. Only a kill in between leaves an order unknown that was
//! never sent.
//!
//! `cargo bench -p provider-http --bench window`. The server answers over loopback after 20 ms, sooner than any
//! distributor; the longer an answer takes, the smaller the share of the window is.

#![allow(
    clippy::unwrap_used,
    clippy::print_stdout,
    missing_docs,
    reason = "a program that measures, and a failed unwrap is a failed bench"
)]

use std::io::{Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::process::ExitCode;
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use provider_core::journal::{Begin, Fence, Journal, MemoryJournal};
use provider_core::layer::Journaled;
use provider_core::{
    Attempt, Capabilities, Command, IdempotencyKey, NewOrder, NewOrderLine, Operation, Outcome, PlaceOrder,
    Provider, ProviderInfo, Receipt, Result, WriteOptions, async_trait,
};
use provider_http::{HttpClient, OperationContext, RequestSpec};

const ORDERS: u32 = 300;
const COLD: u32 = 50;
const ANSWER: Duration = Duration::from_millis(20);
const DEADLINE: Duration = Duration::from_secs(60);
/// Of so many kills that strike anywhere in a call, one may fall into the window.
const KILLS: u32 = 200;

/// When the journal had stored an order, and how long after that its first byte arrived.
#[derive(Debug, Default)]
struct Watch {
    armed: Mutex<Option<Instant>>,
    windows: Mutex<Vec<Duration>>,
}

/// Answers everything after a while, on connections that stay open.
fn serve(mut stream: TcpStream, watch: &Watch) {
    stream.set_nodelay(true).unwrap();
    let (mut buffer, mut request) = ([0; 16 * 1024], Vec::new());
    while let Ok(read @ 1..) = stream.read(&mut buffer) {
        let now = Instant::now();
        if request.is_empty()
            && buffer.starts_with(b"POST")
            && let Some(armed) = watch.armed.lock().unwrap().take()
        {
            watch.windows.lock().unwrap().push(now.saturating_duration_since(armed));
        }
        request.extend_from_slice(buffer.get(..read).unwrap_or_default());
        // The bodies are empty.
        if request.ends_with(b"\r\n\r\n") {
            request.clear();
            std::thread::sleep(ANSWER);
            stream.write_all(b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\n{}").unwrap();
        }
    }
}

/// The journal in memory, with a note of when an attempt was stored as sent. How long storing takes does not
/// matter here: the window begins when it is over.
#[derive(Debug)]
struct Noted {
    inner: MemoryJournal,
    watch: Arc<Watch>,
}

#[async_trait]
impl Journal for Noted {
    async fn begin(&self, attempt: &Attempt, ttl: Duration) -> Result<Begin> {
        self.inner.begin(attempt, ttl).await
    }

    async fn arm(&self, attempt: &Attempt, fence: Fence, ttl: Duration) -> Result<()> {
        self.inner.arm(attempt, fence, ttl).await?;
        *self.watch.armed.lock().unwrap() = Some(Instant::now());
        Ok(())
    }

    async fn finish(&self, attempt: &Attempt, fence: Fence, receipt: &Receipt) -> Result<()> {
        self.inner.finish(attempt, fence, receipt).await
    }

    async fn release(&self, attempt: &Attempt, fence: Fence) -> Result<()> {
        self.inner.release(attempt, fence).await
    }

    async fn leave_open(&self, attempt: &Attempt, fence: Fence) -> Result<()> {
        self.inner.leave_open(attempt, fence).await
    }
}

/// Reads what an order needs, unless it shall meet no open connection, and sends the order.
#[derive(Debug)]
struct Distributor {
    client: HttpClient,
    info: ProviderInfo,
    capabilities: Capabilities,
    reads: bool,
}

#[async_trait]
impl Provider for Distributor {
    fn info(&self) -> &ProviderInfo {
        &self.info
    }

    fn capabilities(&self) -> &Capabilities {
        &self.capabilities
    }

    fn announces_sending(&self) -> bool {
        true
    }

    async fn execute(&self, command: &Command, options: &WriteOptions) -> Result<Receipt> {
        let cx = OperationContext::write(Operation::Execute(command.kind()), options, DEADLINE);
        if self.reads {
            self.client.send(RequestSpec::get("/products/1"), &cx.call()).await?;
        }
        self.client.send(RequestSpec::post("/orders"), &cx.call()).await?;
        Ok(Receipt::new(Outcome::Accepted))
    }
}

fn provider(base: &str, watch: &Arc<Watch>, reads: bool) -> Journaled<Distributor> {
    let info = ProviderInfo::new("acme", "main");
    let client =
        HttpClient::builder(&info, base.parse().unwrap()).base_setting("ACME_BASE_URL").build().unwrap();
    let distributor = Distributor { client, info, capabilities: Capabilities::default(), reads };
    let journal = Noted { inner: MemoryJournal::default(), watch: Arc::clone(watch) };
    Journaled::new(distributor, Arc::new(journal))
}

/// Places an order and answers how long it took.
async fn order(provider: &Journaled<Distributor>, what: &str, number: u32) -> Duration {
    let key = IdempotencyKey::derive(what, [number.to_string()]);
    let order = NewOrder::new("c").line(NewOrderLine::new("p", 1));
    let (command, options) = (PlaceOrder::new(order).into(), WriteOptions::new(key));
    let started = Instant::now();
    provider.execute(&command, &options).await.unwrap();
    started.elapsed()
}

/// Prints what was measured, and answers the share of the windows in the time of the calls.
fn report(what: &str, watch: &Watch, took: Duration) -> f64 {
    let mut windows = std::mem::take(&mut *watch.windows.lock().unwrap());
    windows.sort();
    let at = |share: usize| windows.get((windows.len() * share / 100).min(windows.len() - 1)).unwrap();
    let share = windows.iter().sum::<Duration>().as_secs_f64() / took.as_secs_f64();
    println!(
        "{what:<28} {} orders: median {:>6.0} us, 99 % {:>6.0} us, longest {:>6.0} us; 1 in {:.0} of the call",
        windows.len(),
        at(50).as_secs_f64() * 1e6,
        at(99).as_secs_f64() * 1e6,
        at(100).as_secs_f64() * 1e6,
        1.0 / share,
    );
    share
}

async fn measure(base: &str, watch: &Arc<Watch>) -> bool {
    let warm = provider(base, watch, true);
    let mut took = Duration::ZERO;
    for number in 0..ORDERS {
        took += order(&warm, "warm", number).await;
    }
    let share = report("after a read", watch, took);
    let mut took = Duration::ZERO;
    for number in 0..COLD {
        // A client of its own has no connection yet. TLS to a distributor adds two round trips to this.
        took += order(&provider(base, watch, false), "cold", number).await;
    }
    report("with no connection open", watch, took);
    let held = share <= 1.0 / f64::from(KILLS);
    println!("limit after a read: 1 in {KILLS}: {}", if held { "held" } else { "MISSED" });
    held
}

fn main() -> ExitCode {
    // `cargo test --benches` builds and starts benches as well, without this flag.
    if !std::env::args().any(|argument| argument == "--bench") {
        println!("run it with `cargo bench -p provider-http --bench window`");
        return ExitCode::SUCCESS;
    }
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let base = format!("http://{}", listener.local_addr().unwrap());
    let watch = Arc::new(Watch::default());
    let watching = Arc::clone(&watch);
    std::thread::spawn(move || {
        for stream in listener.incoming() {
            let watch = Arc::clone(&watching);
            std::thread::spawn(move || serve(stream.unwrap(), &watch));
        }
    });
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
    if runtime.block_on(measure(&base, &watch)) { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}
