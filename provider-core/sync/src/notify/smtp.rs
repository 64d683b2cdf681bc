//! Letters by SMTP.

mod config;

use std::time::{Duration, SystemTime};

use async_trait::async_trait;
use lettre::message::header::{ContentType, HeaderName, HeaderValue};
use lettre::transport::smtp::Error as SmtpError;
use lettre::transport::smtp::authentication::{Credentials, Mechanism};
use lettre::transport::smtp::client::{AsyncSmtpConnection, Certificate, TlsParameters};
use lettre::transport::smtp::commands::{Data, Mail, Rcpt};
use lettre::transport::smtp::extension::{ClientId, Extension, MailParameter};
use lettre::{Address, Message};
use secrecy::ExposeSecret as _;

use super::{Alert, Notifier, NotifyError, NotifyErrorKind};
pub use config::{SmtpConfig, SmtpSecurity};

/// How long it may take to reach the server.
const CONNECT: Duration = Duration::from_secs(15);
/// How long a letter may take, from the first word to the answer that it was taken.
const PATIENCE: Duration = Duration::from_secs(45);
/// How long to wait for the answer to the farewell, which changes nothing.
const FAREWELL: Duration = Duration::from_secs(2);

/// Sends letters through a mail server. Needs tokio.
///
/// Off this machine the connection is always encrypted, by TLS from the start or by STARTTLS, and the server's certificate
/// is always checked; a server that offers neither is told nothing. Each letter goes by a connection of its own: there are
/// few of them.
///
/// A recipient that the server refuses (5xx) is given up; one that it puts off (4xx) is tried again later. A server that
/// is down, that breaks off or that refuses the sender or the password keeps all letters waiting.
#[derive(Debug, Clone)]
pub struct SmtpNotifier {
    config: SmtpConfig,
}

impl SmtpNotifier {
    /// Sends through this server.
    #[must_use]
    pub const fn new(config: SmtpConfig) -> Self {
        Self { config }
    }

    fn letter(&self, alert: &Alert) -> Result<(Address, Address, Vec<u8>), NotifyError> {
        let refused = |what: &str| NotifyError::new(NotifyErrorKind::Refused, what.to_owned());
        let from: Address = self.config.from.0.parse().map_err(|_| {
            let what = format!("the sender `{}` is no e-mail address", self.config.from.0);
            NotifyError::new(NotifyErrorKind::Unreachable, what)
        })?;
        let to: Address =
            alert.recipient.0.parse().map_err(|_| refused("the recipient is no e-mail address"))?;
        let id = format!("<{}>", alert.message_id(from.domain()));
        let mut letter = Message::builder()
            .from(from.clone().into())
            .to(to.clone().into())
            .subject(alert.subject())
            .message_id(Some(id))
            .date(SystemTime::from(alert.written_at))
            .header(ContentType::TEXT_PLAIN)
            .body(alert.text())
            .map_err(|error| refused("the letter cannot be written").with_source(error))?;
        // So that no absence note answers it.
        let name = HeaderName::new_from_ascii_str("Auto-Submitted");
        letter.headers_mut().insert_raw(HeaderValue::new(name, "auto-generated".to_owned()));
        Ok((from, to, letter.formatted()))
    }

    fn tls(&self) -> Result<TlsParameters, SmtpError> {
        let mut tls = TlsParameters::builder(self.config.host.clone());
        for root in &self.config.roots {
            tls = tls.add_root_certificate(Certificate::from_pem(root)?);
        }
        tls.build()
    }

