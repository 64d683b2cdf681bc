//! A connection that is broken on purpose: it stops or does not, tells its people once what to change, and goes on when it
//! is mended.

mod crashes;
mod people;
mod tables;
mod trials;
mod ways;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};

use async_trait::async_trait;
use chrono::Duration;
use provider_core::error::Violation;
use provider_core::settings::{Field, FieldKind, SettingsForm};
use provider_core::{EntityKind, Error, ErrorKind};

use super::bases::Base;
use super::crash::{Dying, Fuse};
use super::world::{PLAN, World};
use crate::engine::{RunControl, SyncEngine};
use crate::notify::{Alert, AlertKind, Notifier, NotifyError, NotifyErrorKind, StopReason};
use crate::report::{SyncOutcome, SyncReport};
use crate::store::{ConnectionState, ConnectionStatus, Standing};
use crate::target::{
    Applied, ApplyBatch, Criterion, LocalCursor, LocalKey, LocalPage, LocalRecord, MemoryTarget, Target,
    TargetError, TargetErrorKind, TargetField,
};

const PEOPLE: [&str; 2] = ["billing@example.com", "ops@example.com"];

/// Takes letters, and does what it is told with those that it does not take.
#[derive(Debug, Clone, Default)]
pub(crate) struct Postman(Arc<Mutex<Post>>);

#[derive(Debug, Default)]
struct Post {
    taken: Vec<Alert>,
    refused: BTreeSet<String>,
    postponed: BTreeSet<String>,
    down: bool,
    tries: u64,
}

