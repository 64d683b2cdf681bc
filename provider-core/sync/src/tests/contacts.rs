//! Rows of the members of a list, known by the members' own ids alone.

use provider_core::EntityKind;
use provider_core::model::{Contact, Detail};

use super::world::World;

const PLAN: &str = r#"
    version = 1
    connection = "shop"
    enabled = true
    [[kinds]]
    kind = "customer"
    enabled = true
    updates = ["create", "update", "remove"]
    key = { remote = "contacts.id", local = "remote" }
    each = "contacts"
    query = { with_contacts = true }
    unmatched = "create"
    removal = { how = "delete" }
    fields = [
      { remote = "name", local = "name" },
      { remote = "contacts.email", local = "domain" },
    ]
"#;

fn contact(id: Option<&str>, email: &str) -> Contact {
    let mut contact = Contact::default();
    contact.id = id.map(Into::into);
    contact.email = Some(email.to_owned());
    contact
}

/// Members without an id are no rows, and move none of the others.
#[tokio::test]
async fn a_member_has_its_own_values_behind_one_that_has_no_id() {
    let world = World::with_plan(PLAN);
    world.shop.customer("c1", "Bakery");
    world.shop.records().customers.get_mut("c1").unwrap().contacts = vec![
        contact(None, "office@example.com"),
        contact(Some("k1"), "first@example.com"),
        contact(None, "shop@example.com"),
        contact(Some("k2"), "second@example.com"),
    ];
    for _ in 0..2 {
        world.run().await;
        let rows = world.rows(EntityKind::Customer);
        assert_eq!(rows.keys().collect::<Vec<_>>(), ["k1", "k2"]);
        assert_eq!(rows["k1"]["domain"], "first@example.com");
        assert_eq!(rows["k2"]["domain"], "second@example.com");
    }
    // Where the first has gone, the others are what they were.
    world.shop.records().customers.get_mut("c1").unwrap().contacts.remove(0);
    let report = world.run().await;
    let customers = report.kind(EntityKind::Customer).unwrap();
    assert_eq!((customers.created, customers.removed), (0, 0), "{customers:?}");
    assert_eq!(world.rows(EntityKind::Customer)["k2"]["domain"], "second@example.com");
}

/// The record's own call is made later than the list, and may name them in another order.
#[tokio::test]
async fn a_member_has_its_own_values_where_the_record_is_read_by_its_own_call() {
    let world =
        World::with_plan(&PLAN.replace("unmatched", "detail = { full = { refresh = 7 } }\n    unmatched"));
    let (first, third) = (contact(Some("k1"), "first@example.com"), contact(Some("k3"), "third@example.com"));
    world.shop.customer("c1", "Bakery");
    {
        let mut records = world.shop.records();
        let listed = records.customers.get_mut("c1").unwrap();
        listed.detail = Detail::Summary;
        listed.contacts = vec![first.clone(), contact(Some("k2"), "second@example.com"), third.clone()];
        let mut told = listed.clone();
        told.detail = Detail::Full;
        told.contacts = vec![third.clone(), first.clone()];
        records.details.insert("c1".to_owned(), told);
    }
    let own = || {
        let rows = world.rows(EntityKind::Customer);
        assert_eq!(rows.keys().collect::<Vec<_>>(), ["k1", "k3"]);
        assert_eq!(rows["k1"]["domain"], "first@example.com");
        assert_eq!(rows["k3"]["domain"], "third@example.com");
    };
    world.run().await;
    own();
    // By now the list lacks the one that had gone.
    world.shop.records().customers.get_mut("c1").unwrap().contacts = vec![first, third];
    let report = world.run().await;
    let customers = report.kind(EntityKind::Customer).unwrap();
    assert_eq!((customers.created, customers.removed), (0, 0), "{customers:?}");
    own();
}