    async fn connect(&self) -> Result<AsyncSmtpConnection, NotifyError> {
        let SmtpConfig { host, port, security, credentials, .. } = &self.config;
        let place = || format!("{host}:{port}");
        let hello = ClientId::default();
        let encrypted = matches!(security, SmtpSecurity::StartTls | SmtpSecurity::Tls);
        let tls = if encrypted { Some(self.tls()) } else { None };
        let tls = tls.transpose().map_err(|error| unreachable("TLS cannot be set up here", error))?;
        let (at_once, later) = match security {
            SmtpSecurity::StartTls => (None, tls),
            _ => (tls, None),
        };
        let server = (host.as_str(), *port);
        let mut connection =
            AsyncSmtpConnection::connect_tokio1(server, Some(CONNECT), &hello, at_once, None)
                .await
                .map_err(|error| unreachable(&format!("{} cannot be reached", place()), error))?;
        if let Some(tls) = later {
            let encrypted = connection.starttls(tls, &hello).await;
            encrypted.map_err(|error| {
                unreachable(
                    &format!("{} does not encrypt the connection, so nothing is sent", place()),
                    error,
                )
            })?;
        }
        if let Some((user, password)) = credentials {
            let credentials = Credentials::new(user.clone(), password.expose_secret().to_owned());
            // What a server says to a password may hold it.
            let refused = connection.auth(&[Mechanism::Plain, Mechanism::Login], &credentials).await.is_err();
            if refused {
                connection.abort().await;
                let what = format!("{} does not take the user name and the password", place());
                return Err(NotifyError::new(NotifyErrorKind::Unreachable, what));
            }
        }
        Ok(connection)
    }

    async fn transfer(&self, alert: &Alert) -> Result<(), NotifyError> {
        let (from, to, letter) = self.letter(alert)?;
        let mut connection = self.connect().await?;
        let taken = hand_over(&mut connection, from, to, &letter).await;
        let farewell = async {
            match &taken {
                Ok(()) => drop(connection.quit().await),
                Err(_) => connection.abort().await,
            }
        };
        // It was taken, whatever becomes of the farewell.
        let _ = tokio::time::timeout(FAREWELL, farewell).await;
        taken
    }
}

fn unreachable(what: &str, error: SmtpError) -> NotifyError {
    NotifyError::new(NotifyErrorKind::Unreachable, format!("{what}: {error}")).with_source(error)
}

/// What an answer about one letter means.
fn about_the_letter(what: &str, error: SmtpError) -> NotifyError {
    let kind = if error.is_permanent() {
        NotifyErrorKind::Refused
    } else if error.is_transient() {
        NotifyErrorKind::Later
    } else {
        NotifyErrorKind::Unreachable
    };
    NotifyError::new(kind, format!("{what}: {error}")).with_source(error)
}

async fn hand_over(
    connection: &mut AsyncSmtpConnection,
    from: Address,
    to: Address,
    letter: &[u8],
) -> Result<(), NotifyError> {
    let mut options = Vec::new();
    let plain = |address: &Address| AsRef::<str>::as_ref(address).is_ascii();
    if !plain(&from) || !plain(&to) {
        if !connection.server_info().supports_feature(Extension::SmtpUtfEight) {
            let what = "the server takes no address beyond ASCII";
            return Err(NotifyError::new(NotifyErrorKind::Refused, what));
        }
        options.push(MailParameter::SmtpUtfEight);
    }
    // Whoever refuses the sender refuses every letter.
    let refuses = |error| unreachable("the server does not take the sender", error);
    connection.command(Mail::new(Some(from), options)).await.map_err(refuses)?;
    let recipient = |error| about_the_letter("the server does not take the recipient", error);
    connection.command(Rcpt::new(to, Vec::new())).await.map_err(recipient)?;
    let content = |error| about_the_letter("the server does not take the letter", error);
    connection.command(Data).await.map_err(content)?;
    connection.message(letter).await.map_err(content)?;
    Ok(())
}

#[async_trait]
impl Notifier for SmtpNotifier {
    async fn send(&self, alert: &Alert) -> Result<(), NotifyError> {
        let sent = tokio::time::timeout(PATIENCE, Box::pin(self.transfer(alert))).await;
        sent.unwrap_or_else(|_| {
            let what = format!("{} gave no answer within {} s", self.config.host, PATIENCE.as_secs());
            Err(NotifyError::new(NotifyErrorKind::Unreachable, what))
        })
    }
}
