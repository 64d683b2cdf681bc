//! Runs the examples as a newcomer would: with nothing configured, with a server of one's own, with
//! mistakes.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic, reason = "a panic is a failed test")]

mod run;

use std::process::Output;
use std::time::Duration;

use http::StatusCode;
use provider_simulator::{FaultAction, FaultRule, Simulator};
use run::{Shell, err, lines, out};
use serde_json::Value;

/// A run with nothing configured.
async fn bare(example: &str, args: &[&str]) -> Output {
    with(Vec::new(), example, args).await
}

/// A run with these variables.
async fn with(variables: Vec<(String, String)>, example: &str, args: &[&str]) -> Output {
    Shell::new(variables).run(example, args).await
}

fn variables(pairs: &[(&str, &str)]) -> Vec<(String, String)> {
    pairs.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn verify_with_nothing_configured_passes_every_check_of_three_distributors() {
    let output = bare("verify", &["--json"]).await;
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
    let text = bare("verify", &[]).await;
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
        let wrong = [env.clone(), variables(&[(secret, "planted-wrong-secret")])].concat();
        let output = with(wrong, "verify", &["--json"]).await;
        assert_eq!(output.status.code(), Some(1), "{kind}: {}", err(&output));
        assert!(out(&output).contains(secret), "{kind} does not name {secret}: {}", out(&output));
        assert!(!out(&output).contains("planted-wrong-secret") && !err(&output).contains("planted"));

        let output = with(env, "verify", &["--json"]).await;
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
        for example in ["verify", "custom_sync"] {
            let output = with(variables(&[(set, "1234")]), example, &[]).await;
            assert_eq!(output.status.code(), Some(2), "{set}: {}", err(&output));
            for name in missing {
                assert!(err(&output).contains(name), "{set}: {}", err(&output));
            }
            assert!(!err(&output).contains("embedded simulator"));
        }
    }
}

const KEY: &str = "0123456789abcdef";

