//! A plan that goes back to `pull`, while nobody knows what came of a command.

use provider_simulator::{FaultAction, FaultRule, Simulator};
use rusqlite::Connection;

use super::Person;

const PLAN: &str = r#"
version = 1
connection = "pax8"
enabled = true

[[kinds]]
kind = "customer"
enabled = true
direction = "both"
updates = ["create", "update"]
table = "accounts"
key = { remote = "id", local = "distributor_id" }
unmatched = "create"
detail = { full = { refresh = 7 } }
fields = [
  { remote = "name", local = "name", owner = "ask" },
  { remote = "phone", local = "phone", owner = "local" },
  { remote = "status", local = "status" },
]
"#;

#[tokio::test]
async fn what_was_sent_before_is_settled_by_a_word_once_the_plan_only_pulls() {
    let simulator = Simulator::builder().customers(6).start().await.unwrap();
    let mut person = Person::new("pax8", Vec::new());
    let mut variables = simulator.pax8().env();
    variables.push(("PAX8_CURRENCY".to_owned(), "USD".to_owned()));
    variables.push(("PROVIDER_STORE".to_owned(), person.at("journal.db")));
    person.shell = person.shell.with(variables);
    let plan = person.shell.file("plan.toml");
    std::fs::write(&plan, PLAN).unwrap();
    person.plan = plan.display().to_string();
    assert!(person.sync(&["tables", "--create"]).await.status.success());
    assert_eq!(person.json(&["run"]).await["outcome"], "completed");
    let application = Connection::open(person.shell.file("app.db")).unwrap();
    let one = "(SELECT min(id) FROM accounts WHERE status = 'active')";
    let edit = format!("UPDATE accounts SET phone = '555-0100' WHERE id = {one}");
    assert_eq!(application.execute(&edit, []).unwrap(), 1);
    let lost = FaultRule::new("PATCH", "/v1/companies/*", FaultAction::DisconnectBefore).once();
    simulator.pax8().faults().add(lost);
    let report = person.json(&["run"]).await;
    assert_eq!(report["intents"]["unknown"], 1, "{report:#}");
    std::fs::write(&plan, PLAN.replace("\"both\"", "\"pull\"")).unwrap();
    let report = person.json(&["run"]).await;
    assert_eq!(report["intents"]["unknown"], 1, "a plan that only pulls does not forget it: {report:#}");
    let queue = person.json(&["queue"]).await;
    assert_eq!(queue.as_array().map(Vec::len), Some(1), "{queue:#}");
    assert_eq!(queue[0]["type"], "unknown", "{queue:#}");
    let decided = person.json(&["resolve", queue[0]["id"].as_str().unwrap(), "--never-happened"]).await;
    assert_eq!(decided["decided"], 1);
    let report = person.json(&["run"]).await;
    assert_eq!(report["outcome"], "completed", "{report:#}");
    assert_eq!(report["intents"]["unknown"], 0, "{report:#}");
    assert_eq!(person.json(&["queue"]).await.as_array().map(Vec::len), Some(0));
}
