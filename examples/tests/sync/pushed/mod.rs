//! Both directions under `kill -9`: accounts become customers and are edited, the runs are killed while they write, and in
//! the end each is there once, or is listed as unknown. On files, and on PostgreSQL.
//!
//! 8 creates and 10 updates at each distributor, or as many as `SYNC_KILL_CREATES` and `SYNC_KILL_UPDATES` say.

mod cases;
mod ground;

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
    CredentialSink, IntentState, KindScope, LocalKey, NewCredentials, QueueQuery, RunControl, SqlStore,
    SyncEngine, SyncPlan, SyncStore, TableTarget,
};
use serde_json::Value;
use tokio::process::Command;
use tokio::sync::Notify;

use super::Person;
use super::run::out;
use cases::{CRAYON, Case, PAX8, STREAMONE};
use ground::Ground;

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

struct Shop {
    case: &'static Case,
    person: Person,
    ground: Ground,
    /// It is there as long as it is used.
    _simulator: Simulator,
    variables: Vec<(String, String)>,
    /// How many writes were answered, when to tell, and that it is time.
    answers: Arc<AtomicUsize>,
    at: Arc<AtomicUsize>,
    due: Arc<Notify>,
}

impl Shop {
    async fn open(case: &'static Case, server: Option<Ground>) -> Self {
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
        let in_files = || Ground::File { app: person.shell.file("app.db"), db: person.at("sync.db") };
        let (on_server, ground) = (server.is_some(), server.unwrap_or_else(in_files));
        person.server = on_server.then(|| ground.addresses().1);
        let made = person.sync(&["tables", "--create"]).await;
        assert!(made.status.success(), "{}", super::run::err(&made));
        Self { case, person, ground, _simulator: simulator, variables, answers, at, due }
    }

    /// An account that the distributor does not have yet.
    fn account(&self, n: usize) {
        let Case { name, columns, .. } = self.case;
        let values = self.case.values.replace("{n}", &n.to_string());
        self.ground.rows(&format!(
            "INSERT INTO accounts (distributor, name, street, city, region, postal_code, country, {columns}) VALUES \
             ('{name}', 'Pushed company {n}', '5 Quay Road', 'Portland', 'ME', '04101', 'US', {values})"
        ));
    }

