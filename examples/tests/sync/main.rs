//! The example `sync` as a person runs it: from a clone to a table in step.
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic,
    missing_docs,
    reason = "a panic is a failed test"
)]

mod guide;
mod hints;
#[cfg(unix)]
mod interrupted;
mod letters;
mod misplaced;
mod people;
mod pushed;
mod reconcile;
#[path = "../run/mod.rs"]
#[allow(dead_code, reason = "what other tests of the examples need")]
mod run;
#[path = "../walk/running.rs"]
mod running;
#[cfg(feature = "postgres")]
mod server;
mod sink;
mod turned;

use std::path::PathBuf;
use std::process::{Output, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use provider_simulator::{FaultAction, FaultRule, Simulator};
use run::{Shell, err, out};
use serde_json::Value;
use tokio::process::Command;
use tokio::sync::Notify;

fn plan(name: &str) -> String {
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("plans").join(format!("{name}.toml"));
    path.display().to_string()
}

/// One person with a plan, a database and a store.
struct Person {
    shell: Shell,
    plan: String,
    /// Where both are, if not in files.
    server: Option<String>,
}

impl Person {
    fn new(name: &str, variables: Vec<(String, String)>) -> Self {
        Self { shell: Shell::new(variables), plan: plan(name), server: None }
    }

    fn at(&self, file: &str) -> String {
        format!("sqlite:{}", self.shell.file(file).display())
    }

    async fn sync(&self, args: &[&str]) -> Output {
        let mut command = self.command(args);
        tokio::task::spawn_blocking(move || command.output().unwrap()).await.unwrap()
    }

    fn command(&self, args: &[&str]) -> std::process::Command {
        let place = |file: &str| self.server.clone().unwrap_or_else(|| self.at(file));
        let (db, target) = (place("sync.db"), place("app.db"));
        let mut all = args.to_vec();
        all.extend(["--plan", &self.plan, "--db", &db, "--target", &target]);
        self.shell.command("sync", &all)
    }

    async fn json(&self, args: &[&str]) -> Value {
        let mut all = args.to_vec();
        all.push("--json");
        let output = self.sync(&all).await;
        let text = out(&output);
        let read = serde_json::from_str(&text);
        read.unwrap_or_else(|_| panic!("{args:?}: {text}{}", err(&output)))
    }
}

fn kind<'r>(report: &'r Value, name: &str) -> &'r Value {
    report["kinds"].as_array().unwrap().iter().find(|kind| kind["kind"] == name).unwrap()
}

async fn from_a_clone(name: &str) {
    from_a_clone_of(&Person::new(name, Vec::new())).await;
}

async fn from_a_clone_of(person: &Person) {
    let sql = out(&person.sync(&["tables"]).await);
    assert!(sql.contains("CREATE TABLE \"accounts\""), "{sql}");
    let made = person.sync(&["tables", "--create"]).await;
    assert!(made.status.success(), "{}", err(&made));
    let check = person.sync(&["check"]).await;
    assert!(check.status.success(), "{}", err(&check));
    let preview = person.json(&["preview"]).await;
    assert!(!person.shell.file("sync.db").exists(), "a preview makes nothing");
    let first = person.json(&["run"]).await;
    assert_eq!(first["outcome"], "completed", "{first:#}");
    for name in ["customer", "product", "subscription", "invoice", "invoice_line"] {
        let (ahead, done) = (kind(&preview, name), kind(&first, name));
        assert!(done["created"].as_u64().unwrap() > 0, "{name}: {done}");
        assert_eq!(ahead["created"], done["created"], "{name}");
        assert_eq!(done["quarantined"], 0, "{name}: {done}");
    }
    let second = person.json(&[]).await;
    for kind in second["kinds"].as_array().unwrap() {
        assert_eq!((&kind["created"], &kind["removed"]), (&Value::from(0), &Value::from(0)), "{kind}");
    }
    let status = person.json(&["status"]).await;
    assert_eq!(
        (&status[0]["state"], &status[0]["last_outcome"]),
        (&Value::from("active"), &Value::from("completed"))
    );
    let queue = person.json(&["queue"]).await;
    assert!(queue.as_array().unwrap().is_empty(), "{queue:#}");
}

#[tokio::test]
async fn from_a_clone_to_a_table_with_pax8() {
    from_a_clone("pax8").await;
}

#[tokio::test]
async fn from_a_clone_to_a_table_with_crayon() {
    from_a_clone("crayon").await;
}

#[tokio::test]
async fn from_a_clone_to_a_table_with_streamone() {
    from_a_clone("streamone").await;
}

