//! `sync reconcile` as a person runs it: without anything, and with a plan and a table of one's own.

use provider_core::clock::{Clock as _, SystemClock};
use provider_sync::reconcile::Month;
use serde_json::Value;

use crate::run::{Shell, err, out};

/// What no page that is to be opened from a mail may hold.
fn assert_alone(page: &str) {
    for word in
        ["<script", "javascript:", "http:", "https:", "src=", "href=", "url(", "@import", "onerror", "onload"]
    {
        assert!(!page.contains(word), "the page has {word}");
    }
    assert!(page.starts_with("<!doctype html>") && page.trim_end().ends_with("</html>"));
    // Dark on a screen that is, and never on paper.
    assert!(page.contains("@media screen and (prefers-color-scheme:dark)") && page.contains("@media print"));
    assert!(page.contains("name=\"viewport\" content=\"width=device-width, initial-scale=1\""));
    // Every element that was opened is closed.
    for name in [
        "section", "table", "tbody", "tr", "td", "th", "ul", "li", "figure", "svg", "details", "small",
        "span",
    ] {
        let opened = page.matches(&format!("<{name}>")).count() + page.matches(&format!("<{name} ")).count();
        assert_eq!(opened, page.matches(&format!("</{name}>")).count(), "<{name}>");
    }
}

#[tokio::test]
async fn with_nothing_configured_differences_are_shown_and_told_in_one_line() {
    let shell = Shell::new(Vec::new());
    let shown = shell.run("sync", &["reconcile"]).await;
    assert!(shown.status.success(), "{}", err(&shown));
    let text = out(&shown);
    let last = text.lines().last().unwrap();
    assert!(last.starts_with("pax8 20") && last.contains(" match, ") && last.contains("at stake "), "{last}");
    for cause in [
        "it is bought and not billed",
        "the same row is billed more than once",
        "fewer units are billed",
        "less is billed than the price",
        "it is billed, and no subscription has this id",
        "invoiced the same line more than once",
        "invoiced more units than are ordered",
        "the distributor did not invoice it",
        "the distributor gave money back",
        "it is invoiced after its end",
    ] {
        assert!(text.contains(cause), "{cause}: {text}");
    }
    assert!(text.contains("note: billed row"), "{text}");
    assert!(err(&shown).contains("differences were planted in the simulator's 20"), "{}", err(&shown));
}

#[tokio::test]
async fn a_page_a_table_and_json_say_the_same() {
    let shell = Shell::new(Vec::new());
    let json = shell.run("sync", &["reconcile", "--json"]).await;
    let report: Value = serde_json::from_str(&out(&json)).unwrap();
    let rows = report["rows"].as_array().unwrap();
    let differ = |verdict: &str| rows.iter().filter(|row| row["verdict"] == verdict).count();
    assert_eq!(report["summary"]["rows"]["match"], differ("match"));
    assert_eq!(report["summary"]["all_matched"], false);
    assert!(report["renewals"].as_array().unwrap().len() > 2);

    let (csv, html) = (shell.file("month.csv"), shell.file("month.html"));
    let written = shell.run("sync", &["reconcile", "--csv", csv.to_str().unwrap()]).await;
    assert!(written.status.success(), "{}", err(&written));
    let mut table = csv::Reader::from_path(&csv).unwrap();
    assert_eq!(&table.headers().unwrap()[0], "month");
    let causes: Vec<String> = table.records().map(|record| record.unwrap()[17].to_owned()).collect();
    let of_json: Vec<&str> = rows.iter().map(|row| row["cause"].as_str().unwrap()).collect();
    assert_eq!(causes, of_json);

    let written = shell.run("sync", &["reconcile", "--html", html.to_str().unwrap()]).await;
    assert!(written.status.success(), "{}", err(&written));
    assert!(out(&written).contains("at stake"));
    let page = std::fs::read_to_string(&html).unwrap();
    assert_alone(&page);
    for part in [
        "Money at stake",
        "By customer",
        "By cause",
        "The next 90 days",
        "Dates by week",
        "<svg",
        "What differs",
        "Not told",
        "What is not told is no match",
    ] {
        assert!(page.contains(part), "{part}");
    }
    assert_eq!(page.matches("class=\"not_billed\"").count(), differ("not_billed"));
    // Every date of the next 90 days is in the table, and counted in the week that it falls in.
    let renewals = report["renewals"].as_array().unwrap().len();
    let weeks: Vec<usize> = page
        .split("aria-label=\"week from ")
        .skip(1)
        .map(|rest| rest.split_once(": ").unwrap().1.split('"').next().unwrap().parse().unwrap())
        .collect();
    assert_eq!((weeks.len(), weeks.iter().sum::<usize>()), (13, renewals));
    assert_eq!(page.matches("data-name=\"missing it costs\"").count(), renewals);
    // The bars say in words what they show.
    assert!(page.contains("aria-label=\"it is bought and not billed: "), "a bar has no label");
}

