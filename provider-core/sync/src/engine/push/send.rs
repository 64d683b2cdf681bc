//! The commands of one record, one after another.

use serde_json::Value;

use super::super::Result;
use super::super::parts::Parted;
use super::super::session::Work;
use super::super::walk::Kind;
use super::Pending;
use super::limits::{Possible, possible};
use super::notes::{Place, note};
use super::subject_of;
use crate::decide::command::{Step, said};
use crate::fingerprint::Fingerprint;
use crate::store::{Intent, IntentEnd, IntentState, NewIntent, PageCommit, PendingType, Shadow};
use crate::target::LocalRecord;

/// Why something is taken back.
pub(super) const UNSAID: &str = "the record says something else by now: it was taken back before it was sent";
const HALTED: &str = "the distributor takes no commands at the moment";

/// A record that is to be changed at the distributor.
pub(super) struct Edit<'e> {
    pub(super) row: &'e LocalRecord,
    pub(super) shadow: &'e Shadow,
    /// What people were told about it, and have said.
    pub(super) about: &'e [(Fingerprint, Pending)],
    /// It as the distributor has it.
    pub(super) record: &'e Value,
    /// What waits for its day. Everything else goes first: a record has one open intent.
    pub(super) ahead: Option<Intent>,
}

/// What became of a command.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Sent {
    /// It took effect.
    Done,
    /// It did not, and nothing is open about it.
    Left,
    /// It is open: nothing else about the record is sent until that is settled.
    Open,
}

impl Work<'_> {
    /// Sends what is possible now, and leaves the rest for its day. One that is refused does not hold up the others.
    pub(super) async fn send_all<T: Parted>(
        &mut self,
        kind: &mut Kind<'_>,
        mut edit: Edit<'_>,
        steps: Vec<Step>,
        more: bool,
    ) -> Result<()> {
        let (distributor, today) = (self.engine.provider.info().kind.clone(), self.engine.clock.now());
        let (mut now, mut later) = (Vec::new(), Vec::new());
        let mut whole = !more;
        for step in steps {
            match possible(&distributor, &step.command, edit.record, today) {
                Possible::Now => now.push(step),
                Possible::On(day, reason) => later.push((step, day, reason)),
                Possible::Never(reason) => {
                    whole = false;
                    // Nobody has asked the distributor: what is found out about it tomorrow may be otherwise.
                    let place = Place::of(&edit.row.key, &step.command).unasked();
                    if !self.is_refused(kind, edit.about, &place).await? {
                        self.refuse(kind, edit.row, place, &reason, &[]).await?;
                    }
                }
            }
        }
        whole &= later.is_empty();
        let last = now.len();
        for (at, step) in now.into_iter().enumerate() {
            let print = (whole && at + 1 == last).then_some(edit.row.fingerprint);
            match Box::pin(self.step::<T>(kind, &mut edit, step, print)).await? {
                Sent::Done => {}
                Sent::Left => whole = false,
                Sent::Open => return Ok(()),
            }
        }
        for (step, day, reason) in later {
            let intent = NewIntent { not_before: Some(day), reason: Some(reason), ..edit.intent(step, None) };
            self.put_off(kind, &mut edit, intent).await?;
        }
        match edit.ahead {
            Some(intent) => self.take_back(kind, &intent, UNSAID).await,
            None => Ok(()),
        }
    }

    async fn step<T: Parted>(
        &mut self,
        kind: &mut Kind<'_>,
        edit: &mut Edit<'_>,
        step: Step,
        print: Option<Fingerprint>,
    ) -> Result<Sent> {
        let place = Place::of(&edit.row.key, &step.command);
        if self.is_refused(kind, edit.about, &place).await? {
            return Ok(Sent::Left);
        }
        let capabilities = self.engine.provider.capabilities();
        let support = capabilities.support(provider_core::Operation::Execute(step.command.kind()));
        if let Some(reason) = support.reason().filter(|_| !support.is_supported()) {
            let reason = reason.to_owned();
            self.refuse(kind, edit.row, place.unasked(), &reason, &[]).await?;
            return Ok(Sent::Left);
        }
        let intent = edit.intent(step, print);
        self.begin::<T>(kind, edit.row, edit.record, intent, &mut edit.ahead).await
    }

    /// Leaves an intent for the day on which it is possible.
    async fn put_off(&mut self, kind: &mut Kind<'_>, edit: &mut Edit<'_>, intent: NewIntent) -> Result<()> {
        let place = Place::of(&edit.row.key, &intent.command);
        if self.is_refused(kind, edit.about, &place).await? {
            return Ok(());
        }
        kind.pushing.tally.waiting += 1;
        let reason = intent.reason.clone().unwrap_or_default();
        let pending = vec![note(kind, edit.row, PendingType::Waits, place, &reason, &[])];
        let mut commit = PageCommit { pending, ..PageCommit::default() };
        let ahead = edit.ahead.take();
        let stands =
            |known: &Intent| known.command == intent.command && known.not_before == intent.not_before;
        if !ahead.as_ref().is_some_and(stands) {
            commit.ended.extend(ahead.as_ref().map(taken_back));
            commit.intents.push(intent);
        }
        self.note_page(kind, commit).await
    }

    /// Opens an intent and carries it out. What waits for its day gives way to it.
    pub(super) async fn begin<T: Parted>(
        &mut self,
        kind: &mut Kind<'_>,
        row: &LocalRecord,
        record: &Value,
        intent: NewIntent,
        ahead: &mut Option<Intent>,
    ) -> Result<Sent> {
        let allowed =
            if self.halted { Err(HALTED.to_owned()) } else { self.spend(kind, &intent.command, record) };
        if let Err(reason) = allowed {
            let place = Place::of(&intent.local, &intent.command);
            self.wait(kind, row, place, &reason).await?;
            return Ok(Sent::Left);
        }
        if self.engine.dry {
            kind.report.pushed += 1;
            return Ok(Sent::Done);
        }
        let (local, command) = (intent.local.clone(), intent.command.clone());
        let ended = ahead.take().as_ref().map(taken_back).into_iter().collect();
        // What it waited for has come, also where nobody lives to see what comes of it.
        let settled = vec![(subject_of(&local, &command), PendingType::Waits)];
        let commit = PageCommit { ended, intents: vec![intent], settled, ..PageCommit::default() };
        self.note_page(kind, commit).await?;
        let opened = self.engine.store.last_intent(&kind.scope, &local).await?;
        // Where another one was open, that one stays, and is carried on with first.
        let own = |opened: &Intent| opened.state.is_open() && opened.command == command;
        let Some(opened) = opened.filter(own) else { return Ok(Sent::Open) };
        let came = self.execute(&opened).await?;
        Ok(match self.intent_ended::<T>(kind, &opened, came).await? {
            IntentState::Applied => Sent::Done,
            IntentState::Rejected => Sent::Left,
            IntentState::Pending | IntentState::Unknown => Sent::Open,
        })
    }
}

impl Edit<'_> {
    fn intent(&self, step: Step, print: Option<Fingerprint>) -> NewIntent {
        NewIntent {
            local: self.row.key.clone(),
            key: None,
            said: said(&self.row.values, &step.fields),
            command: step.command,
            remote: Some(self.shadow.remote.clone()),
            print,
            not_before: None,
            reason: None,
        }
    }
}

fn taken_back(intent: &Intent) -> IntentEnd {
    IntentEnd::new(intent.id, IntentState::Rejected).because(UNSAID)
}
