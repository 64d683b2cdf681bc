//! Secrets that are planted in what goes wrong: in an address, in what a distributor says, in what a mail server says.

use std::fmt::Write as _;
use std::io;
use std::sync::{Arc, Mutex, OnceLock};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use http::StatusCode;
use provider_examples::Kind;
use provider_simulator::{FaultAction, FaultRule};
use provider_sync::{ConnectionState, QueueQuery, SmtpConfig, SmtpNotifier, SyncStore as _};
use tracing_subscriber::fmt::MakeWriter;

use crate::scene::Scene;

/// Everything that was logged in this process.
#[derive(Clone, Default)]
struct Log(Arc<Mutex<String>>);

impl io::Write for Log {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap().push_str(&String::from_utf8_lossy(bytes));
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl<'a> MakeWriter<'a> for Log {
    type Writer = Self;

    fn make_writer(&'a self) -> Self {
        self.clone()
    }
}

/// Listens to all of it, from the first call on.
fn log() -> &'static Log {
    static LOG: OnceLock<Log> = OnceLock::new();
    LOG.get_or_init(|| {
        let log = Log::default();
        let all = tracing_subscriber::fmt().with_max_level(tracing::Level::TRACE).with_writer(log.clone());
        all.init();
        log
    })
}

/// Runs until it has stopped, and answers everything that left: reports, letters, status, queue, store and log.
async fn everything(scene: &Scene) -> String {
    let mut shown = String::new();
    for _ in 0..6 {
        let report = scene.run().await;
        writeln!(shown, "{report:?} {}", serde_json::to_string(&report).unwrap()).unwrap();
    }
    let status = scene.status().await;
    assert_eq!(status.state, ConnectionState::Disabled, "{status:?}");
    let waiting = scene.store.queue(&QueueQuery::default()).await.unwrap();
    writeln!(shown, "{status:?} {} {waiting:?}", serde_json::to_string(&status).unwrap()).unwrap();
    for file in ["sync.db", "sync.db-wal", "app.db"] {
        let kept = std::fs::read(scene.file(file)).unwrap_or_default();
        shown.push_str(&String::from_utf8_lossy(&kept));
    }
    shown.push_str(&scene.sink.letters().concat().replace("=\n", ""));
    let logged = log().0.lock().unwrap().clone();
    assert!(!logged.is_empty(), "nothing was logged");
    shown + &logged
}

fn assert_nowhere(secret: &str, shown: &str) {
    let begins = shown.find(secret);
    let around =
        begins.map(|at| shown.chars().skip(shown[..at].chars().count().saturating_sub(200)).take(400));
    assert!(begins.is_none(), "{secret} is in:\n…{}…", around.into_iter().flatten().collect::<String>());
}

/// A distributor repeats the client secret in what it says of a login and of a list.
#[tokio::test]
async fn a_secret_that_a_distributor_repeats_is_in_nothing_that_leaves() {
    log();
    for (method, path, status) in
        [("POST", "/v1/token", StatusCode::UNAUTHORIZED), ("GET", "/v1/companies", StatusCode::BAD_REQUEST)]
    {
        let mut scene = Scene::new(Kind::Pax8).await;
        let secret = scene.simulator.pax8().client_secret().to_owned();
        let said = serde_json::json!({
            "error": "invalid_client", "message": format!("`{secret}` is not taken"),
            "error_description": format!("the client secret {secret} was withdrawn"),
        });
        scene.reconnect(None);
        scene.spoil(FaultRule::new(method, path, FaultAction::status(status, said.to_string())));
        let shown = everything(&scene).await;
        assert_eq!(scene.told(), [1, 1], "{method}");
        assert_nowhere(&secret, &shown);
    }
}

/// The address of the application's database, as the plan has it, of a server that is not there.
#[cfg(feature = "postgres")]
#[tokio::test]
async fn the_password_of_an_address_is_in_nothing_that_leaves() {
    log();
    const PASSWORD: &str = "planted-address-password";
    let mut scene = Scene::new(Kind::Pax8).await;
    scene.url = format!("postgres://app:{PASSWORD}@127.0.0.1:9/app?sslmode=disable");
    scene.plan.push_str(&format!("[target]\nurl = \"{}\"\n", scene.url));
    let shown = everything(&scene).await;
    assert_eq!(scene.told(), [1, 1]);
    assert!(shown.contains("the database app on 127.0.0.1"), "what is wrong is said");
    assert_nowhere(PASSWORD, &shown);
}

/// A mail server that repeats the password to which it says no, and takes it an hour later.
#[tokio::test]
async fn the_password_of_a_mail_server_is_in_nothing_that_leaves() {
    log();
    const PASSWORD: &str = "planted-mail-password";
    let mut scene = Scene::new(Kind::Pax8).await;
    let config = SmtpConfig::new(&scene.sink.url, "sync@example.com").unwrap();
    scene.notifier = SmtpNotifier::new(config.credentials("sync", PASSWORD));
    scene.sink.state().refuses_passwords = true;
    let refused = FaultAction::status(StatusCode::FORBIDDEN, "{}");
    scene.spoil(FaultRule::new("GET", "/v1/companies", refused));
    let mut shown = everything(&scene).await;
    assert_eq!((scene.told(), scene.status().await.unsent), ([0, 0], 2));
    // They wait for a server that takes them.
    scene.sink.state().refuses_passwords = false;
    shown += &everything(&scene).await;
    assert_eq!((scene.told(), scene.status().await.unsent), ([1, 1], 0));
    // As it is written, and as SMTP writes it.
    let begins = STANDARD.encode(format!("\0sync\0{PASSWORD}"));
    for secret in [PASSWORD, begins.as_str(), STANDARD.encode(PASSWORD).as_str()] {
        assert_nowhere(secret, &shown);
    }
}