fn plan(connection: &str) -> String {
    format!(
        r#"version = 1
connection = "{connection}"
[reconcile.billed]
table = "positions"
subscription = "remote"
quantity = "seats"
amount = "net"
currency_code = "USD"
month = "month"
customer = "debtor"
"#
    )
}

/// A shell with a plan and a database; its rows are of the last month.
pub(super) fn person(connection: &str, month: &str) -> (Shell, String, String) {
    let shell = Shell::new(Vec::new());
    let (plan_file, app) = (shell.file("my.toml"), shell.file("app.db"));
    std::fs::write(&plan_file, plan(connection)).unwrap();
    let database = rusqlite::Connection::open(&app).unwrap();
    database
        .execute_batch(
            "CREATE TABLE positions (id INTEGER PRIMARY KEY, remote TEXT, seats TEXT, net TEXT, month TEXT, debtor TEXT);",
        )
        .unwrap();
    let mut insert = database
        .prepare("INSERT INTO positions (remote, seats, net, month, debtor) VALUES (?1, ?2, ?3, ?4, ?5)")
        .unwrap();
    for (remote, net, debtor) in [
        ("\"><script>alert(1)</script>", "10.00", "<img src=x onerror=alert(2)>"),
        ("=cmd|' /C calc'!A0", "10.00", "+4711 & 'sons'"),
        ("plain", "1.234,50</td>", "@bakery"),
        ("large", "1234567.891", "Example Logistics and Warehousing of the Northern Territories"),
    ] {
        insert.execute((remote, "2", net, month, debtor)).unwrap();
    }
    drop(insert);
    (shell, plan_file.display().to_string(), format!("sqlite:{}", app.display()))
}

#[tokio::test]
async fn a_plan_names_the_table_and_nothing_in_it_gets_out_of_its_place() {
    for connection in ["pax8", "crayon", "streamone"] {
        let month = Month::of(SystemClock.now()).before().to_string();
        let (shell, plan, target) = person(connection, &month);
        let html = shell.file("page.html");
        let args = ["reconcile", "--plan", &plan, "--target", &target, "--period", &month];
        let page = shell.run("sync", &[&args[..], &["--html", html.to_str().unwrap()]].concat()).await;
        assert!(page.status.success(), "{connection}: {}", err(&page));
        let page = std::fs::read_to_string(&html).unwrap();
        // What a person wrote is shown as it was written.
        assert!(page.contains("&lt;script&gt;alert(1)&lt;/script&gt;"), "{connection}");
        assert!(page.contains("&lt;img src=x onerror=alert(2)&gt;"), "{connection}");
        // Thousands stand apart, and no line breaks within an amount.
        assert!(page.contains("1\u{202f}234\u{202f}567.89\u{a0}USD"), "{connection}");
        let quiet = page.replace("&lt;img src=x onerror=alert(2)&gt;", "");
        assert_alone(&quiet);
        let csv = shell.file("rows.csv");
        let table = shell.run("sync", &[&args[..], &["--csv", csv.to_str().unwrap()]].concat()).await;
        assert!(table.status.success(), "{connection}: {}", err(&table));
        let mut table = csv::Reader::from_path(&csv).unwrap();
        let cells: Vec<String> = table
            .records()
            .flat_map(|record| record.unwrap().iter().map(str::to_owned).collect::<Vec<_>>())
            .collect();
        assert!(cells.iter().any(|cell| cell == "'=cmd|' /C calc'!A0"), "{connection}");
        assert!(!cells.iter().any(|cell| cell.starts_with('=') || cell.starts_with('@')), "{connection}");
        let text = out(&shell.run("sync", &args).await);
        assert!(text.contains("1.234,50</td>` is no amount"), "{connection}: {text}");
        let json: Value =
            serde_json::from_str(&out(&shell.run("sync", &[&args[..], &["--json"]].concat()).await)).unwrap();
        assert_eq!(json["summary"]["all_matched"], false);
        assert_eq!(json["billed"]["records"], 4);
        let from = json["invoiced"]["from"].as_str().unwrap();
        let told = [("pax8", "lines"), ("crayon", "documents"), ("streamone", "usage")];
        assert!(told.contains(&(connection, from)), "{connection}: {from}");
    }
}

