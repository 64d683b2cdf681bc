//! Ctrl-C while a run waits for the distributor.

use std::io::{BufRead, BufReader, Read};
use std::process::{Child, Stdio};
use std::time::Duration;

use super::*;

/// A run that waits for its customers, interrupted once, with what it says then.
async fn interrupted(
    person: &Person,
    simulator: &Simulator,
) -> (Child, BufReader<std::process::ChildStderr>) {
    let pax8 = simulator.pax8();
    let hang = FaultAction::Delay(Duration::from_secs(3_600));
    let listed = pax8.faults().add(FaultRule::new("GET", "/v1/companies", hang));
    let mut child = person.command(&["run"]).stdout(Stdio::null()).stderr(Stdio::piped()).spawn().unwrap();
    let asked = async {
        while pax8.faults().hits(listed) == 0 {
            tokio::task::yield_now().await;
        }
    };
    tokio::time::timeout(Duration::from_secs(60), asked).await.unwrap();
    press(&child);
    let mut said = BufReader::new(child.stderr.take().unwrap());
    tokio::task::spawn_blocking(move || {
        let mut line = String::new();
        while !line.contains("Stopping after this page") {
            line.clear();
            assert_ne!(said.read_line(&mut line).unwrap(), 0, "it ended without a word");
        }
        (child, said)
    })
    .await
    .unwrap()
}

fn press(child: &Child) {
    let pressed = std::process::Command::new("kill").args(["-INT", &child.id().to_string()]).status();
    assert!(pressed.unwrap().success());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_run_that_is_interrupted_twice_ends_at_once() {
    let simulator = Simulator::start().await.unwrap();
    let person = Person::new("pax8", simulator.pax8().env());
    assert!(person.sync(&["tables", "--create"]).await.status.success());
    let first = person.json(&["run"]).await;
    assert_eq!(first["outcome"], "completed", "{first:#}");
    let (mut child, mut said) = interrupted(&person, &simulator).await;
    press(&child);
    let (code, rest) = tokio::task::spawn_blocking(move || {
        let mut rest = String::new();
        said.read_to_string(&mut rest).unwrap();
        (child.wait().unwrap().code(), rest)
    })
    .await
    .unwrap();
    assert_eq!(code, Some(130), "{rest}");
    assert!(rest.contains("interrupted"), "{rest}");
}
