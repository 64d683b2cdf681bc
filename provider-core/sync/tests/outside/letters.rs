//! A connection that stops by itself, whose people are told by a postman of one's own, and that goes on when it is mended.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex};

use provider_core::chrono::TimeDelta;
use provider_core::{ErrorKind, async_trait};
use provider_sync::{
    Alert, AlertKind, ConnectionState, Notifier, NotifyError, NotifyErrorKind, RunControl, RunFailure,
    StopReason, StoreErrorKind, SyncEngine, SyncError, SyncOutcome, SyncReport,
};

use crate::application::LONGEST;
use crate::scene::{CUSTOMER, PLAN, Scene};

const PEOPLE: [&str; 2] = ["billing@example.com", "ops@example.com"];

/// Keeps what it is given, unless it is away or does not know the recipient.
#[derive(Debug, Clone, Default)]
struct Postman(Arc<Mutex<Round>>);

#[derive(Debug, Default)]
struct Round {
    taken: Vec<Alert>,
    away: bool,
    unknown: Option<&'static str>,
}

#[async_trait]
impl Notifier for Postman {
    async fn send(&self, alert: &Alert) -> Result<(), NotifyError> {
        let mut round = self.0.lock().unwrap();
        if round.away {
            return Err(NotifyError::new(NotifyErrorKind::Unreachable, "the postman is away"));
        }
        if round.unknown.is_some_and(|unknown| alert.recipient.0 == unknown) {
            return Err(NotifyError::new(NotifyErrorKind::Refused, "nobody lives there"));
        }
        round.taken.push(alert.clone());
        Ok(())
    }
}

impl Postman {
    fn taken(&self) -> Vec<Alert> {
        self.0.lock().unwrap().taken.clone()
    }

    /// What each person got, in order.
    fn told(&self) -> BTreeMap<String, Vec<AlertKind>> {
        let mut told: BTreeMap<String, Vec<AlertKind>> = BTreeMap::new();
        for alert in self.taken() {
            told.entry(alert.recipient.0).or_default().push(alert.about);
        }
        told
    }
}

fn everybody(letters: &[AlertKind]) -> BTreeMap<String, Vec<AlertKind>> {
    PEOPLE.into_iter().map(|person| (person.to_owned(), letters.to_vec())).collect()
}

struct Office {
    scene: Scene,
    postman: Postman,
}

impl Office {
    /// Everything is in step.
    async fn everywhere() -> Vec<Self> {
        let mut offices = Vec::new();
        for mut scene in Scene::everywhere().await {
            let alerts = format!("enabled = true\nalerts = [\"{}\", \"{}\"]", PEOPLE[0], PEOPLE[1]);
            scene.plan = PLAN.replacen("enabled = true", &alerts, 1);
            scene.shop.customers(3);
            let office = Self { scene, postman: Postman::default() };
            assert_eq!(office.run().await.outcome, SyncOutcome::Completed);
            offices.push(office);
        }
        offices
    }

    fn engine(&self) -> SyncEngine {
        self.scene.engine().with_notifier(Arc::new(self.postman.clone()))
    }

    async fn run(&self) -> SyncReport {
        self.engine().run(&RunControl::default()).await.unwrap()
    }
}

#[tokio::test]
async fn lost_credentials_stop_it_at_once_and_it_goes_on_when_they_are_mended() {
    for office in Office::everywhere().await {
        let (scene, postman) = (&office.scene, &office.postman);
        scene.hours(1);
        scene.shop.break_with(ErrorKind::ReauthRequired, "the chain of tokens is lost");
        // What a preview meets stops nothing, and it does not say that it did.
        let ahead = office.engine().preview().await.unwrap();
        assert_eq!(
            (ahead.outcome, scene.status().await.state),
            (SyncOutcome::Failed, ConnectionState::Active)
        );
        let why = ahead.error.unwrap();
        assert!(why.ends_with("; a run would stop the connection"), "{why}");
        assert!(postman.taken().is_empty());
        let report = office.run().await;
        assert!(report.error.as_ref().is_some_and(|why| why.ends_with("; the connection has stopped")));
        let failure = Some(RunFailure::Provider(ErrorKind::ReauthRequired));
        assert_eq!((report.outcome, report.failure), (SyncOutcome::Failed, failure));
        let status = scene.status().await;
        assert_eq!((status.state, status.reason), (ConnectionState::Disabled, Some(StopReason::Credentials)));
        assert!(status.cause.is_some_and(|cause| cause.contains("the chain of tokens is lost")));
        assert_eq!(status.unsent, 0);
        assert_eq!(postman.told(), everybody(&[AlertKind::Stopped]));
        for alert in postman.taken() {
            assert_eq!((alert.connection.as_str(), alert.last_good), ("wholesale", status.last_good));
            assert_eq!(alert.cause.reason, StopReason::Credentials);
            assert_eq!(alert.message_id("example.com"), format!("{}@example.com", alert.id));
            assert!(alert.text().contains("the chain of tokens is lost"), "{}", alert.text());
            assert!(!alert.subject().contains('\n'));
        }
        let names: BTreeSet<_> = postman.taken().into_iter().map(|alert| alert.id).collect();
        assert_eq!(names.len(), PEOPLE.len(), "each letter has a name of its own");
        // Nobody is asked before it is tried again.
        scene.shop.mend();
        let lists = scene.shop.shelf().lists;
        let report = office.run().await;
        assert_eq!((report.outcome, report.kinds.len()), (SyncOutcome::Disabled, 0));
        assert!(report.error.is_some());
        assert_eq!(scene.shop.shelf().lists, lists);
        scene.watch.pass(TimeDelta::minutes(15));
        assert_eq!(office.run().await.outcome, SyncOutcome::Completed);
        let status = scene.status().await;
        assert_eq!((status.state, status.cause, status.failures), (ConnectionState::Active, None, 0));
        let both = everybody(&[AlertKind::Stopped, AlertKind::WorksAgain]);
        assert_eq!(postman.told(), both);
        office.run().await;
        assert_eq!(postman.told(), both, "once");
    }
}

