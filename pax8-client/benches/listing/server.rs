//! A server in a process of its own, with every answer rendered before the first request.

use std::io::{BufRead as _, BufReader};
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::time::Duration;

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};
use url::Url;

pub(crate) const ROLE: &str = "LISTING_BENCH_SERVES";
pub(crate) const RECORDS: usize = 10_000;
pub(crate) const PAGE: usize = 200;
pub(crate) const SLOW_PAGES: usize = 100;
pub(crate) const SLOW_PAGE: usize = 20;
pub(crate) const DELAY: Duration = Duration::from_millis(50);

/// The child, ended with its handle.
pub(crate) struct Server {
    child: Child,
    base: Url,
}

impl Server {
    pub(crate) fn start() -> Self {
        let mut child = Command::new(std::env::current_exe().unwrap())
            .env(ROLE, "1")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut line = String::new();
        BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).unwrap();
        Self { child, base: line.trim().parse().unwrap() }
    }

    pub(crate) fn base(&self) -> Url {
        self.base.clone()
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // It may have ended already.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Answers by path: whole listings at once, or slowly with page numbers or page tokens.
struct Answers {
    token: Vec<u8>,
    companies: Vec<Vec<u8>>,
    numbered: Vec<Vec<u8>>,
    tokens: Vec<Vec<u8>>,
}

pub(crate) fn serve() {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(async {
        let answers = Arc::new(Answers::render());
        let listener = TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
        println!("http://{}", listener.local_addr().unwrap());
        // The parent holds the other end of this pipe: when it ends, so does this process.
        std::thread::spawn(|| {
            let _ = std::io::stdin().lock().lines().next();
            std::process::exit(0);
        });
        loop {
            let (stream, _) = listener.accept().await.unwrap();
            tokio::spawn(connection(stream, Arc::clone(&answers)));
        }
    });
}

async fn connection(mut stream: TcpStream, answers: Arc<Answers>) -> std::io::Result<()> {
    stream.set_nodelay(true)?;
    let mut received = Vec::with_capacity(4096);
    loop {
        let end = loop {
            if let Some(at) = received.windows(4).position(|w| w == b"\r\n\r\n") {
                break at + 4;
            }
            if stream.read_buf(&mut received).await? == 0 {
                return Ok(());
            }
        };
        let head = String::from_utf8_lossy(&received[..end]).into_owned();
        let body = length(&head);
        while received.len() < end + body {
            stream.read_buf(&mut received).await?;
        }
        received.drain(..end + body);
        let target = head.split(' ').nth(1).unwrap_or_default();
        let (path, query) = target.split_once('?').unwrap_or((target, ""));
        let parameter =
            |name: &str| query.split('&').find_map(|pair| pair.strip_prefix(name)?.strip_prefix('='));
        let number = |name: &str| parameter(name).and_then(|text| text.parse::<usize>().ok()).unwrap_or(0);
        let (answer, delay) = match path {
            "/v1/token" => (Some(&answers.token), None),
            "/v1/companies" => (answers.companies.get(number("page")), None),
            "/slow/numbered" => (answers.numbered.get(number("page")), Some(DELAY)),
            "/slow/tokens" => (answers.tokens.get(number("pageToken")), Some(DELAY)),
            _ => (None, None),
        };
        if let Some(delay) = delay {
            tokio::time::sleep(delay).await;
        }
        let missing = b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n";
        stream.write_all(answer.map_or(missing.as_slice(), Vec::as_slice)).await?;
    }
}

/// How many bytes follow the head.
fn length(head: &str) -> usize {
    let named = |line: &str| -> Option<usize> {
        let (name, value) = line.split_once(':')?;
        if name.eq_ignore_ascii_case("content-length") { value.trim().parse().ok() } else { None }
    };
    head.lines().find_map(named).unwrap_or(0)
}

impl Answers {
    fn render() -> Self {
        let all: Vec<String> = (0..RECORDS).map(company).collect();
        let slow = &all[..SLOW_PAGES * SLOW_PAGE];
        let numbered = |records: &[String], size: usize| {
            let pages = records.len().div_ceil(size);
            let page = |(number, content): (usize, &[String])| {
                respond(&format!(
                    r#"{{"content":[{}],"page":{{"size":{size},"totalElements":{},"totalPages":{pages},"number":{number}}}}}"#,
                    content.join(","),
                    records.len(),
                ))
            };
            records.chunks(size).enumerate().map(page).collect()
        };
        let token = |(number, content): (usize, &[String])| {
            let next = if number + 1 < SLOW_PAGES { (number + 1).to_string() } else { String::new() };
            respond(&format!(
                r#"{{"content":[{}],"nextPageToken":"{next}","totalSize":{}}}"#,
                content.join(","),
                slow.len(),
            ))
        };
        Self {
            token: respond(r#"{"access_token":"token","expires_in":86400,"token_type":"Bearer"}"#),
            companies: numbered(&all, PAGE),
            numbered: numbered(slow, SLOW_PAGE),
            tokens: slow.chunks(SLOW_PAGE).enumerate().map(token).collect(),
        }
    }
}

/// A row of `GET /v1/companies` as Pax8 lists it.
fn company(n: usize) -> String {
    let status = if n.is_multiple_of(16) { "Inactive" } else { "Active" };
    let (day, hour, minute) = (n % 28 + 1, n % 24, n % 60);
    format!(
        concat!(
            r#"{{"id":"6f1d3c52-0a57-4c1e-9d0b-{:012}","name":"Example Bakery {} Ltd","address":{{"street":"{} Harbor Street","#,
            r#""street2":"Suite {}","city":"Springfield","postalCode":"{:05}","country":"US","stateOrProvince":"CO"}},"#,
            r#""phone":"+1 303 555 {:04}","website":"https://bakery-{}.example.com","externalId":"CRM-{:07}","#,
            r#""billOnBehalfOfEnabled":false,"selfServiceAllowed":{},"orderApprovalRequired":false,"status":"{}","#,
            r#""updatedDate":"2026-03-{:02}T{:02}:{:02}:07.123Z"}}"#
        ),
        n,
        n,
        n % 900 + 1,
        n % 90,
        n % 99_999,
        n % 10_000,
        n,
        n,
        n.is_multiple_of(3),
        status,
        day,
        hour,
        minute,
    )
}

fn respond(body: &str) -> Vec<u8> {
    let head = format!(
        "HTTP/1.1 200 OK\r\nDate: Sun, 22 Mar 2026 10:00:00 GMT\r\nContent-Type: application/json\r\n\
         X-Request-Id: 8e6f2f0c-6d0b-4d5b-9a53-0f6f2a1f7c11\r\nCache-Control: no-store\r\n\
         Content-Length: {}\r\n\r\n",
        body.len()
    );
    [head.as_bytes(), body.as_bytes()].concat()
}
