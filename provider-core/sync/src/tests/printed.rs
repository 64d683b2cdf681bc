//! The SQL that a check prints works when it is run, and none is printed where none would.

use super::distributor::Distributor;
use super::homes::{Home, Place};
use crate::plan::SyncPlan;

const PLAN: &str = r#"
version = 1
connection = "shop"
enabled = true
[[kinds]]
kind = "customer"
enabled = true
updates = ["create", "update"]
table = "accounts"
key = { remote = "id", local = "distributor_id" }
unmatched = "create"
fields = [{ remote = "name", local = "name" }]
"#;

/// Nothing, where the plan is right.
async fn said_of(place: &Place, plan: &str) -> String {
    let target = place.target(plan).await;
    let checked = SyncPlan::from_toml(plan).unwrap().check(&Distributor::new(), &target);
    checked.err().map(|problems| problems.to_string()).unwrap_or_default()
}

#[tokio::test]
async fn a_new_index_gets_a_name_that_is_free() {
    for home in Home::all() {
        let place = Place::new(
            home,
            "CREATE TABLE accounts (id INTEGER PRIMARY KEY, distributor_id TEXT, name TEXT);
             CREATE INDEX accounts_distributor_id ON accounts (distributor_id);
             CREATE TABLE accounts_distributor_id_2 (name TEXT);",
        );
        let said = said_of(&place, PLAN).await;
        let (_, sql) = said.split_once("to make it so: ").unwrap();
        let sql = sql.lines().next().unwrap();
        assert!(sql.contains("\"accounts_distributor_id_3\""), "{sql}");
        place.batch(sql);
        let said = said_of(&place, PLAN).await;
        assert!(!said.contains("is not unique"), "{home:?}: {said}");
    }
}

#[tokio::test]
async fn no_table_is_offered_under_the_name_of_a_view() {
    for home in Home::all() {
        let place = Place::new(
            home,
            "CREATE TABLE base (id INTEGER PRIMARY KEY, distributor_id TEXT UNIQUE, name TEXT);
             CREATE VIEW accounts AS SELECT * FROM base;",
        );
        let said = said_of(&place, PLAN).await;
        assert!(said.contains("kinds[0].table: `accounts` is a view"), "{said}");
        assert!(!said.contains("CREATE"), "{said}");
    }
}

#[tokio::test]
async fn a_scope_that_one_row_alone_could_have_is_refused() {
    for home in Home::all() {
        let place = Place::new(
            home,
            "CREATE TABLE accounts (id INTEGER PRIMARY KEY, distributor_id TEXT UNIQUE, name TEXT, code TEXT UNIQUE,
                branch TEXT);",
        );
        for (scope, column) in
            [("id = 5", Some("id")), ("code = \"a\"", Some("code")), ("branch = \"b\"", None)]
        {
            let plan = PLAN.replace("key =", &format!("scope = {{ {scope} }}\nkey ="));
            let said = said_of(&place, &plan).await;
            match column {
                Some(column) => {
                    assert!(
                        said.contains(&format!("kinds[0].scope.{column}: `{column}` is unique")),
                        "{said}"
                    );
                }
                None => assert!(!said.contains(".scope"), "{home:?}: {said}"),
            }
        }
    }
}
