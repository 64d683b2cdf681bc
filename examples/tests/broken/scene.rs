//! One connection with its tables, its store and its people, and time that passes when somebody says so.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use crayon_client::CrayonConfig;
use pax8_client::Pax8Config;
use provider_core::chrono::{DateTime, Utc};
use provider_core::clock::{BoxFuture, Clock};
use provider_core::token::MemoryTokenStore;
use provider_core::{Provider, Services};
use provider_examples::Kind;
use provider_http::HttpOptions;
use provider_simulator::{FaultRule, SimClock, Simulator};
use provider_sync::{
    ConnectionState, ConnectionStatus, RunControl, SmtpConfig, SmtpNotifier, SqlStore, StopReason,
    SyncEngine, SyncOutcome, SyncPlan, SyncReport, SyncStore as _, TableTarget,
};
use streamone_client::StreamOneConfig;
use tempfile::TempDir;

use crate::sink::Sink;

pub(crate) const PEOPLE: [&str; 2] = ["billing@example.com", "ops@example.com"];
const HOUR: Duration = Duration::from_secs(3600);

/// The simulator's time, by which everybody goes.
#[derive(Debug)]
struct SimTime(SimClock);

impl Clock for SimTime {
    fn now(&self) -> DateTime<Utc> {
        self.0.now()
    }

    fn sleep(&self, duration: Duration) -> BoxFuture<()> {
        Box::pin(tokio::time::sleep(duration))
    }
}

pub(crate) struct Scene {
    kind: Kind,
    pub(crate) simulator: Simulator,
    pub(crate) provider: Arc<dyn Provider>,
    pub(crate) store: SqlStore,
    pub(crate) sink: Sink,
    pub(crate) notifier: SmtpNotifier,
    pub(crate) plan: String,
    /// Where the tables are.
    pub(crate) url: String,
    folder: TempDir,
}

/// Accounts share limiter and breaker within a process, so every scene has its own.
fn another() -> u64 {
    static NEXT: AtomicU64 = AtomicU64::new(4_100);
    NEXT.fetch_add(1, Ordering::SeqCst)
}

fn time(simulator: &Simulator) -> Arc<dyn Clock> {
    Arc::new(SimTime(simulator.clock().clone()))
}

/// A connection to the simulator, with another client secret where one is given. It is asked once: a distributor that
/// is down is not waited for.
fn connect(kind: Kind, simulator: &Simulator, secret: Option<&str>) -> Arc<dyn Provider> {
    let variables = simulator.env();
    let get = |name: &str| match (name, secret) {
        ("PAX8_CURRENCY", _) => Some("USD".to_owned()),
        (_, Some(secret)) if name.ends_with("_CLIENT_SECRET") => Some(secret.to_owned()),
        _ => variables.iter().find(|(known, _)| known == name).map(|(_, value)| value.clone()),
    };
    let options = HttpOptions::default().max_attempts(1);
    let services = Services::default()
        .with_clock(time(simulator))
        .with_token_store(Arc::new(MemoryTokenStore::default()))
        .without_journal();
    match kind {
        Kind::Crayon => CrayonConfig::from_vars(get).unwrap().unwrap().with_http(options).connect(&services),
        Kind::Pax8 => Pax8Config::from_vars(get).unwrap().unwrap().with_http(options).connect(&services),
        Kind::StreamOne => {
            StreamOneConfig::from_vars(get).unwrap().unwrap().with_http(options).connect(&services)
        }
    }
    .unwrap()
}

fn plan(kind: Kind) -> String {
    let [billing, ops] = PEOPLE;
    format!(
        r#"
version = 1
connection = "{kind}"
enabled = true
alerts = ["{billing}", "{ops}"]
[[kinds]]
kind = "customer"
enabled = true
updates = ["create", "update"]
table = "accounts"
key = {{ remote = "id", local = "distributor_id" }}
unmatched = "create"
fields = [{{ remote = "name", local = "name" }}, {{ remote = "status", local = "status" }}]
"#
    )
}

impl Scene {
    /// A connection whose first run has worked.
    pub(crate) async fn new(kind: Kind) -> Self {
        let simulator = Simulator::builder().seed(another()).start().await.unwrap();
        let folder = tempfile::tempdir().unwrap();
        let app = folder.path().join("app.db");
        rusqlite::Connection::open(&app)
            .unwrap()
            .execute_batch(
                "CREATE TABLE accounts (id INTEGER PRIMARY KEY, distributor_id TEXT UNIQUE, name TEXT, status TEXT)",
            )
            .unwrap();
        let address = format!("sqlite:{}", folder.path().join("sync.db").display());
        let store = SqlStore::with_clock(&address, time(&simulator)).await.unwrap();
        let sink = Sink::start();
        let notifier = SmtpNotifier::new(SmtpConfig::new(&sink.url, "sync@example.com").unwrap());
        let provider = connect(kind, &simulator, None);
        let url = format!("sqlite:{}", app.display());
        let scene = Self { kind, simulator, provider, store, sink, notifier, plan: plan(kind), url, folder };
        let first = scene.run().await.unwrap();
        assert_eq!((first.outcome, first.error.as_deref()), (SyncOutcome::Completed, None), "{kind}");
        assert!(first.kinds[0].created > 0, "{kind}: {first:?}");
        scene
    }

