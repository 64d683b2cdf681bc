//! Runs the examples as a newcomer would: with nothing configured, with a server of one's own, with
//! mistakes.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic, reason = "a panic is a failed test")]

use std::path::PathBuf;
use std::process::{Command, Output};

use provider_testkit::Simulator;
use provider_testkit::simulator::{FaultAction, FaultRule};
use serde_json::Value;

/// The example's binary, which `cargo test` has built beside this one.
fn binary(name: &str) -> PathBuf {
    let test = std::env::current_exe().unwrap();
    let folder = test.parent().and_then(|deps| deps.parent()).unwrap().join("examples");
    let path = folder.join(format!("{name}{}", std::env::consts::EXE_SUFFIX));
    assert!(path.exists(), "{} is not built: run `cargo test`, which builds examples", path.display());
    path
}

/// A run that inherits no provider variable, and keeps tokens and journals in a folder of its own.
struct Run {
    command: Command,
    _folder: tempfile::TempDir,
}

impl Run {
    fn of(example: &str, args: &[&str]) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let mut command = Command::new(binary(example));
        command
            .args(args)
            .env("PROVIDER_TOKEN_DIR", folder.path())
            .env("PROVIDER_JOURNAL_DIR", folder.path());
        for (name, _) in std::env::vars() {
            if ["CRAYON_", "PAX8_", "STREAMONE_"].iter().any(|prefix| name.starts_with(prefix)) {
                command.env_remove(name);
            }
        }
        Self { command, _folder: folder }
    }

    fn env(mut self, variables: impl IntoIterator<Item = (String, String)>) -> Self {
        self.command.envs(variables);
        self
    }

    async fn output(mut self) -> Output {
        tokio::task::spawn_blocking(move || self.command.output().unwrap()).await.unwrap()
    }
}

fn out(output: &Output) -> String {
    String::from_utf8(output.stdout.clone()).unwrap()
}

fn err(output: &Output) -> String {
    String::from_utf8(output.stderr.clone()).unwrap()
}

