//! Provisioning templates.

use serde_json::{Value, json};

use crate::client::World;

const TEMPLATES: &str = "/accounts/{a}/provisionTemplates";

#[tokio::test]
async fn a_template_lists_the_attributes_that_orders_may_carry() {
    let world = World::start().await;
    let answer = world.read(&format!("{TEMPLATES}?vendor=MICROSOFT&action=UPDATE")).await;
    let template = &answer["provisioningReference"];
    let names = &template["defs"]["attributes"]["properties"]["name"]["enum"];
    assert_eq!(names, &json!(["operations", "renewalSetting", "statusUpdate", "friendlyName"]));
    let id = template["id"].as_str().unwrap();
    assert_eq!(id, "azure-update");
    assert_eq!(&world.read(&format!("{TEMPLATES}/{id}")).await, template);
    assert_eq!(world.get(&format!("{TEMPLATES}/nope")).await.status, 404);
}

#[tokio::test]
async fn several_templates_come_as_references() {
    let world = World::start().await;
    let count = async |query: &str| {
        let answer = world.read(&format!("{TEMPLATES}?{query}")).await;
        answer.pointer("/provisioningReferences/refs").and_then(Value::as_array).map_or(0, Vec::len)
    };
    assert_eq!(count("vendor=MICROSOFT").await, 2);
    assert_eq!(count("vendor=GOOGLE").await, 4);
    assert_eq!(count("vendor=NOT_SPECIFIED&action=ACTION_NOT_SPECIFIED").await, 10);
    assert_eq!(count("vendor=IBM").await, 0);
    let one = world.read(&format!("{TEMPLATES}?vendor=GOOGLE&provider=gcp&action=CREATE")).await;
    assert_eq!(one["provisioningReference"]["id"], "gcp-create");
    assert_eq!(world.get(TEMPLATES).await.status, 400);
    assert_eq!(world.refused()[0].0, "vendor");
    assert_eq!(world.get(&format!("{TEMPLATES}?vendor=microsoft")).await.status, 400);
}
