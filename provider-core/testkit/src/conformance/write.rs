//! Commands carried out once each through a journal, and everything that is asked about them afterwards.

use std::pin::pin;
use std::sync::Arc;

use futures_util::future::{Either, select};
use provider_core::layer::Journaled;
use provider_core::{
    Advice, Attempt, Command, CommandKind, CreateCustomer, Delivery, ErrorKind, Operation, Provider,
    ProviderExt, Receipt, Reconciliation, SuspendSubscription, WriteOptions,
};

use super::announced;
use super::commands::{any_key, impossible};
use super::context::Context;
use super::effect;
use super::gate::Gate;
use super::plan::{self, Snapshot};
use super::rule::Rule;
use super::verdict::{Problem, Verdict, broken, ensure, moot};
use super::world::World;

/// What is examined on every command that is carried out.
const RULES: [Rule; 10] = [
    Rule::ReconcileUnsent,
    Rule::ExecuteAnnounced,
    Rule::ExecuteEach,
    Rule::ExecuteApplies,
    Rule::ReplayBusy,
    Rule::ReplayOther,
    Rule::ReplayAnswers,
    Rule::ExecuteReceipt,
    Rule::ExecuteCredentials,
    Rule::ReconcileSent,
];

/// Carries out what was given, in that order.
pub(super) async fn all(ctx: &Context<'_>, world: &World) {
    let mut receipts = Vec::new();
    for trial in &ctx.expect.trials {
        let subject = Operation::Execute(trial.kind).to_string();
        let why = if !ctx.expect.writes {
            Some("writes are not allowed".to_owned())
        } else if !ctx.provider.capabilities().support(Operation::Execute(trial.kind)).is_supported() {
            Some(format!("it is declared unsupported, which `{}` examines", Rule::CapabilityRefused))
        } else {
            None
        };
        if let Some(why) = why {
            skip(ctx, &subject, &why);
            continue;
        }
        let Some(command) = (trial.make)(&receipts) else {
            skip(ctx, &subject, "an earlier command did not give what it is made of");
            continue;
        };
        if ctx.provider.capabilities().support(Operation::Plan(trial.kind)).is_supported() {
            let verdict = ctx.patiently(plan::answers(ctx, &command)).await.unwrap_or_else(Err);
            // Its turn has come now: a plan that is refused still is a plan that does not answer.
            let verdict = verdict.map_err(|problem| match problem {
                Problem::Moot(detail) | Problem::Broken(detail) => broken(detail),
            });
            ctx.note(Rule::PlanAnswers, format!("{subject}, in its turn"), verdict);
        }
        if let Some(receipt) = Box::pin(one(ctx, world, &subject, &command)).await {
            receipts.push(receipt);
        }
    }
    for kind in CommandKind::ALL {
        if !ctx.expect.trials.iter().any(|trial| trial.kind == kind) {
            let subject = Operation::Execute(kind).to_string();
            let support = ctx.provider.capabilities().support(Operation::Execute(kind));
            let why = if support.is_supported() {
                "no such command was given".to_owned()
            } else {
                format!("it is declared unsupported, which `{}` examines", Rule::CapabilityRefused)
            };
            skip(ctx, &subject, &why);
        }
    }
}

fn skip(ctx: &Context<'_>, subject: &str, why: &str) {
    for rule in RULES.into_iter().chain([Rule::ExecuteEffect]) {
        ctx.note(rule, subject, Err(moot(why)));
    }
}

async fn one(ctx: &Context<'_>, world: &World, subject: &str, command: &Command) -> Option<Receipt> {
    let options = match any_key() {
        Ok(key) => WriteOptions::new(key),
        Err(problem) => {
            ctx.note(Rule::ExecuteApplies, subject, Err(problem));
            return None;
        }
    };
    ctx.case(Rule::ReconcileUnsent, subject, unsent(ctx, command)).await;
    ctx.case(Rule::ExecuteAnnounced, subject, announced::truthful(ctx, world, command)).await;
    let before = ctx.patiently(Snapshot::take(ctx, world)).await.and_then(|snapshot| snapshot);
    let baseline = attempt(ctx, command, &options).await;

    let gate = Gate::new(Arc::clone(&ctx.provider)).counting(ctx.expect.wire_writes.clone());
    let gate = Arc::new(gate);
    let journaled = Journaled::new(Arc::clone(&gate), Arc::clone(&ctx.expect.journal));
    let carried_out = ctx.patiently(carry_out(ctx, subject, &gate, &journaled, command, &options)).await;
    let receipt = match carried_out.and_then(|receipt| receipt) {
        Ok(receipt) => receipt,
        Err(problem) => {
            ctx.note(Rule::ExecuteApplies, subject, Err(problem));
            for rule in [
                Rule::ExecuteEach,
                Rule::ReplayAnswers,
                Rule::ExecuteReceipt,
                Rule::ExecuteCredentials,
                Rule::ReconcileSent,
            ] {
                ctx.note(rule, subject, Err(moot("the command was not carried out")));
            }
            ctx.note(Rule::ExecuteEffect, subject, Err(moot("the command was not carried out")));
            return None;
        }
    };
    let detail = format!("{:?}, lines: {}", receipt.outcome, receipt.lines.len());
    ctx.note(Rule::ExecuteApplies, subject, Ok(detail));
    let announces = ctx.provider.announces_sending();
    ctx.note(Rule::ExecuteEach, subject, announced::one_by_one(announces, gate.announced()));
    ctx.note(Rule::ExecuteReceipt, subject, effect::consistent(command, &receipt));
    ctx.note(Rule::ExecuteCredentials, subject, effect::credentials(&receipt));
    ctx.scan("a receipt", &serde_json::to_string(&receipt).unwrap_or_default());
    ctx.scan("a receipt", &format!("{receipt:?}"));
    ctx.case(Rule::ReplayAnswers, subject, replayed(ctx, &gate, &journaled, command, &options, &receipt))
        .await;
    ctx.case(Rule::ExecuteEffect, subject, async {
        let after = Snapshot::take(ctx, world).await?;
        effect::exactly(ctx, command, &receipt, &before?, &after).await
    })
    .await;
    if command.kind() == CommandKind::PlaceOrder {
        ctx.case(Rule::NothingHidden, subject, effect::nothing_hidden(ctx, &receipt)).await;
    }
    ctx.case(Rule::ReconcileSent, subject, async { sent(ctx, &baseline?).await }).await;
    Some(receipt)
}

