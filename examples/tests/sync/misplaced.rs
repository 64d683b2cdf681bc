//! What is named wrongly, in the plan and on the command line: it is told by its place, and nothing is touched.

use super::Person;
use super::run::{err, out};

/// A plan of a person's own, beside the tables.
fn own(person: &Person, from: &str, to: &str) -> String {
    let text = std::fs::read_to_string(&person.plan).unwrap();
    assert!(text.contains(from), "{text}");
    let path = person.shell.file("own.toml");
    std::fs::write(&path, text.replacen(from, to, 1)).unwrap();
    path.display().to_string()
}

#[tokio::test]
async fn a_connection_and_an_address_are_told_by_line_column_and_key() {
    let mut person = Person::new("pax8", Vec::new());
    assert!(person.sync(&["tables", "--create"]).await.status.success());
    let plan = person.plan.clone();
    for (from, to, says) in [
        (
            "connection = \"pax8\"",
            "connection = \"pax9\"",
            "own.toml:3:1: connection: `pax9` is no connection here",
        ),
        ("sqlite:app.db", "mysql:app.db", "own.toml:7:1: target.url: use `sqlite:PATH` or `postgres://"),
        (
            "sqlite:app.db",
            "sqlite:nowhere.db",
            "own.toml:7:1: target.url: there is no database at nowhere.db",
        ),
    ] {
        let path = own(&person, from, to);
        for verb in ["check", "run", "preview"] {
            let told =
                person.shell.run("sync", &[verb, "--plan", &path, "--db", &person.at("sync.db")]).await;
            assert_eq!(told.status.code(), Some(2), "{verb}: {}", err(&told));
            assert!(err(&told).contains(says), "{verb}: {}", err(&told));
        }
    }
    // What the command line names is its own mistake.
    let nowhere = person.at("nowhere.db");
    let told = person.shell.run("sync", &["check", "--plan", &plan, "--target", &nowhere]).await;
    assert!(err(&told).contains("--target: there is no database"), "{}", err(&told));
    // Machines are told of a connection in the same shape.
    person.plan = own(&person, "connection = \"pax8\"", "connection = \"pax9\"");
    let told = person.json(&["check"]).await;
    assert_eq!(
        (&told["problems"][0]["line"], &told["problems"][0]["path"]),
        (&3.into(), &"connection".into())
    );
}

/// `--db` that names the application's own file.
#[tokio::test]
async fn whoever_only_looks_writes_nothing_into_a_file_of_somebody_elses() {
    let person = Person::new("pax8", Vec::new());
    assert!(person.sync(&["tables", "--create"]).await.status.success());
    let app = person.shell.file("app.db");
    let before = std::fs::read(&app).unwrap();
    for (verb, code) in [("check", 0), ("preview", 0), ("status", 2), ("queue", 2), ("enable", 2)] {
        let (plan, address) = (person.plan.as_str(), person.at("app.db"));
        let args = [verb, "--plan", plan, "--db", &address, "--target", &address];
        let looked = person.shell.run("sync", &args).await;
        assert_eq!(looked.status.code(), Some(code), "{verb}: {}", err(&looked));
        assert_eq!(std::fs::read(&app).unwrap(), before, "{verb}");
    }
}

#[tokio::test]
async fn a_store_without_passwords_shows_none() {
    let person = Person::new("pax8", vec![("PROVIDER_TOKEN_KEY".to_owned(), "0f".repeat(32))]);
    let none = person.sync(&["credentials"]).await;
    assert_eq!(none.status.code(), Some(2), "there is no store");
    assert!(err(&none).starts_with("--db: there is no store"), "{}", err(&none));
    assert!(person.sync(&["tables", "--create"]).await.status.success());
    assert_eq!(person.json(&["run"]).await["outcome"], "completed");
    let shown = person.sync(&["credentials"]).await;
    assert!(shown.status.success() && out(&shown).is_empty(), "{}{}", out(&shown), err(&shown));
}

/// However a spreadsheet ends its lines, and whatever stands in them.
#[tokio::test]
async fn a_decision_is_named_by_the_line_that_an_editor_shows() {
    let person = Person::new("pax8", Vec::new());
    for end in ["\n", "\r\n"] {
        let lines = [
            "id,reason,decision",
            "1-aaaaaa,\"two\nlines\",create",
            "2-bbbbbb,,perhaps",
            "",
            "x,,create",
            "",
        ];
        let file = person.shell.file("decisions.csv");
        std::fs::write(&file, lines.join(end)).unwrap();
        let told = person.sync(&["resolve", "--file", &file.display().to_string()]).await;
        assert_eq!(told.status.code(), Some(2), "{}", err(&told));
        for says in ["line 4: `perhaps` is no decision", "line 6: `x` is no id"] {
            assert!(err(&told).contains(says), "{end:?}: {}", err(&told));
        }
    }
}
