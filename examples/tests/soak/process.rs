//! Workers as their parent sees them.

use std::io::{BufRead as _, BufReader, Write as _};
use std::process::{Child, Command, Stdio};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};

use tokio::sync::mpsc::UnboundedSender;

use crate::intent::Intent;
use crate::worker::{MARK, Said};

/// A worker's word, and which worker's.
pub(crate) type Heard = (usize, Option<Said>);

/// A child that can be killed from anywhere.
#[derive(Debug, Clone)]
pub(crate) struct Worker {
    child: Arc<Mutex<Child>>,
    struck: Arc<AtomicBool>,
}

impl Worker {
    /// Starts a worker on these wishes. What it says goes to `heard`, and `None` when it has ended, however.
    pub(crate) fn start(
        number: usize,
        variables: &[(String, String)],
        wishes: &[&Intent],
        heard: UnboundedSender<Heard>,
    ) -> Self {
        let mut command = Command::new(std::env::current_exe().unwrap());
        command
            .args(["worker::as_a_child", "--exact", "--nocapture"])
            .envs(variables.iter().map(|(name, value)| (name, value)))
            .stdin(Stdio::piped())
            .stdout(Stdio::piped());
        let mut child = command.spawn().unwrap();
        let mut wanted = String::new();
        for wish in wishes {
            wanted.push_str(&serde_json::to_string(wish).unwrap());
            wanted.push('\n');
        }
        let (mut stdin, stdout) = (child.stdin.take().unwrap(), child.stdout.take().unwrap());
        let child = Arc::new(Mutex::new(child));
        let watched = Arc::clone(&child);
        std::thread::spawn(move || {
            // A worker that is killed early hears nothing of it.
            let _ = stdin.write_all(wanted.as_bytes());
            drop(stdin);
            for line in BufReader::new(stdout).lines() {
                let Ok(line) = line else { break };
                let Some((_, said)) = line.split_once(MARK) else { continue };
                // A line that the kill has torn is not said.
                if let Ok(said) = serde_json::from_str(said) {
                    let _ = heard.send((number, Some(said)));
                }
            }
            let _ = watched.lock().unwrap().wait();
            let _ = heard.send((number, None));
        });
        Self { child, struck: Arc::default() }
    }

    /// SIGKILL on Unix. Nothing of the worker runs any more when this returns, but for what it has sent.
    pub(crate) fn kill(&self) {
        let mut child = self.child.lock().unwrap();
        if child.try_wait().unwrap().is_none() {
            self.struck.store(true, Ordering::SeqCst);
            child.kill().unwrap();
            child.wait().unwrap();
        }
    }

    /// Whether it was running when it was killed.
    pub(crate) fn was_killed(&self) -> bool {
        self.struck.load(Ordering::SeqCst)
    }
}