impl Postman {
    pub(crate) fn taken(&self) -> Vec<Alert> {
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

#[async_trait]
impl Notifier for Postman {
    async fn send(&self, alert: &Alert) -> Result<(), NotifyError> {
        let mut post = self.0.lock().unwrap();
        post.tries += 1;
        if post.down {
            return Err(NotifyError::new(NotifyErrorKind::Unreachable, "the server is down"));
        }
        if post.refused.contains(&alert.recipient.0) {
            return Err(NotifyError::new(NotifyErrorKind::Refused, "there is no such mailbox"));
        }
        if post.postponed.contains(&alert.recipient.0) {
            return Err(NotifyError::new(NotifyErrorKind::Later, "the mailbox is full"));
        }
        post.taken.push(alert.clone());
        Ok(())
    }
}

/// An application that writes nothing for a while.
#[derive(Debug, Clone)]
struct Refusing {
    inner: MemoryTarget,
    refuses: Arc<AtomicBool>,
    /// It takes none of the records, rather than nothing at all.
    rejects: bool,
}

#[async_trait]
impl Target for Refusing {
    fn fields(&self, kind: EntityKind) -> Vec<TargetField> {
        self.inner.fields(kind)
    }

    async fn apply(&self, batch: &ApplyBatch) -> Result<Vec<Applied>, TargetError> {
        if !self.refuses.load(Ordering::SeqCst) {
            return self.inner.apply(batch).await;
        }
        if self.rejects {
            let rejected =
                || Applied::Rejected(vec![Violation::new("name", "may hold 8 characters at most")]);
            return Ok(batch.changes.iter().map(|_| rejected()).collect());
        }
        Err(TargetError::new(TargetErrorKind::ReadOnly, "app.db cannot be written"))
    }

    async fn find(
        &self,
        kind: EntityKind,
        criteria: &[Criterion],
        limit: usize,
    ) -> Result<Vec<LocalRecord>, TargetError> {
        self.inner.find(kind, criteria, limit).await
    }

    async fn get(&self, kind: EntityKind, keys: &[LocalKey]) -> Result<Vec<LocalRecord>, TargetError> {
        self.inner.get(kind, keys).await
    }

    async fn read(
        &self,
        kind: EntityKind,
        after: Option<&LocalCursor>,
        limit: usize,
    ) -> Result<LocalPage, TargetError> {
        self.inner.read(kind, after, limit).await
    }
}

fn form() -> SettingsForm {
    SettingsForm::new("shop", "Shop", "https://shop.example.com")
        .variables("SHOP")
        .field(Field::new("client_id", "Client ID", FieldKind::Text).credential().variable("SHOP_CLIENT_ID"))
        .field(
            Field::new("client_secret", "Client secret", FieldKind::Text)
                .secret()
                .variable("SHOP_CLIENT_SECRET")
                .found_in("The portal of Shop, Integrations"),
        )
}

/// The world of the tests, with people who are told and a postman.
struct Scene {
    world: World,
    postman: Postman,
    refusing: Refusing,
}

impl Scene {
    async fn on(base: Base) -> Self {
        Self::with(base, "").await
    }

    /// With these rules of its own.
    async fn with(base: Base, rules: &str) -> Self {
        let mut world = World::on(base).await;
        let told =
            format!("enabled = true\n    alerts = [\"{}\", \"{}\"]\n    {rules}", PEOPLE[0], PEOPLE[1]);
        world.plan = PLAN.replacen("enabled = true", &told, 1);
        world.shop.customers(4);
        world.shop.subscription("s0", "c00", 1);
        let refusing = Refusing { inner: world.target.clone(), refuses: Arc::default(), rejects: false };
        let scene = Self { world, postman: Postman::default(), refusing };
        assert_eq!(scene.run().await.outcome, SyncOutcome::Completed);
        scene
    }

    fn complete(&self, engine: SyncEngine, notifier: Arc<dyn Notifier>) -> SyncEngine {
        engine.with_notifier(notifier).with_form(form())
    }

    fn engine(&self) -> SyncEngine {
        let target = Arc::new(self.refusing.clone());
        let engine = self.world.over(self.world.shop.clone(), target, Arc::clone(&self.world.store));
        self.complete(engine, Arc::new(self.postman.clone()))
    }

    /// A process that dies, its postman with it.
    fn dying(&self, fuse: &Fuse) -> SyncEngine {
        let inner: Arc<dyn Notifier> = Arc::new(self.postman.clone());
        self.complete(self.world.dying(fuse), Arc::new(Dying::of(inner, fuse)))
    }

    /// A run an hour later.
    async fn run(&self) -> SyncReport {
        self.world.clock.pass(Duration::hours(1));
        // So that there is always something to write.
        let now = provider_core::clock::Clock::now(&self.world.clock);
        self.world.shop.customer("c00", &format!("Changed at {now}"));
        self.engine().run(&RunControl::default()).await.unwrap()
    }

    async fn status(&self) -> ConnectionStatus {
        self.world.store.status().await.unwrap().remove(0)
    }

    async fn standing(&self) -> Standing {
        self.world.store.standing("shop").await.unwrap().unwrap().0
    }

    fn break_with(&self, error: Error) {
        self.world.shop.records().broken = Some(error);
    }

    /// It has stopped, everybody has one letter that names this, and no run does anything.
    async fn assert_stopped(&self, reason: StopReason, name: &str, path: &str) {
        let status = self.status().await;
        assert_eq!((status.state, status.reason), (ConnectionState::Disabled, Some(reason)), "{status:?}");
        let setting = status.setting.as_ref().unwrap();
        assert_eq!((setting.name.as_str(), setting.path.as_str()), (name, path));
        assert_eq!(status.unsent, 0);
        assert!(status.next_probe.is_some() && status.last_good.is_some(), "{status:?}");
        let letters = self.postman.taken();
        for person in PEOPLE {
            let own: Vec<_> = letters.iter().filter(|letter| letter.recipient.0 == person).collect();
            assert_eq!(own.len(), 1, "{person}: {own:?}");
            let text = own[0].text();
            assert!(own[0].subject().starts_with("shop has stopped"), "{}", own[0].subject());
            for part in [name, path, "Last good:", "sync enable --connection shop"] {
                assert!(text.contains(part), "{part} is not in:\n{text}");
            }
        }
        let ids: BTreeSet<_> = letters.iter().map(|letter| letter.id.clone()).collect();
        assert_eq!(ids.len(), PEOPLE.len(), "each letter has a name of its own");
        // Before it is tried again, a run says why it does nothing.
        let lists = self.world.shop.records().lists;
        let report = self.engine().run(&RunControl::default()).await.unwrap();
        assert_eq!(report.outcome, SyncOutcome::Disabled);
        let why = report.error.unwrap();
        assert!(why.contains(status.cause.as_deref().unwrap()) && why.contains("tried again"), "{why}");
        assert_eq!(self.world.shop.records().lists, lists, "nobody was asked");
    }

    /// Runs until it works, and everybody has been told so, once.
    async fn assert_goes_on(&self, when: &str) {
        let report = self.run().await;
        assert_eq!((report.outcome, report.error.as_deref()), (SyncOutcome::Completed, None), "{when}");
        let status = self.status().await;
        let left = (status.state, status.cause, status.failures, status.next_probe);
        assert_eq!(left, (ConnectionState::Active, None, 0, None), "{when}");
        let both = vec![AlertKind::Stopped, AlertKind::WorksAgain];
        let told = self.postman.told();
        assert!(PEOPLE.iter().all(|person| told.get(*person) == Some(&both)), "{when}: {told:?}");
        self.world.assert_in_step(when);
        // Nobody hears of it again.
        self.run().await;
        assert_eq!(self.postman.told(), told, "{when}");
    }

    /// It is broken still: whoever tries it again learns that, and nobody gets another letter.
    async fn assert_stays(&self, when: &str) {
        let letters = self.postman.taken();
        self.run().await;
        assert_eq!(self.status().await.state, ConnectionState::Disabled, "{when}");
        assert_eq!(self.postman.taken(), letters, "{when}");
    }
}

fn refused(kind: ErrorKind) -> Error {
    let names = ["SHOP_CLIENT_ID", "SHOP_CLIENT_SECRET"];
    Error::new(kind, "the distributor refused SHOP_CLIENT_ID and SHOP_CLIENT_SECRET: make a new secret")
        .with_violations(names.map(|name| Violation::new(name, "refused by the distributor")))
}