/// The first call, held back on its way so that others can overlap it.
async fn carry_out(
    ctx: &Context<'_>,
    subject: &str,
    gate: &Gate,
    journaled: &Journaled<Arc<Gate>>,
    command: &Command,
    options: &WriteOptions,
) -> Result<Receipt, Problem> {
    let operation = Operation::Execute(command.kind());
    let first = pin!(journaled.execute(command, options));
    let first = match select(first, pin!(gate.reached())).await {
        Either::Left((answer, _)) => {
            let moot_now = || Err(moot("the command ended before it was sent"));
            ctx.note(Rule::ReplayBusy, subject, moot_now());
            ctx.note(Rule::ReplayOther, subject, moot_now());
            return Ok(ctx.saw(operation, answer)?);
        }
        Either::Right(((), first)) => first,
    };
    // A journal that lets an overlapping call through would have it wait at the gate for ever.
    ctx.note(Rule::ReplayBusy, subject, {
        match select(pin!(journaled.execute(command, options)), pin!(moment())).await {
            Either::Left((answer, _)) => busy(ctx.saw(operation, answer)),
            Either::Right(_) => Err(broken("an overlapping call with the same key was sent")),
        }
    });
    ctx.note(Rule::ReplayOther, subject, {
        let other = another(command);
        match select(pin!(journaled.execute(&other, options)), pin!(moment())).await {
            Either::Left((Err(error), _)) if error.kind() == ErrorKind::Refused => {
                ensure_not_sent(error.delivery())
            }
            Either::Left((Err(error), _)) => Err(broken(format!("it answered {error} instead of a refusal"))),
            Either::Left((Ok(_), _)) => Err(broken("another command was answered under the same key")),
            Either::Right(_) => Err(broken("another command was sent under the same key")),
        }
    });
    gate.open();
    Ok(ctx.saw(operation, first.await)?)
}

/// How long an overlapping call may take to be turned away by the journal.
async fn moment() {
    use provider_core::clock::Clock as _;
    provider_core::clock::SystemClock.sleep(std::time::Duration::from_secs(10)).await;
}

fn busy(answer: provider_core::Result<Receipt>) -> Verdict {
    let Err(error) = answer else {
        return Err(broken(
            "an overlapping call with the same key was answered while the first was under way",
        ));
    };
    ensure!(error.kind() == ErrorKind::Conflict, "it answered {error} instead of a conflict");
    ensure!(
        error.delivery() == Delivery::Unknown,
        "while the first call is under way delivery says `{}` instead of `unknown`",
        error.delivery()
    );
    match error.advice() {
        Advice::After(rest) => Ok(format!("conflict, come back within {} s", rest.as_secs())),
        advice => Err(broken(format!("it does not say when to come back: {advice:?}"))),
    }
}

fn ensure_not_sent(delivery: Delivery) -> Verdict {
    ensure!(delivery == Delivery::NotSent, "refused, but delivery says `{delivery}`");
    Ok("refused".to_owned())
}

/// A command that the key was not used for. It is never sent.
fn another(command: &Command) -> Command {
    match command.kind() {
        CommandKind::CreateCustomer => SuspendSubscription::new("another").into(),
        _ => CreateCustomer::new("Another").into(),
    }
}

