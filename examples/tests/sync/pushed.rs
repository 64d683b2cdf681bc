//! Both directions under `kill -9`: accounts become customers and are edited, the runs are killed while they write, and in
//! the end each is there once, or is listed as unknown.

use std::collections::BTreeMap;
use std::process::Stdio;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use provider_core::chrono::{DateTime, Utc};
use provider_core::clock::{BoxFuture, Clock, SystemClock};
use provider_core::{CustomerQuery, Provider, ProviderExt as _, ReadOptions};
use provider_simulator::{FaultAction, FaultRule, Simulator};
use provider_store::Store;
use provider_sync::{
    CredentialSink, IntentState, KindScope, LocalKey, NewCredentials, QueueQuery, RunControl, SqliteStore,
    SyncEngine, SyncPlan, SyncStore, TableTarget,
};
use rusqlite::Connection;
use tokio::process::Command;
use tokio::sync::Notify;

use super::Person;

/// Later than it is: whatever a process that was killed has held has ended.
#[derive(Debug)]
struct Later(SystemClock);

impl Clock for Later {
    fn now(&self) -> DateTime<Utc> {
        self.0.now() + provider_core::chrono::Duration::minutes(30)
    }

    fn sleep(&self, duration: Duration) -> BoxFuture<()> {
        self.0.sleep(duration)
    }
}

fn number(variable: &str, default: usize) -> usize {
    std::env::var(variable).ok().and_then(|text| text.parse().ok()).unwrap_or(default)
}

/// What a customer of a distributor needs, and how the simulator sees it written.
struct Case {
    name: &'static str,
    variables: &'static [(&'static str, &'static str)],
    /// The paths of what is written.
    path: &'static str,
    /// What of the plan is the distributor's own.
    plan: &'static str,
    columns: &'static str,
    values: &'static str,
}

