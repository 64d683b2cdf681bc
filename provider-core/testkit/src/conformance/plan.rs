//! Plans: they answer, and they change nothing.

use std::collections::BTreeMap;

use provider_core::{Command, CommandKind, ErrorKind, Operation, WriteOptions};
use serde_json::Value;

use super::commands::any_key;
use super::context::Context;
use super::listed::{ListedEntity, noun};
use super::rule::Rule;
use super::verdict::{Problem, Verdict, broken, ensure, moot};
use super::walk::Walk;
use super::world::World;

/// The records that commands can change, by id.
#[derive(Default, PartialEq)]
pub(super) struct Snapshot {
    records: BTreeMap<(String, String), Value>,
}

impl Snapshot {
    pub(super) async fn take(ctx: &Context<'_>, world: &World) -> Result<Self, Problem> {
        let mut snapshot = Self::default();
        snapshot.add(ctx, &world.customers).await?;
        snapshot.add(ctx, &world.subscriptions).await?;
        snapshot.add(ctx, &world.orders).await?;
        Ok(snapshot)
    }

    async fn add<T: ListedEntity>(
        &mut self,
        ctx: &Context<'_>,
        reading: &super::world::Reading<T>,
    ) -> Result<(), Problem> {
        if reading.missing.is_none() {
            let walk = Walk::<T>::take(ctx, &reading.query, None, usize::MAX).await?;
            for record in walk.records() {
                let id = record.identity().unwrap_or_default().to_owned();
                self.records.insert((noun(T::KIND), id), serde_json::to_value(record).unwrap_or_default());
            }
        }
        Ok(())
    }

    /// The first difference in words.
    pub(super) fn difference(&self, after: &Self) -> Option<String> {
        if let Some((noun, id)) = after.records.keys().find(|id| !self.records.contains_key(*id)) {
            return Some(format!("{noun}: `{id}` is new"));
        }
        self.records.iter().find_map(|(at, before)| {
            let (noun, id) = at;
            match after.records.get(at) {
                None => Some(format!("{noun}: `{id}` is gone")),
                Some(now) if now != before => Some(format!("{noun}: `{id}` changed")),
                Some(_) => None,
            }
        })
    }

    /// The ids that came, of one kind.
    pub(super) fn new_in<T: ListedEntity>(&self, after: &Self) -> Vec<String> {
        let kind = noun(T::KIND);
        let new = after.records.keys().filter(|at| at.0 == kind && !self.records.contains_key(*at));
        new.map(|(_, id)| id.clone()).collect()
    }
}

/// Plans one command that was given.
pub(super) async fn answers(ctx: &Context<'_>, command: &Command) -> Verdict {
    let operation = Operation::Plan(command.kind());
    let options = WriteOptions::new(any_key()?);
    match ctx.saw(operation, ctx.provider.plan(command, &options).await) {
        Ok(plan) => {
            ctx.scan("a plan", &format!("{plan:?}"));
            ensure!(
                !plan.changes.is_empty() || !plan.warnings.is_empty(),
                "the plan of a command that can be carried out says nothing"
            );
            Ok(format!("{:?}, changes: {}", plan.fidelity, plan.changes.len()))
        }
        Err(error) if matches!(error.kind(), ErrorKind::Conflict | ErrorKind::PreconditionFailed) => {
            Err(moot(format!("its turn has not come: {error}")))
        }
        Err(error) => Err(broken(error.to_string())),
    }
}

/// Plans every command that was given, before any is carried out, and answers those whose turn has not
/// come.
pub(super) async fn all(ctx: &Context<'_>, world: &World) {
    let before = ctx.patiently(Snapshot::take(ctx, world)).await.and_then(|snapshot| snapshot);
    let mut planned = 0;
    for kind in CommandKind::ALL {
        let subject = Operation::Execute(kind).to_string();
        let support = ctx.provider.capabilities().support(Operation::Plan(kind));
        if !support.is_supported() {
            ctx.note(Rule::PlanAnswers, subject, Err(moot("planning it is declared unsupported")));
            continue;
        }
        let mut given = ctx.expect.trials.iter().filter(|trial| trial.kind == kind).peekable();
        if given.peek().is_none() {
            ctx.note(Rule::PlanAnswers, subject, Err(moot("no such command was given")));
            continue;
        }
        for trial in given {
            match (trial.make)(&[]) {
                None => {
                    let later = "it is made of what comes of earlier ones";
                    ctx.note(Rule::PlanAnswers, subject.clone(), Err(moot(later)));
                }
                Some(command) => {
                    planned += 1;
                    ctx.case(Rule::PlanAnswers, subject.clone(), answers(ctx, &command)).await;
                }
            }
        }
    }
    ctx.case(Rule::PlanChangesNothing, "", async {
        if planned == 0 {
            return Err(moot("nothing was planned"));
        }
        let after = Snapshot::take(ctx, world).await?;
        match before?.difference(&after) {
            Some(difference) => Err(broken(format!("after planning {planned} commands, {difference}"))),
            None => Ok(format!("{planned} commands planned, {} records as before", after.records.len())),
        }
    })
    .await;
}
