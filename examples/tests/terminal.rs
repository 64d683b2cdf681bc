//! Manners on a terminal: pipes that close, files that cannot be written, help, words for people, Ctrl-C.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    missing_docs,
    reason = "a failed unwrap is a failed test"
)]

#[path = "../export_rate.rs"]
mod rate;
mod run;

use std::io::{BufRead as _, BufReader, Read as _};
use std::process::{Child, Output, Stdio};
use std::time::Duration;

use provider_simulator::{FaultAction, FaultRule, Simulator};
use run::{Shell, err, lines, out};

const EXAMPLES: [(&str, &str); 12] = [
    ("export", "Streams one kind of record, one normalised record a line"),
    ("order", "Plans or places an order, and waits for its final state"),
    ("seats", "Changes how many units a subscription has. The quantity is the resulting total"),
    ("verify", "Verifies every configured distributor side by side"),
    (
        "customer",
        "Creates or changes a customer, takes over an existing tenant, or records the vendor's agreement",
    ),
    ("subscription", "Suspends, resumes or ends a subscription, or decides whether it renews"),
    ("journal", "Shows what was sent and never settled, and settles it by a person's decision"),
    (
        "report",
        "Lists the reports and statements that a distributor has to download, and streams one of them",
    ),
    (
        "custom_sync",
        "Sync logic of your own: pulls customers and subscriptions, and goes on where a stopped run left off",
    ),
    ("sync", "Keeps tables of an application in step with a distributor, by a plan"),
    ("webhooks", "A small receiver of what Pax8 delivers"),
    ("simulator", "Serves the simulator of the three distributors, for programs in any language"),
];

async fn bare(example: &str, args: &[&str]) -> Output {
    Shell::new(Vec::new()).run(example, args).await
}

/// Starts an example with its output in pipes, and hands the reader of its output to `read`.
fn piped(shell: &Shell, example: &str, args: &[&str]) -> Child {
    shell.command(example, args).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap()
}

/// The end of a child: its code and what it said on stderr.
fn end(mut child: Child) -> (Option<i32>, String) {
    let mut said = String::new();
    child.stderr.take().unwrap().read_to_string(&mut said).unwrap();
    (child.wait().unwrap().code(), said)
}

#[test]
fn the_help_of_each_example_begins_with_what_it_does() {
    let shell = Shell::new(Vec::new());
    for (example, about) in EXAMPLES {
        let output = shell.command(example, &["--help"]).output().unwrap();
        assert_eq!(output.status.code(), Some(0), "{example}");
        let help = out(&output);
        assert_eq!(help.lines().next(), Some(about), "{example}:\n{help}");
    }
}

