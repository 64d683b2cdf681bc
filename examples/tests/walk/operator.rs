//! One operator at one distributor.

use serde_json::Value;

use crate::run::{Shell, err, lines, out};

const ENTITIES: [&str; 7] =
    ["customers", "products", "subscriptions", "orders", "invoices", "invoice_lines", "usage"];

pub(crate) struct Operator {
    pub(crate) shell: Shell,
    kind: &'static str,
}

pub(crate) fn text<'a>(value: &'a Value, field: &str) -> &'a str {
    value[field].as_str().unwrap_or_default()
}

/// What an operator finds at first.
pub(crate) struct Found {
    pub(crate) customers: Vec<Value>,
    pub(crate) products: Vec<Value>,
}

impl Operator {
    pub(crate) fn new(kind: &'static str, variables: Vec<(String, String)>) -> Self {
        Self { shell: Shell::new(variables), kind }
    }

    /// Verifies the connection and exports all there is, products with their prices.
    pub(crate) async fn look_around(&self) -> Found {
        let verified = self.shell.run("verify", &["--provider", self.kind]).await;
        assert_eq!(verified.status.code(), Some(0), "{}", out(&verified));
        let mut found = Found { customers: Vec::new(), products: Vec::new() };
        for entity in ENTITIES {
            let records = self.export(entity).await;
            match entity {
                // The simulated Cloud-iQ starts without orders of its own.
                "orders" if self.kind == "crayon" => {}
                _ => assert!(!records.is_empty(), "{} {entity}", self.kind),
            }
            match entity {
                "customers" => found.customers = records,
                "products" => {
                    let priced = |p: &Value| p["offers"].as_array().is_some_and(|offers| !offers.is_empty());
                    assert!(records.iter().any(priced), "{}: no product has an offer", self.kind);
                    found.products = records;
                }
                _ => {}
            }
        }
        found
    }

    pub(crate) async fn export(&self, entity: &str) -> Vec<Value> {
        let output =
            self.shell.run("export", &["--provider", self.kind, "--entity", entity, "--offers"]).await;
        assert_eq!(output.status.code(), Some(0), "{} {entity}: {}", self.kind, err(&output));
        lines(&output)
    }

    /// The record as the export shows it now.
    pub(crate) async fn exported(&self, entity: &str, id: &str) -> Value {
        let own = |id: &str| id.rsplit('/').next().unwrap_or_default().to_owned();
        let records = self.export(entity).await;
        let found = records.into_iter().find(|record| own(text(record, "id")) == own(id));
        found.unwrap_or_else(|| panic!("{}: {entity} have no {id}", self.kind))
    }

    /// Plans, does it, and says it again with the same key: the second time nothing is sent.
    pub(crate) async fn write(&self, example: &str, what: &[&str]) -> Value {
        let planned = self.say(example, what, "done", &["--plan"]).await;
        assert_eq!(planned.status.code(), Some(0), "{example} {what:?}: {}", err(&planned));
        let done = self.say(example, what, "done", &["--json"]).await;
        assert_eq!(done.status.code(), Some(0), "{example} {what:?}: {}{}", out(&done), err(&done));
        let report: Value = serde_json::from_str(&out(&done)).unwrap();
        let again = self.say(example, what, "done", &["--json"]).await;
        assert_eq!(again.status.code(), Some(0), "{example} {what:?}: {}", err(&again));
        let again: Value = serde_json::from_str(&out(&again)).unwrap();
        assert_eq!(again["receipt"]["replayed"], true, "{example} {what:?}: done twice");
        assert_eq!(again["receipt"]["lines"], report["receipt"]["lines"]);
        assert_eq!(again["receipt"]["customer"], report["receipt"]["customer"]);
        report
    }

    /// What the operator reads when it is refused.
    pub(crate) async fn refused(&self, example: &str, what: &[&str]) -> String {
        let output = self.say(example, what, "refused", &[]).await;
        assert!(matches!(output.status.code(), Some(1 | 2)), "{example} {what:?}: {}", out(&output));
        err(&output)
    }

    async fn say(&self, example: &str, what: &[&str], key: &str, how: &[&str]) -> std::process::Output {
        // The intent's name: made of what is wanted.
        let key = format!("walk-{key}-{example}-{}", what.join("-")).replace(' ', "_");
        let key: String = key.chars().take(255).collect();
        let flags = ["--provider", self.kind, "--key", &key];
        self.shell.run(example, &[what, &flags, how].concat()).await
    }
}

/// The subscription that an order's first line became.
pub(crate) fn bought(report: &Value) -> String {
    let of = |lines: &Value| lines[0]["subscription"].as_str().map(str::to_owned);
    of(&report["receipt"]["lines"])
        .or_else(|| of(&report["order"]["lines"]))
        .unwrap_or_else(|| panic!("the order names no subscription: {report:#}"))
}

/// The customer that was created.
pub(crate) fn created(report: &Value) -> String {
    text(&report["receipt"], "customer").to_owned()
}
