//! The guide for newcomers, done to the letter: an outside program in an empty folder, with the lines that are printed.

#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    missing_docs,
    reason = "a failed unwrap is a failed test"
)]

use std::collections::BTreeSet;
use std::fs::File;
use std::path::{Path, PathBuf};
use std::process::{Child, Command};
use std::time::{Duration, Instant};

const GUIDE: &str = include_str!("../../docs/getting-started.md");

/// The readmes, each with the crates that are in its lines of commands and in its samples.
const READMES: [(&str, &str); 11] = [
    ("README.md", include_str!("../../README.md")),
    ("docs/getting-started.md", GUIDE),
    ("provider-core", include_str!("../../provider-core/README.md")),
    ("provider-http", include_str!("../../provider-core/http/README.md")),
    ("provider-store", include_str!("../../provider-core/store/README.md")),
    ("provider-sync", include_str!("../../provider-core/sync/README.md")),
    ("provider-testkit", include_str!("../../provider-core/testkit/README.md")),
    ("provider-simulator", include_str!("../../provider-core/simulator/README.md")),
    ("crayon-client", include_str!("../../crayon-client/README.md")),
    ("pax8-client", include_str!("../../pax8-client/README.md")),
    ("streamone-client", include_str!("../../streamone-client/README.md")),
];

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap().to_owned()
}

/// The fenced blocks of a language.
fn blocks<'a>(text: &'a str, language: &str) -> Vec<&'a str> {
    let fence = format!("```{language}\n");
    text.split(&*fence).skip(1).map(|rest| rest.split("```").next().unwrap()).collect()
}

/// The `cargo add` lines, without their remarks.
fn additions(text: &str) -> Vec<Vec<&str>> {
    let lines = blocks(text, "sh").into_iter().flat_map(str::lines);
    let bare = lines.map(|line| line.split(" #").next().unwrap().trim());
    bare.filter(|line| line.starts_with("cargo add")).map(|line| line.split_whitespace().collect()).collect()
}

/// The crate that a line adds: the last part of a path, or the name.
fn added(line: &[&str]) -> String {
    let at = line.iter().position(|word| *word == "--path");
    let Some(at) = at else {
        return line[2..].iter().find(|word| !word.starts_with('-')).unwrap().to_string();
    };
    let path = Path::new(line[at + 1]).strip_prefix("../provider-sdk").unwrap().to_owned();
    let manifest = std::fs::read_to_string(root().join(path).join("Cargo.toml")).unwrap();
    manifest.lines().find_map(|line| line.strip_prefix("name = ")).unwrap().trim_matches('"').to_owned()
}

#[test]
fn every_sample_has_the_lines_that_it_needs() {
    for (document, text) in READMES {
        let added: BTreeSet<_> = additions(text).iter().map(|line| added(line).replace('-', "_")).collect();
        for sample in blocks(text, "rust") {
            let uses = sample.lines().filter_map(|line| line.trim().strip_prefix("use "));
            let mut needed: BTreeSet<_> =
                uses.map(|path| path.split("::").next().unwrap().to_owned()).collect();
            if sample.contains("#[tokio::main]") || sample.contains("tokio::") {
                needed.insert("tokio".to_owned());
            }
            needed.remove("std");
            let missing: Vec<_> = needed.difference(&added).collect();
            assert!(missing.is_empty(), "{document}: a sample needs {missing:?}, and no line adds it");
        }
    }
}

/// The cargo that runs this test.
fn cargo_itself() -> PathBuf {
    std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()).into()
}

/// Runs a command of the guide in the outside program's folder.
fn cargo(folder: &Path, words: &[&str]) -> Command {
    let mut command = outside(&cargo_itself(), folder);
    command.args(words);
    command
}

