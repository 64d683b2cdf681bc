//! Letters by SMTP, against a small mail server that does what it is told.

use std::sync::{Arc, Mutex};

use tokio::io::{AsyncBufRead, AsyncBufReadExt as _, AsyncRead, AsyncWrite, AsyncWriteExt as _, BufReader};
use tokio::net::{TcpListener, TcpSocket, TcpStream};
use tokio_rustls::TlsAcceptor;
use tokio_rustls::rustls::ServerConfig;
use tokio_rustls::rustls::pki_types::{PrivateKeyDer, PrivatePkcs8KeyDer};

use super::stores::{start, take};
use super::world::Hand;
use crate::notify::{
    Alert, AlertKind, Notifier as _, NotifyErrorKind, SettingToFix, SmtpConfig, SmtpNotifier, SmtpSecurity,
    StopCause, StopReason, deliver,
};
use crate::plan::Mailbox;
use crate::report::SyncOutcome;
use crate::store::{MemoryStore, RunWeight, SessionEnd, SyncStore as _};

/// How the server behaves.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
enum Manner {
    #[default]
    Accepts,
    /// It knows no `nobody@`.
    Refuses,
    /// The mailbox of `nobody@` is full.
    Postpones,
    /// It lets this sender send nothing.
    RefusesSender,
    /// It takes no letter that looks like this.
    RefusesContent,
    /// It hangs up when it has heard the recipient.
    ClosesInTheMiddle,
    /// It hangs up when it has the letter, and says nothing.
    ClosesAfterTheLetter,
    /// It hangs up at once.
    ClosesAtOnce,
    /// It takes no password, and repeats it.
    RefusesPassword,
}

#[derive(Debug, Clone, PartialEq, Eq)]
struct Letter {
    to: String,
    text: String,
}

#[derive(Debug, Default)]
struct Heard {
    letters: Vec<Letter>,
    /// What it heard to the end, and did not answer.
    cut: Vec<String>,
    /// What was said in the clear.
    clear: Vec<String>,
    /// What was said under TLS.
    sealed: Vec<String>,
}

/// When the server begins with TLS.
#[derive(Clone)]
enum Tls {
    Never,
    Asked(TlsAcceptor),
    AtOnce(TlsAcceptor),
}

/// A mail server on this machine.
struct Sink {
    port: u16,
    heard: Arc<Mutex<Heard>>,
    manner: Arc<Mutex<Manner>>,
}

impl Sink {
    async fn start(tls: Tls) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let (heard, manner) = (Arc::<Mutex<Heard>>::default(), Arc::<Mutex<Manner>>::default());
        let (hears, behaves) = (Arc::clone(&heard), Arc::clone(&manner));
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let (hears, manner) = (Arc::clone(&hears), *behaves.lock().unwrap());
                tokio::spawn(serve(stream, hears, manner, tls.clone()));
            }
        });
        Self { port, heard, manner }
    }

    fn behaves(&self, manner: Manner) {
        *self.manner.lock().unwrap() = manner;
    }

    fn letters(&self) -> Vec<Letter> {
        self.heard.lock().unwrap().letters.clone()
    }

    fn config(&self) -> SmtpConfig {
        SmtpConfig::new(&format!("smtp://127.0.0.1:{}", self.port), "sync@example.com").unwrap()
    }

    fn notifier(&self) -> SmtpNotifier {
        SmtpNotifier::new(self.config())
    }
}

const GREETING: &[u8] = b"220 sink ready\r\n";

async fn serve(mut stream: TcpStream, heard: Arc<Mutex<Heard>>, manner: Manner, tls: Tls) {
    if manner == Manner::ClosesAtOnce {
        return;
    }
    if let Tls::AtOnce(acceptor) = tls {
        let Ok(mut sealed) = acceptor.accept(stream).await else { return };
        let _ = sealed.write_all(GREETING).await;
        talk(&mut sealed, &heard, manner, false, true).await;
        return;
    }
    let _ = stream.write_all(GREETING).await;
    let asked = matches!(tls, Tls::Asked(_));
    let begins = talk(&mut stream, &heard, manner, asked, false).await;
    if let (Some(true), Tls::Asked(acceptor)) = (begins, tls)
        && let Ok(mut sealed) = acceptor.accept(stream).await
    {
        talk(&mut sealed, &heard, manner, false, true).await;
    }
}

