//! What a person is told about changes that do not go to the distributor.

use provider_core::{Command, Violation};
use serde_json::{Value, json};

use super::super::Result;
use super::super::session::Work;
use super::super::walk::Kind;
use super::{subject, subject_of};
use crate::fingerprint::Fingerprint;
use crate::store::{Decision, Intent, IntentState, NewPending, PageCommit, Pending, PendingType};
use crate::target::{LocalKey, LocalRecord};

/// The mark of a command: a word about it holds for this one.
fn print(command: &Command) -> Fingerprint {
    Fingerprint::of_text(&serde_json::to_string(command).unwrap_or_default())
}

/// Under what something waits, and of what: a person's word holds for both.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Place {
    pub(super) subject: String,
    pub(super) facts: Fingerprint,
}

impl Place {
    /// A command.
    pub(super) fn of(local: &LocalKey, command: &Command) -> Self {
        Self { subject: subject_of(local, command), facts: print(command) }
    }

    /// It, before the distributor was asked: what that says is another thing.
    pub(super) fn unasked(self) -> Self {
        Self { facts: Fingerprint::of_text(&format!("{}\nunasked", self.facts)), ..self }
    }

    /// A row as a whole, for which there is no command.
    pub(super) fn of_row(local: &LocalKey, facts: &str) -> Self {
        Self { subject: subject(local), facts: Fingerprint::of_text(facts) }
    }

    /// A row of which a command cannot be made.
    pub(super) fn of_violations(local: &LocalKey, violations: &[Violation]) -> Self {
        Self::of_row(local, &serde_json::to_string(violations).unwrap_or_default())
    }
}

/// A note, with the name of the record as far as the row tells it.
pub(super) fn note(
    kind: &Kind<'_>,
    row: &LocalRecord,
    why: PendingType,
    place: Place,
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
    NewPending { subject: place.subject, kind: why, facts: place.facts, body }
}

/// A note about an intent. `again`: what was refused is asked for by each run.
pub(super) fn note_of(
    intent: &Intent,
    why: PendingType,
    reason: &str,
    violations: &[Violation],
    again: bool,
) -> NewPending {
    let name = match &intent.command {
        Command::CreateCustomer(create) => Value::String(create.name.clone()),
        _ => Value::Null,
    };
    let Place { subject, facts } = match why {
        PendingType::Unknown => {
            Place::of_row(&intent.local, &format!("{}\n{}", intent.key, intent.generation))
        }
        _ => Place::of(&intent.local, &intent.command),
    };
    let mut body = json!({
        "key": intent.local,
        "name": name,
        "reason": reason,
        "remote": intent.remote,
        "command": intent.command.kind(),
        "idempotency_key": intent.key,
        "since": intent.opened,
        "violations": violations,
    });
    if again && let Some(body) = body.as_object_mut() {
        body.insert("again".to_owned(), Value::Bool(true));
    }
    NewPending { subject, kind: why, facts, body }
}

/// What somebody has said about something that waits, if it is about these facts.
pub(super) fn word<'a>(
    about: &'a [(Fingerprint, Pending)],
    why: PendingType,
    place: &Place,
) -> Option<(&'a Pending, Option<&'a Decision>)> {
    let of_this = |(facts, pending): &&(Fingerprint, Pending)| {
        pending.why == why && *facts == place.facts && pending.subject == place.subject
    };
    let (_, found) = about.iter().find(of_this)?;
    Some((found, found.decision.as_ref()))
}

/// What waits already, once more, so that it is not let go.
pub(super) fn kept(facts: Fingerprint, pending: &Pending) -> NewPending {
    NewPending { subject: pending.subject.clone(), kind: pending.why, facts, body: pending.body.clone() }
}

impl Work<'_> {
    pub(super) async fn tell(&mut self, kind: &mut Kind<'_>, pending: NewPending) -> Result<()> {
        self.note_page(kind, PageCommit { pending: vec![pending], ..PageCommit::default() }).await
    }

    /// What waits about a row and was not looked at goes on waiting, with what people have said about it.
    pub(super) async fn keep(
        &mut self,
        kind: &mut Kind<'_>,
        about: &[(Fingerprint, Pending)],
        of: &[PendingType],
    ) -> Result<()> {
        let all = about.iter().filter(|(_, pending)| of.contains(&pending.why));
        let pending: Vec<_> = all.map(|(facts, pending)| kept(*facts, pending)).collect();
        if pending.is_empty() {
            return Ok(());
        }
        self.note_page(kind, PageCommit { pending, ..PageCommit::default() }).await
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
        self.keep(kind, about, &[PendingType::Waits, PendingType::Twin, PendingType::Refused]).await
    }

    /// Whether this very change was refused before, and nobody has said to try it again.
    pub(super) async fn is_refused(
        &mut self,
        kind: &mut Kind<'_>,
        about: &[(Fingerprint, Pending)],
        place: &Place,
    ) -> Result<bool> {
        let refused = word(about, PendingType::Refused, place);
        let left_out = word(about, PendingType::Waits, place)
            .filter(|(_, decision)| *decision == Some(&Decision::Ignore));
        let Some((pending, decision)) = refused.or(left_out) else { return Ok(false) };
        if decision == Some(&Decision::Retry) {
            // Once: where it is refused again, it waits for another word.
            let settled = vec![(pending.subject.clone(), pending.why)];
            self.note_page(kind, PageCommit { settled, ..PageCommit::default() }).await?;
            return Ok(false);
        }
        if decision != Some(&Decision::Ignore) {
            if pending.body.get("again") == Some(&Value::Bool(true)) {
                return Ok(false);
            }
            kind.pushing.tally.refused += 1;
        }
        let pending = kept(place.facts, pending);
        self.tell(kind, pending).await?;
        Ok(true)
    }

    /// A change that is not made: told once, and again when it is another one.
    pub(super) async fn refuse(
        &mut self,
        kind: &mut Kind<'_>,
        row: &LocalRecord,
        place: Place,
        reason: &str,
        violations: &[Violation],
    ) -> Result<()> {
        kind.pushing.tally.refused += 1;
        let pending = note(kind, row, PendingType::Refused, place, reason, violations);
        self.tell(kind, pending).await
    }

    /// A change that waits, and why.
    pub(super) async fn wait(
        &mut self,
        kind: &mut Kind<'_>,
        row: &LocalRecord,
        place: Place,
        reason: &str,
    ) -> Result<()> {
        kind.pushing.tally.waiting += 1;
        let pending = note(kind, row, PendingType::Waits, place, reason, &[]);
        self.tell(kind, pending).await
    }
}

/// What is settled about a record once its command took effect.
pub(super) fn settled(intent: &Intent) -> Vec<(String, PendingType)> {
    let of_it = [PendingType::Refused, PendingType::Twin, PendingType::Waits];
    let own = of_it.map(|why| (subject_of(&intent.local, &intent.command), why));
    own.into_iter().chain([(subject(&intent.local), PendingType::Unknown)]).collect()
}
