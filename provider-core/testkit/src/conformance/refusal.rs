//! The capabilities are true: what is unsupported is refused without a call, the rest is there.

use chrono::{DateTime, Utc};
use provider_core::{
    Attempt, CommandKind, Delivery, ErrorKind, Operation, PageRequest, Provider, ReadOptions, Reconciliation,
    Result, WriteOptions,
};

use super::commands::{any_key, stand_in};
use super::context::Context;
use super::listed::{ListedEntity, noun};
use super::rule::Rule;
use super::verdict::{Problem, Verdict, broken, moot};
use super::world::{World, unknown_id};

/// The entity's `list` and `get`, as declared.
pub(super) async fn reads<T: ListedEntity>(ctx: &Context<'_>, world: &World) {
    let reading = T::of(world);
    let id = unknown_id(reading.ids());
    let provider: &dyn Provider = &*ctx.provider;
    let list = async { T::page(provider, &reading.query, &PageRequest::default()).await.map(drop) };
    one(ctx, T::LIST, list).await;
    if T::HAS_GET {
        let get = async { T::get(provider, &id, &ReadOptions::default()).await.map(drop) };
        one(ctx, T::GET, get).await;
    }
}

async fn one(ctx: &Context<'_>, operation: Operation, call: impl Future<Output = Result<()>> + Send) {
    let support = ctx.provider.capabilities().support(operation);
    let subject = operation.to_string();
    if support.is_supported() {
        ctx.case(Rule::CapabilitySupported, subject, async {
            match ctx.saw(operation, call.await) {
                Err(error) if error.kind() == ErrorKind::Unsupported => {
                    Err(broken(format!("it is declared supported and answered {error}")))
                }
                _ => Ok("supported".to_owned()),
            }
        })
        .await;
    } else {
        ctx.case(Rule::CapabilityRefused, subject, async {
            let (answer, calls) = ctx.counted(call).await;
            ctx.refusal(operation, answer, calls)
        })
        .await;
    }
}

/// `plan`, `execute` and `reconcile` of one kind of command, as declared.
pub(super) async fn writes(ctx: &Context<'_>, world: &World, kind: CommandKind) {
    let command = stand_in(kind, world);
    let provider: &dyn Provider = &*ctx.provider;
    let capabilities = provider.capabilities();
    let options = || any_key().map(WriteOptions::new);
    let Ok(plan_options) = options() else { return };
    let plan = async { provider.plan(&command, &plan_options).await.map(drop) };
    one(ctx, Operation::Plan(kind), plan).await;
    let execute = Operation::Execute(kind);
    // What is declared supported is executed among the commands that cannot be carried out.
    if !capabilities.support(execute).is_supported() {
        let execution = async { provider.execute(&command, &plan_options).await.map(drop) };
        one(ctx, execute, execution).await;
    }
    let reconcile = Operation::Reconcile(kind);
    let now = DateTime::<Utc>::from(std::time::SystemTime::now());
    let attempt = Attempt::new(&provider.info().connection, command.clone(), plan_options.key.clone(), now);
    if capabilities.support(reconcile).is_supported() {
        let reconciliation = async { provider.reconcile(&attempt).await.map(drop) };
        one(ctx, reconcile, reconciliation).await;
        return;
    }
    ctx.case(Rule::CapabilityRefused, reconcile.to_string(), async {
        let (answer, calls) = ctx.counted(provider.reconcile(&attempt)).await;
        match answer {
            Ok(Reconciliation::Undetermined { reason, .. }) => match calls {
                Some(calls) if calls > 0 => Err(broken(format!("saying that it cannot cost {calls} calls"))),
                _ => Ok(format!("undetermined: {reason}")),
            },
            answer => ctx.refusal(reconcile, answer, calls),
        }
    })
    .await;
}

/// Why there is nothing to examine on an entity that is not listed.
pub(super) fn unlisted<T: ListedEntity>(ctx: &Context<'_>) -> Option<Problem> {
    let support = ctx.provider.capabilities().support(T::LIST);
    (!support.is_supported()).then(|| {
        let reason = support.reason().unwrap_or_default();
        moot(format!(
            "{} are not listed, which `{}` examines: {reason}",
            noun(T::KIND),
            Rule::CapabilityRefused
        ))
    })
}

/// Every command is refused under the read-only layer.
pub(super) async fn read_only(ctx: &Context<'_>, world: &World) -> Verdict {
    let guarded = provider_core::layer::ReadOnly::new(std::sync::Arc::clone(&ctx.provider));
    for kind in CommandKind::ALL {
        let operation = Operation::Execute(kind);
        if guarded.capabilities().support(operation).is_supported() {
            return Err(broken(format!("`{operation}` is declared supported although it is read-only")));
        }
        let given = ctx.expect.trials.iter().filter(|trial| trial.kind == kind).find_map(|t| (t.make)(&[]));
        let command = given.unwrap_or_else(|| stand_in(kind, world));
        let options = WriteOptions::new(any_key()?);
        let (answer, calls) = ctx.counted(guarded.execute(&command, &options)).await;
        match ctx.saw(operation, answer) {
            Err(error) if error.kind() == ErrorKind::Refused && error.delivery() == Delivery::NotSent => {}
            Err(error) => return Err(broken(format!("`{operation}` answered {error} instead of a refusal"))),
            Ok(_) => return Err(broken(format!("`{operation}` was carried out"))),
        }
        if let Some(calls) = calls.filter(|calls| *calls > 0) {
            return Err(broken(format!("refusing `{operation}` cost {calls} calls")));
        }
    }
    Ok(format!("{} kinds of commands refused", CommandKind::ALL.len()))
}