    /// What somebody does to the application's tables.
    pub(crate) fn tables(&self, sql: &str) {
        rusqlite::Connection::open(self.file("app.db")).unwrap().execute_batch(sql).unwrap();
    }

    pub(crate) fn file(&self, name: &str) -> std::path::PathBuf {
        self.folder.path().join(name)
    }

    pub(crate) fn reconnect(&mut self, secret: Option<&str>) {
        self.provider = connect(self.kind, &self.simulator, secret);
    }

    pub(crate) fn spoil(&self, rule: FaultRule) {
        match self.kind {
            Kind::Crayon => {
                self.simulator.crayon().faults().add(rule);
            }
            Kind::Pax8 => {
                self.simulator.pax8().faults().add(rule);
            }
            Kind::StreamOne => {
                self.simulator.streamone().faults().add(rule);
            }
        }
    }

    pub(crate) fn mend(&self) {
        match self.kind {
            Kind::Crayon => self.simulator.crayon().faults().clear(),
            Kind::Pax8 => self.simulator.pax8().faults().clear(),
            Kind::StreamOne => self.simulator.streamone().faults().clear(),
        }
    }

    pub(crate) async fn deliver(&self) {
        let clock = time(&self.simulator);
        provider_sync::deliver(&self.store, &self.notifier, &*clock, None).await.unwrap();
    }

    /// A run an hour later, by a process of its own: everything is read and opened anew. `None` where none could be
    /// begun, which is told as the example does.
    pub(crate) async fn run(&self) -> Option<SyncReport> {
        self.simulator.clock().advance(HOUR);
        let plan = SyncPlan::from_toml(&self.plan).unwrap();
        let connection = plan.connection.clone();
        let target = match TableTarget::open(&self.url, &plan).await {
            Ok(target) => target,
            Err(error) => {
                SyncEngine::failed_for(&self.store, &connection, &plan, &error).await.unwrap();
                self.deliver().await;
                return None;
            }
        };
        let checked = match plan.check(&*self.provider, &target) {
            Ok(checked) => checked,
            Err(problems) => {
                SyncEngine::stop_for(&self.store, &connection, &plan, &problems).await.unwrap();
                self.deliver().await;
                return None;
            }
        };
        let store = Arc::new(self.store.clone());
        let engine = SyncEngine::new(Arc::clone(&self.provider), Arc::new(target), store, checked)
            .with_clock(time(&self.simulator))
            .with_notifier(Arc::new(self.notifier.clone()))
            .with_form(self.kind.form());
        Some(engine.run(&RunControl::default()).await.unwrap())
    }

    pub(crate) async fn status(&self) -> ConnectionStatus {
        self.store.status().await.unwrap().remove(0)
    }

    /// How many letters each person has.
    pub(crate) fn told(&self) -> [usize; 2] {
        PEOPLE.map(|person| self.sink.letters_to(person).len())
    }

    /// It works, and nobody has a letter.
    pub(crate) async fn assert_active(&self, failures: u32) {
        let status = self.status().await;
        assert_eq!((status.state, status.failures), (ConnectionState::Active, failures), "{status:?}");
        assert_eq!(self.told(), [0, 0]);
    }

    /// It has stopped, and everybody has one letter, which names this.
    pub(crate) async fn assert_stopped(&self, reason: StopReason, path: &str, says: &[&str]) {
        let status = self.status().await;
        assert_eq!((status.state, status.reason), (ConnectionState::Disabled, Some(reason)), "{status:?}");
        assert_eq!(status.setting.as_ref().map(|setting| setting.path.as_str()), Some(path), "{status:?}");
        assert!(status.last_good.is_some() && status.next_probe.is_some(), "{status:?}");
        assert_eq!(self.told(), [1, 1]);
        for person in PEOPLE {
            let letter = &self.sink.letters_to(person)[0];
            let always = [path, "has stopped", "Last good:", "sync enable --connection"];
            let missing: Vec<_> = always.iter().chain(says).filter(|part| !letter.contains(**part)).collect();
            assert!(missing.is_empty(), "{missing:?} are not in:\n{letter}");
        }
    }

    /// It is tried again and is broken still: the status says the same, and nobody has another letter.
    pub(crate) async fn assert_stays(&self, path: &str) {
        self.run().await;
        let status = self.status().await;
        assert_eq!(status.state, ConnectionState::Disabled, "{status:?}");
        assert_eq!(status.setting.as_ref().map(|setting| setting.path.as_str()), Some(path), "{status:?}");
        assert_eq!(self.told(), [1, 1]);
    }

    /// It is tried again once its pause has passed, works, and everybody is told so, once.
    pub(crate) async fn assert_goes_on(&self) {
        let next = self.status().await.next_probe.unwrap();
        let pause = (next - self.simulator.clock().now()).to_std().unwrap_or_default();
        self.simulator.clock().advance(pause);
        let report = self.run().await.unwrap();
        assert_eq!((report.outcome, report.error.as_deref()), (SyncOutcome::Completed, None), "{report:?}");
        let status = self.status().await;
        let left = (status.state, status.cause, status.failures, status.unsent);
        assert_eq!(left, (ConnectionState::Active, None, 0, 0));
        assert_eq!(self.run().await.unwrap().outcome, SyncOutcome::Completed);
        assert_eq!(self.told(), [2, 2]);
        for person in PEOPLE {
            let letter = &self.sink.letters_to(person)[1];
            assert!(letter.contains("works again"), "{letter}");
        }
    }
}
