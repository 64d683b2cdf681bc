//! What a person is told about changes that do not go to the distributor.

use provider_core::{Command, Violation};
use serde_json::{Value, json};

use super::super::Result;
use super::super::session::Work;
use super::super::walk::Kind;
use super::subject;
use crate::fingerprint::Fingerprint;
use crate::store::{Decision, Intent, IntentState, NewPending, PageCommit, Pending, PendingType};
use crate::target::{LocalKey, LocalRecord};

/// The mark of a command: a word about it holds for this one.
pub(super) fn print(command: &Command) -> Fingerprint {
    Fingerprint::of_text(&serde_json::to_string(command).unwrap_or_default())
}

/// A note, with the name of the record as far as the row tells it.
pub(super) fn note(
    kind: &Kind<'_>,
    row: &LocalRecord,
    why: PendingType,
    facts: Fingerprint,
    reason: &str,
    violations: &[Violation],
) -> NewPending {
    let column = super::name_column(kind);
    let name = column.and_then(|column| row.values.get(&column).cloned()).unwrap_or_default();
    let mut body = json!({ "key": row.key, "name": name, "reason": reason, "remote": row.remote });
    if !violations.is_empty()
        && let Some(body) = body.as_object_mut()
    {
        body.insert("violations".to_owned(), json!(violations));
    }
    NewPending { subject: subject(&row.key), kind: why, facts, body }
}

/// A note about an intent.
pub(super) fn note_of(
    intent: &Intent,
    why: PendingType,
    reason: &str,
    violations: &[Violation],
) -> NewPending {
    let name = match &intent.command {
        Command::CreateCustomer(create) => Value::String(create.name.clone()),
        _ => Value::Null,
    };
    let facts = match why {
        PendingType::Unknown => Fingerprint::of_text(&format!("{}\n{}", intent.key, intent.generation)),
        _ => print(&intent.command),
    };
    let body = json!({
        "key": intent.local,
        "name": name,
        "reason": reason,
        "remote": intent.remote,
        "command": intent.command.kind(),
        "idempotency_key": intent.key,
        "since": intent.opened,
        "violations": violations,
    });
    NewPending { subject: subject(&intent.local), kind: why, facts, body }
}

/// What somebody has said about something that waits, if it is about these facts.
pub(super) fn word(
    about: &[(Fingerprint, Pending)],
    why: PendingType,
    facts: Fingerprint,
) -> Option<(&Pending, Option<&Decision>)> {
    let found = about.iter().find(|(found, pending)| pending.why == why && *found == facts)?;
    Some((&found.1, found.1.decision.as_ref()))
}

/// What waits already, once more, so that it is not let go.
pub(super) fn kept(facts: Fingerprint, pending: &Pending) -> NewPending {
    NewPending { subject: pending.subject.clone(), kind: pending.why, facts, body: pending.body.clone() }
}

impl Work<'_> {
    pub(super) async fn tell(&mut self, kind: &mut Kind<'_>, pending: NewPending) -> Result<()> {
        self.note_page(kind, PageCommit { pending: vec![pending], ..PageCommit::default() }).await
    }

    /// Something is open about a row: what waits about it goes on waiting.
    pub(super) async fn waits_open(
        &mut self,
        kind: &mut Kind<'_>,
        row: &LocalRecord,
        about: &[(Fingerprint, Pending)],
    ) -> Result<()> {
        let open = kind.pushing.open.get(&row.key);
        if open.is_none_or(|intent| intent.state == IntentState::Pending) {
            kind.pushing.tally.waiting += 1;
        }
        let own = subject(&row.key);
        let waiting = about.iter().filter(|(_, pending)| {
            pending.subject == own && matches!(pending.why, PendingType::Waits | PendingType::Twin)
        });
        let pending: Vec<_> = waiting.map(|(facts, pending)| kept(*facts, pending)).collect();
        if pending.is_empty() {
            return Ok(());
        }
        self.note_page(kind, PageCommit { pending, ..PageCommit::default() }).await
    }

    /// A change that is not made: told once, and again when it is another one.
    pub(super) async fn refuse(
        &mut self,
        kind: &mut Kind<'_>,
        row: &LocalRecord,
        facts: Fingerprint,
        reason: &str,
        violations: &[Violation],
        ignored: bool,
    ) -> Result<()> {
        if !ignored {
            kind.pushing.tally.refused += 1;
        }
        let pending = note(kind, row, PendingType::Refused, facts, reason, violations);
        self.tell(kind, pending).await
    }

    /// A change that waits, and why.
    pub(super) async fn wait(
        &mut self,
        kind: &mut Kind<'_>,
        row: &LocalRecord,
        facts: Fingerprint,
        reason: &str,
    ) -> Result<()> {
        kind.pushing.tally.waiting += 1;
        let pending = note(kind, row, PendingType::Waits, facts, reason, &[]);
        self.tell(kind, pending).await
    }
}

/// What is settled about a record once its command took effect.
pub(super) fn settled(local: &LocalKey) -> Vec<(String, PendingType)> {
    let all = [PendingType::Unknown, PendingType::Refused, PendingType::Twin, PendingType::Waits];
    all.map(|why| (subject(local), why)).to_vec()
}