/// A command of somebody who has nothing to do with this workspace.
fn outside(program: &Path, folder: &Path) -> Command {
    let mut command = Command::new(program);
    command.current_dir(folder);
    // What the tests' own cargo told this program is not the outside program's affair.
    for (name, _) in std::env::vars() {
        let ours = ["CARGO_PKG_", "CARGO_MANIFEST_", "CRAYON_", "PAX8_", "STREAMONE_", "PROVIDER_"];
        if ours.iter().any(|prefix| name.starts_with(prefix)) {
            command.env_remove(name);
        }
    }
    // Everything is there already: what the workspace was built from, and what it was built into.
    command.env("CARGO_NET_OFFLINE", "true").env("CARGO_TARGET_DIR", root().join("target"));
    command.env("CARGO_PROFILE_DEV_DEBUG", "0").env("CARGO_TERM_COLOR", "never");
    command
}

fn done(mut command: Command) -> (String, String) {
    let output = command.output().unwrap();
    let texts = [output.stdout, output.stderr].map(|text| String::from_utf8(text).unwrap());
    assert!(output.status.success(), "{command:?}\n{}\n{}", texts[0], texts[1]);
    texts.into()
}

/// The simulator in its other terminal. Ended with the test.
struct Served(Child);

impl Served {
    /// Starts it as the guide does, with what it prints in a file, and waits until that is whole.
    fn told_in(file: &Path) -> Self {
        let test = std::env::current_exe().unwrap();
        let example = test.parent().and_then(Path::parent).unwrap().join("examples/simulator");
        let served = outside(&example, &root()).stdout(File::create(file).unwrap()).spawn().unwrap();
        let served = Self(served);
        let until = Instant::now() + Duration::from_secs(60);
        while !std::fs::read_to_string(file).unwrap().ends_with("# Stop with Ctrl-C.\n") {
            assert!(Instant::now() < until, "the simulator does not start");
            std::thread::yield_now();
        }
        served
    }
}

impl Drop for Served {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

// The guide is written for a shell.
#[cfg_attr(not(unix), ignore = "no shell")]
#[test]
fn the_guide_leads_from_an_empty_folder_to_a_table_of_all_three() {
    let temporary = tempfile::tempdir().unwrap();
    let sdk = root();
    done(cargo(temporary.path(), &["new", "--quiet", "--vcs", "none", "distributors"]));
    let program = temporary.path().join("distributors");
    // The versions that are on this machine.
    std::fs::copy(sdk.join("Cargo.lock"), program.join("Cargo.lock")).unwrap();
    for line in additions(GUIDE) {
        let words: Vec<_> =
            line[1..].iter().map(|word| word.replace("../provider-sdk", sdk.to_str().unwrap())).collect();
        done(cargo(&program, &words.iter().map(String::as_str).collect::<Vec<_>>()));
    }
    let sample = blocks(GUIDE, "rust");
    assert_eq!(sample.len(), 1, "the guide has one program");
    std::fs::write(program.join("src/main.rs"), sample[0]).unwrap();

    let _served = Served::told_in(&temporary.path().join("simulator.env"));
    let step = blocks(GUIDE, "sh").into_iter().find(|step| step.ends_with("\ncargo run\n")).unwrap();
    let mut run = outside(Path::new("sh"), &program);
    // A step that fails is the end, as it is for whoever types one after the other.
    run.args(["-ec", step]);
    let own = cargo_itself().parent().unwrap().to_owned();
    let path = std::env::var_os("PATH").unwrap_or_default();
    let path = std::iter::once(own).chain(std::env::split_paths(&path));
    run.env("PATH", std::env::join_paths(path).unwrap());
    let (table, remarks) = done(run);
    assert!(table.starts_with("PROVIDER   ID"), "{table}");
    // What the guide shows of it is what it prints.
    let mut printed = table.lines();
    for shown in blocks(GUIDE, "text")[0].lines().filter(|line| *line != "…") {
        assert!(printed.any(|line| line == shown), "`{shown}` is not in its place\n{table}");
    }
    for kind in ["crayon", "pax8", "streamone"] {
        let rows = table.lines().filter(|line| line.split_whitespace().next() == Some(kind)).count();
        assert!(rows >= 20, "{kind}: {rows} rows\n{table}");
        assert!(remarks.contains(&format!("{kind}: {rows} customers, ")), "{remarks}");
    }
}
