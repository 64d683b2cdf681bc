//! Pax8's subscriptions from a process of its own, so that only the caller's CPU and memory count.

use std::io::{BufRead as _, BufReader, Write as _};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use tokio::io::AsyncWriteExt as _;
use tokio::net::{TcpListener, TcpStream};

use crate::wire;

pub(crate) const ROLE: &str = "PULL_BENCH_SERVES";
/// The largest page that Pax8 serves.
pub(crate) const PAGE: usize = 200;
/// Of so many, one has changed with every round.
pub(crate) const CHANGED: usize = 100;

/// The child, ended with its handle.
pub(crate) struct Server {
    child: Child,
    input: ChildStdin,
    output: BufReader<ChildStdout>,
    base: String,
}

impl Server {
    /// Serves so many subscriptions.
    pub(crate) fn start(records: usize) -> Self {
        let mut child = Command::new(std::env::current_exe().unwrap())
            .env(ROLE, records.to_string())
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let (input, output) = (child.stdin.take().unwrap(), child.stdout.take().unwrap());
        let mut server = Self { child, input, output: BufReader::new(output), base: String::new() };
        server.base = server.line();
        server
    }

    pub(crate) fn base(&self) -> &str {
        &self.base
    }

    fn line(&mut self) -> String {
        let mut line = String::new();
        self.output.read_line(&mut line).unwrap();
        line.trim().to_owned()
    }

    /// Changes the quantity of one subscription of [`CHANGED`].
    pub(crate) fn next_round(&mut self) {
        writeln!(self.input, "round").unwrap();
        self.line();
    }

    /// How many pages were asked for so far.
    pub(crate) fn asked(&mut self) -> usize {
        writeln!(self.input, "asked").unwrap();
        self.line().parse().unwrap()
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // It may have ended already.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

#[derive(Debug, Default)]
struct Shop {
    records: usize,
    round: AtomicUsize,
    asked: AtomicUsize,
}

/// Serves until the parent, which holds the other end of standard input, ends.
pub(crate) fn serve(records: usize) {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(async {
        let shop = Arc::new(Shop { records, ..Shop::default() });
        let listener = TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
        println!("http://{}", listener.local_addr().unwrap());
        let told = Arc::clone(&shop);
        std::thread::spawn(move || {
            for line in std::io::stdin().lock().lines().map_while(Result::ok) {
                match line.as_str() {
                    "round" => println!("{}", told.round.fetch_add(1, Ordering::SeqCst) + 1),
                    _ => println!("{}", told.asked.load(Ordering::SeqCst)),
                }
            }
            std::process::exit(0);
        });
        loop {
            let (stream, _) = listener.accept().await.unwrap();
            tokio::spawn(connection(stream, Arc::clone(&shop)));
        }
    });
}

async fn connection(mut stream: TcpStream, shop: Arc<Shop>) -> std::io::Result<()> {
    stream.set_nodelay(true)?;
    let mut received = Vec::with_capacity(4096);
    while let Some(request) = wire::next(&mut stream, &mut received).await? {
        let body = match request.target().split_once('?') {
            Some(("/v1/subscriptions", query)) => shop.page(query),
            _ => r#"{"access_token":"token","expires_in":86400,"token_type":"Bearer"}"#.to_owned(),
        };
        stream.write_all(&respond(&body)).await?;
    }
    Ok(())
}

fn respond(body: &str) -> Vec<u8> {
    let head = format!(
        "HTTP/1.1 200 OK\r\nDate: Sun, 22 Mar 2026 10:00:00 GMT\r\nContent-Type: application/json\r\n\
         Content-Length: {}\r\n\r\n",
        body.len()
    );
    [head.as_bytes(), body.as_bytes()].concat()
}

impl Shop {
    fn page(&self, query: &str) -> String {
        self.asked.fetch_add(1, Ordering::SeqCst);
        let number = |name: &str| {
            let value = query.split('&').find_map(|pair| pair.strip_prefix(name)?.strip_prefix('='));
            value.and_then(|text| text.parse::<usize>().ok())
        };
        let (page, size) = (number("page").unwrap_or(0), number("size").unwrap_or(PAGE));
        let round = self.round.load(Ordering::SeqCst);
        let records = page * size..self.records.min((page + 1) * size);
        let content: Vec<String> = records.map(|n| subscription(n, round)).collect();
        format!(
            r#"{{"content":[{}],"page":{{"size":{size},"totalElements":{},"totalPages":{},"number":{page}}}}}"#,
            content.join(","),
            self.records,
            self.records.div_ceil(size),
        )
    }
}

/// The ids of a subscription, its customer and its product.
pub(crate) fn ids(n: usize) -> [String; 3] {
    let id = |first: &str, number: usize| format!("{first}-{number:012}");
    [
        id("0c6b7a52-1d57-4c1e-8d0b", n),
        id("6f1d3c52-0a57-4c1e-9d0b", n / 10),
        id("a1b2c3d4-0a57-4c1e-9d0b", n % 700),
    ]
}

/// A row of `GET /v1/subscriptions` as Pax8 lists it.
fn subscription(n: usize, round: usize) -> String {
    let quantity = if n.is_multiple_of(CHANGED) { round + 1 } else { 1 };
    let [id, customer, product] = ids(n);
    let (number, day) = (n % 700, n % 28 + 1);
    format!(
        concat!(
            r#"{{"id":"{}","companyId":"{}","productId":"{}","productName":"Productivity Suite {}","#,
            r#""vendorSubscriptionId":"b77d3c52-0a57-4c1e-9d0b-{:012}","quantity":{},"#,
            r#""startDate":"2026-01-{:02}T00:00:00.000Z","endDate":"2027-01-{:02}T00:00:00.000Z","#,
            r#""createdDate":"2026-01-{:02}T10:00:00.000Z","billingStart":"2026-01-{:02}","status":"Active","#,
            r#""price":15.00,"partnerCost":12.50,"currencyCode":"USD","billingTerm":"Monthly","#,
            r#""commitment":{{"id":"c9d3c52a-0a57-4c1e-9d0b-{:012}","term":"1-Year","endDate":"2027-01-{:02}T00:00:00.000Z"}}}}"#,
        ),
        id, customer, product, number, n, quantity, day, day, day, day, n, day,
    )
}
