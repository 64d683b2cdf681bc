//! The simulated distributors behind a server that keeps what they answered, in a process of its own.
//!
//! A simulator renders a page of a thousand records while it is waited for, which no distributor is measured by here: each
//! answer is taken from it once, and given again as it was, after the time that an answer takes.

use std::collections::HashMap;
use std::io::{BufRead as _, BufReader, Write as _};
use std::net::SocketAddr;
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};

use provider_simulator::Simulator;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};
use tokio::time::Instant;

use crate::wire::{self, Request};
use crate::{ANSWER, CUSTOMERS};

/// Tells a process of this bench that it is the server.
pub(crate) const ROLE: &str = "DEFAULTS_BENCH_SERVES";

/// The process that serves, ended with its handle.
pub(crate) struct Front {
    child: Child,
    input: ChildStdin,
    output: BufReader<ChildStdout>,
    /// What points the clients at it.
    pub(crate) variables: Vec<(String, String)>,
}

impl Front {
    pub(crate) fn start() -> Self {
        let mut child = Command::new(std::env::current_exe().unwrap())
            .env(ROLE, "1")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let (input, output) = (child.stdin.take().unwrap(), child.stdout.take().unwrap());
        let mut front = Self { child, input, output: BufReader::new(output), variables: Vec::new() };
        front.variables = serde_json::from_str(&front.line()).unwrap();
        front
    }

    fn line(&mut self) -> String {
        let mut line = String::new();
        self.output.read_line(&mut line).unwrap();
        line
    }

    /// How many requests came since the last time it was asked, and how many of them the simulator had to answer.
    pub(crate) fn requests(&mut self) -> (usize, usize) {
        writeln!(self.input, "requests").unwrap();
        serde_json::from_str(&self.line()).unwrap()
    }
}

impl Drop for Front {
    fn drop(&mut self) {
        // It may have ended already.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// A request line and the body behind it.
type Asked = (String, Vec<u8>);

/// What the distributors answered, by what was asked.
#[derive(Debug, Default)]
struct Answers {
    kept: Mutex<HashMap<Asked, Arc<[u8]>>>,
    requests: AtomicUsize,
    forwarded: AtomicUsize,
}

/// Serves until the parent, which holds the other end of standard input, ends.
pub(crate) fn serve() {
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
    runtime.block_on(async {
        let simulator = Simulator::builder().customers(CUSTOMERS).start().await.unwrap();
        let answers = Arc::new(Answers::default());
        let mut variables = simulator.env();
        let mut fronts: HashMap<String, String> = HashMap::new();
        for (_, value) in &mut variables {
            let Some((behind, path)) = loopback(value) else { continue };
            let front = match fronts.get(&behind) {
                Some(front) => front.clone(),
                None => {
                    let listener = TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
                    let front = listener.local_addr().unwrap().to_string();
                    tokio::spawn(accept(listener, behind.parse().unwrap(), Arc::clone(&answers)));
                    fronts.insert(behind.clone(), front.clone());
                    front
                }
            };
            *value = format!("http://{front}{path}");
        }
        println!("{}", serde_json::to_string(&variables).unwrap());
        let asked = tokio::task::spawn_blocking(move || {
            for _ in std::io::stdin().lock().lines().map_while(Result::ok) {
                let since = |counter: &AtomicUsize| counter.swap(0, Ordering::SeqCst);
                println!("[{},{}]", since(&answers.requests), since(&answers.forwarded));
            }
        });
        asked.await.unwrap();
    });
}

/// Address and path of a URL of the simulator.
fn loopback(value: &str) -> Option<(String, String)> {
    let rest = value.strip_prefix("http://")?;
    let at = rest.find('/').unwrap_or(rest.len());
    Some((rest[..at].to_owned(), rest[at..].to_owned()))
}

async fn accept(listener: TcpListener, behind: SocketAddr, answers: Arc<Answers>) {
    loop {
        let (stream, _) = listener.accept().await.unwrap();
        tokio::spawn(connection(stream, behind, Arc::clone(&answers)));
    }
}

async fn connection(mut stream: TcpStream, behind: SocketAddr, answers: Arc<Answers>) -> std::io::Result<()> {
    stream.set_nodelay(true)?;
    let mut received = Vec::with_capacity(4096);
    while let Some(request) = wire::next(&mut stream, &mut received).await? {
        let due = Instant::now() + ANSWER;
        answers.requests.fetch_add(1, Ordering::SeqCst);
        let line = format!("{behind} {}", request.head.lines().next().unwrap_or_default());
        let key = (line, request.body.clone());
        let kept = answers.kept.lock().unwrap().get(&key).cloned();
        let answer = match kept {
            Some(answer) => answer,
            None => {
                answers.forwarded.fetch_add(1, Ordering::SeqCst);
                let answer: Arc<[u8]> = forward(behind, &request).await?.into();
                answers.kept.lock().unwrap().insert(key, Arc::clone(&answer));
                answer
            }
        };
        tokio::time::sleep_until(due).await;
        stream.write_all(&answer).await?;
    }
    Ok(())
}

/// The answer of the simulator, byte for byte but for the header that closes its connection.
async fn forward(behind: SocketAddr, request: &Request) -> std::io::Result<Vec<u8>> {
    let mut stream = TcpStream::connect(behind).await?;
    let head = request.head.trim_end();
    stream.write_all(format!("{head}\r\nConnection: close\r\n\r\n").as_bytes()).await?;
    stream.write_all(&request.body).await?;
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer).await?;
    let end = answer.windows(4).position(|window| window == b"\r\n\r\n").unwrap();
    let kept: Vec<String> = String::from_utf8_lossy(&answer[..end])
        .lines()
        .filter(|line| !line.to_ascii_lowercase().starts_with("connection:"))
        .map(str::to_owned)
        .collect();
    Ok([kept.join("\r\n").as_bytes(), &answer[end..]].concat())
}
