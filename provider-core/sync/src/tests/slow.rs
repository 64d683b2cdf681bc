//! An application that does not answer in time: it is given up, and whatever it did or does yet, the next run heals it.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use async_trait::async_trait;
use chrono::{DateTime, Utc};
use provider_core::EntityKind;
use provider_core::clock::{BoxFuture, Clock};
use tokio::sync::{Notify, mpsc, watch};

use super::world::{PLAN, World};
use crate::engine::{RunControl, SyncEngine, SyncError};
use crate::report::{KindReport, SyncOutcome};
use crate::store::{Decision, QueueQuery};
use crate::target::{
    Applied, ApplyBatch, Criterion, LocalCursor, LocalKey, LocalPage, LocalRecord, MemoryTarget, Target,
    TargetError, TargetErrorKind, TargetField,
};

/// Time that only a hand turns, and that wakes who sleeps.
#[derive(Debug, Clone)]
struct Alarm(Arc<watch::Sender<DateTime<Utc>>>);

impl Alarm {
    fn at(now: DateTime<Utc>) -> Self {
        Self(Arc::new(watch::channel(now).0))
    }

    fn pass(&self, seconds: i64) {
        self.0.send_modify(|now| *now += chrono::Duration::seconds(seconds));
    }
}

impl Clock for Alarm {
    fn now(&self) -> DateTime<Utc> {
        *self.0.borrow()
    }

    fn sleep(&self, duration: Duration) -> BoxFuture<()> {
        let (mut time, end) = (self.0.subscribe(), self.now() + duration);
        Box::pin(async move { drop(time.wait_for(|now| *now >= end).await) })
    }
}

/// What becomes of a batch that is not answered.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Fate {
    Lost,
    Done,
    /// It is done when it is let go, whether or not anybody still waits for it.
    Late,
}

/// An application that takes its first batch and never answers it.
#[derive(Debug, Clone)]
struct Slow {
    inner: MemoryTarget,
    fate: Fate,
    taken: Arc<AtomicBool>,
    reached: Arc<Notify>,
    /// Lets the late one go.
    go: Arc<Notify>,
    /// What the application said to the late one.
    said: mpsc::UnboundedSender<Option<TargetErrorKind>>,
}

#[async_trait]
impl Target for Slow {
    fn fields(&self, kind: EntityKind) -> Vec<TargetField> {
        self.inner.fields(kind)
    }

    async fn apply(&self, batch: &ApplyBatch) -> Result<Vec<Applied>, TargetError> {
        if self.taken.swap(true, Ordering::SeqCst) {
            return self.inner.apply(batch).await;
        }
        match self.fate {
            Fate::Lost => {}
            Fate::Done => drop(self.inner.apply(batch).await?),
            Fate::Late => {
                let (slow, batch) = (self.clone(), batch.clone());
                tokio::spawn(async move {
                    slow.go.notified().await;
                    let said = slow.inner.apply(&batch).await;
                    slow.said.send(said.err().map(|error| error.kind)).unwrap();
                });
            }
        }
        self.reached.notify_one();
        std::future::pending().await
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
        if self.taken.load(Ordering::SeqCst) {
            self.reached.notify_one();
            std::future::pending::<()>().await;
        }
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

struct Scene {
    world: World,
    slow: Slow,
    said: mpsc::UnboundedReceiver<Option<TargetErrorKind>>,
    alarm: Alarm,
    engine: SyncEngine,
}

impl Scene {
    fn of(world: World, fate: Fate) -> Self {
        let (told, said) = mpsc::unbounded_channel();
        let slow = Slow {
            inner: world.target.clone(),
            fate,
            taken: Arc::default(),
            reached: Arc::default(),
            go: Arc::default(),
            said: told,
        };
        let alarm = Alarm::at(world.clock.now());
        let engine = world.over(world.shop.clone(), Arc::new(slow.clone()), Arc::clone(&world.store));
        let engine = engine.with_clock(Arc::new(alarm.clone()));
        Self { world, slow, said, alarm, engine }
    }

    /// Whether it still waits after this time.
    async fn waits<T>(&self, work: &tokio::task::JoinHandle<T>, seconds: i64) -> bool {
        self.alarm.pass(seconds);
        for _ in 0..100 {
            tokio::task::yield_now().await;
        }
        !work.is_finished()
    }

    async fn heals(&self, when: &str) {
        self.world.run().await;
        self.world.assert_in_step(when);
        let quiet = self.world.run().await;
        assert!(quiet.kinds.iter().all(KindReport::is_quiet), "{when}: {quiet:?}");
    }
}

#[tokio::test]
async fn a_batch_that_is_not_answered_is_given_up_at_its_deadline_and_the_next_run_heals() {
    for fate in [Fate::Lost, Fate::Done, Fate::Late] {
        let world = World::new();
        world.shop.customers(4);
        world.run().await;
        world.shop.customer("c01", "Changed");
        world.shop.customer("c02", "Changed too");
        world.shop.customer("c09", "New");
        let mut scene = Scene::of(world, fate);
        let engine = scene.engine.clone();
        let run = tokio::spawn(async move { engine.run(&RunControl::default()).await });
        scene.slow.reached.notified().await;
        assert!(scene.waits(&run, 29).await, "{fate:?}: it has a second left");
        assert!(!scene.waits(&run, 1).await, "{fate:?}: it is waited for without end");
        let report = run.await.unwrap().unwrap();
        assert_eq!(report.outcome, SyncOutcome::Failed, "{fate:?}");
        let why = report.error.unwrap();
        assert!(why.contains("did not answer") && why.contains("is not known"), "{fate:?}: {why}");
        if fate == Fate::Late {
            // It comes between the two runs, or after a later one has written.
            scene.world.shop.customer("c03", "Changed by then");
            scene.heals("with a batch still on its way").await;
            scene.slow.go.notify_one();
            let said = scene.said.recv().await.unwrap();
            assert!(matches!(said, Some(TargetErrorKind::Fenced { .. })), "{said:?}");
        }
        scene.heals(&format!("{fate:?}")).await;
    }
}

#[tokio::test]
async fn a_question_that_is_not_answered_is_given_up_by_its_kind() {
    let world = World::with_plan(&PLAN.replacen("unmatched = \"create\"", "unmatched = \"queue\"", 1));
    world.shop.customers(1);
    world.run().await;
    let waiting = world.store.queue(&QueueQuery::default()).await.unwrap().remove(0);
    let scene = Scene::of(world, Fate::Lost);
    scene.slow.taken.store(true, Ordering::SeqCst);
    let engine = scene.engine.clone();
    let asked = tokio::spawn(async move {
        engine.resolve(waiting.id, Decision::Link(LocalKey::new("a1")), "somebody").await
    });
    scene.slow.reached.notified().await;
    assert!(scene.waits(&asked, 29).await);
    assert!(!scene.waits(&asked, 1).await);
    let error = asked.await.unwrap().unwrap_err();
    let SyncError::Target(error) = error else { panic!("{error:?}") };
    assert_eq!(error.kind, TargetErrorKind::Unanswered, "{error}");
}
