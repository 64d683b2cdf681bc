//! A connection that stops by itself, as a person at a terminal sees it: what a run says, what a letter says, and how it
//! goes on.

use std::process::{Command, Output};

use provider_simulator::Simulator;
use serde_json::Value;

use super::sink::Sink;
use super::{Person, err, out};

const WRONG: &str = "planted-wrong-secret";

struct Scene {
    person: Person,
    sink: Sink,
}

impl Scene {
    /// A person whose first run has worked.
    async fn new(simulator: &Simulator) -> Self {
        let mut variables = simulator.env();
        let sink = Sink::start();
        variables.extend([
            ("PAX8_CURRENCY".to_owned(), "USD".to_owned()),
            ("PROVIDER_SMTP_URL".to_owned(), sink.url.clone()),
            ("PROVIDER_SMTP_FROM".to_owned(), "sync@example.com".to_owned()),
        ]);
        let mut person = Person::new("pax8", variables);
        let plan = std::fs::read_to_string(&person.plan).unwrap();
        let told = "alerts = [\"billing@example.com\", \"ops@example.com\"]\n";
        let plan: String =
            plan.lines().filter(|line| !line.starts_with("alerts")).fold(String::new(), |all, line| {
                let before = if line.starts_with("enabled") && !all.contains("alerts") { told } else { "" };
                format!("{all}{before}{line}\n")
            });
        let own = person.shell.file("own.toml");
        std::fs::create_dir_all(own.parent().unwrap()).unwrap();
        std::fs::write(&own, plan).unwrap();
        person.plan = own.display().to_string();
        assert!(person.sync(&["tables", "--create"]).await.status.success());
        let first = person.sync(&["run"]).await;
        assert!(first.status.success(), "{}", err(&first));
        Self { person, sink }
    }

    /// A run with other variables.
    async fn run_with(&self, change: impl FnOnce(&mut Command)) -> Output {
        let (db, target) = (self.person.at("sync.db"), self.person.at("app.db"));
        let args = ["run", "--plan", &self.person.plan, "--db", &db, "--target", &target];
        let mut command = self.person.shell.command("sync", &args);
        change(&mut command);
        tokio::task::spawn_blocking(move || command.output().unwrap()).await.unwrap()
    }

    /// A run with a secret that the distributor refuses.
    async fn refused(&self) -> Output {
        let wrong = |command: &mut Command| {
            command.env("PAX8_CLIENT_SECRET", WRONG);
        };
        self.run_with(wrong).await
    }

    async fn status(&self) -> Value {
        self.person.json(&["status"]).await[0].clone()
    }

    fn assert_told(&self, parts: &[&str]) {
        let letters = self.sink.letters();
        assert_eq!(letters.len(), 2, "{letters:?}");
        for (letter, person) in letters.iter().zip(["billing@example.com", "ops@example.com"]) {
            assert!(letter.contains(&format!("To: {person}")), "{letter}");
            // As it is read: long lines are broken in letters.
            let text = letter.replace("=\n", "");
            assert!(parts.iter().all(|part| text.contains(part)), "{parts:?} are not all in:\n{text}");
            assert!(!text.contains(WRONG), "{text}");
        }
    }
}