#[tokio::test]
async fn what_is_wrong_is_named_and_ends_with_two() {
    let (shell, plan, target) = person("pax8", "2026-03");
    let code = |output: &std::process::Output| output.status.code();
    for (args, said) in [
        (vec!["reconcile", "--period", "2026-3"], "write it as 2026-10"),
        (vec!["reconcile", "--json", "--csv", "a.csv"], "--json, --csv and --html: name one of them"),
        (vec!["reconcile", "--plan", "nowhere.toml"], "--plan: nowhere.toml"),
        (vec!["reconcile", "--plan", &plan], "--target: the plan does not say where the tables are"),
        (vec!["reconcile", "--html", "/nowhere/page.html"], "--html /nowhere/page.html"),
    ] {
        let output = shell.run("sync", &args).await;
        assert_eq!(code(&output), Some(2), "{args:?}: {}", err(&output));
        assert!(err(&output).contains(said), "{args:?}: {}", err(&output));
    }
    std::fs::write(&plan, self::plan("pax8").replace("\"net\"", "\"nett\"")).unwrap();
    let output = shell.run("sync", &["reconcile", "--plan", &plan, "--target", &target]).await;
    assert_eq!(code(&output), Some(2));
    let said =
        format!("{plan}:7:1: reconcile.billed.amount: `positions` has no column `nett`; there is id, remote");
    assert!(err(&output).contains(&said), "{}", err(&output));
    // With a distributor configured, nothing is made up.
    let other = Shell::new(vec![
        ("PAX8_CLIENT_ID".to_owned(), "id".to_owned()),
        ("PAX8_CLIENT_SECRET".to_owned(), "secret".to_owned()),
    ]);
    let output = other.run("sync", &["reconcile"]).await;
    assert_eq!(code(&output), Some(2));
    assert!(err(&output).contains("--plan: name the plan"), "{}", err(&output));
}

#[tokio::test]
async fn until_when_seats_can_be_given_back_is_said_before_they_are_changed() {
    let shell = Shell::new(Vec::new());
    let args = ["--provider", "pax8", "--entity", "subscriptions", "--limit", "40"];
    let seats = crate::run::lines(&shell.run("export", &args).await);
    let several =
        |seats: &&Value| seats["quantity"].as_str().is_some_and(|units| units.parse::<f64>().unwrap() > 2.0);
    let open = seats.iter().filter(several).find(|seats| {
        seats["status"] == "active"
            && seats["commitment_term"].is_null()
            && seats["billing_cycle"] == "monthly"
    });
    let id = open.unwrap()["id"].as_str().unwrap();
    for plan in [true, false] {
        let mut args = vec![
            "--provider",
            "pax8",
            "--subscription",
            id,
            "--quantity",
            "2",
            "--key",
            "guard-test-0000001",
        ];
        if plan {
            args.push("--plan");
        }
        let output = shell.run("seats", &args).await;
        assert!(output.status.success(), "{}", err(&output));
        let said = err(&output);
        assert!(said.contains("reduce now: yes, at any time (there is no commitment"), "{said}");
        assert!(!out(&output).contains("reduce now"));
    }
}

#[tokio::test]
async fn every_distributors_rule_is_said_before_seats_are_changed_or_given_up() {
    let shell = Shell::new(Vec::new());
    for provider in ["crayon", "pax8", "streamone"] {
        let args = ["--provider", provider, "--entity", "subscriptions", "--limit", "60"];
        let seats = crate::run::lines(&shell.run("export", &args).await);
        let fits = |seats: &&Value| {
            let several = seats["quantity"].as_str().is_some_and(|units| units.parse::<f64>().unwrap() > 2.0);
            seats["status"] == "active" && several && seats["parent"].is_null()
        };
        let id = seats.iter().find(fits).unwrap()["id"].as_str().unwrap();
        let common = ["--provider", provider, "--subscription", id, "--key", "guard-test-0000002", "--plan"];
        for (example, args) in
            [("seats", &["--quantity", "2"][..]), ("subscription", &["cancel", "--term-end"][..])]
        {
            let output = shell.run(example, &[args, &common[..]].concat()).await;
            // Whether it can be planned is the distributor's business: what is known is said before.
            let said = err(&output);
            for part in [
                format!("subscription {id}"),
                "  reduce now: ".into(),
                "  cancel now: ".into(),
                "  then: ".into(),
            ] {
                assert!(said.contains(&part), "{provider} {example}: {said}");
            }
        }
    }
}
