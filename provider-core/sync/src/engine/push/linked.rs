//! Changes of records that both sides have.

use std::collections::BTreeSet;

use provider_core::{ErrorKind, Violation};
use serde_json::Value;

use super::super::Result;
use super::super::apply::{conflict, sides};
use super::super::parts::Parted;
use super::super::session::Work;
use super::super::walk::Kind;
use super::ended::Fresh;
use super::limits::{Possible, possible};
use super::notes::{kept, print, word};
use super::{Pending, subject};
use crate::decide::base;
use crate::decide::command::{Step, changes, said};
use crate::decide::map::Unmapped;
use crate::decide::merge::same;
use crate::decide::push::{confirmed, wanted};
use crate::decide::row::{frozen, undecided};
use crate::fingerprint::Fingerprint;
use crate::plan::{Update, Values};
use crate::store::{
    Decision, IntentEnd, IntentState, NewIntent, PageCommit, PendingType, Shadow, ShadowState,
};
use crate::target::{Applied, ApplyChange, LocalRecord, RemoteRef};

/// What people were told about a record, and have said.
type About = Vec<(Fingerprint, Pending)>;

impl Work<'_> {
    pub(super) async fn linked<T: Parted>(
        &mut self,
        kind: &mut Kind<'_>,
        mut row: LocalRecord,
        mut shadow: Shadow,
        about: About,
    ) -> Result<()> {
        let dry = self.engine.dry;
        if shadow.state != ShadowState::Linked
            || !kind.rule.may(Update::Update)
            || (dry && kind.pushing.touched.contains(&shadow.remote))
        {
            return Ok(());
        }
        if kind.pushing.open.contains_key(&row.key) && !self.taken_back(kind, &row).await? {
            return self.waits_open(kind, &row, &about).await;
        }
        let frozen = frozen(&about.iter().map(|(_, pending)| pending.clone()).collect::<Vec<_>>());
        let wanted = wanted(kind.rule, &row.values, shadow.base.as_ref(), &frozen);
        if !wanted.restore.is_empty() && !dry {
            let all = wanted.push.is_empty() && !wanted.more;
            self.restore(kind, &mut row, &mut shadow, wanted.restore, all).await?;
        }
        if wanted.push.is_empty() {
            return Ok(());
        }
        let fresh = match self.fresh::<T>(kind, &shadow.remote).await? {
            Ok(fresh) => fresh,
            // That it is gone is for the listing to show.
            Err(error) if error.kind() == ErrorKind::NotFound => return Ok(()),
            Err(error) if error.kind() == ErrorKind::PermissionDenied => {
                let facts = Fingerprint::of_text(error.message());
                return self.refuse(kind, &row, facts, error.message(), &[], false).await;
            }
            Err(error) => return Err(error.into()),
        };
        let mapped = match fresh.mapped(kind) {
            Ok(mapped) => mapped,
            Err(Unmapped::Held { .. }) => return Ok(()),
            Err(Unmapped::Bad { path, reason }) => {
                let facts = Fingerprint::of_text(&reason);
                let violation = Violation::new(path, reason.clone());
                return self.refuse(kind, &row, facts, &reason, &[violation], false).await;
            }
        };
        let theirs = mapped.theirs();
        let push = confirmed(kind.rule, wanted.push, &row.values, shadow.base.as_ref(), &theirs);
        let more = wanted.more || !push.conflicts.is_empty();
        if !push.conflicts.is_empty() || !push.same.is_empty() {
            let mut commit = PageCommit::default();
            if !push.conflicts.is_empty() {
                kind.pushing.tally.conflicts += 1;
                let all: Vec<Pending> = about.iter().map(|(_, pending)| pending.clone()).collect();
                let mut fields = undecided(&all);
                fields.extend(sides(&push.conflicts));
                commit.pending.push(conflict(&shadow.remote, &Value::Object(fields)));
                shadow.source = None;
            }
            base::tell(&mut shadow.base, &push.same);
            if push.push.is_empty() && !more {
                shadow.applied = Some(row.fingerprint);
            }
            commit.unseen.push(shadow.clone());
            self.note_page(kind, commit).await?;
        }
        if push.push.is_empty() {
            return Ok(());
        }
        Box::pin(self.send::<T>(kind, &row, &shadow, &about, &fresh, push.push, more)).await
    }

    /// Takes back what waits for its day, where the row says something else by now. `false` where something stays open.
    async fn taken_back(&mut self, kind: &mut Kind<'_>, row: &LocalRecord) -> Result<bool> {
        let Some(intent) = kind.pushing.open.get(&row.key) else { return Ok(true) };
        let now = self.engine.clock.now();
        let ahead = intent.state == IntentState::Pending && intent.not_before.is_some_and(|day| day > now);
        let still = intent
            .said
            .iter()
            .all(|(field, value)| row.values.get(field).is_some_and(|here| same(here, value)));
        if !ahead || still || self.engine.dry {
            return Ok(false);
        }
        let reason = "the record said something else before it was sent: it was taken back";
        let ended = vec![IntentEnd::new(intent.id, IntentState::Rejected).because(reason)];
        let settled = vec![(subject(&row.key), PendingType::Waits)];
        kind.pushing.open.remove(&row.key);
        self.note_page(kind, PageCommit { ended, settled, ..PageCommit::default() }).await?;
        Ok(true)
    }

    /// Writes what the distributor says into fields that are its own. `all`: nothing else of the row is otherwise.
    async fn restore(
        &mut self,
        kind: &mut Kind<'_>,
        row: &mut LocalRecord,
        shadow: &mut Shadow,
        values: Values,
        all: bool,
    ) -> Result<()> {
        let change = ApplyChange {
            remote: RemoteRef::new(kind.scope.kind, shadow.remote.clone()),
            local: Some(row.key.clone()),
            op: Update::Update,
            values,
            expected: Some(row.fingerprint),
        };
        let (lent, answers) = self.batch(vec![change]).await?;
        // Whatever else is answered, the next run meets it again.
        if let (Some(Applied::Done { fingerprint, .. }), Some(change)) =
            (answers.into_iter().next(), lent.into_iter().next())
        {
            kind.report.updated += 1;
            row.values.extend(change.values);
            row.fingerprint = fingerprint;
            if all {
                shadow.applied = Some(fingerprint);
            }
            self.note_page(kind, PageCommit { unseen: vec![shadow.clone()], ..PageCommit::default() })
                .await?;
        }
        Ok(())
    }

    /// Sends what a record's fields have become, one command after another.
    #[allow(clippy::too_many_arguments, reason = "what a change is made of")]
    async fn send<T: Parted>(
        &mut self,
        kind: &mut Kind<'_>,
        row: &LocalRecord,
        shadow: &Shadow,
        about: &About,
        fresh: &Fresh,
        push: BTreeSet<String>,
        more: bool,
    ) -> Result<()> {
        let steps = match changes(kind.rule, &fresh.row.json, &row.values, &push) {
            Ok(steps) => steps,
            Err(violations) => {
                let facts = Fingerprint::of_text(&serde_json::to_string(&violations).unwrap_or_default());
                let reason = "it cannot be sent like this";
                let ignored = word(about, PendingType::Refused, facts)
                    .is_some_and(|(_, decision)| decision == Some(&Decision::Ignore));
                return self.refuse(kind, row, facts, reason, &violations, ignored).await;
            }
        };
        let last = steps.len();
        for (at, step) in steps.into_iter().enumerate() {
            let print = (at + 1 == last && !more).then_some(row.fingerprint);
            if !Box::pin(self.step::<T>(kind, row, shadow, about, &fresh.row.json, step, print)).await? {
                break;
            }
        }
        Ok(())
    }

    /// One command. `true` where it took effect.
    #[allow(clippy::too_many_arguments, reason = "what a command is made of")]
    async fn step<T: Parted>(
        &mut self,
        kind: &mut Kind<'_>,
        row: &LocalRecord,
        shadow: &Shadow,
        about: &About,
        record: &Value,
        step: Step,
        row_print: Option<Fingerprint>,
    ) -> Result<bool> {
        let facts = print(&step.command);
        if self.is_refused(kind, row, about, facts).await? {
            return Ok(false);
        }
        let capabilities = self.engine.provider.capabilities();
        let support = capabilities.support(provider_core::Operation::Execute(step.command.kind()));
        if let Some(reason) = support.reason().filter(|_| !support.is_supported()) {
            let reason = reason.to_owned();
            self.refuse(kind, row, facts, &reason, &[], false).await?;
            return Ok(false);
        }
        let distributor = self.engine.provider.info().kind.clone();
        let now = self.engine.clock.now();
        let mut intent = NewIntent {
            local: row.key.clone(),
            key: None,
            said: said(&row.values, &step.fields),
            command: step.command,
            remote: Some(shadow.remote.clone()),
            print: row_print,
            not_before: None,
            reason: None,
        };
        match possible(&distributor, &intent.command, record, now) {
            Possible::Now => {}
            Possible::Never(reason) => {
                self.refuse(kind, row, facts, &reason, &[], false).await?;
                return Ok(false);
            }
            Possible::On(day, reason) => {
                (intent.not_before, intent.reason) = (Some(day), Some(reason.clone()));
                kind.pushing.tally.waiting += 1;
                let pending = vec![super::notes::note(kind, row, PendingType::Waits, facts, &reason, &[])];
                let commit = PageCommit { intents: vec![intent], pending, ..PageCommit::default() };
                self.note_page(kind, commit).await?;
                return Ok(false);
            }
        }
        if let Err(reason) = self.spent.spend(&self.engine.plan.cap, &intent.command, record) {
            self.wait(kind, row, facts, &reason).await?;
            return Ok(false);
        }
        self.begin::<T>(kind, intent).await
    }

    /// Opens an intent and carries it out. `true` where it took effect.
    pub(super) async fn begin<T: Parted>(&mut self, kind: &mut Kind<'_>, intent: NewIntent) -> Result<bool> {
        if self.engine.dry {
            kind.report.pushed += 1;
            return Ok(true);
        }
        let local = intent.local.clone();
        self.note_page(kind, PageCommit { intents: vec![intent], ..PageCommit::default() }).await?;
        let opened = self.engine.store.last_intent(&kind.scope, &local).await?;
        let Some(opened) = opened.filter(|opened| opened.state.is_open()) else { return Ok(false) };
        if self.halted {
            kind.pushing.tally.waiting += 1;
            return Ok(false);
        }
        let came = self.execute(&opened).await?;
        self.end::<T>(kind, &opened, came).await
    }

    /// Whether this very change was refused before, and nobody has said to try it again.
    pub(super) async fn is_refused(
        &mut self,
        kind: &mut Kind<'_>,
        row: &LocalRecord,
        about: &About,
        facts: Fingerprint,
    ) -> Result<bool> {
        let own = subject(&row.key);
        let refused = word(about, PendingType::Refused, facts).filter(|(known, _)| known.subject == own);
        let ignored = word(about, PendingType::Waits, facts)
            .filter(|(_, decision)| *decision == Some(&Decision::Ignore));
        let Some((pending, decision)) = refused.or(ignored) else { return Ok(false) };
        if decision == Some(&Decision::Retry) {
            return Ok(false);
        }
        if decision != Some(&Decision::Ignore) {
            kind.pushing.tally.refused += 1;
        }
        let pending = kept(facts, pending);
        self.tell(kind, pending).await?;
        Ok(true)
    }
}