async fn replayed(
    ctx: &Context<'_>,
    gate: &Gate,
    journaled: &Journaled<Arc<Gate>>,
    command: &Command,
    options: &WriteOptions,
    first: &Receipt,
) -> Verdict {
    let operation = Operation::Execute(command.kind());
    let again = ctx.saw(operation, journaled.execute(command, options).await)?;
    ensure!(gate.passed() == 1, "the command was sent {} times under one key", gate.passed());
    ensure!(again.replayed, "the second answer does not say that it is a stored one");
    ensure!(
        again.outcome == first.outcome && again.lines == first.lines && again.customer == first.customer,
        "the second answer is another one: {again:?}"
    );
    ensure!(again.credentials.is_none(), "the stored receipt holds credentials");
    let other = another(command);
    match journaled.execute(&other, options).await {
        Err(error) if error.kind() == ErrorKind::Refused && error.delivery() == Delivery::NotSent => {}
        _ => return Err(broken("once it is done, the key is taken for another command")),
    }
    Ok("stored receipt, nothing sent".to_owned())
}

/// The attempt with its baseline. Taking one is no operation of its own, so its errors may name any.
async fn attempt(ctx: &Context<'_>, command: &Command, options: &WriteOptions) -> Result<Attempt, Problem> {
    ctx.provider.attempt(command, options).await.map_err(|error| {
        ctx.scan_error("an error of a baseline", &error);
        broken(format!("no baseline could be taken: {error}"))
    })
}

/// A command that nobody sent, judged with a baseline taken now.
async fn unsent(ctx: &Context<'_>, command: &Command) -> Verdict {
    let operation = Operation::Reconcile(command.kind());
    if !ctx.provider.capabilities().support(operation).is_supported() {
        return Err(moot("it cannot be reconciled"));
    }
    let options = WriteOptions::new(any_key()?);
    let attempt = attempt(ctx, command, &options).await?;
    match ctx.saw(operation, ctx.provider.reconcile(&attempt).await)? {
        Reconciliation::Applied(receipt) => {
            Err(broken(format!("nobody sent it, and it is said to be applied: {receipt:?}")))
        }
        Reconciliation::NotApplied => Ok("not applied".to_owned()),
        Reconciliation::Undetermined { reason, .. } => Ok(format!("undetermined: {reason}")),
        _ => Ok("neither applied nor not".to_owned()),
    }
}

/// A command that was carried out, judged by the baseline taken before.
async fn sent(ctx: &Context<'_>, attempt: &Attempt) -> Verdict {
    let operation = Operation::Reconcile(attempt.command.kind());
    if !ctx.provider.capabilities().support(operation).is_supported() {
        return Err(moot("it cannot be reconciled"));
    }
    match ctx.saw(operation, ctx.provider.reconcile(attempt).await)? {
        Reconciliation::NotApplied => Err(broken("it was carried out, and is said not to be applied")),
        Reconciliation::Applied(_) => Ok("applied".to_owned()),
        Reconciliation::Undetermined { reason, .. } => Ok(format!("undetermined: {reason}")),
        _ => Ok("neither applied nor not".to_owned()),
    }
}

/// Attempts of another connection are not judged, whatever they are about.
pub(super) async fn foreign(ctx: &Context<'_>, world: &World, kind: CommandKind) -> Verdict {
    let operation = Operation::Reconcile(kind);
    if !ctx.provider.capabilities().support(operation).is_supported() {
        return Err(moot("it cannot be reconciled"));
    }
    let command = super::commands::stand_in(kind, world);
    let options = WriteOptions::new(any_key()?);
    let now = chrono::DateTime::<chrono::Utc>::from(std::time::SystemTime::now());
    let connection = format!("not {}", ctx.provider.info().connection);
    let attempt = Attempt::new(connection, command, options.key, now);
    match ctx.saw(operation, ctx.provider.reconcile(&attempt).await) {
        Err(error) if matches!(error.kind(), ErrorKind::Refused | ErrorKind::InvalidInput) => {
            Ok("refused".to_owned())
        }
        Ok(Reconciliation::Undetermined { reason, .. }) => Ok(format!("undetermined: {reason}")),
        Ok(answer) => Err(broken(format!("it was judged all the same: {answer:?}"))),
        Err(error) => Err(broken(format!("it answered {error} instead of a refusal"))),
    }
}

/// Commands that cannot be carried out are refused, and nothing happens.
pub(super) async fn invalid(ctx: &Context<'_>, world: &World, kind: CommandKind) -> Verdict {
    let operation = Operation::Execute(kind);
    if !ctx.provider.capabilities().support(operation).is_supported() {
        return Err(moot(format!(
            "it is declared unsupported, which `{}` examines",
            Rule::CapabilityRefused
        )));
    }
    if !ctx.expect.writes {
        return Err(moot("writes are not allowed"));
    }
    let given = ctx.expect.trials.iter().filter(|trial| trial.kind == kind).find_map(|t| (t.make)(&[]));
    let commands = impossible(kind, given.as_ref(), world);
    for (what, command) in &commands {
        let options = WriteOptions::new(any_key()?);
        match ctx.saw(operation, ctx.provider.execute(command, &options).await) {
            Ok(receipt) => return Err(broken(format!("{what} was accepted: {receipt:?}"))),
            Err(error) if !super::commands::is_refusal(&error) => {
                return Err(broken(format!("{what} answered {error}, delivery `{}`", error.delivery())));
            }
            Err(_) => {}
        }
    }
    let what: Vec<_> = commands.iter().map(|(what, _)| *what).collect();
    Ok(format!("refused: {}", what.join(", ")))
}
