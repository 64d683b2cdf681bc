//! The JSON Schemas that are checked in are those of the types, and hold for what is written.

use schemars::schema_for;
use serde_json::{Value, json};

use super::world::World;
use crate::plan::SyncPlan;
use crate::report::SyncReport;
use crate::store::{ConnectionStatus, Pending};

/// `UPDATE_SCHEMAS=1` writes them anew.
fn same(name: &str, schema: &schemars::Schema) {
    let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("schema").join(name);
    let text = format!("{}\n", serde_json::to_string_pretty(schema).unwrap());
    if std::env::var_os("UPDATE_SCHEMAS").is_some() {
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(&path, &text).unwrap();
    }
    let found = std::fs::read_to_string(&path).unwrap_or_default();
    assert!(found == text, "{name} is not the schema of today: run the test with UPDATE_SCHEMAS=1");
}

#[test]
fn the_schemas_are_those_of_today() {
    same("plan.json", &SyncPlan::schema());
    same("report.json", &schema_for!(SyncReport));
    same("queue.json", &schema_for!(Vec<Pending>));
    same("status.json", &schema_for!(Vec<ConnectionStatus>));
    same("reconcile.json", &schema_for!(crate::reconcile::Report));
}

fn holds(schema: &schemars::Schema, value: &Value) {
    let validator = jsonschema::validator_for(schema.as_value()).unwrap();
    let problems: Vec<_> = validator.iter_errors(value).map(|error| error.to_string()).collect();
    assert!(problems.is_empty(), "{problems:?}: {value}");
}

#[tokio::test]
async fn what_is_written_is_as_they_say() {
    let world = World::new();
    world.shop.customers(3);
    world.shop.records().bad = vec!["c01".into()];
    let report = world.run().await;
    holds(&schema_for!(SyncReport), &json!(report));
    holds(&schema_for!(Vec<Pending>), &json!(world.store.queue(&Default::default()).await.unwrap()));
    holds(&schema_for!(Vec<ConnectionStatus>), &json!(world.store.status().await.unwrap()));
    let plan = SyncPlan::from_toml(super::world::PLAN).unwrap();
    holds(&SyncPlan::schema(), &json!(plan));
    let validator = jsonschema::validator_for(SyncPlan::schema().as_value()).unwrap();
    assert!(!validator.is_valid(&json!({ "version": 1, "connection": "shop", "kind": [] })));
}