#[tokio::test]
async fn five_failures_in_a_row_stop_it_and_an_outage_of_hours_does_not() {
    for office in Office::everywhere().await {
        let scene = &office.scene;
        scene.shop.break_with(ErrorKind::Unavailable, "it is down");
        for _ in 0..10 {
            scene.hours(1);
            assert_eq!(office.run().await.outcome, SyncOutcome::Failed);
        }
        let status = scene.status().await;
        assert_eq!((status.state, status.failures), (ConnectionState::Active, 0));
        scene.shop.break_with(ErrorKind::Unauthenticated, "the secret is refused");
        for failures in 1..=5 {
            scene.hours(1);
            assert_eq!(office.run().await.outcome, SyncOutcome::Failed);
            let status = scene.status().await;
            assert_eq!(
                (status.failures, status.state == ConnectionState::Disabled),
                (failures, failures == 5)
            );
        }
        assert_eq!(scene.status().await.reason, Some(StopReason::Runs));
        assert_eq!(office.postman.told(), everybody(&[AlertKind::Stopped]));
    }
}

#[tokio::test]
async fn a_run_that_rejects_most_of_its_records_stops_it() {
    for office in Office::everywhere().await {
        let scene = &office.scene;
        for n in 0..25 {
            scene.shop.customer(&format!("d{n:02}"), &"x".repeat(LONGEST + 1));
        }
        let report = office.run().await;
        assert_eq!(report.kind(CUSTOMER).unwrap().quarantined, 25);
        assert_eq!(report.outcome, SyncOutcome::Disabled);
        let status = scene.status().await;
        assert_eq!((status.state, status.reason), (ConnectionState::Disabled, Some(StopReason::Rejected)));
        assert_eq!(office.postman.told(), everybody(&[AlertKind::Stopped]));
    }
}

#[tokio::test]
async fn letters_that_were_not_taken_are_kept_and_sent_under_the_same_names() {
    for office in Office::everywhere().await {
        let (scene, postman) = (&office.scene, &office.postman);
        postman.0.lock().unwrap().away = true;
        scene.shop.break_with(ErrorKind::Config, "the address is wrong");
        office.run().await;
        assert_eq!((postman.taken().len(), scene.status().await.unsent), (0, 2));
        {
            let mut round = postman.0.lock().unwrap();
            (round.away, round.unknown) = (false, Some(PEOPLE[1]));
        }
        scene.hours(1);
        let delivered = office.engine().deliver().await.unwrap();
        assert_eq!((delivered.sent, delivered.refused, delivered.postponed), (1, 1, 0), "{delivered:?}");
        let status = scene.status().await;
        let refused: Vec<_> = status.refused.iter().map(|mailbox| mailbox.0.as_str()).collect();
        assert_eq!((status.unsent, refused), (0, vec![PEOPLE[1]]));
        assert_eq!(status.reason, Some(StopReason::Setting));
        let again = office.engine().deliver().await.unwrap();
        assert_eq!((again.sent, again.refused, again.postponed), (0, 0, 0));
    }
}

#[tokio::test]
async fn a_person_switches_it_off_and_on_and_nobody_gets_a_letter() {
    for office in Office::everywhere().await {
        let scene = &office.scene;
        office.engine().disable("Anna").await.unwrap();
        let status = scene.status().await;
        assert_eq!((status.state, status.reason), (ConnectionState::Disabled, Some(StopReason::Person)));
        scene.hours(48);
        let report = office.run().await;
        assert_eq!(report.outcome, SyncOutcome::Disabled, "it is never tried again by itself");
        assert_eq!(report.error.as_deref(), Some("Anna switched it off"));
        office.engine().enable("Anna").await.unwrap();
        assert_eq!(office.run().await.outcome, SyncOutcome::Completed);
        assert!(office.postman.taken().is_empty());
    }
}

#[tokio::test]
async fn what_was_never_run_cannot_be_switched_off() {
    for scene in Scene::everywhere().await {
        match scene.engine().disable("Anna").await.unwrap_err() {
            SyncError::Store(error) => assert_eq!(error.kind, StoreErrorKind::Unknown),
            other => panic!("{other:?}"),
        }
    }
}
