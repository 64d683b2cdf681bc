//! Runs examples as a person at a terminal does: with the variables given and no others, and with folders
//! of their own for what is kept.

use std::path::PathBuf;
use std::process::{Command, Output};

use serde_json::Value;
use tempfile::TempDir;

/// One person's environment: every run sees the same folders.
pub(crate) struct Shell {
    variables: Vec<(String, String)>,
    folder: TempDir,
}

/// The example's binary, which `cargo test` has built beside this one.
fn binary(name: &str) -> PathBuf {
    let test = std::env::current_exe().unwrap();
    let folder = test.parent().and_then(|deps| deps.parent()).unwrap().join("examples");
    let path = folder.join(format!("{name}{}", std::env::consts::EXE_SUFFIX));
    assert!(path.exists(), "{} is not built: run `cargo test`, which builds examples", path.display());
    path
}

impl Shell {
    pub(crate) fn new(variables: Vec<(String, String)>) -> Self {
        Self { variables, folder: tempfile::tempdir().unwrap() }
    }

    /// The same folders with other variables.
    #[allow(dead_code, reason = "not every test needs it")]
    pub(crate) fn with(self, variables: Vec<(String, String)>) -> Self {
        Self { variables, ..self }
    }

    /// A file in the person's directory for state, on Linux.
    #[allow(dead_code, reason = "not every test looks into it")]
    pub(crate) fn file(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    pub(crate) async fn run(&self, example: &str, args: &[&str]) -> Output {
        let mut command = self.command(example, args);
        tokio::task::spawn_blocking(move || command.output().unwrap()).await.unwrap()
    }

    pub(crate) fn command(&self, example: &str, args: &[&str]) -> Command {
        let mut command = Command::new(binary(example));
        command.args(args);
        for (name, _) in std::env::vars() {
            if ["CRAYON_", "PAX8_", "STREAMONE_", "PROVIDER_"].iter().any(|prefix| name.starts_with(prefix)) {
                command.env_remove(name);
            }
        }
        // Where each platform keeps state.
        for name in ["HOME", "XDG_STATE_HOME", "LOCALAPPDATA"] {
            command.env(name, self.folder.path());
        }
        command.envs(self.variables.iter().map(|(name, value)| (name, value)));
        command
    }
}

pub(crate) fn out(output: &Output) -> String {
    String::from_utf8(output.stdout.clone()).unwrap()
}

pub(crate) fn err(output: &Output) -> String {
    String::from_utf8(output.stderr.clone()).unwrap()
}

pub(crate) fn lines(output: &Output) -> Vec<Value> {
    out(output).lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}