#[tokio::test]
async fn a_secret_that_was_changed_is_told_by_letter_and_enable_goes_on() {
    let simulator = Simulator::start().await.unwrap();
    let scene = Scene::new(&simulator).await;
    for _ in 0..5 {
        let run = scene.refused().await;
        assert_eq!(run.status.code(), Some(1), "{}{}", out(&run), err(&run));
        assert!(!err(&run).contains(WRONG) && !out(&run).contains(WRONG));
    }
    scene.assert_told(&[
        "Client secret (PAX8_CLIENT_SECRET)",
        "Pax8 portal",
        "sync enable --connection pax8",
    ]);
    let status = scene.status().await;
    assert_eq!((&status["state"], &status["failures"]), (&"disabled".into(), &5.into()), "{status:#}");
    assert_eq!(status["setting"]["path"], "PAX8_CLIENT_SECRET");
    assert!(status["next_probe"].is_string() && status["last_good"].is_string(), "{status:#}");
    assert!(!status.to_string().contains(WRONG));
    let shown = out(&scene.person.sync(&["status"]).await);
    assert!(shown.contains("Client secret (PAX8_CLIENT_SECRET)") && shown.contains("tried again"), "{shown}");
    // It is mended, and does nothing until it is tried again or a person says so.
    let off = scene.person.sync(&["run", "--json"]).await;
    assert_eq!(off.status.code(), Some(1));
    let report: Value = serde_json::from_str(&out(&off)).unwrap();
    assert_eq!(report["outcome"], "disabled");
    assert!(report["error"].as_str().unwrap().contains("5 runs in a row failed"), "{report:#}");
    let enabled = scene.person.sync(&["enable", "--connection", "pax8"]).await;
    assert!(enabled.status.success(), "{}", err(&enabled));
    assert_eq!(scene.person.json(&["run"]).await["outcome"], "completed");
    assert_eq!(scene.status().await["state"], "active");
    let letters = scene.sink.letters();
    assert_eq!(letters.len(), 4, "{letters:?}");
    assert!(letters[2..].iter().all(|letter| letter.contains("pax8 works again")), "{letters:?}");
    // A person's word, without a letter.
    let disabled = scene.person.sync(&["disable", "--by", "Ada"]).await;
    assert!(disabled.status.success(), "{}", err(&disabled));
    assert_eq!(scene.person.sync(&["run"]).await.status.code(), Some(1));
    assert_eq!(scene.status().await["cause"], "Ada switched it off");
    assert_eq!(scene.sink.letters().len(), 4);
}

#[tokio::test]
async fn a_plan_that_fits_no_more_is_told_by_letter() {
    let simulator = Simulator::start().await.unwrap();
    let scene = Scene::new(&simulator).await;
    let file = rusqlite::Connection::open(scene.person.shell.file("app.db")).unwrap();
    let columns: Vec<String> = file
        .prepare("SELECT name FROM pragma_table_info('accounts') WHERE name NOT IN ('id', 'name') AND pk = 0")
        .unwrap()
        .query_map([], |row| row.get(0))
        .unwrap()
        .map(Result::unwrap)
        .collect();
    let plain = |column: &&String| {
        file.execute_batch(&format!("ALTER TABLE accounts DROP COLUMN \"{column}\"")).is_ok()
    };
    let gone = columns.iter().find(plain).unwrap();
    // Without a mail server the letters wait for one.
    let run = scene.run_with(|command| {
        command.env_remove("PROVIDER_SMTP_URL").env_remove("PROVIDER_SMTP_FROM");
    });
    let run = run.await;
    assert_eq!(run.status.code(), Some(2), "{}", err(&run));
    assert_eq!(scene.status().await["unsent"], 2);
    let sent = scene.person.sync(&["deliver"]).await;
    assert!(sent.status.success() && out(&sent).contains("2 sent, 0 refused, 0 wait"), "{}", out(&sent));
    scene.assert_told(&["To change:  kinds[0].", gone]);
    assert_eq!(scene.status().await["reason"], "plan");
    // Whoever runs it again is told by the program, and nobody by another letter.
    assert_eq!(scene.person.sync(&["run"]).await.status.code(), Some(2));
    assert_eq!(scene.sink.letters().len(), 2);
}

#[tokio::test]
async fn tables_that_cannot_be_opened_are_told_by_letter_after_five_runs() {
    let simulator = Simulator::start().await.unwrap();
    let scene = Scene::new(&simulator).await;
    let (there, away) = (scene.person.shell.file("app.db"), scene.person.shell.file("away.db"));
    std::fs::rename(&there, &away).unwrap();
    for failures in 1..=5 {
        assert!(scene.sink.letters().is_empty());
        let run = scene.person.sync(&["run"]).await;
        assert!(!run.status.success() && err(&run).contains("--target"), "{}", err(&run));
        assert_eq!(scene.status().await["failures"], failures);
    }
    scene.assert_told(&["5 runs in a row failed", "To change:  target.url", "sync enable --connection pax8"]);
    assert_eq!(scene.status().await["state"], "disabled");
    std::fs::rename(&away, &there).unwrap();
    assert!(scene.person.sync(&["enable"]).await.status.success());
    assert_eq!(scene.person.json(&["run"]).await["outcome"], "completed");
    assert!(scene.sink.letters()[2..].iter().all(|letter| letter.contains("pax8 works again")));
}

