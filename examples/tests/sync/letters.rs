//! A connection that stops by itself, as a person at a terminal sees it: what a run says, what a letter says, and how it
//! goes on.

use std::io::{BufRead as _, BufReader, Write as _};
use std::net::{TcpListener, TcpStream};
use std::process::{Command, Output};
use std::sync::{Arc, Mutex};

use provider_simulator::Simulator;
use serde_json::Value;

use super::{Person, err, out};

const WRONG: &str = "planted-wrong-secret";

/// A mail server that takes everything.
struct Sink {
    url: String,
    letters: Arc<Mutex<Vec<String>>>,
}

impl Sink {
    fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let url = format!("smtp://{}", listener.local_addr().unwrap());
        let letters: Arc<Mutex<Vec<String>>> = Arc::default();
        let taken = Arc::clone(&letters);
        std::thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let _ = talk(stream, &taken);
            }
        });
        Self { url, letters }
    }

    fn letters(&self) -> Vec<String> {
        self.letters.lock().unwrap().clone()
    }
}

fn talk(stream: TcpStream, taken: &Mutex<Vec<String>>) -> std::io::Result<()> {
    let (mut lines, mut stream) = (BufReader::new(stream.try_clone()?).lines(), stream);
    stream.write_all(b"220 ready\r\n")?;
    while let Some(line) = lines.next().transpose()? {
        let answer: &[u8] = match line.split(' ').next().unwrap_or_default() {
            "DATA" => {
                stream.write_all(b"354 go on\r\n")?;
                let mut text = String::new();
                while let Some(line) = lines.next().transpose()?.filter(|line| line != ".") {
                    text.push_str(&line);
                    text.push('\n');
                }
                taken.lock().unwrap().push(text);
                b"250 taken\r\n"
            }
            "QUIT" => b"221 bye\r\n",
            _ => b"250 fine\r\n",
        };
        stream.write_all(answer)?;
    }
    Ok(())
}

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