const PAX8: Case = Case {
    name: "pax8",
    variables: &[
        ("PAX8_CURRENCY", "USD"),
        ("PAX8_COUNTRY", "US"),
        ("PAX8_SELF_SERVICE_ALLOWED", "true"),
        ("PAX8_BILL_ON_BEHALF_OF_ENABLED", "false"),
        ("PAX8_ORDER_APPROVAL_REQUIRED", "false"),
    ],
    path: "*companies*",
    plan: r#"
matching = ["external_id", "name"]
detail = { full = { refresh = 7 } }
fields = [
  { remote = "website", local = "website", owner = "local" },
  { remote = "phone", local = "phone", owner = "local" },
"#,
    columns: "phone, website",
    values: "'555-0100', 'https://example.com'",
};

const CRAYON: Case = Case {
    name: "crayon",
    variables: &[],
    path: "*ustomer*enants*",
    plan: r#"
matching = ["external_id", "name"]
detail = { full = { refresh = 7 } }
fields = [
  { remote = "tenants[vendor=microsoft].domain", local = "domain", owner = "local" },
  { remote = "contacts[role=primary].first_name", local = "first", owner = "local" },
  { remote = "contacts[role=primary].last_name", local = "last", owner = "local" },
  { remote = "contacts[role=primary].email", local = "mail", owner = "local" },
"#,
    columns: "domain, first, last, mail",
    values: "'pushed' || abs(random() % 1000000000), 'Ada', 'Example', 'ada@example.com'",
};

const STREAMONE: Case = Case {
    name: "streamone",
    variables: &[],
    path: "*customers*",
    plan: r#"
matching = ["name"]
fields = [
  { remote = "contacts[role=primary].name", local = "person", owner = "local" },
  { remote = "contacts[role=primary].email", local = "mail", owner = "local" },
"#,
    columns: "person, mail",
    values: "'Ada Example', 'ada' || abs(random()) || '@example.com'",
};

impl Case {
    fn plan(&self) -> String {
        let name = self.name;
        format!(
            r#"version = 1
connection = "{name}"
enabled = true
cap = {{ creates = 1000, changes = 5000 }}
[[kinds]]
kind = "customer"
enabled = true
direction = "both"
updates = ["create", "update"]
table = "accounts"
scope = {{ distributor = "{name}" }}
key = {{ remote = "id", local = "distributor_id" }}
unmatched = "create"
{}
  {{ remote = "name", local = "name", owner = "ask" }},
  {{ remote = "address.line1", local = "street", owner = "local" }},
  {{ remote = "address.city", local = "city", owner = "local" }},
  {{ remote = "address.region", local = "region", owner = "local" }},
  {{ remote = "address.postal_code", local = "postal_code", owner = "local" }},
  {{ remote = "address.country", local = "country", owner = "local" }},
]
"#,
            self.plan
        )
    }
}

struct Shop {
    case: &'static Case,
    person: Person,
    /// It is there as long as it is used.
    _simulator: Simulator,
    variables: Vec<(String, String)>,
    /// How many writes were answered, when to tell, and that it is time.
    answers: Arc<AtomicUsize>,
    at: Arc<AtomicUsize>,
    due: Arc<Notify>,
}

impl Shop {
    async fn open(case: &'static Case) -> Self {
        let simulator = Simulator::start().await.unwrap();
        let (answers, due) = (Arc::new(AtomicUsize::new(0)), Arc::new(Notify::new()));
        let at = Arc::new(AtomicUsize::new(usize::MAX));
        for method in ["POST", "PUT", "PATCH"] {
            let (counted, told, wanted) = (Arc::clone(&answers), Arc::clone(&due), Arc::clone(&at));
            let telling = FaultAction::rewrite(move |answer| {
                if counted.fetch_add(1, Ordering::SeqCst) + 1 == wanted.load(Ordering::SeqCst) {
                    told.notify_one();
                }
                answer
            });
            let rule = FaultRule::new(method, case.path, telling);
            match case.name {
                "pax8" => {
                    simulator.pax8().faults().add(rule);
                }
                "crayon" => {
                    simulator.crayon().faults().add(rule);
                }
                _ => {
                    simulator.streamone().faults().add(rule);
                }
            }
        }
        let mut variables = simulator.env();
        let own = format!("{}_", case.name.to_uppercase());
        variables.retain(|(name, _)| name.starts_with(&own));
        variables
            .extend(case.variables.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())));
        let mut person = Person::new("pax8-two-way", Vec::new());
        let store = format!("sqlite:{}", person.shell.file("journal.db").display());
        variables.push(("PROVIDER_STORE".to_owned(), store));
        person.shell = person.shell.with(variables.clone());
        let own = person.shell.file("plan.toml");
        std::fs::write(&own, case.plan()).unwrap();
        person.plan = own.display().to_string();
        let made = person.sync(&["tables", "--create"]).await;
        assert!(made.status.success(), "{}", super::run::err(&made));
        Self { case, person, _simulator: simulator, variables, answers, at, due }
    }

    fn app(&self) -> Connection {
        let app = Connection::open(self.person.shell.file("app.db")).unwrap();
        app.busy_timeout(Duration::from_secs(10)).unwrap();
        app
    }

    /// Runs until nothing is left to write, each killed after a few writes more than the one before. Answers how many were
    /// killed.
    async fn killed(&self, most: usize) -> usize {
        let (db, target) = (self.person.at("sync.db"), self.person.at("app.db"));
        let passwords = self.person.shell.file("passwords.jsonl").display().to_string();
        let mut killed = 0;
        for step in 0..most {
            self.answers.store(0, Ordering::SeqCst);
            self.at.store(1 + step % 5, Ordering::SeqCst);
            let args = [
                "run",
                "--plan",
                &self.person.plan,
                "--db",
                &db,
                "--target",
                &target,
                "--credentials",
                &passwords,
            ];
            let mut command = Command::from(self.person.shell.command("sync", &args));
            let mut child = command.stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
            let ended = tokio::select! {
                () = self.due.notified() => false,
                _ = child.wait() => true,
            };
            if ended {
                break;
            }
            child.kill().await.unwrap();
            killed += 1;
        }
        self.at.store(usize::MAX, Ordering::SeqCst);
        killed
    }

    fn provider(&self, store: &Store) -> Arc<dyn Provider> {
        let services = store.services().with_clock(Arc::new(provider_http::TokioClock::default()));
        let variable = |name: &str| {
            self.variables.iter().find(|(known, _)| known == name).map(|(_, value)| value.clone())
        };
        match self.case.name {
            "pax8" => pax8_client::Pax8Config::from_vars(variable).unwrap().unwrap().connect(&services),
            "crayon" => crayon_client::CrayonConfig::from_vars(variable).unwrap().unwrap().connect(&services),
            _ => streamone_client::StreamOneConfig::from_vars(variable).unwrap().unwrap().connect(&services),
        }
        .unwrap()
    }

    /// Runs later, when whatever was held has ended, until everything is settled as far as it can be.
    async fn settled(&self) -> (SqliteStore, Arc<dyn Provider>) {
        let later: Arc<dyn Clock> = Arc::new(Later(SystemClock));
        let journal = self.person.at("journal.db");
        let store = Store::open(journal).unsealed().clock(Arc::clone(&later)).await.unwrap();
        let provider = self.provider(&store);
        let plan = SyncPlan::from_toml(&self.case.plan()).unwrap();
        let target = TableTarget::open(&self.person.at("app.db"), &plan).await.unwrap();
        let checked = plan.check(&*provider, &target).unwrap_or_else(|problems| panic!("{problems}"));
        let kept = SqliteStore::open(&self.person.at("sync.db")).await.unwrap();
        let engine =
            SyncEngine::new(Arc::clone(&provider), Arc::new(target), Arc::new(kept.clone()), checked)
                .with_credentials(Arc::new(Nowhere));
        for _ in 0..4 {
            let report = engine.run(&RunControl::default()).await.unwrap();
            assert_eq!(report.error, None, "{report:?}");
        }
        let report = engine.run(&RunControl::default()).await.unwrap();
        let quiet = report.kinds.iter().all(|kind| kind.is_quiet() && kind.pushed == 0);
        assert!(quiet, "the writes stop when the edits do: {report:?}");
        (kept, provider)
    }
}