#[test]
fn whoever_has_read_enough_ends_an_example_without_a_word() {
    // `head -1`, on more than fits into the buffers between the two.
    let shell = Shell::new(Vec::new());
    let mut child =
        piped(&shell, "export", &["--provider", "crayon", "--entity", "products", "--offers", "--raw"]);
    let mut first = String::new();
    let mut output = BufReader::new(child.stdout.take().unwrap());
    output.read_line(&mut first).unwrap();
    assert!(first.ends_with('\n') && first.starts_with('{'), "{first}");
    drop(output);
    let (code, said) = end(child);
    assert_eq!(code, Some(0), "{said}");
    assert!(!said.to_lowercase().contains("pipe"), "{said}");

    // Nobody reads from the start.
    for args in [
        &["export", "--provider", "pax8", "--entity", "customers", "--format", "csv"][..],
        &["verify"],
        &["verify", "--json"],
        &["custom_sync"],
        &["custom_provider"],
        &["journal", "list"],
        &["report", "--provider", "streamone"],
        &["webhooks", "--deliveries", "0"],
        &["sync", "tables", "--plan", concat!(env!("CARGO_MANIFEST_DIR"), "/plans/pax8.toml")],
    ] {
        let mut child = piped(&shell, args[0], &args[1..]);
        drop(child.stdout.take());
        let (code, said) = end(child);
        assert_eq!(code, Some(0), "{args:?}: {said}");
        assert!(!said.contains("panicked") && !said.to_lowercase().contains("pipe"), "{args:?}: {said}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn whoever_makes_a_customer_is_told_that_the_first_password_is_not_shown() {
    let args = [
        &["create", "--provider", "streamone", "--key", "first-password-2026"][..],
        &["--name", "Example Bakery Ltd", "--contact-name", "Office Contact"],
        &["--email", "office@bakery.example.com", "--street", "2 Sample Way", "--city", "Reston"],
        &["--region", "VA", "--postal-code", "20190", "--country", "US"],
    ];
    let output = bare("customer", &args.concat()).await;
    assert_eq!(output.status.code(), Some(0), "{}", err(&output));
    assert!(err(&output).contains("is not shown here: set a new one"), "{}", err(&output));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_file_that_cannot_be_written_is_named_with_its_flag() {
    let folder = tempfile::tempdir().unwrap();
    let missing = folder.path().join("none/records");
    let missing = missing.to_str().unwrap();
    let shell = Shell::new(Vec::new());
    let listed = shell.run("report", &["--provider", "streamone", "--json"]).await;
    let reports: serde_json::Value = serde_json::from_str(&out(&listed)).unwrap();
    let id = reports[0]["id"].as_str().unwrap();
    for (example, args) in [
        ("export", &["--provider", "pax8", "--entity", "customers", "--out", missing][..]),
        ("report", &["--provider", "streamone", "--id", id, "--out", missing]),
        ("custom_sync", &["--state", missing]),
    ] {
        let output = shell.run(example, args).await;
        assert_eq!(output.status.code(), Some(2), "{example}: {}", err(&output));
        let flag = if example == "custom_sync" { "--state" } else { "--out" };
        assert!(err(&output).contains(&format!("{flag} {missing}: ")), "{example}: {}", err(&output));
    }
    let directory = folder.path().to_str().unwrap();
    let output =
        shell.run("export", &["--provider", "pax8", "--entity", "customers", "--out", directory]).await;
    assert_eq!(output.status.code(), Some(2), "{}", err(&output));
    assert!(err(&output).contains(&format!("--out {directory}: ")), "{}", err(&output));
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 0, "nothing is left behind");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_file_has_its_name_when_it_is_whole() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("customers.ndjson");
    let part = folder.path().join("customers.ndjson.part");
    let args = ["--provider", "pax8", "--entity", "customers", "--out", file.to_str().unwrap()];
    assert_eq!(bare("export", &args).await.status.code(), Some(0));
    assert_eq!(std::fs::read_to_string(&file).unwrap().lines().count(), 25);
    assert!(!part.exists());

    // An export that fails leaves the last whole one alone.
    let simulator = Simulator::start().await.unwrap();
    let pax8 = simulator.pax8();
    pax8.faults().add(FaultRule::new("GET", "/v1/companies", FaultAction::LieTotal(3)));
    let output = Shell::new(pax8.env()).run("export", &[&args[..], &["--limit", "1000"]].concat()).await;
    assert_eq!(output.status.code(), Some(1), "{}", err(&output));
    assert_eq!(std::fs::read_to_string(&file).unwrap().lines().count(), 25);
    assert_eq!(std::fs::read_to_string(&part).unwrap().lines().count(), 25);
    assert!(err(&output).contains(&format!("25 records are in {}", part.display())), "{}", err(&output));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_report_that_fails_leaves_the_last_whole_one_alone() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("statement.csv");
    std::fs::write(&file, "of last month").unwrap();
    let shell = Shell::new(Vec::new());
    let download = async |id: &str| {
        shell.run("report", &["--provider", "crayon", "--id", id, "--out", file.to_str().unwrap()]).await
    };
    let failed = download("1").await;
    assert_eq!(failed.status.code(), Some(1), "{}", err(&failed));
    assert_eq!(std::fs::read_to_string(&file).unwrap(), "of last month");

    let listed = shell.run("report", &["--provider", "crayon", "--json"]).await;
    let statements: serde_json::Value = serde_json::from_str(&out(&listed)).unwrap();
    let whole = download(statements[0]["id"].as_str().unwrap()).await;
    assert_eq!(whole.status.code(), Some(0), "{}", err(&whole));
    assert_ne!(std::fs::read_to_string(&file).unwrap(), "of last month");
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 1, "no part is left");
}

#[cfg(unix)]
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn ctrl_c_leaves_whole_lines_under_the_name_of_a_part() {
    let simulator = Simulator::start().await.unwrap();
    let pax8 = simulator.pax8();
    let hang = FaultAction::Delay(Duration::from_secs(3600));
    let second = pax8.faults().add(FaultRule::new("GET", "/v1/companies", hang).when_query("page", "1"));
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("customers.ndjson");
    let path = file.to_str().unwrap();
    let shell = Shell::new(pax8.env());
    let args = ["--provider", "pax8", "--entity", "customers", "--page-size", "10", "--out", path];
    let child = piped(&shell, "export", &args);
    let waits_for_the_second_page = async {
        while pax8.faults().hits(second) == 0 {
            tokio::task::yield_now().await;
        }
    };
    tokio::time::timeout(Duration::from_secs(60), waits_for_the_second_page).await.unwrap();
    let stopped =
        std::process::Command::new("kill").args(["-INT", &child.id().to_string()]).status().unwrap();
    assert!(stopped.success());
    let (code, said) = tokio::task::spawn_blocking(|| end(child)).await.unwrap();
    assert_eq!(code, Some(130), "{said}");
    assert!(said.contains("interrupted"), "{said}");
    assert!(!file.exists(), "a part has no claim to the name");
    let came = std::fs::read_to_string(folder.path().join("customers.ndjson.part")).unwrap();
    assert!(came.is_empty() || came.ends_with('\n'), "{came}");
    for line in came.lines() {
        serde_json::from_str::<serde_json::Value>(line).unwrap();
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_plan_a_receipt_and_an_error_number_lines_alike_and_speak_plainly() {
    let simulator = Simulator::start().await.unwrap();
    let shell = Shell::new(simulator.pax8().env());
    let list = async |entity: &str| {
        lines(&shell.run("export", &["--provider", "pax8", "--entity", entity, "--offers"]).await)
    };
    let (subscriptions, products) = (list("subscriptions").await, list("products").await);
    let order = async |customer: &str, offer: &serde_json::Value, more: &[&str]| {
        let offer = offer["id"].as_str().unwrap();
        let (product, _) = offer.split_once('/').unwrap();
        let mut args = vec!["--provider", "pax8", "--customer", customer, "--product", product];
        args.extend(["--offer", offer, "--key", "terminal-manners-1"]);
        args.extend(more);
        shell.run("order", &args).await
    };
    // The first that asks no questions of its own.
    let customer =
        subscriptions.iter().find(|one| one["status"] == "active").unwrap()["customer"].as_str().unwrap();
    let offers = products.iter().filter_map(|one| one["offers"].as_array()).flatten();
    let mut found = None;
    for offer in offers.filter(|offer| offer["billing_cycle"] == "monthly") {
        let planned = order(customer, offer, &["--quantity", "3", "--plan"]).await;
        if planned.status.success() {
            found = Some((offer, planned));
            break;
        }
    }
    let (offer, planned) = found.unwrap();
    let refused = order(customer, offer, &["--quantity", "0.5", "--plan"]).await;
    let placed = order(customer, offer, &["--quantity", "3"]).await;
    for (what, text) in [("plan", out(&planned)), ("error", err(&refused)), ("receipt", out(&placed))] {
        assert!(
            text.contains("lines[0]"),
            "{what}: {text}\n{}{}{}",
            err(&planned),
            err(&refused),
            err(&placed)
        );
    }
    for text in [out(&planned), out(&placed)] {
        for word in
            ["Native", "Simulated", "Accepted", "Applied", "Monthly", "Some(", "None", "line 0", "line 1"]
        {
            assert!(!text.contains(word), "{word} is for programmers: {text}");
        }
    }
}

/// An order at Pax8 that asks no questions of its own.
async fn an_order(shell: &Shell) -> Vec<String> {
    let list = async |entity: &str| {
        lines(&shell.run("export", &["--provider", "pax8", "--entity", entity, "--offers"]).await)
    };
    let (subscriptions, products) = (list("subscriptions").await, list("products").await);
    let customer = subscriptions.iter().find(|one| one["status"] == "active").unwrap()["customer"].clone();
    let customer = customer.as_str().unwrap().to_owned();
    let offers = products.iter().filter_map(|one| one["offers"].as_array()).flatten();
    for offer in offers.filter(|offer| offer["billing_cycle"] == "monthly") {
        let offer = offer["id"].as_str().unwrap();
        let (product, _) = offer.split_once('/').unwrap();
        let args = ["--provider", "pax8", "--customer", &customer, "--product", product, "--offer", offer];
        let args: Vec<String> = args.iter().map(|arg| (*arg).to_owned()).collect();
        let more = ["--quantity", "3", "--key", "terminal-manners-2", "--plan"];
        let plan: Vec<&str> = args.iter().map(String::as_str).chain(more).collect();
        if shell.run("order", &plan).await.status.success() {
            return args;
        }
    }
    panic!("nothing can be ordered without further questions");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_key_that_is_under_way_says_when_to_come_back() {
    let simulator = Simulator::start().await.unwrap();
    let pax8 = simulator.pax8();
    let shell = Shell::new(pax8.env());
    let args = an_order(&shell).await;
    let more = ["--quantity", "3", "--key", "terminal-manners-3"];
    let args: Vec<&str> = args.iter().map(String::as_str).chain(more).collect();
    let hang = FaultAction::Delay(Duration::from_secs(3600));
    let sent = pax8.faults().add(FaultRule::new("POST", "/v1/orders", hang));
    let mut first = piped(&shell, "order", &args);
    let is_on_its_way = async {
        while pax8.faults().hits(sent) == 0 {
            tokio::task::yield_now().await;
        }
    };
    tokio::time::timeout(Duration::from_secs(60), is_on_its_way).await.unwrap();
    let second = shell.run("order", &args).await;
    first.kill().unwrap();
    first.wait().unwrap();
    let told = err(&second);
    assert_eq!(second.status.code(), Some(1), "{told}");
    let (_, rest) =
        told.split_once("another call with the same key is under way").unwrap_or_else(|| panic!("{told}"));
    let (_, rest) = rest.split_once("come back with the same key in ").unwrap_or_else(|| panic!("{told}"));
    let (seconds, _) = rest.split_once(" s at the latest").unwrap_or_else(|| panic!("{told}"));
    // A lease is longer than an operation, and no longer than a few of them.
    let seconds: u64 = seconds.parse().unwrap();
    assert!((1..=1_800).contains(&seconds), "{told}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_wrong_value_is_named_with_its_variable() {
    let simulator = Simulator::start().await.unwrap();
    for (name, value) in [
        ("PAX8_CURRENCY", "crowns"),
        ("PAX8_COUNTRY", "Atlantis"),
        ("PAX8_BASE_URL", "api.example.com"),
        ("PAX8_ENVIRONMENT", "staging"),
        ("PAX8_SELF_SERVICE_ALLOWED", "perhaps"),
    ] {
        let mut variables = simulator.pax8().env();
        variables.retain(|(known, _)| known != name);
        variables.push((name.to_owned(), value.to_owned()));
        let output = Shell::new(variables).run("verify", &["--provider", "pax8"]).await;
        assert_eq!(output.status.code(), Some(2), "{name}: {}", err(&output));
        assert!(err(&output).contains(name), "{name}: {}", err(&output));
    }
    let mut variables = simulator.pax8().env();
    variables.push(("PAX8_CURRENCY".to_owned(), "crowns".to_owned()));
    let output = Shell::new(variables).run("verify", &["--provider", "pax8"]).await;
    assert!(err(&output).contains("crowns"), "the value is not told: {}", err(&output));
}

#[test]
fn a_rate_is_read_at_a_glance() {
    assert_eq!(rate::rate(0, Duration::from_secs(3)), "");
    assert_eq!(rate::rate(5, Duration::ZERO), "");
    assert_eq!(rate::rate(1200, Duration::from_secs(10)), "120 records/s");
    assert_eq!(rate::rate(25, Duration::from_secs(10)), "2.5 records/s");
    assert_eq!(rate::rate(10, Duration::from_secs(32)), "3.2 s/record");
}