#[tokio::test]
async fn a_wrong_plan_is_told_by_its_place_and_ends_with_2() {
    let mut person = Person::new("pax8", Vec::new());
    let text =
        std::fs::read_to_string(&person.plan).unwrap().replacen("remote = \"name\"", "remote = \"nmae\"", 1);
    let wrong = person.shell.file("wrong.toml");
    std::fs::create_dir_all(wrong.parent().unwrap()).unwrap();
    std::fs::write(&wrong, &text).unwrap();
    assert!(person.sync(&["tables", "--create"]).await.status.success());
    person.plan = wrong.display().to_string();
    for verb in ["check", "run", "preview"] {
        let output = person.sync(&[verb]).await;
        assert_eq!(output.status.code(), Some(2), "{verb}");
        let told = err(&output);
        let line = text.lines().position(|line| line.contains("nmae")).unwrap() + 1;
        assert!(told.contains(&format!("wrong.toml:{line}:")), "{told}");
        assert!(told.contains("kinds[0].fields[0].remote: `customer` has no `nmae`"), "{told}");
    }
    // For machines: what cannot be read at all, and what fits neither the distributor nor the tables.
    let at = text.lines().position(|line| line.contains("nmae")).unwrap() + 1;
    let unread = text.replacen("enabled = true", "enabled = perhaps", 1);
    for (text, line) in [(&text, at), (&unread, unread[..unread.find("perhaps").unwrap()].lines().count())] {
        std::fs::write(&wrong, text).unwrap();
        let output = person.sync(&["check", "--json"]).await;
        assert_eq!(output.status.code(), Some(2));
        let told: Value = serde_json::from_str(&out(&output)).unwrap_or_else(|_| panic!("{}", out(&output)));
        let problems = told["problems"].as_array().unwrap();
        let own = problems.iter().find(|problem| problem["line"] == line);
        let own = own.unwrap_or_else(|| panic!("no problem of line {line}: {told:#}"));
        assert!(own["column"].is_u64() && own["file"].as_str().unwrap().ends_with("wrong.toml"), "{told:#}");
        assert!(own["message"].is_string() && own["path"].is_string(), "{told:#}");
    }
    assert_eq!(
        person.sync(&["resolve", "1-abcdef", "--create"]).await.status.code(),
        Some(2),
        "there is no store"
    );
}

/// A key by which the rows of earlier runs are not found is a mistake of the plan like any other.
#[tokio::test]
async fn a_key_without_the_ids_of_before_is_told_by_its_place_and_ends_with_2() {
    let mut person = Person::new("pax8", Vec::new());
    assert!(person.sync(&["tables", "--create"]).await.status.success());
    assert_eq!(person.json(&["run"]).await["outcome"], "completed");
    let tables = rusqlite::Connection::open(person.shell.file("app.db")).unwrap();
    tables
        .execute_batch(
            "ALTER TABLE accounts ADD COLUMN new_id TEXT; CREATE UNIQUE INDEX by_new_id ON accounts (new_id)",
        )
        .unwrap();
    drop(tables);
    let text = std::fs::read_to_string(&person.plan).unwrap().replacen("distributor_id", "new_id", 1);
    let line = text.lines().position(|line| line.starts_with("key") && line.contains("new_id")).unwrap() + 1;
    let moved = person.shell.file("moved.toml");
    std::fs::write(&moved, &text).unwrap();
    person.plan = moved.display().to_string();
    let check = person.sync(&["check"]).await;
    assert_eq!(check.status.code(), Some(2), "{}", err(&check));
    let place = format!("moved.toml:{line}:1: kinds[0].key: customers are tied by `accounts.distributor_id`");
    assert!(err(&check).contains(&place), "{}", err(&check));
    let told = person.json(&["check"]).await;
    let first = &told["problems"][0];
    assert_eq!((&first["line"], &first["column"]), (&Value::from(line), &Value::from(1)), "{told:#}");
    assert_eq!(first["path"], "kinds[0].key");
    assert!(first["file"].as_str().unwrap().ends_with("moved.toml"), "{told:#}");
    assert!(first["message"].as_str().unwrap().contains("`accounts.new_id`"), "{told:#}");
    // Whoever runs it without a check is told the same.
    for verb in ["preview", "run"] {
        let refused = person.sync(&[verb]).await;
        assert_eq!(refused.status.code(), Some(1), "{verb}: {}", err(&refused));
        assert!(err(&refused).contains(&place), "{verb}: {}", err(&refused));
    }
}