#[tokio::test]
async fn mistakes_on_the_command_line_end_with_2() {
    for (example, args) in [
        ("verify", &["--provider", "acme"][..]),
        ("export", &["--provider", "pax8", "--entity", "wishes"]),
        ("export", &["--entity", "customers"]),
        ("export", &["--provider", "pax8", "--entity", "customers", "--prefetch", "17"]),
        (
            "order",
            &["--provider", "pax8", "--customer", "c", "--product", "p", "--quantity", "1", "--key", "short"],
        ),
        ("seats", &["--provider", "pax8", "--subscription", "s", "--quantity", "many", "--key", KEY]),
        (
            "subscription",
            &["cancel", "--provider", "pax8", "--subscription", "s", "--on", "soon", "--key", KEY],
        ),
        ("subscription", &["renewal", "--provider", "crayon", "--subscription", "s", "--key", KEY]),
        ("customer", &["create", "--provider", "pax8", "--key", KEY]),
        ("report", &["--provider", "pax8"]),
        ("report", &["--provider", "streamone", "--id", "1", "--range", "whenever"]),
    ] {
        let output = bare(example, args).await;
        assert_eq!(output.status.code(), Some(2), "{example} {args:?}: {}", err(&output));
    }
    let other = variables(&[
        ("PAX8_CLIENT_ID", "i"),
        ("PAX8_CLIENT_SECRET", "s"),
        ("PAX8_BASE_URL", "http://127.0.0.1:9"),
    ]);
    let output = with(other, "verify", &["--provider", "crayon"]).await;
    assert_eq!(output.status.code(), Some(2));
    assert!(err(&output).contains("CRAYON_CLIENT_ID"), "{}", err(&output));
    let foreign = variables(&[
        ("PAX8_CLIENT_ID", "i"),
        ("PAX8_CLIENT_SECRET", "s"),
        ("PAX8_BASE_URL", "http://api.example.com"),
    ]);
    let output = with(foreign, "verify", &[]).await;
    assert_eq!(output.status.code(), Some(2));
    assert!(err(&output).contains("PAX8_BASE_URL"), "{}", err(&output));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn export_gives_every_customer_of_each_distributor() {
    for kind in ["crayon", "pax8", "streamone"] {
        let args = ["--provider", kind, "--entity", "customers", "--page-size", "7"];
        let output = bare("export", &args).await;
        assert_eq!(output.status.code(), Some(0), "{kind}: {}", err(&output));
        let customers = lines(&output);
        assert_eq!(customers.len(), 25, "{kind}");
        let ids: std::collections::BTreeSet<_> =
            customers.iter().map(|c| c["id"].as_str().unwrap().to_owned()).collect();
        assert_eq!(ids.len(), 25, "{kind}");
        assert!(customers.iter().all(|c| c.get("raw").is_none()));
    }
    let csv =
        bare("export", &["--provider", "pax8", "--entity", "customers", "--format", "csv", "--limit", "3"])
            .await;
    assert_eq!(out(&csv).lines().count(), 4);
    assert!(out(&csv).starts_with("id,name,status,"));
    let raw =
        bare("export", &["--provider", "crayon", "--entity", "customers", "--raw", "--limit", "1"]).await;
    assert!(lines(&raw)[0]["raw"].is_object());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_incomplete_export_says_what_came_and_what_was_declared() {
    let simulator = Simulator::start().await.unwrap();
    let pax8 = simulator.pax8();
    pax8.faults().add(FaultRule::new("GET", "/v1/companies", FaultAction::LieTotal(3)));
    let output = with(pax8.env(), "export", &["--provider", "pax8", "--entity", "customers"]).await;
    assert_eq!(output.status.code(), Some(1), "{}", err(&output));
    assert!(err(&output).contains("received 25 of 28 customers"), "{}", err(&output));
    assert_eq!(lines(&output).len(), 25, "what arrived is kept");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn one_record_that_cannot_be_read_leaves_out_no_others() {
    let simulator = Simulator::start().await.unwrap();
    let pax8 = simulator.pax8();
    let export = ["--provider", "pax8", "--entity", "invoice_lines"];
    let whole = lines(&with(pax8.env(), "export", &export).await).len();
    let spoil = |member: &'static str, value: &'static str| {
        FaultAction::rewrite(move |mut answer| {
            answer["content"][0][member] = value.into();
            answer
        })
    };
    pax8.faults().add(FaultRule::new("GET", "/v1/invoices/*/items", spoil("amountDue", "1.234,50")).once());
    let output = with(pax8.env(), "export", &export).await;
    assert_eq!(output.status.code(), Some(1), "{}", err(&output));
    assert!(err(&output).contains("content[0].amountDue"), "{}", err(&output));
    assert_eq!(lines(&output).len(), whole - 1, "{}", err(&output));
    // Nor does a document whose lines are not there, nor one without an id, by which to ask for them.
    let gone = FaultAction::status(StatusCode::NOT_FOUND, "{}");
    pax8.faults().add(FaultRule::new("GET", "/v1/invoices/*/items", gone).once());
    let output = with(pax8.env(), "export", &export).await;
    assert_eq!(output.status.code(), Some(1), "{}", err(&output));
    assert!(lines(&output).len() > whole / 2, "{}", err(&output));
    pax8.faults().add(FaultRule::new("GET", "/v1/invoices", spoil("id", "")).once());
    let output = with(pax8.env(), "export", &export).await;
    assert_eq!(output.status.code(), Some(1), "{}", err(&output));
    assert!(lines(&output).len() > whole / 2, "{}", err(&output));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn lines_of_further_documents_are_not_left_out_in_silence() {
    let simulator = Simulator::start().await.unwrap();
    let pax8 = simulator.pax8();
    let export = ["--provider", "pax8", "--entity", "invoice_lines"];
    let whole = lines(&with(pax8.env(), "export", &export).await);
    // A limit that ends where the first document does cuts no list of lines.
    let first = whole.iter().take_while(|line| line["invoice"] == whole[0]["invoice"]).count();
    assert!(first < whole.len());
    let limit = first.to_string();
    let limited = [&export[..], &["--limit", limit.as_str()][..]].concat();
    let output = with(pax8.env(), "export", &limited).await;
    assert_eq!((output.status.code(), lines(&output).len()), (Some(0), first), "{}", err(&output));
    let told = format!("{first} invoice lines; not proven to be those of all invoices: the listing was cut");
    assert!(err(&output).contains(&told), "{}", err(&output));

    // ION declares no total of its invoices: there may be more than were listed.
    let output = bare("export", &["--provider", "streamone", "--entity", "invoice_lines"]).await;
    let (count, told) = (lines(&output).len(), err(&output));
    let all = format!("{count} invoice lines; not proven to be those of all invoices");
    assert!(told.contains(&all) && told.contains("invoice lines of "), "{told}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_custom_examples_run() {
    let output = bare("custom_provider", &[]).await;
    assert_eq!(output.status.code(), Some(0), "{}{}", out(&output), err(&output));

    let folder = tempfile::tempdir().unwrap();
    let state = folder.path().join("state.json");
    let state = state.to_str().unwrap();
    let first = bare("custom_sync", &["--state", state, "--stop-after", "1"]).await;
    assert_eq!(first.status.code(), Some(1));
    assert!(out(&first).contains("stopped after 1 pages, 10 created"), "{}", out(&first));
    let second = bare("custom_sync", &["--state", state]).await;
    assert_eq!(second.status.code(), Some(0), "{}{}", out(&second), err(&second));
    assert!(out(&second).contains("going on where the last run stopped"), "{}", out(&second));
    assert!(out(&second).contains("25 known"), "{}", out(&second));
    let third = bare("custom_sync", &["--state", state]).await;
    assert!(out(&third).contains("customers: 0 created, 0 updated, 0 removed, 25 known"), "{}", out(&third));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_an_order_came_to_decides_the_exit_code() {
    let simulator = Simulator::start().await.unwrap();
    let ion = simulator.streamone();
    ion.set_order_delays(Duration::ZERO, Duration::ZERO, Duration::ZERO);
    ion.fail_next_order("MSFT_CR_099", "no credit");
    let shell = Shell::new(ion.env());
    let export = ["--provider", "streamone", "--entity", "subscriptions"];
    let subscriptions = lines(&shell.run("export", &export).await);
    let changeable = |s: &&Value| {
        s["status"] == "active" && s["offer"].is_string() && s["product"]["vendor"] == "Microsoft"
    };
    let id = subscriptions.iter().find(changeable).unwrap()["id"].as_str().unwrap();
    let args = ["--provider", "streamone", "--subscription", id, "--quantity", "41", "--key", KEY];
    let output = shell.run("seats", &args).await;
    assert_eq!(output.status.code(), Some(1), "{}{}", out(&output), err(&output));
    assert!(err(&output).contains("no credit"), "{}", err(&output));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_webhook_receiver_hears_of_a_change() {
    let output = bare("webhooks", &[]).await;
    assert_eq!(output.status.code(), Some(0), "{}{}", out(&output), err(&output));
    assert!(out(&output).contains("SUBSCRIPTION: fetch again from subscriptions: "), "{}", out(&output));
    let refused = with(variables(&[("PAX8_CLIENT_ID", "i")]), "webhooks", &[]).await;
    assert_eq!(refused.status.code(), Some(2));
    assert!(err(&refused).contains("PAX8_WEBHOOK_AUTHORIZATION"), "{}", err(&refused));
}
