//! Changes of records that both sides have.

use std::collections::BTreeSet;

use provider_core::{ErrorKind, Violation};
use serde_json::Value;

use super::super::Result;
use super::super::apply::{conflict, sides};
use super::super::changed::of_one_record;
use super::super::parts::Parted;
use super::super::session::Work;
use super::super::walk::Kind;
use super::Pending;
use super::notes::Place;
use super::send::{Edit, UNSAID};
use crate::decide::base;
use crate::decide::command::changes;
use crate::decide::map::Unmapped;
use crate::decide::push::{confirmed, wanted};
use crate::decide::row::{frozen, undecided};
use crate::fingerprint::Fingerprint;
use crate::plan::{Update, Values};
use crate::store::{Intent, PageCommit, PendingType, Shadow, ShadowState};
use crate::target::{Applied, ApplyChange, LocalRecord, RemoteRef};

/// What people were told about a record, and have said.
type About = Vec<(Fingerprint, Pending)>;

/// What waits about a row besides what may be the distributor's.
const OWN: [PendingType; 2] = [PendingType::Refused, PendingType::Waits];

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
        let ahead = kind.pushing.open.get(&row.key).filter(|intent| intent.is_ahead()).cloned();
        if ahead.is_none() && kind.pushing.open.contains_key(&row.key) {
            return self.waits_open(kind, &row, &about).await;
        }
        let frozen = frozen(&about.iter().map(|(_, pending)| pending.clone()).collect::<Vec<_>>());
        let wanted = wanted(kind.rule, &row.values, shadow.base.as_ref(), &frozen);
        if !wanted.restore.is_empty() && !dry {
            let all = wanted.push.is_empty() && !wanted.more;
            self.restore(kind, &mut row, &mut shadow, wanted.restore, all).await?;
        }
        self.late(kind, &row, &about, &wanted.late).await?;
        if wanted.push.is_empty() {
            return self.unsaid(kind, ahead.as_ref()).await;
        }
        // The day that something waits for may have moved, and no member that the plan carries tells of that.
        let fresh = match self.fresh::<T>(kind, &shadow.remote).await? {
            Ok(fresh) => fresh,
            // That it is gone is for the listing to show.
            Err(error) if error.kind() == ErrorKind::NotFound => return self.keep(kind, &about, &OWN).await,
            // One that cannot be read, or may not be, does not hold up the others.
            Err(error) if error.kind() == ErrorKind::PermissionDenied || of_one_record(&error) => {
                let place = Place::of_row(&row.key, error.message());
                return self.unsent(kind, &row, &about, place, error.message(), &[]).await;
            }
            Err(error) => return Err(error.into()),
        };
        let mapped = match fresh.mapped(kind) {
            Ok(mapped) => mapped,
            Err(Unmapped::Held { .. }) => return self.keep(kind, &about, &OWN).await,
            Err(Unmapped::Bad { path, reason }) => {
                let (place, violation) =
                    (Place::of_row(&row.key, &reason), Violation::new(path, reason.clone()));
                return self.unsent(kind, &row, &about, place, &reason, &[violation]).await;
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
            return self.unsaid(kind, ahead.as_ref()).await;
        }
        let (record, mut sent, mut more) = (&fresh.json, push.push, more);
        let steps = match changes(kind.rule, record, &row.values, &sent) {
            Ok(steps) => steps,
            Err(violations) => {
                let (place, reason) =
                    (Place::of_violations(&row.key, &violations), "it cannot be sent like this");
                self.unsent(kind, &row, &about, place, reason, &violations).await?;
                // What is wrong with one field does not hold up the others.
                sent.retain(|field| !violations.iter().any(|violation| violation.field == *field));
                more = true;
                changes(kind.rule, record, &row.values, &sent).unwrap_or_default()
            }
        };
        let steps = if sent.is_empty() { Vec::new() } else { steps };
        let edit = Edit { row: &row, shadow: &shadow, about: &about, record, ahead };
        Box::pin(self.send_all::<T>(kind, edit, steps, more)).await
    }

    /// Fields that the distributor has taken and does not show yet. Some are never carried out, which only a person finds.
    async fn late(
        &mut self,
        kind: &mut Kind<'_>,
        row: &LocalRecord,
        about: &About,
        fields: &BTreeSet<String>,
    ) -> Result<()> {
        if fields.is_empty() {
            return Ok(());
        }
        let names: Vec<String> = fields.iter().map(|field| format!("`{field}`")).collect();
        let place = Place::of_row(&row.key, &format!("late\n{fields:?}"));
        if self.is_refused(kind, about, &place).await? {
            return Ok(());
        }
        let reason = format!(
            "the distributor has taken {} and shows what it had before: it is carried out later, or was not after all",
            names.join(", ")
        );
        self.wait(kind, row, place, &reason).await
    }

    /// What waited for its day is what nobody says any more.
    async fn unsaid(&mut self, kind: &mut Kind<'_>, ahead: Option<&Intent>) -> Result<()> {
        match ahead {
            Some(intent) => self.take_back(kind, intent, UNSAID).await,
            None => Ok(()),
        }
    }

    /// Nothing about a row can be sent, unless somebody has said to leave that.
    async fn unsent(
        &mut self,
        kind: &mut Kind<'_>,
        row: &LocalRecord,
        about: &About,
        place: Place,
        reason: &str,
        violations: &[Violation],
    ) -> Result<()> {
        if !self.is_refused(kind, about, &place).await? {
            self.refuse(kind, row, place, reason, violations).await?;
        }
        Ok(())
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
}