/// Nobody needs the passwords of a test.
#[derive(Debug)]
struct Nowhere;

#[async_trait::async_trait]
impl CredentialSink for Nowhere {
    async fn keep(&self, _: &NewCredentials) -> Result<(), String> {
        Ok(())
    }
}

fn account(row: &rusqlite::Row<'_>) -> rusqlite::Result<(i64, String, String)> {
    Ok((row.get(0)?, row.get(1)?, row.get(2)?))
}

/// Accounts become customers and are edited, under kills. `SYNC_KILL_CREATES` and `SYNC_KILL_UPDATES` say how many.
async fn kills_double_nothing(case: &'static Case) {
    let (creates, updates) = (number("SYNC_KILL_CREATES", 8), number("SYNC_KILL_UPDATES", 10));
    let shop = Shop::open(case).await;
    // What is there already is pulled first.
    let first = shop.person.json(&["run"]).await;
    assert_eq!(first["outcome"], "completed", "{first:#}");
    let app = shop.app();
    for n in 0..creates {
        let sql = format!(
            "INSERT INTO accounts (distributor, name, street, city, region, postal_code, country, {}) \
             VALUES ('{}', ?1, '5 Quay Road', 'Portland', 'ME', '04101', 'US', {})",
            case.columns, case.name, case.values
        );
        app.execute(&sql, [format!("Pushed company {n}")]).unwrap();
    }
    let mut killed = shop.killed(creates * 2).await;
    let (kept, _) = shop.settled().await;
    let linked =
        "SELECT count(*) FROM accounts WHERE name LIKE 'Pushed company%' AND distributor_id IS NOT NULL";
    let tied: i64 = app.query_row(linked, [], |row| row.get(0)).unwrap();
    drop(kept);
    for n in 0..updates {
        let sql = "UPDATE accounts SET city = ?1 WHERE name = ?2";
        app.execute(sql, (format!("City {n}"), format!("Pushed company {}", n % creates))).unwrap();
        // The edits are pushed by several runs, most of which are killed.
        if n % 5 == 4 || n + 1 == updates {
            killed += shop.killed(3).await;
        }
    }
    let (kept, provider) = shop.settled().await;
    let mut names: BTreeMap<String, Vec<Option<String>>> = BTreeMap::new();
    for customer in provider.customers(CustomerQuery::default()).collect_all().await.unwrap() {
        if customer.name.starts_with("Pushed company") {
            let whole = provider.get_customer(&customer.id, &ReadOptions::default()).await.unwrap();
            let city = whole.address.and_then(|address| address.city);
            names.entry(customer.name).or_default().push(city);
        }
    }
    let doubled = names.values().filter(|all| all.len() > 1).count();
    let scope = KindScope::new(provider.info().connection.clone(), provider_core::EntityKind::Customer);
    let open = kept.open_intents(&scope).await.unwrap();
    let unknown = open.iter().filter(|intent| intent.state == IntentState::Unknown).count();
    let mut lost = 0;
    let mut rows =
        app.prepare("SELECT id, name, city FROM accounts WHERE name LIKE 'Pushed company%'").unwrap();
    let rows: Vec<_> = rows.query_map([], account).unwrap().map(Result::unwrap).collect();
    for (id, name, city) in rows {
        let listed = open.iter().any(|intent| intent.local == LocalKey::new(id.to_string()));
        let arrived = names.get(&name).is_some_and(|all| all.first() == Some(&Some(city.clone())));
        if !arrived && !listed {
            println!("lost: {name} in {city}: {:?}", names.get(&name));
            lost += 1;
        }
    }
    let waiting = kept.queue(&QueueQuery::default()).await.unwrap();
    println!(
        "{}: {creates} creates and {updates} updates, {killed} kills: {tied} tied after the creates, doubled {doubled}, \
         lost {lost}, unknown {unknown}, waiting {}",
        case.name,
        waiting.len()
    );
    assert_eq!((doubled, lost), (0, 0), "{waiting:?}");
    assert!(killed > 0, "nothing was killed");
    assert_eq!(waiting.len(), unknown, "{waiting:?}");
}

#[tokio::test]
async fn kills_while_it_pushes_double_nothing_at_pax8() {
    kills_double_nothing(&PAX8).await;
}

#[tokio::test]
async fn kills_while_it_pushes_double_nothing_at_crayon() {
    kills_double_nothing(&CRAYON).await;
}

#[tokio::test]
async fn kills_while_it_pushes_double_nothing_at_streamone() {
    kills_double_nothing(&STREAMONE).await;
}
