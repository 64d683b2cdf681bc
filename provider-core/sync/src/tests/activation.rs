//! A connection is switched on: everything that a run needs is tried, the first page of each kind is shown, and nothing is
//! written to the application.

use std::sync::Arc;
use std::time::Duration;

use provider_core::verification::Check;
use provider_core::{
    Capabilities, EntityKind, Error, ErrorKind, Provider, ProviderInfo, Verification, async_trait,
};

use super::distributor::Distributor;
use super::world::World;
use crate::engine::{RunControl, SyncEngine, SyncError};
use crate::report::{Proof, SyncOutcome};
use crate::store::StoreErrorKind;

fn world() -> World {
    let world = World::new();
    world.shop.customers(5);
    for n in 0..5 {
        world.shop.subscription(&format!("s{n}"), &format!("c0{n}"), n + 1);
    }
    world
}

#[tokio::test]
async fn it_shows_the_first_page_of_each_kind_and_writes_nothing() {
    let world = world();
    let activation = world.engine().activate().await.unwrap();
    assert!(activation.verification.first_failure().is_none());
    assert_eq!(activation.preview.outcome, SyncOutcome::Completed);
    assert_eq!(activation.preview.kinds.len(), 2);
    for kind in &activation.preview.kinds {
        assert_eq!((kind.pages, kind.listed, kind.created), (1, 2, 2), "{kind:?}");
        assert_eq!((kind.completeness, kind.removed, kind.suspected), (Proof::Unproven, 0, 0), "{kind:?}");
    }
    assert!(world.ids(EntityKind::Customer).is_empty() && world.ids(EntityKind::Subscription).is_empty());
    // The run that follows is the first one, and a whole one.
    let report = world.run().await;
    assert_eq!(report.outcome, SyncOutcome::Completed);
    for kind in &report.kinds {
        assert_eq!((kind.created, kind.resumed, kind.completeness), (5, 0, Proof::Proven), "{kind:?}");
    }
    world.assert_in_step("after an activation");
    // Of a connection that is in step there is nothing to show.
    let again = world.engine().activate().await.unwrap();
    assert!(again.preview.kinds.iter().all(|kind| kind.unchanged == 2), "{:?}", again.preview);
}

/// A distributor that does not let anybody in.
#[derive(Debug)]
struct Closed(Distributor);

#[async_trait]
impl Provider for Closed {
    fn info(&self) -> &ProviderInfo {
        self.0.info()
    }

    fn capabilities(&self) -> &Capabilities {
        self.0.capabilities()
    }

    fn inner(&self) -> Option<&dyn Provider> {
        Some(&self.0)
    }

    async fn verify(&self) -> Verification {
        let refused = Error::new(ErrorKind::Unauthenticated, "the secret is refused");
        Verification::default().check(Check::failed("token", refused))
    }
}

#[tokio::test]
async fn a_connection_that_does_not_work_is_refused_by_the_check_that_failed() {
    let world = world();
    let (plan, closed) = (world.checked(&world.shop), Closed(world.shop.clone()));
    let engine = SyncEngine::new(Arc::new(closed), world.application(), Arc::clone(&world.store), plan)
        .with_clock(Arc::new(world.clock.clone()));
    let error = engine.activate().await.unwrap_err();
    assert!(matches!(error, SyncError::Refused(_)), "{error:?}");
    let said = error.to_string();
    assert!(said.contains("token") && said.contains("the secret is refused"), "{said}");
    assert_eq!(error.outcome(), SyncOutcome::Failed);
    assert_eq!(world.shop.records().lists, 0, "nothing was asked for");
    // Nothing was left behind.
    assert!(world.store.status().await.unwrap().is_empty());
}

#[tokio::test]
async fn another_account_is_refused_and_the_right_one_goes_on() {
    let world = world();
    world.run().await;
    let other = world.shop.clone().account("two");
    let engine = world.over(other, world.application(), Arc::clone(&world.store));
    let error = engine.activate().await.unwrap_err();
    assert_eq!(error.outcome(), engine.run(&RunControl::default()).await.unwrap().outcome);
    let SyncError::Store(error) = error else { panic!("{error:?}") };
    assert_eq!(error.kind, StoreErrorKind::OtherAccount, "{error}");
    // Its right to work was given back.
    world.engine().activate().await.unwrap();
    assert_eq!(world.run().await.outcome, SyncOutcome::Completed);
}

#[tokio::test]
async fn an_account_on_which_somebody_works_is_refused() {
    let world = world();
    let account = world.shop.info().account_key();
    let lease = world.store.lease(&account, Duration::from_secs(86_400)).await.unwrap().unwrap();
    let control = RunControl::default().wait(Duration::ZERO);
    let error = world.engine().activate_with(&control).await.unwrap_err();
    assert!(error.to_string().contains("another run works"), "{error}");
    // As a run says it.
    let run = world.engine().run(&control).await.unwrap();
    assert_eq!((error.outcome(), run.outcome), (SyncOutcome::Refused, SyncOutcome::Refused));
    world.store.release(&lease).await.unwrap();
    world.engine().activate().await.unwrap();
}