    /// Runs until nothing is left to write, each killed after a few writes more than the one before. Answers how many were
    /// killed.
    async fn killed(&self, most: usize) -> usize {
        let (db, target) = self.ground.addresses();
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
            self.ground.expire();
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
    async fn settled(&self) -> (SqlStore, Arc<dyn Provider>) {
        let later: Arc<dyn Clock> = Arc::new(Later(SystemClock));
        let journal = self.person.at("journal.db");
        let store = Store::open(journal).unsealed().clock(Arc::clone(&later)).await.unwrap();
        let provider = self.provider(&store);
        let plan = SyncPlan::from_toml(&self.case.plan()).unwrap();
        let (db, target) = self.ground.addresses();
        let target = TableTarget::open(&target, &plan).await.unwrap();
        let checked = plan.check(&*provider, &target).unwrap_or_else(|problems| panic!("{problems}"));
        let kept = SqlStore::open(&db).await.unwrap();
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

/// Accounts become customers and are edited, under kills.
async fn kills_double_nothing(case: &'static Case, server: Option<Ground>) {
    let (creates, updates) = (number("SYNC_KILL_CREATES", 8), number("SYNC_KILL_UPDATES", 10));
    let shop = Shop::open(case, server).await;
    let app = &shop.ground;
    // What is there already is pulled first.
    let first = shop.person.json(&["run"]).await;
    assert_eq!(first["outcome"], "completed", "{first:#}");
    for n in 0..creates {
        shop.account(n);
    }
    let mut killed = shop.killed(creates * 2).await;
    let (kept, _) = shop.settled().await;
    let linked =
        "SELECT count(*) FROM accounts WHERE name LIKE 'Pushed company%' AND distributor_id IS NOT NULL";
    let tied = app.rows(linked).concat().concat();
    drop(kept);
    for n in 0..updates {
        let company = n % creates;
        app.rows(&format!("UPDATE accounts SET city = 'City {n}' WHERE name = 'Pushed company {company}'"));
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
    for row in app.rows("SELECT id, name, city FROM accounts WHERE name LIKE 'Pushed company%'") {
        let [id, name, city] = <[String; 3]>::try_from(row).unwrap();
        let listed = open.iter().any(|intent| intent.local == LocalKey::new(id.as_str()));
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
    kills_double_nothing(&PAX8, None).await;
}

#[tokio::test]
async fn kills_while_it_pushes_double_nothing_at_crayon() {
    kills_double_nothing(&CRAYON, None).await;
}

#[tokio::test]
async fn kills_while_it_pushes_double_nothing_at_streamone() {
    kills_double_nothing(&STREAMONE, None).await;
}

/// Where there is a key they are sealed beside what runs remember, and read once.
#[tokio::test]
async fn passwords_of_new_tenants_are_sealed_until_they_are_read() {
    let mut shop = Shop::open(&CRAYON, None).await;
    let mut variables = shop.variables.clone();
    variables.push(("PROVIDER_TOKEN_KEY".to_owned(), "0f".repeat(32)));
    shop.person.shell = shop.person.shell.with(variables);
    for n in 0..2 {
        shop.account(n);
    }
    let report = shop.person.json(&["run"]).await;
    assert_eq!(report["intents"]["applied"], 2, "{report:#}");
    let told = out(&shop.person.sync(&["credentials"]).await);
    let lines: Vec<Value> = told.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!(lines.len(), 2, "{told}");
    let password = lines[0]["password"].as_str().unwrap();
    assert!(!password.is_empty() && lines[0]["connection"] == "crayon", "{told}");
    let kept = std::fs::read(shop.person.shell.file("sync.db")).unwrap();
    assert!(!kept.windows(password.len()).any(|part| part == password.as_bytes()), "it stands in the file");
    assert_eq!(out(&shop.person.sync(&["credentials"]).await), "", "they are read once");
    shop.person.shell = shop.person.shell.with(shop.variables.clone());
    let refused = shop.person.sync(&["credentials"]).await;
    assert_eq!(refused.status.code(), Some(2), "{}", super::run::err(&refused));
}

/// A file that is named takes them, and only its owner reads it.
#[tokio::test]
async fn passwords_of_new_tenants_go_to_a_file_of_ones_own() {
    let shop = Shop::open(&CRAYON, None).await;
    shop.account(0);
    let file = shop.person.shell.file("new-tenants.jsonl");
    let report = shop.person.json(&["run", "--credentials", &file.display().to_string()]).await;
    assert_eq!(report["intents"]["applied"], 1, "{report:#}");
    let text = std::fs::read_to_string(&file).unwrap();
    let told: Value = serde_json::from_str(text.trim_end()).unwrap();
    let password = told["password"].as_str().unwrap();
    assert!(!password.is_empty() && told["connection"] == "crayon", "{text}");
    assert!(!report.to_string().contains(password), "{report:#}");
    #[cfg(unix)]
    {
        let mode = std::os::unix::fs::PermissionsExt::mode(&std::fs::metadata(&file).unwrap().permissions());
        assert_eq!(mode & 0o777, 0o600);
    }
}

/// The same with the tables and the store in a database.
#[cfg(feature = "postgres")]
#[tokio::test]
async fn kills_while_it_pushes_double_nothing_on_a_server() {
    for case in [&PAX8, &CRAYON, &STREAMONE] {
        let Some(server) = provider_testkit::postgres::Server::start(&[]).unwrap() else { return };
        kills_double_nothing(case, Some(Ground::Server(Box::new(server)))).await;
    }
}
