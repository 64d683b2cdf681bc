//! The guide for somebody who has never seen it, to the letter: its three commands, the table that it shows, and the way to
//! a table of one's own by what `check` says.

use std::path::{Path, PathBuf};
use std::process::Output;

use rusqlite::Connection;
use serde_json::Value;

use super::run::{Shell, err, out};

const GUIDE: &str = include_str!("../../../docs/sync.md");

/// The text under a heading.
fn section(heading: &str) -> &'static str {
    GUIDE.split("\n## ").find(|section| section.starts_with(heading)).unwrap()
}

/// The first fenced block of a language under a heading.
fn block(heading: &str, language: &str) -> &'static str {
    let (_, rest) = section(heading).split_once(&format!("```{language}\n")).unwrap();
    rest.split("```").next().unwrap()
}

/// What a block of commands gives to the example.
fn commands(block: &'static str) -> Vec<Vec<&'static str>> {
    let of_the_example = |line: &'static str| line.strip_prefix("cargo run --example sync -- ").unwrap();
    block.lines().map(|line| of_the_example(line).split_whitespace().collect()).collect()
}

/// Somebody in a fresh clone, with nothing configured.
struct Newcomer {
    shell: Shell,
    clone: PathBuf,
}

impl Newcomer {
    fn new() -> Self {
        let shell = Shell::new(Vec::new());
        let clone = shell.file("clone");
        let plans = clone.join("examples/plans");
        std::fs::create_dir_all(&plans).unwrap();
        for plan in std::fs::read_dir(Path::new(env!("CARGO_MANIFEST_DIR")).join("plans")).unwrap() {
            let plan = plan.unwrap().path();
            std::fs::copy(&plan, plans.join(plan.file_name().unwrap())).unwrap();
        }
        Self { shell, clone }
    }

    async fn sync(&self, args: &[&str]) -> Output {
        let mut command = self.shell.command("sync", args);
        command.current_dir(&self.clone);
        tokio::task::spawn_blocking(move || command.output().unwrap()).await.unwrap()
    }

    async fn done(&self, args: &[&str]) -> String {
        let output = self.sync(args).await;
        assert!(output.status.success(), "{args:?}: {}", err(&output));
        out(&output)
    }

    fn database(&self, name: &str) -> Connection {
        Connection::open(self.clone.join(name)).unwrap()
    }
}

fn count(database: &Connection, query: &str) -> i64 {
    database.query_row(query, [], |row| row.get(0)).unwrap()
}

/// A line without its widths.
fn words(line: &str) -> String {
    line.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// The kinds of a table that was printed, each with its cells by their columns.
fn table(text: &str) -> Vec<(String, Vec<(String, String)>)> {
    // One cell of two words.
    let text = text.replace("no total", "no_total");
    let mut lines = text.lines().skip(1);
    let head: Vec<&str> = lines.next().unwrap().split_whitespace().collect();
    lines
        .map_while(|line| {
            let cells: Vec<&str> = line.split_whitespace().collect();
            let name = cells.len().checked_sub(head.len()).filter(|words| *words > 0)?;
            let (name, cells) = cells.split_at(name);
            let cells = head.iter().zip(cells).map(|(head, cell)| ((*head).to_owned(), (*cell).to_owned()));
            Some((name.join(" "), cells.collect()))
        })
        .collect()
}

fn cell<'t>(row: &'t [(String, String)], column: &str) -> &'t str {
    let found = row.iter().find(|(head, _)| head == column);
    &found.unwrap_or_else(|| panic!("there is no column {column}: {row:?}")).1
}

#[tokio::test]
async fn three_commands_lead_from_a_clone_to_a_table() {
    let newcomer = Newcomer::new();
    let steps = commands(block("Three commands", "sh"));
    assert_eq!(steps.iter().map(|step| step[0]).collect::<Vec<_>>(), ["tables", "preview", "run"]);
    let mut said = Vec::new();
    for step in &steps {
        said.push(newcomer.done(step).await);
    }
    // What the guide shows of the last one is what it prints.
    let printed: Vec<String> = said[2].lines().map(words).collect();
    for line in block("Three commands", "text").lines() {
        let shown = words(line.trim_end().trim_end_matches('…'));
        assert!(printed.iter().any(|line| line.starts_with(&shown)), "`{shown}` is not in {printed:#?}");
    }
    let (app, rows) = (newcomer.database("app.db"), table(&said[2]));
    let (name, customers) = &rows[0];
    assert_eq!(name, "customers");
    let accounts = count(&app, "SELECT count(*) FROM accounts");
    assert!(accounts > 0);
    assert_eq!(cell(customers, "created"), accounts.to_string());
    assert!(newcomer.clone.join("sync.db").exists());
    // Once more, as the guide says: nothing is made a second time.
    let again = table(&newcomer.done(&steps[2]).await);
    assert!(again.len() >= 5 && again.iter().all(|(_, row)| cell(row, "created") == "0"), "{again:?}");
    assert_eq!(count(&app, "SELECT count(*) FROM accounts"), accounts);
}