/// Answers `Some(true)` where TLS is to begin.
async fn talk(
    stream: &mut (impl AsyncRead + AsyncWrite + Unpin + Send),
    heard: &Mutex<Heard>,
    manner: Manner,
    offers_tls: bool,
    sealed: bool,
) -> Option<bool> {
    let mut stream = BufReader::new(stream);
    let mut to = String::new();
    loop {
        let mut line = String::new();
        if stream.read_line(&mut line).await.ok()? == 0 {
            return None;
        }
        let line = line.trim_end().to_owned();
        {
            let mut heard = heard.lock().unwrap();
            if sealed { heard.sealed.push(line.clone()) } else { heard.clear.push(line.clone()) }
        }
        let answer = match line.split(' ').next().unwrap_or_default() {
            "EHLO" if offers_tls => "250-sink\r\n250-STARTTLS\r\n250 8BITMIME".to_owned(),
            "EHLO" => "250-sink\r\n250-AUTH PLAIN LOGIN\r\n250 8BITMIME".to_owned(),
            "STARTTLS" if offers_tls => {
                stream.get_mut().write_all(b"220 go on\r\n").await.ok()?;
                return Some(true);
            }
            "AUTH" if manner == Manner::RefusesPassword => format!("535 5.7.8 no: {line}"),
            "AUTH" => "235 welcome".to_owned(),
            "MAIL" if manner == Manner::RefusesSender => "550 5.7.1 not you".to_owned(),
            "RCPT" if manner == Manner::ClosesInTheMiddle => return None,
            "RCPT" if line.contains("nobody@") && manner == Manner::Refuses => {
                "550 5.1.1 nobody here".to_owned()
            }
            "RCPT" if line.contains("nobody@") && manner == Manner::Postpones => "452 4.2.2 full".to_owned(),
            "RCPT" => {
                to = line.trim_start_matches("RCPT TO:<").trim_end_matches('>').to_owned();
                "250 fine".to_owned()
            }
            "DATA" => {
                stream.get_mut().write_all(b"354 go on\r\n").await.ok()?;
                let text = letter(&mut stream).await?;
                if manner == Manner::ClosesAfterTheLetter {
                    heard.lock().unwrap().cut.push(text);
                    return None;
                }
                if manner == Manner::RefusesContent {
                    "554 5.7.1 this looks like spam".to_owned()
                } else {
                    heard.lock().unwrap().letters.push(Letter { to: to.clone(), text });
                    "250 taken".to_owned()
                }
            }
            "QUIT" => "221 bye".to_owned(),
            _ => "250 fine".to_owned(),
        };
        stream.get_mut().write_all(format!("{answer}\r\n").as_bytes()).await.ok()?;
        if line == "QUIT" {
            return None;
        }
    }
}

async fn letter(stream: &mut (impl AsyncBufRead + Unpin)) -> Option<String> {
    let mut text = String::new();
    loop {
        let mut line = String::new();
        if stream.read_line(&mut line).await.ok()? == 0 {
            return None;
        }
        if line == ".\r\n" {
            return Some(text);
        }
        text.push_str(line.strip_prefix('.').unwrap_or(&line));
    }
}

fn alert(recipient: &str) -> Alert {
    let at = |time: &str| time.parse().unwrap();
    let setting = SettingToFix::new("Client secret", "PAX8_CLIENT_SECRET");
    Alert {
        id: "0123456789abcdef0123456789abcdef".to_owned(),
        about: AlertKind::Stopped,
        connection: "pax8".to_owned(),
        recipient: Mailbox(recipient.to_owned()),
        cause: StopCause::new(StopReason::Setting, "it is wrong").with_setting(Some(setting)),
        last_good: None,
        stopped_at: at("2026-11-21T09:15:00Z"),
        next_probe: None,
        written_at: at("2026-11-21T09:15:00Z"),
    }
}

#[tokio::test]
async fn a_letter_arrives_as_it_was_written_and_under_one_name() {
    let sink = Sink::start(Tls::Never).await;
    for _ in 0..2 {
        sink.notifier().send(&alert("billing@example.com")).await.unwrap();
    }
    let letters = sink.letters();
    assert_eq!(letters[0], letters[1], "what is sent twice is the same");
    let Letter { to, text } = &letters[0];
    assert_eq!(to, "billing@example.com");
    let (head, body) = text.split_once("\r\n\r\n").unwrap();
    for line in [
        "From: sync@example.com",
        "To: billing@example.com",
        "Subject: pax8 has stopped: a setting is wrong",
        "Message-ID: <0123456789abcdef0123456789abcdef@example.com>",
        "Auto-Submitted: auto-generated",
    ] {
        assert!(head.lines().any(|known| known == line), "{line} is not in:\n{head}");
    }
    assert!(body.contains("Client secret (PAX8_CLIENT_SECRET)"), "{body}");
}

