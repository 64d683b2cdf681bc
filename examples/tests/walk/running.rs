//! An example that runs beside the others.

use std::io::{BufRead as _, BufReader, Read as _};
use std::process::{Child, ChildStdout, Stdio};

use crate::run::Shell;

/// A started example. Ended when it is dropped.
pub(crate) struct Running {
    child: Child,
    stdout: Option<BufReader<ChildStdout>>,
}

impl Running {
    /// Starts an example, and waits for the first line that it prints.
    pub(crate) async fn start(
        shell: &Shell,
        example: &str,
        args: &[&str],
        more: (&str, &str),
    ) -> (Self, String) {
        let mut command = shell.command(example, args);
        command.env(more.0, more.1).stdout(Stdio::piped());
        tokio::task::spawn_blocking(move || {
            let mut child = command.spawn().unwrap();
            let mut stdout = BufReader::new(child.stdout.take().unwrap());
            let mut line = String::new();
            stdout.read_line(&mut line).unwrap();
            (Self { child, stdout: Some(stdout) }, line.trim().to_owned())
        })
        .await
        .unwrap()
    }

    /// Waits until it ends by itself: its exit code, and what else it printed.
    pub(crate) async fn finish(mut self) -> (Option<i32>, String) {
        tokio::task::spawn_blocking(move || {
            let mut rest = String::new();
            self.stdout.take().unwrap().read_to_string(&mut rest).unwrap();
            (self.child.wait().unwrap().code(), rest)
        })
        .await
        .unwrap()
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        // Ended already in a test that passes.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
