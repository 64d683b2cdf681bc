//! The receiver of deliveries: checks their origin, their shape, and whether they came before.

use std::fmt;
use std::sync::{Mutex, PoisonError};

use secrecy::{ExposeSecret as _, SecretString};
use sha2::{Digest as _, Sha256};

use super::delivery::{Changed, WebhookDelivery, fingerprint};
use super::seen::RecentDeliveries;

/// Deliveries that are remembered unless told otherwise.
const REMEMBERED: usize = 10_000;
/// No delivery is larger.
const LARGEST: usize = 1024 * 1024;

/// Receives the deliveries of a webhook: compares its `Authorization` value, reads the body, drops repetitions. Share
/// one receiver for a webhook.
///
/// Answer Pax8 within ten seconds; with 401 for [`Refused::Unauthorized`], with 400 for
/// [`Refused::Unreadable`], and with 200 for everything that was taken, repetitions included.
pub struct Receiver {
    expected: SecretString,
    seen: Mutex<RecentDeliveries>,
}

/// What a delivery says.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Received {
    /// A record changed: fetch it.
    Changed(Changed),
    /// The same delivery came before.
    Duplicate,
}

/// Why a delivery was not taken.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Refused {
    /// It does not carry the secret of the webhook: it is not from Pax8.
    Unauthorized,
    /// It is no delivery.
    Unreadable(String),
}

impl fmt::Display for Refused {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Unauthorized => f.write_str("the delivery does not carry the secret of the webhook"),
            Self::Unreadable(why) => write!(f, "the delivery could not be read: {why}"),
        }
    }
}

impl std::error::Error for Refused {}

impl Receiver {
    /// A receiver of deliveries whose `Authorization` header has exactly this value.
    #[must_use]
    pub fn new(authorization: impl Into<SecretString>) -> Self {
        Self { expected: authorization.into(), seen: Mutex::new(RecentDeliveries::new(REMEMBERED)) }
    }

    /// Remembers this many deliveries, to drop their repetitions.
    #[must_use]
    pub fn remembering(mut self, deliveries: usize) -> Self {
        self.seen = Mutex::new(RecentDeliveries::new(deliveries));
        self
    }

    /// Checks and reads a delivery. `authorization` is the value of its `Authorization` header, `None` where it has
    /// none.
    ///
    /// # Errors
    /// [`Refused`] when it is not from Pax8 or is no delivery. The body is not read before its origin is
    /// certain.
    pub fn receive(&self, authorization: Option<&str>, body: &[u8]) -> Result<Received, Refused> {
        self.check(authorization)?;
        let delivery = Self::read(body)?;
        let changed =
            delivery.changed().ok_or_else(|| Refused::Unreadable("it names no topic".to_owned()))?;
        let is_new = self.seen.lock().unwrap_or_else(PoisonError::into_inner).insert(fingerprint(body));
        Ok(if is_new { Received::Changed(changed) } else { Received::Duplicate })
    }

    /// Forgets a delivery whose handling failed, so that Pax8's next attempt is not taken for a repetition.
    pub fn forget(&self, body: &[u8]) {
        self.seen.lock().unwrap_or_else(PoisonError::into_inner).forget(&fingerprint(body));
    }

    /// Compares the `Authorization` value alone, in constant time.
    ///
    /// # Errors
    /// [`Refused::Unauthorized`] when it is absent or another one, or when the receiver's own is empty.
    pub fn check(&self, authorization: Option<&str>) -> Result<(), Refused> {
        let expected = self.expected.expose_secret();
        let given = authorization.unwrap_or_default();
        // An empty secret would let everybody in.
        if same(expected.as_bytes(), given.as_bytes()) && !expected.is_empty() {
            Ok(())
        } else {
            Err(Refused::Unauthorized)
        }
    }

    /// Reads a delivery without checking its origin: call [`check`](Self::check) first.
    ///
    /// # Errors
    /// [`Refused::Unreadable`] for anything but a delivery.
    pub fn read(body: &[u8]) -> Result<WebhookDelivery, Refused> {
        if body.len() > LARGEST {
            return Err(Refused::Unreadable("it is larger than 1 MiB".to_owned()));
        }
        // serde's words quote what they found, which may be personal.
        serde_json::from_slice(body).map_err(|error| {
            let what = if error.is_data() { "a member is of another type" } else { "it is no JSON" };
            Refused::Unreadable(format!("{what} (column {})", error.column()))
        })
    }
}

/// Compares without telling by the time it takes how much was right, nor how long the secret is: both
/// sides are hashed, and every byte of the hashes is looked at.
fn same(a: &[u8], b: &[u8]) -> bool {
    let (a, b): ([u8; 32], [u8; 32]) = (Sha256::digest(a).into(), Sha256::digest(b).into());
    let difference = a.iter().zip(&b).fold(0_u8, |difference, (a, b)| difference | (a ^ b));
    std::hint::black_box(difference) == 0
}

impl fmt::Debug for Receiver {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Receiver").finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]

    use super::*;

    const SECRET: &str = "Bearer planted-shared-value";

    fn body(id: &str) -> String {
        format!(
            r#"{{"sentAt":"2026-03-01T09:41:00Z","webhookTopic":{{"topic":"COMPANY"}},"payloadData":{{"id":"{id}"}}}}"#
        )
    }

    #[test]
    fn only_the_whole_secret_opens() {
        let receiver = Receiver::new(SECRET.to_owned());
        for given in [
            None,
            Some(""),
            Some("Bearer planted-shared-valu"),
            Some("bearer planted-shared-value"),
            Some("Bearer planted-shared-value "),
        ] {
            assert_eq!(
                receiver.receive(given, body("1").as_bytes()),
                Err(Refused::Unauthorized),
                "{given:?}"
            );
        }
        assert!(receiver.receive(Some(SECRET), body("1").as_bytes()).is_ok());
        assert_eq!(Receiver::new(String::new()).check(Some("")), Err(Refused::Unauthorized));
        assert!(!format!("{receiver:?}").contains("planted"));
    }

    #[test]
    fn repetitions_are_dropped_unless_they_were_forgotten() {
        let receiver = Receiver::new(SECRET.to_owned()).remembering(2);
        let receive = |id: &str| receiver.receive(Some(SECRET), body(id).as_bytes()).unwrap();
        assert!(matches!(receive("1"), Received::Changed(changed) if changed.id.as_deref() == Some("1")));
        assert_eq!(receive("1"), Received::Duplicate);
        receiver.forget(body("1").as_bytes());
        assert_ne!(receive("1"), Received::Duplicate);
        assert_ne!(receive("2"), Received::Duplicate);
        assert_ne!(receive("3"), Received::Duplicate);
        assert_ne!(receive("1"), Received::Duplicate, "the memory is bounded");
    }

    #[test]
    fn nonsense_is_refused_without_being_quoted() {
        let receiver = Receiver::new(SECRET.to_owned());
        for nonsense in ["", "[]", "{}", r#"{"webhookTopic":"planted"}"#, "<html>planted</html>"] {
            let refused = receiver.receive(Some(SECRET), nonsense.as_bytes()).unwrap_err();
            assert!(matches!(&refused, Refused::Unreadable(_)), "{nonsense}");
            assert!(!refused.to_string().contains("planted"), "{refused}");
        }
        let huge = vec![b' '; LARGEST + 1];
        assert!(matches!(receiver.receive(Some(SECRET), &huge), Err(Refused::Unreadable(_))));
    }
}