#[tokio::test]
async fn each_refusal_says_what_becomes_of_the_letter() {
    use NotifyErrorKind::{Later, Refused, Unreachable};
    let sink = Sink::start(Tls::Never).await;
    for (manner, kind, says) in [
        (Manner::Refuses, Refused, "recipient"),
        (Manner::Postpones, Later, "recipient"),
        (Manner::RefusesContent, Refused, "letter"),
        (Manner::RefusesSender, Unreachable, "sender"),
        (Manner::ClosesInTheMiddle, Unreachable, "recipient"),
        (Manner::ClosesAfterTheLetter, Unreachable, "letter"),
        (Manner::ClosesAtOnce, Unreachable, "cannot be reached"),
    ] {
        sink.behaves(manner);
        let error = sink.notifier().send(&alert("nobody@example.com")).await.unwrap_err();
        assert_eq!(error.kind, kind, "{manner:?}: {error}");
        assert!(error.to_string().contains(says), "{manner:?}: {error}");
    }
    assert!(sink.letters().is_empty());
    // Nobody else gets the port meanwhile, and nobody listens on it.
    let taken = TcpSocket::new_v4().unwrap();
    taken.bind("127.0.0.1:0".parse().unwrap()).unwrap();
    let down = format!("smtp://{}", taken.local_addr().unwrap());
    let down = SmtpConfig::new(&down, "sync@example.com").unwrap();
    let error = SmtpNotifier::new(down).send(&alert("billing@example.com")).await.unwrap_err();
    assert_eq!(error.kind, Unreachable, "{error}");
}

/// A store with a letter for each of these.
async fn stopped(recipients: &[&str], clock: &Hand) -> MemoryStore {
    let store = MemoryStore::new(Arc::new(clock.clone()));
    let lease = take(&store).await;
    store.open_session(&lease, &start("one")).await.unwrap();
    let mut end = SessionEnd::new("shop", SyncOutcome::Failed);
    (end.error, end.weight) = (Some("it is wrong".into()), RunWeight::AtOnce(StopReason::Setting));
    end.recipients = recipients.iter().map(|person| Mailbox((*person).to_owned())).collect();
    assert!(store.not_begun(&end).await.unwrap().is_some_and(|closed| closed.stopped.is_some()));
    store
}

#[tokio::test]
async fn nobody_waits_for_somebody_elses_mailbox() {
    let people = ["nobody@example.com", "billing@example.com", "ops@example.com"];
    for (manner, refused, postponed) in [(Manner::Refuses, 1, 0), (Manner::Postpones, 0, 1)] {
        let clock = Hand::default();
        let (sink, store) = (Sink::start(Tls::Never).await, stopped(&people, &clock).await);
        sink.behaves(manner);
        let told = deliver(&store, &sink.notifier(), &clock, None).await.unwrap();
        assert_eq!((told.sent, told.refused, told.postponed), (2, refused, postponed));
        let to: Vec<_> = sink.letters().into_iter().map(|letter| letter.to).collect();
        assert_eq!(to, people[1..]);
        let status = store.status().await.unwrap().remove(0);
        assert_eq!(status.unsent, postponed);
        let nobody = if refused == 1 { &people[..1] } else { &[] };
        assert_eq!(status.refused.iter().map(|mailbox| &*mailbox.0).collect::<Vec<_>>(), nobody);
    }
}

#[tokio::test]
async fn a_server_that_breaks_off_loses_no_letter_and_a_letter_keeps_its_name() {
    for manner in [Manner::ClosesAtOnce, Manner::ClosesInTheMiddle, Manner::ClosesAfterTheLetter] {
        let clock = Hand::default();
        let people = ["a@example.com", "b@example.com"];
        let (sink, store) = (Sink::start(Tls::Never).await, stopped(&people, &clock).await);
        sink.behaves(manner);
        let told = deliver(&store, &sink.notifier(), &clock, None).await.unwrap();
        assert_eq!((told.sent, told.refused, told.postponed), (0, 0, 1), "{manner:?}: one try is enough");
        assert_eq!(store.status().await.unwrap()[0].unsent, 2, "{manner:?}");
        // It is back, and what is due is taken.
        sink.behaves(Manner::Accepts);
        clock.pass(chrono::Duration::minutes(1));
        let told = deliver(&store, &sink.notifier(), &clock, None).await.unwrap();
        assert_eq!((told.sent, told.refused, told.postponed), (2, 0, 0), "{manner:?}");
        let names: Vec<_> = sink.letters().iter().map(|letter| name_of(&letter.text)).collect();
        assert_ne!(names[0], names[1], "{manner:?}");
        // What the server may have kept when it hung up is known by the same name.
        let cut = sink.heard.lock().unwrap().cut.iter().map(|text| name_of(text)).collect::<Vec<_>>();
        let repeated = usize::from(manner == Manner::ClosesAfterTheLetter);
        assert_eq!(cut, names[..repeated], "{manner:?}");
    }
}