fn lines(output: &Output) -> Vec<Value> {
    out(output).lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn verify_with_nothing_configured_passes_every_check_of_three_distributors() {
    let output = Run::of("verify", &["--json"]).output().await;
    assert_eq!(output.status.code(), Some(0), "{}", err(&output));
    assert!(err(&output).contains("embedded simulator"));
    let verified: Vec<Value> = serde_json::from_str(&out(&output)).unwrap();
    let names: Vec<_> = verified.iter().map(|v| v["provider"].as_str().unwrap()).collect();
    assert_eq!(names, ["crayon", "pax8", "streamone"]);
    for one in &verified {
        assert_eq!(one["ok"], true);
        for check in one["checks"].as_array().unwrap() {
            assert_eq!(check["status"], "passed", "{}: {check}", one["provider"]);
            assert!(check["name"].is_string() && check["detail"].is_string() && check["millis"].is_u64());
        }
        for name in ["token", "account", "customers", "clock", "currency"] {
            let checks = one["checks"].as_array().unwrap();
            assert!(checks.iter().any(|check| check["name"] == name), "{}: {name}", one["provider"]);
        }
    }
    let text = Run::of("verify", &[]).output().await;
    assert_eq!(text.status.code(), Some(0));
    assert!(out(&text).contains("pax8: verified"));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn verify_uses_a_server_of_ones_own_and_names_the_variable_of_a_wrong_secret() {
    let simulator = Simulator::start().await.unwrap();
    for (kind, env, secret) in [
        ("crayon", simulator.crayon().env(), "CRAYON_CLIENT_SECRET"),
        ("pax8", simulator.pax8().env(), "PAX8_CLIENT_SECRET"),
        ("streamone", simulator.streamone().env(), "STREAMONE_REFRESH_TOKEN"),
    ] {
        let wrong = (secret.to_owned(), "planted-wrong-secret".to_owned());
        let output = Run::of("verify", &["--json"]).env(env.clone()).env([wrong]).output().await;
        assert_eq!(output.status.code(), Some(1), "{kind}: {}", err(&output));
        assert!(out(&output).contains(secret), "{kind} does not name {secret}: {}", out(&output));
        assert!(!out(&output).contains("planted-wrong-secret") && !err(&output).contains("planted"));

        let output = Run::of("verify", &["--json"]).env(env).output().await;
        assert_eq!(output.status.code(), Some(0), "{kind}: {}{}", out(&output), err(&output));
        let verified: Vec<Value> = serde_json::from_str(&out(&output)).unwrap();
        assert_eq!(verified.len(), 1);
        assert_eq!(verified[0]["provider"], kind);
        assert!(!err(&output).contains("embedded simulator"));
    }
}

#[tokio::test]
async fn half_of_a_providers_variables_is_an_error_that_names_the_rest() {
    for (set, missing) in [
        ("CRAYON_USERNAME", &["CRAYON_CLIENT_ID", "CRAYON_CLIENT_SECRET", "CRAYON_PASSWORD"][..]),
        ("PAX8_CLIENT_ID", &["PAX8_CLIENT_SECRET"]),
        ("STREAMONE_ACCOUNT_ID", &["STREAMONE_REFRESH_TOKEN"]),
    ] {
        for example in [Run::of("verify", &[]), Run::of("custom_sync", &[])] {
            let output = example.env([(set.to_owned(), "1234".to_owned())]).output().await;
            assert_eq!(output.status.code(), Some(2), "{set}: {}", err(&output));
            for name in missing {
                assert!(err(&output).contains(name), "{set}: {}", err(&output));
            }
            assert!(!err(&output).contains("embedded simulator"));
        }
    }
}

#[tokio::test]
async fn mistakes_on_the_command_line_end_with_2() {
    for (example, args) in [
        ("verify", &["--provider", "acme"][..]),
        ("export", &["--provider", "pax8", "--entity", "wishes"]),
        ("export", &["--entity", "customers"]),
        (
            "order",
            &["--provider", "pax8", "--customer", "c", "--product", "p", "--quantity", "1", "--key", "short"],
        ),
        (
            "seats",
            &["--provider", "pax8", "--subscription", "s", "--quantity", "many", "--key", "0123456789abcdef"],
        ),
    ] {
        let output = Run::of(example, args).output().await;
        assert_eq!(output.status.code(), Some(2), "{example} {args:?}: {}", err(&output));
    }
    let other =
        [("PAX8_CLIENT_ID", "i"), ("PAX8_CLIENT_SECRET", "s"), ("PAX8_BASE_URL", "http://127.0.0.1:9")];
    let other = other.map(|(name, value)| (name.to_owned(), value.to_owned()));
    let output = Run::of("verify", &["--provider", "crayon"]).env(other).output().await;
    assert_eq!(output.status.code(), Some(2));
    assert!(err(&output).contains("CRAYON_CLIENT_ID"), "{}", err(&output));
    let foreign =
        [("PAX8_CLIENT_ID", "i"), ("PAX8_CLIENT_SECRET", "s"), ("PAX8_BASE_URL", "http://api.example.com")];
    let foreign = foreign.map(|(name, value)| (name.to_owned(), value.to_owned()));
    let output = Run::of("verify", &[]).env(foreign).output().await;
    assert_eq!(output.status.code(), Some(2));
    assert!(err(&output).contains("PAX8_BASE_URL"), "{}", err(&output));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn export_gives_every_customer_of_each_distributor() {
    for kind in ["crayon", "pax8", "streamone"] {
        let output = Run::of("export", &["--provider", kind, "--entity", "customers", "--page-size", "7"]);
        let output = output.output().await;
        assert_eq!(output.status.code(), Some(0), "{kind}: {}", err(&output));
        let customers = lines(&output);
        assert_eq!(customers.len(), 25, "{kind}");
        let ids: std::collections::BTreeSet<_> =
            customers.iter().map(|c| c["id"].as_str().unwrap().to_owned()).collect();
        assert_eq!(ids.len(), 25, "{kind}");
        assert!(customers.iter().all(|c| c.get("raw").is_none()));
    }
    let csv = Run::of(
        "export",
        &["--provider", "pax8", "--entity", "customers", "--format", "csv", "--limit", "3"],
    );
    let csv = csv.output().await;
    assert_eq!(out(&csv).lines().count(), 4);
    assert!(out(&csv).starts_with("id,name,status,"));
    let raw = Run::of("export", &["--provider", "crayon", "--entity", "customers", "--raw", "--limit", "1"]);
    assert!(lines(&raw.output().await)[0]["raw"].is_object());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_incomplete_export_says_what_came_and_what_was_declared() {
    let simulator = Simulator::start().await.unwrap();
    let pax8 = simulator.pax8();
    pax8.faults().add(FaultRule::new("GET", "/v1/companies", FaultAction::LieTotal(3)));
    let output = Run::of("export", &["--provider", "pax8", "--entity", "customers"]).env(pax8.env());
    let output = output.output().await;
    assert_eq!(output.status.code(), Some(1), "{}", err(&output));
    assert!(err(&output).contains("received 25 of 28 customers"), "{}", err(&output));
    assert_eq!(lines(&output).len(), 25, "what arrived is kept");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_custom_examples_run() {
    let output = Run::of("custom_provider", &[]).output().await;
    assert_eq!(output.status.code(), Some(0), "{}{}", out(&output), err(&output));

    let folder = tempfile::tempdir().unwrap();
    let state = folder.path().join("state.json");
    let state = state.to_str().unwrap();
    let first = Run::of("custom_sync", &["--state", state, "--stop-after", "1"]).output().await;
    assert_eq!(first.status.code(), Some(1));
    assert!(out(&first).contains("stopped after 1 pages, 10 created"), "{}", out(&first));
    let second = Run::of("custom_sync", &["--state", state]).output().await;
    assert_eq!(second.status.code(), Some(0), "{}{}", out(&second), err(&second));
    assert!(out(&second).contains("going on where the last run stopped"), "{}", out(&second));
    assert!(out(&second).contains("25 known"), "{}", out(&second));
    let third = Run::of("custom_sync", &["--state", state]).output().await;
    assert!(out(&third).contains("customers: 0 created, 0 updated, 0 removed, 25 known"), "{}", out(&third));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_webhook_receiver_hears_of_a_change() {
    let output = Run::of("webhooks", &[]).output().await;
    assert_eq!(output.status.code(), Some(0), "{}{}", out(&output), err(&output));
    assert!(out(&output).contains("SUBSCRIPTION: fetch again from subscriptions: "), "{}", out(&output));
    let id = [("PAX8_CLIENT_ID".to_owned(), "i".to_owned())];
    let refused = Run::of("webhooks", &[]).env(id).output().await;
    assert_eq!(refused.status.code(), Some(2));
    assert!(err(&refused).contains("PAX8_WEBHOOK_AUTHORIZATION"), "{}", err(&refused));
}