/// The table says what the JSON says, kind by kind.
#[tokio::test]
async fn the_table_at_the_end_is_the_report() {
    let newcomer = Newcomer::new();
    for plan in ["crayon", "pax8", "streamone"] {
        let (plan, target) = (format!("examples/plans/{plan}.toml"), format!("sqlite:{plan}.db"));
        let with = ["--plan", &plan, "--target", &target];
        newcomer.done(&[&["tables", "--create"][..], &with].concat()).await;
        let text = newcomer.done(&[&["preview"][..], &with].concat()).await;
        let json = newcomer.done(&[&["preview", "--json"][..], &with].concat()).await;
        let report: Value = serde_json::from_str(&json).unwrap();
        let (kinds, rows) = (report["kinds"].as_array().unwrap(), table(&text));
        assert_eq!(rows.len(), kinds.len(), "{text}");
        for ((name, row), kind) in rows.iter().zip(kinds) {
            let number = |column: &str| kind[column].as_u64().unwrap();
            assert!(name.starts_with(&kind["kind"].as_str().unwrap().replace('_', " ")), "{name}: {kind}");
            for column in ["listed", "created", "updated", "unchanged", "removed", "suspected"] {
                assert_eq!(cell(row, column), number(column).to_string(), "{name}: {column}: {text}");
            }
            let queued = number("queued") + number("conflicts");
            assert_eq!(cell(row, "queued"), queued.to_string(), "{name}: {text}");
            assert_eq!(cell(row, "listing"), kind["completeness"].as_str().unwrap(), "{name}: {text}");
        }
    }
}

#[tokio::test]
async fn what_check_says_leads_to_a_table_of_ones_own() {
    const OWN: &str = "Your own table";
    let newcomer = Newcomer::new();
    let shop = newcomer.database("shop.db");
    shop.execute_batch(block(OWN, "sql")).unwrap();
    shop.execute("INSERT INTO clients (company) VALUES ('Known to nobody else')", []).unwrap();
    let plan = newcomer.clone.join("my.toml");
    std::fs::write(&plan, block(OWN, "toml")).unwrap();

    // What the guide shows of it is what it says, to the column.
    let check = commands(block(OWN, "sh")).remove(0);
    let wrong = newcomer.sync(&check).await;
    assert_eq!(wrong.status.code(), Some(2), "{}", err(&wrong));
    let wrong = err(&wrong);
    let said: Vec<&str> = wrong.lines().filter(|line| line.starts_with("my.toml:")).collect();
    let shown: Vec<&str> = block(OWN, "text").lines().collect();
    assert_eq!(said.len(), shown.len(), "{said:#?}");
    for (said, shown) in said.iter().zip(&shown) {
        match shown.strip_suffix('…') {
            Some(shown) => assert!(said.starts_with(shown), "{said}\nand not\n{shown}"),
            None => assert_eq!(said, shown),
        }
    }

    // Its SQL, and one word: then it is right, and fills the table.
    let sql = |line: &&str| {
        let said = line.split_once("to add it: ").or_else(|| line.split_once("to make it so: "));
        said.map(|(_, sql)| sql.to_owned())
    };
    let sql: Vec<String> = said.iter().filter_map(sql).collect();
    assert_eq!(sql.len(), 2, "{said:#?}");
    shop.execute_batch(&sql.join("\n")).unwrap();
    std::fs::write(&plan, block(OWN, "toml").replace("address.town", "address.city")).unwrap();
    assert!(section(OWN).contains("`address.city` in place of `address.town`"));
    let right = newcomer.done(&check).await;
    assert_eq!(right.trim(), "The plan is right: customers of pax8.");
    newcomer.done(&["run", "--plan", "my.toml"]).await;
    let filled = "SELECT count(*) FROM clients WHERE pax8_id IS NOT NULL AND company <> ''";
    let clients = count(&shop, filled);
    assert!(clients > 0);
    assert!(count(&shop, "SELECT count(*) FROM clients WHERE town IS NOT NULL") > 0);
    assert_eq!(count(&shop, "SELECT count(*) FROM clients WHERE pax8_id IS NULL"), 1, "it was left alone");
    newcomer.done(&["run", "--plan", "my.toml"]).await;
    assert_eq!(count(&shop, filled), clients);
}
