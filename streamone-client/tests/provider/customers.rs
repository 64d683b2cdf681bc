//! Customers: created, changed by read-merge-write, and judged after a lost answer.

use provider_core::{
    CreateCustomer, CustomerQuery, Delivery, ErrorKind, Outcome, Patch, Provider as _, ProviderExt as _,
    ReadOptions, Reconciliation, UpdateCustomer,
};
use provider_simulator::{FaultAction, FaultRule};
use secrecy::ExposeSecret as _;

use crate::stage::{Stage, bakery, key};

#[tokio::test]
async fn a_customer_is_created_and_its_password_is_in_the_credentials_alone() {
    let stage = Stage::start().await;
    let create = bakery("office@bakery.example.com");
    let plan = stage.provider.plan(&create.clone().into(), &key("create")).await.unwrap();
    assert_eq!(plan.changes.len(), 1);
    assert_eq!(stage.ion.count("POST", "/api/v3/*"), 0);
    let receipt = stage.shared().create_customer(create, &key("create")).await.unwrap();
    assert_eq!(receipt.outcome, Outcome::Applied);
    let credentials = receipt.credentials.clone().unwrap();
    assert_eq!(credentials.username, "office@bakery.example.com");
    let password = credentials.password.expose_secret();
    assert!(!password.is_empty());
    assert!(!format!("{receipt:?}").contains(password));
    assert!(!serde_json::to_string(&receipt).unwrap().contains(password));
    let id = receipt.customer.unwrap();
    let read = stage.provider.get_customer(&id, &ReadOptions::default()).await.unwrap();
    assert_eq!(
        (read.name.as_str(), read.contacts[0].name.as_deref()),
        ("Example Bakery Ltd", Some("Office Contact"))
    );
    stage.assert_all_listed();
}

#[tokio::test]
async fn an_address_that_is_taken_and_fields_that_are_missing_are_named() {
    let stage = Stage::start().await;
    stage.shared().create_customer(bakery("a@example.com"), &key("1")).await.unwrap();
    let error = stage.shared().create_customer(bakery("a@example.com"), &key("2")).await.unwrap_err();
    assert_eq!(
        (error.kind(), error.delivery(), error.http_status()),
        (ErrorKind::AlreadyExists, Delivery::Rejected, Some(412))
    );
    assert_eq!(error.code(), Some("CUS-CR-001"));
    assert!(error.request_id().is_some());
    let error = stage.shared().create_customer(CreateCustomer::new("Nobody"), &key("3")).await.unwrap_err();
    assert_eq!((error.kind(), error.delivery()), (ErrorKind::InvalidInput, Delivery::NotSent));
    let fields: Vec<_> = error.violations().iter().map(|v| v.field.as_str()).collect();
    assert!(fields.contains(&"contacts[0].email") && fields.contains(&"address.country"), "{fields:?}");
}

#[tokio::test]
async fn an_update_keeps_what_it_does_not_name() {
    let stage = Stage::start().await;
    let listed =
        stage.shared().customers(CustomerQuery::default()).limit(1).collect_all().await.unwrap().remove(0);
    let mut update = UpdateCustomer::new(&listed.id);
    update.name = Patch::Set("Renamed Ltd".into());
    let plan = stage.provider.plan(&update.clone().into(), &key("u")).await.unwrap();
    assert_eq!((plan.changes.len(), plan.changes[0].to.as_deref()), (1, Some("Renamed Ltd")));
    assert_eq!(stage.ion.count("PUT", "*"), 0);
    stage.shared().update_customer(update, &key("u")).await.unwrap();
    let after = stage.provider.get_customer(&listed.id, &ReadOptions::default()).await.unwrap();
    assert_eq!(
        (after.name.as_str(), &after.contacts, &after.address),
        ("Renamed Ltd", &listed.contacts, &listed.address)
    );
    let mut unknown = UpdateCustomer::new(&listed.id);
    unknown.website = Patch::Set("example.com".into());
    assert_eq!(
        stage.shared().update_customer(unknown, &key("w")).await.unwrap_err().kind(),
        ErrorKind::InvalidInput
    );
    stage.assert_all_listed();
}

#[tokio::test]
async fn a_lost_creation_is_found_by_its_address_and_one_that_never_arrived_is_proven_absent() {
    for (fault, happened) in [(FaultAction::DisconnectAfter, true), (FaultAction::DisconnectBefore, false)] {
        let stage = Stage::start().await;
        stage.ion.faults().add(FaultRule::new("POST", "/api/v3/accounts/*/customers", fault).once());
        let before = stage.ion.customer_count();
        let command = bakery("lost@example.com").into();
        let options = key("lost");
        let mut attempt = stage.shared().attempt(&command, &options).await.unwrap();
        attempt.started_at = stage.sim.clock().now();
        let error = stage.provider.execute(&command, &options).await.unwrap_err();
        assert_eq!(error.delivery(), Delivery::Unknown, "{error}");
        assert_eq!(stage.ion.customer_count(), before + usize::from(happened));
        assert_eq!(stage.ion.count("POST", "/api/v3/accounts/*/customers"), 1);
        let first = stage.provider.reconcile(&attempt).await.unwrap();
        if happened {
            assert!(matches!(first, Reconciliation::Applied(_)), "{first:?}");
        } else {
            assert!(matches!(first, Reconciliation::Undetermined { retry_after: Some(_), .. }), "{first:?}");
            stage.sim.clock().advance(std::time::Duration::from_secs(400));
            assert!(matches!(stage.provider.reconcile(&attempt).await.unwrap(), Reconciliation::NotApplied));
        }
    }
}

#[tokio::test]
async fn a_lost_update_is_judged_by_the_customers_own_time() {
    let stage = Stage::start().await;
    let id =
        stage.shared().customers(CustomerQuery::default()).limit(1).collect_all().await.unwrap().remove(0).id;
    let mut update = UpdateCustomer::new(&id);
    update.name = Patch::Set("Lost Ltd".into());
    let command = update.into();
    for (fault, happened) in [(FaultAction::DisconnectBefore, false), (FaultAction::DisconnectAfter, true)] {
        stage.ion.faults().add(FaultRule::new("PUT", "/api/v3/*", fault).once());
        let options = key("update");
        let mut attempt = stage.shared().attempt(&command, &options).await.unwrap();
        attempt.started_at = stage.sim.clock().now();
        stage.sim.clock().advance(std::time::Duration::from_secs(1));
        assert_eq!(
            stage.provider.execute(&command, &options).await.unwrap_err().delivery(),
            Delivery::Unknown
        );
        stage.sim.clock().advance(std::time::Duration::from_secs(400));
        let found = stage.provider.reconcile(&attempt).await.unwrap();
        assert_eq!(matches!(found, Reconciliation::Applied(_)), happened, "{found:?}");
        assert_eq!(matches!(found, Reconciliation::NotApplied), !happened, "{found:?}");
    }
}
