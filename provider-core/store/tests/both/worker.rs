//! What this binary does as a child of itself.

use std::io::{BufRead as _, BufReader, Write as _};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};

use provider_core::journal::{Begin, Journal as _};
use provider_store::StoreErrorKind;

use crate::attempts::{MINUTE, chain, change};
use crate::support::{keep, opening};

const TASK: &str = "PROVIDER_STORE_TASK";
const ADDRESS: &str = "PROVIDER_STORE_ADDRESS";
const MARK: &str = "> ";

/// Half of a crowd of sixteen.
pub(crate) const HALF: usize = 8;

/// A child process with something to do.
#[derive(Debug)]
pub(crate) struct Worker {
    child: Child,
    orders: ChildStdin,
    answers: BufReader<ChildStdout>,
}

pub(crate) fn command(task: &str, address: &str) -> Command {
    let mut command = Command::new(std::env::current_exe().unwrap());
    command
        .args(["worker::as_a_child", "--exact", "--nocapture"])
        .env(TASK, task)
        .env(ADDRESS, address)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped());
    command
}

impl Worker {
    pub(crate) fn start(mut command: Command) -> Self {
        let mut child = command.spawn().unwrap();
        let orders = child.stdin.take().unwrap();
        let answers = BufReader::new(child.stdout.take().unwrap());
        Self { child, orders, answers }
    }

    pub(crate) fn order(&mut self, order: &str) {
        writeln!(self.orders, "{order}").unwrap();
    }

    /// The next line that it says to us, and not for the test runner.
    pub(crate) fn answer(&mut self) -> String {
        let mut line = String::new();
        while self.answers.read_line(&mut line).unwrap() > 0 {
            if let Some((_, answer)) = line.split_once(MARK) {
                return answer.trim().to_owned();
            }
            line.clear();
        }
        panic!("the child ended without an answer");
    }

    /// SIGKILL on Unix.
    pub(crate) fn kill(mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }

    pub(crate) fn end(mut self) {
        drop(self.orders);
        assert!(self.child.wait().unwrap().success());
    }
}

fn say(answer: &str) {
    println!("{MARK}{answer}");
    std::io::stdout().flush().unwrap();
}

/// The orders that come, one a line, until the parent hangs up.
fn orders() -> impl Iterator<Item = String> {
    std::io::stdin().lines().map(|line| line.unwrap())
}

fn order() -> Option<String> {
    orders().next()
}

#[test]
fn as_a_child() {
    let (Ok(task), Ok(address)) = (std::env::var(TASK), std::env::var(ADDRESS)) else { return };
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    match task.as_str() {
        "keep" => runtime.block_on(hold(&address)),
        "begin" => runtime.block_on(begin(&address)),
        "lease" => runtime.block_on(lease(&address)),
        "reserve" => runtime.block_on(reserve(&address)),
        "try" => runtime.block_on(try_to_write(&address)),
        other => panic!("no task: {other}"),
    }
}

/// Keeps the store locked until told otherwise.
async fn hold(address: &str) {
    let _held = keep(address).await;
    say("kept");
    let _ = orders().next();
}

/// Begins half a crowd on each subscription that is named.
async fn begin(address: &str) {
    let crowd = crowd(address).await;
    say("ready");
    while let Some(subscription) = order() {
        say(&fresh_of(&crowd, "child", &subscription).await.to_string());
    }
}

pub(crate) async fn crowd(address: &str) -> Vec<std::sync::Arc<dyn provider_core::journal::Journal>> {
    let mut crowd = Vec::new();
    for _ in 0..HALF {
        crowd.push(opening(address).await.unwrap().journal());
    }
    crowd
}

/// How many of a crowd were fresh; all others have to be blocked.
pub(crate) async fn fresh_of(
    crowd: &[std::sync::Arc<dyn provider_core::journal::Journal>],
    whose: &str,
    subscription: &str,
) -> usize {
    let tasks: Vec<_> = crowd
        .iter()
        .enumerate()
        .map(|(n, journal)| {
            let (journal, attempt) = (
                std::sync::Arc::clone(journal),
                change(&format!("{whose} {subscription} {n}"), subscription),
            );
            tokio::spawn(async move { journal.begin(&attempt, MINUTE).await.unwrap() })
        })
        .collect();
    let mut fresh = 0;
    for task in tasks {
        match task.await.unwrap() {
            Begin::Fresh(_) => fresh += 1,
            Begin::Blocked(_) => {}
            other => panic!("neither fresh nor blocked: {other:?}"),
        }
    }
    fresh
}

/// Holds a lease on a token until it is killed.
async fn lease(address: &str) {
    let tokens = opening(address).await.unwrap().token_store();
    let _lease = tokens.lease(&chain(), std::time::Duration::from_millis(400)).await.unwrap();
    say("held");
    let _ = orders().next();
}

/// Begins an attempt, and is killed.
async fn reserve(address: &str) {
    let journal = opening(address).await.unwrap().journal();
    let mut attempt = change("reserved", "S-1");
    attempt.holder = Some("the child".to_owned());
    journal.begin(&attempt, MINUTE).await.unwrap();
    say("reserved");
    let _ = orders().next();
}

/// Opens the store and begins; says what came of it.
async fn try_to_write(address: &str) {
    let begun = match opening(address).await {
        Ok(store) => {
            let listed = store.journal().open_attempts(None).await;
            let begun = store.journal().begin(&change("child", "S-9"), MINUTE).await;
            begun.map(|_| listed.map(|open| open.len()).unwrap_or_default())
        }
        Err(error) => Err(error),
    };
    match begun {
        Ok(_) => say("written"),
        Err(error) => say(&format!("{:?} {error}", StoreErrorKind::of(&error))),
    }
}