/// The `Message-ID` of a letter.
fn name_of(text: &str) -> String {
    text.lines().find_map(|line| line.strip_prefix("Message-ID: ")).unwrap().to_owned()
}

/// A certificate of one's own, and a server that has it.
fn certified() -> (String, TlsAcceptor) {
    let made = rcgen::generate_simple_self_signed(vec!["127.0.0.1".to_owned()]).unwrap();
    let key = PrivateKeyDer::Pkcs8(PrivatePkcs8KeyDer::from(made.signing_key.serialize_der()));
    let config = ServerConfig::builder().with_no_client_auth();
    let config = config.with_single_cert(vec![made.cert.der().clone()], key).unwrap();
    (made.cert.pem(), TlsAcceptor::from(Arc::new(config)))
}

#[tokio::test]
async fn a_password_is_only_said_under_tls() {
    let (pem, acceptor) = certified();
    let sink = Sink::start(Tls::Asked(acceptor)).await;
    let config =
        sink.config().security(SmtpSecurity::StartTls).unwrap().credentials("sync", "planted-secret");
    // A certificate that nobody vouches for.
    let error = SmtpNotifier::new(config.clone()).send(&alert("billing@example.com")).await.unwrap_err();
    assert_eq!(error.kind, NotifyErrorKind::Unreachable, "{error}");
    assert!(sink.letters().is_empty() && sink.heard.lock().unwrap().sealed.is_empty());
    let trusting = SmtpNotifier::new(config.root_certificate(pem));
    trusting.send(&alert("billing@example.com")).await.unwrap();
    assert_eq!(sink.letters().len(), 1);
    let heard = sink.heard.lock().unwrap();
    assert!(heard.sealed.iter().any(|line| line.starts_with("AUTH PLAIN ")), "{heard:?}");
    assert!(heard.clear.iter().all(|line| line.starts_with("EHLO ") || line == "STARTTLS"), "{heard:?}");
}

#[tokio::test]
async fn with_tls_from_the_start_nothing_is_said_before() {
    let (pem, acceptor) = certified();
    let sink = Sink::start(Tls::AtOnce(acceptor)).await;
    let config = SmtpConfig::new(&format!("smtps://127.0.0.1:{}", sink.port), "sync@example.com").unwrap();
    let config = config.credentials("sync", "planted-secret");
    let error = SmtpNotifier::new(config.clone()).send(&alert("billing@example.com")).await.unwrap_err();
    assert_eq!(error.kind, NotifyErrorKind::Unreachable, "nobody vouches for it: {error}");
    SmtpNotifier::new(config.root_certificate(pem)).send(&alert("billing@example.com")).await.unwrap();
    assert_eq!(sink.letters().len(), 1);
    let heard = sink.heard.lock().unwrap();
    assert!(heard.clear.is_empty() && heard.sealed.iter().any(|line| line.starts_with("AUTH ")), "{heard:?}");
}

#[tokio::test]
async fn a_server_that_does_not_encrypt_is_told_nothing() {
    let sink = Sink::start(Tls::Never).await;
    let config =
        sink.config().security(SmtpSecurity::StartTls).unwrap().credentials("sync", "planted-secret");
    let error = SmtpNotifier::new(config).send(&alert("billing@example.com")).await.unwrap_err();
    assert_eq!(error.kind, NotifyErrorKind::Unreachable);
    assert!(error.to_string().contains("does not encrypt"), "{error}");
    let heard = sink.heard.lock().unwrap();
    assert!(heard.clear.iter().all(|line| line.starts_with("EHLO ") || line == "QUIT"), "{heard:?}");
}

#[tokio::test]
async fn a_password_that_is_refused_is_in_no_error() {
    let sink = Sink::start(Tls::Never).await;
    sink.behaves(Manner::RefusesPassword);
    let notifier = SmtpNotifier::new(sink.config().credentials("sync", "planted-secret"));
    let error = notifier.send(&alert("billing@example.com")).await.unwrap_err();
    assert_eq!(error.kind, NotifyErrorKind::Unreachable);
    // As it is written, and as SMTP writes it.
    let shown = format!("{error} {error:?} {notifier:?}");
    assert!(!shown.contains("planted-secret") && !shown.contains("cGxhbnRlZC1zZWNyZXQ"), "{shown}");
    assert!(shown.contains("user name and the password"), "{shown}");
}
