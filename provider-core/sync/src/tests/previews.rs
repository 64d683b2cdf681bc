//! A preview says what the run after it says.

use provider_core::EntityKind;
use serde_json::json;

use super::world::World;
use crate::fingerprint::Fingerprint;
use crate::target::{LocalKey, LocalRecord};

#[tokio::test]
async fn rows_that_a_run_has_tied_and_could_not_remember_are_shown_as_the_run_tells_them() {
    let world = World::new();
    world.shop.customers(3);
    world.run().await;
    world.shop.customers(6);
    // As a run that was killed behind the application has left them: one as it still is, one that has changed since.
    for (id, name) in [("c03", "Customer 3"), ("c04", "Of before")] {
        let record = LocalRecord {
            key: LocalKey::new(format!("killed {id}")),
            remote: Some(id.to_owned()),
            values: [("name".to_owned(), json!(name))].into(),
            fingerprint: Fingerprint::of_text(""),
        };
        world.target.put(EntityKind::Customer, record);
    }
    let ahead = world.engine().preview().await.unwrap();
    assert_eq!(world.rows(EntityKind::Customer)["c04"]["name"], "Of before");
    let report = world.run().await;
    let counts = |report: &crate::report::SyncReport| {
        let customers = report.kind(EntityKind::Customer).unwrap();
        (customers.created, customers.updated, customers.unchanged)
    };
    assert_eq!(counts(&report), (2, 1, 3), "{report:?}");
    assert_eq!(counts(&ahead), counts(&report), "{ahead:?}");
    world.assert_in_step("after the run");
}
