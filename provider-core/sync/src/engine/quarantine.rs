//! Records that cannot be dealt with, each for itself.

use provider_core::ItemError;
use serde_json::{Value, json};

use super::members::LONGEST_ID;
use crate::fingerprint::Fingerprint;
use crate::store::{NewPending, PendingType};

/// How many signs of an id that is too long are shown.
const SHOWN: usize = 60;

/// A record that could not be dealt with, for a person.
pub(super) fn quarantine(subject: &str, path: &str, reason: &str, raw: Option<&Value>) -> NewPending {
    let body = json!({ "path": path, "reason": reason, "raw": raw });
    let facts = Fingerprint::of_text(&format!("{path}\n{reason}"));
    NewPending { subject: shown(subject), kind: PendingType::Quarantine, facts, body }
}

pub(super) fn unread(item: &ItemError, page: u64, at: usize) -> NewPending {
    let place = || format!("page {page}, record {}", at + 1);
    let subject = item.id.clone().unwrap_or_else(place);
    let raw = item.raw.as_ref().and_then(|raw| raw.parse::<Value>().ok());
    quarantine(&subject, &item.path, &item.reason, raw.as_ref())
}

/// A record whose id no store can keep.
pub(super) fn of_unfit(id: &str) -> NewPending {
    let reason = format!("its id has {} bytes, and {LONGEST_ID} can be kept", id.len());
    quarantine(id, "id", &reason, None)
}

/// What waits is found by its subject: that has to be kept, too.
fn shown(subject: &str) -> String {
    if subject.len() <= LONGEST_ID {
        return subject.to_owned();
    }
    let begin: String = subject.chars().take(SHOWN).collect();
    format!("{begin}… ({})", Fingerprint::of_text(subject))
}
