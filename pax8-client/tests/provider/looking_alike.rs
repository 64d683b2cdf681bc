//! Writes that would make records that look alike, and updates that are several requests: none claims what
//! another did, and none is done twice.

use std::sync::Arc;
use std::time::Duration;

use provider_core::receipt::{Judgement, LineOutcome};
use provider_core::{
    Command, CreateCustomer, Delivery, ErrorKind, Outcome, Patch, Provider, ProviderExt as _, ReadOptions,
    Reconciliation, UpdateCustomer,
};
use provider_simulator::{FaultAction, FaultRule};

use crate::world::World;
use crate::writes::{active_customer, harbor, key, person};

const COMPANIES: &str = "/v1/companies";

fn create(name: &str) -> CreateCustomer {
    let mut create = harbor();
    create.name = name.to_owned();
    create.address.as_mut().unwrap().country = Some("US".parse().unwrap());
    create
}

#[tokio::test]
async fn a_create_waits_for_an_open_one_of_the_same_name() {
    let world = World::start().await;
    let provider = world.over(world.journal());
    world.pax8().faults().add(FaultRule::new("POST", COMPANIES, FaultAction::DisconnectAfter).once());
    let first = Command::from(create("Harbor Supplies of the Test"));
    let error = provider.execute(&first, &key("first")).await.unwrap_err();
    assert_eq!(error.delivery(), Delivery::Unknown, "{error}");
    let mut second = create(" HARBOR  supplies of the test");
    second.external_id = Some("CUST-2000".to_owned());
    let error = provider.execute(&second.into(), &key("second")).await.unwrap_err();
    assert_eq!((error.kind(), error.delivery()), (ErrorKind::Conflict, Delivery::NotSent), "{error}");
    assert_eq!(world.pax8().count("POST", COMPANIES), 1);
    let found = provider.execute(&first, &key("first")).await.unwrap();
    assert_eq!((found.replayed, found.judged_by), (true, Judgement::Comparison));
}

#[tokio::test]
async fn what_was_there_before_is_never_claimed() {
    let world = World::start().await;
    let provider = Arc::new(world.bare());
    let command = Command::from(create("Harbor Supplies of the Test"));
    provider.execute(&command, &key("somebody-else")).await.unwrap();
    let mut attempt = provider.attempt(&command, &key("own")).await.unwrap();
    for ago in [0, 3600] {
        attempt.started_at -= Duration::from_secs(ago);
        let found = provider.reconcile(&attempt).await.unwrap();
        assert!(matches!(found, Reconciliation::Undetermined { .. }), "{ago}: {found:?}");
    }
}

#[tokio::test]
async fn a_company_of_the_same_key_and_another_name_is_not_claimed() {
    let world = World::start().await;
    let provider = Arc::new(world.bare());
    let command = Command::from(create("Harbor Supplies of the Test"));
    let attempt = provider.attempt(&command, &key("own")).await.unwrap();
    provider.execute(&create("Another Example Ltd").into(), &key("somebody-else")).await.unwrap();
    let found = provider.reconcile(&attempt).await.unwrap();
    assert!(matches!(found, Reconciliation::Undetermined { .. }), "{found:?}");
}

/// A change of the phone and a new contact: two requests.
async fn two_steps(world: &World) -> Command {
    let provider = world.provider();
    let customer = active_customer(&provider).await;
    let before = provider.get_customer(&customer, &ReadOptions::default()).await.unwrap();
    let mut contacts = before.contacts.clone();
    contacts.push({
        let mut new = person();
        new.roles.clear();
        new
    });
    let mut update = UpdateCustomer::new(&customer);
    update.phone = Patch::Set("555-0177".to_owned());
    update.contacts = Patch::Set(contacts);
    update.into()
}

#[tokio::test]
async fn an_update_of_several_requests_is_found_whole() {
    let world = World::start().await;
    let provider = Arc::new(world.bare());
    let command = two_steps(&world).await;
    let mut attempt = provider.attempt(&command, &key("own")).await.unwrap();
    attempt.started_at -= Duration::from_secs(3600);
    let found = provider.reconcile(&attempt).await.unwrap();
    assert!(matches!(found, Reconciliation::NotApplied), "{found:?}");
    provider.execute(&command, &key("own")).await.unwrap();
    let found = provider.reconcile(&attempt).await.unwrap();
    let Reconciliation::Applied(receipt) = found else { panic!("{found:?}") };
    assert_eq!((receipt.outcome, receipt.judged_by), (Outcome::Applied, Judgement::Comparison));
}

#[tokio::test]
async fn what_somebody_else_changed_meanwhile_is_not_overwritten() {
    let world = World::start().await;
    let provider = Arc::new(world.bare());
    let customer = active_customer(&world.provider()).await;
    let phone = |phone: &str| {
        let mut update = UpdateCustomer::new(&customer);
        update.phone = Patch::Set(phone.to_owned());
        Command::from(update)
    };
    let mut attempt = provider.attempt(&phone("555-0177"), &key("own")).await.unwrap();
    attempt.started_at -= Duration::from_secs(3600);
    provider.execute(&phone("555-0188"), &key("somebody-else")).await.unwrap();
    let found = provider.reconcile(&attempt).await.unwrap();
    assert!(matches!(found, Reconciliation::Undetermined { .. }), "{found:?}");
}

#[tokio::test]
async fn an_update_that_ended_between_two_requests_says_which_one_was_answered() {
    let world = World::start().await;
    let provider = Arc::new(world.bare());
    let command = two_steps(&world).await;
    let mut attempt = provider.attempt(&command, &key("own")).await.unwrap();
    attempt.started_at -= Duration::from_secs(3600);
    // The phone alone: what a process leaves behind that ends after its first request.
    let Command::UpdateCustomer(mut first) = command else { panic!("it is an update") };
    first.contacts = Patch::Keep;
    provider.execute(&first.into(), &key("first")).await.unwrap();
    let found = provider.reconcile(&attempt).await.unwrap();
    assert!(matches!(found, Reconciliation::Undetermined { .. }), "without its steps: {found:?}");
    let mut step = provider_core::attempt::Step::new(0);
    step.line = Some(provider_core::receipt::LineReceipt::new(0, LineOutcome::Applied));
    attempt.steps = vec![step];
    let found = provider.reconcile(&attempt).await.unwrap();
    let Reconciliation::Applied(receipt) = found else { panic!("{found:?}") };
    let outcomes: Vec<_> = receipt.lines.iter().map(|line| line.outcome).collect();
    assert_eq!(receipt.outcome, Outcome::Partial);
    assert_eq!(outcomes, [LineOutcome::Applied, LineOutcome::NotAttempted]);
    assert!(receipt.lines[1].violations[0].message.contains("under a new key"), "{receipt:?}");
}