/// A recipient that is refused is said at the terminal and in the status, and keeps nobody from anything.
#[tokio::test]
async fn a_recipient_that_the_mail_server_refuses_is_named() {
    let simulator = Simulator::start().await.unwrap();
    let scene = Scene::new(&simulator).await;
    let (billing, ops) = ("billing@example.com", "ops@example.com");
    scene.sink.state().unknown.insert(billing.to_owned());
    for _ in 0..4 {
        scene.refused().await;
    }
    let last = scene.refused().await;
    assert!(err(&last).contains("The mail server refuses billing@example.com"), "{}", err(&last));
    let has = |person: &str| scene.sink.letters_to(person).len();
    assert_eq!((has(billing), has(ops)), (0, 1));
    let status = scene.status().await;
    assert_eq!((&status["refused"], &status["unsent"]), (&serde_json::json!([billing]), &0.into()));
    // Another letter is another try.
    scene.sink.state().unknown.clear();
    assert!(scene.person.sync(&["enable"]).await.status.success());
    assert_eq!(scene.person.json(&["run"]).await["outcome"], "completed");
    assert_eq!((has(billing), has(ops)), (1, 2));
    assert!(scene.sink.letters_to(billing)[0].contains("pax8 works again"));
}

/// The password in the address of the application's database: nobody who reads anything of a run learns it.
#[cfg(feature = "postgres")]
#[tokio::test]
async fn the_password_of_an_address_is_in_nothing_that_leaves() {
    const PASSWORD: &str = "planted-password";
    let simulator = Simulator::start().await.unwrap();
    let scene = Scene::new(&simulator).await;
    let server = provider_testkit::postgres::Server::start(&[]).unwrap();
    let port = server.as_ref().map_or(9, provider_testkit::postgres::Server::port);
    // A user that there is none of, and then a server that is not there.
    let there = format!("postgres://app:{PASSWORD}@127.0.0.1:{port}/app?sslmode=disable");
    let away = format!("postgres://app:{PASSWORD}@127.0.0.1:9/app?sslmode=disable");
    let strange = format!("postgers://app:{PASSWORD}@127.0.0.1:9/app");
    let db = scene.person.at("sync.db");
    let see = async |verb: &str, target: &str, json: bool| -> String {
        let mut args = vec![verb, "--plan", &scene.person.plan, "--db", &db, "--target", target];
        args.extend(json.then_some("--json"));
        let output = scene.person.shell.run("sync", &args).await;
        assert!(verb != "run" || !output.status.success(), "{verb}: {}", out(&output));
        out(&output) + &err(&output)
    };
    let mut shown = String::new();
    for target in [&there, &away, &strange] {
        for verb in ["check", "preview", "tables"] {
            shown += &see(verb, target, false).await;
        }
    }
    for target in [&there, &there, &away, &away, &away] {
        shown += &see("run", target, true).await;
    }
    for verb in ["run", "status", "queue"] {
        shown += &see(verb, &away, false).await;
        shown += &see(verb, &away, true).await;
    }
    assert_eq!(scene.status().await["state"], "disabled");
    scene.assert_told(&["5 runs in a row failed", "To change:  target.url"]);
    let letters = scene.sink.letters().concat().replace("=\n", "");
    let file = |name: &str| std::fs::read(scene.person.shell.file(name)).unwrap_or_default();
    let kept = [file("sync.db"), file("sync.db-wal")].concat();
    let kept = String::from_utf8_lossy(&kept).into_owned();
    for text in [&shown, &letters, &kept] {
        assert!(text.contains("the database app on 127.0.0.1"), "what is wrong is said: {text}");
    }
    for (place, text) in [("terminal", &shown), ("letters", &letters), ("store", &kept)] {
        assert!(!text.contains(PASSWORD), "{place}: {text}");
    }
}

#[tokio::test]
async fn half_of_a_mail_server_is_named() {
    let person =
        Person::new("pax8", vec![("PROVIDER_SMTP_URL".to_owned(), "smtps://mail.example.com".to_owned())]);
    let run = person.sync(&["run"]).await;
    assert_eq!(run.status.code(), Some(2));
    assert!(err(&run).contains("PROVIDER_SMTP_FROM"), "{}", err(&run));
    let none = Person::new("pax8", Vec::new()).sync(&["deliver"]).await;
    assert_eq!(none.status.code(), Some(2));
    assert!(err(&none).contains("PROVIDER_SMTP_URL"), "{}", err(&none));
}