/// A store that breaks under a run is a run that failed, and no mistake on the command line.
#[tokio::test]
async fn a_store_that_fails_in_the_middle_of_a_run_ends_it_with_1() {
    let simulator = Simulator::start().await.unwrap();
    let mut variables = simulator.env();
    variables.push(("PAX8_CURRENCY".to_owned(), "USD".to_owned()));
    let person = Person::new("pax8", variables);
    assert!(person.sync(&["tables", "--create"]).await.status.success());
    assert_eq!(person.json(&["run"]).await["outcome"], "completed");
    let store = person.shell.file("sync.db");
    let breaks = FaultAction::rewrite(move |answer| {
        let store = rusqlite::Connection::open(&store).unwrap();
        store.execute_batch("DROP TABLE IF EXISTS sync_shadow").unwrap();
        answer
    });
    simulator.pax8().faults().add(FaultRule::new("GET", "*", breaks));
    let broken = person.sync(&["run", "--json"]).await;
    assert_eq!(broken.status.code(), Some(1), "{}{}", out(&broken), err(&broken));
    let report: Value = serde_json::from_str(&out(&broken)).unwrap_or_else(|_| panic!("{}", out(&broken)));
    assert_eq!(report["outcome"], "failed", "{report:#}");
    assert!(report["error"].as_str().unwrap().contains("the store"), "{report:#}");
    let broken = person.sync(&["status"]).await;
    assert_eq!(broken.status.code(), Some(1), "{}{}", out(&broken), err(&broken));
    // Where there is none at all, it was named wrongly.
    let nowhere = format!("sqlite:{}", person.shell.file("missing/sync.db").display());
    let args = ["status", "--db", &nowhere];
    assert_eq!(person.shell.run("sync", &args).await.status.code(), Some(2));
}

/// For machines a first run that is not begun is a report like any other.
#[tokio::test]
async fn a_first_run_on_a_connection_that_does_not_work_is_a_report() {
    let simulator = Simulator::start().await.unwrap();
    let mut variables = simulator.env();
    for (name, value) in &mut variables {
        if name == "PAX8_CLIENT_SECRET" {
            *value = "planted-wrong-secret".to_owned();
        }
    }
    let person = Person::new("pax8", variables);
    assert!(person.sync(&["tables", "--create"]).await.status.success());
    let run = person.sync(&["run", "--json"]).await;
    assert_eq!(run.status.code(), Some(1), "{}{}", out(&run), err(&run));
    let report: Value = serde_json::from_str(&out(&run)).unwrap_or_else(|_| panic!("{}", out(&run)));
    assert_eq!((&report["connection"], &report["outcome"]), (&"pax8".into(), &"failed".into()), "{report:#}");
    assert!(report["error"].as_str().unwrap().contains("does not work"), "{report:#}");
}

/// Runs that are killed with `kill -9` after their first, second, third and further answers: in the end everything is
/// there, once.
#[tokio::test]
async fn kills_heal() {
    let simulator = Simulator::start().await.unwrap();
    let (answers, due) = (Arc::new(AtomicUsize::new(0)), Arc::new(Notify::new()));
    let (counted, told, at) = (Arc::clone(&answers), Arc::clone(&due), Arc::new(AtomicUsize::new(0)));
    let wanted = Arc::clone(&at);
    let telling = FaultAction::rewrite(move |answer| {
        if counted.fetch_add(1, Ordering::SeqCst) + 1 == wanted.load(Ordering::SeqCst) {
            told.notify_one();
        }
        answer
    });
    simulator.pax8().faults().add(FaultRule::new("GET", "*", telling));
    let mut variables = simulator.env();
    variables.push(("PAX8_CURRENCY".to_owned(), "USD".to_owned()));
    let person = Person::new("pax8", variables);
    assert!(person.sync(&["tables", "--create"]).await.status.success());
    let (db, target) = (person.at("sync.db"), person.at("app.db"));
    let mut killed = 0;
    for moment in [1, 2, 3, 5, 8, 13, 21, 34] {
        answers.store(0, Ordering::SeqCst);
        at.store(moment, Ordering::SeqCst);
        let args = ["run", "--plan", &person.plan, "--db", &db, "--target", &target];
        let mut command = Command::from(person.shell.command("sync", &args));
        let mut child = command.stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
        let ended = tokio::select! {
            () = due.notified() => false,
            _ = child.wait() => true,
        };
        if !ended {
            child.kill().await.unwrap();
            killed += 1;
        }
    }
    assert!(killed >= 5, "{killed} of 8 runs were killed");
    let report = person.json(&["run"]).await;
    assert_eq!(report["outcome"], "completed", "{report:#}");
    let quiet = person.json(&["run"]).await;
    for kind in quiet["kinds"].as_array().unwrap() {
        assert_eq!(
            (&kind["created"], &kind["updated"], &kind["removed"]),
            (&0.into(), &0.into(), &0.into()),
            "{kind}"
        );
    }
}
