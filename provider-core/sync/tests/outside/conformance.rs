//! The suite of the crate, on an application that nobody of the crate has written.

use provider_sync::conformance::{Fixture, Side, broken_rules};
use provider_sync::{EntityKind, LocalType, Target, TargetField};
use serde_json::json;

use crate::application::{Application, KEY, LONGEST};

async fn fixture() -> Fixture {
    let application = Application::default();
    let direct = application.clone();
    let side = Side::new(move |key, change| direct.by_hand(key, change));
    Fixture::new(application, "name", side).refusing(json!("x".repeat(LONGEST + 1)))
}

provider_sync::target_conformance!(books, fixture);

#[tokio::test]
async fn no_rule_is_broken() {
    let broken = broken_rules(fixture).await;
    assert!(broken.is_empty(), "{broken:?}");
}

#[test]
fn the_key_is_a_field_like_any_other() {
    let fields: Vec<TargetField> = Application::default().fields(EntityKind::Customer);
    let key = fields.iter().find(|field| field.name == KEY).unwrap();
    assert!(key.unique && key.writable && !key.required);
    assert_eq!(key.kind, LocalType::Text);
    assert!(fields.iter().any(|field| field.name == "name" && field.required));
}
