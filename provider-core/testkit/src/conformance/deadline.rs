//! Nothing outlives its deadline.

use std::time::{Duration, Instant};

use provider_core::{ErrorKind, Operation, PageRequest, ReadOptions, Result, WriteOptions};

use super::commands::{any_key, stand_in};
use super::context::Context;
use super::listed::ListedEntity;
use super::verdict::{Problem, Verdict, broken};
use super::world::{Reading, World, unknown_id};

/// What a call may take beyond its deadline before it counts as hanging: generous, for slow machines.
const GRACE: Duration = Duration::from_secs(15);

const DEADLINES: [Duration; 2] = [Duration::ZERO, Duration::from_millis(1)];

async fn hold<T>(
    ctx: &Context<'_>,
    operation: Operation,
    deadline: Duration,
    call: impl Future<Output = Result<T>> + Send,
) -> Result<&'static str, Problem> {
    let begun = Instant::now();
    let (answer, calls) = ctx.counted(call).await;
    let took = begun.elapsed();
    if took > deadline + GRACE {
        return Err(broken(format!("with a deadline of {deadline:?} it took {took:?}")));
    }
    match ctx.saw(operation, answer) {
        Ok(_) if deadline.is_zero() && calls.is_some_and(|calls| calls > 0) => {
            Err(broken("with no time at all it called the distributor and answered"))
        }
        Ok(_) => Ok("answered in time"),
        Err(error) if error.kind() == ErrorKind::Timeout => Ok("timeout"),
        Err(error) => Err(broken(format!("with a deadline of {deadline:?} it answered {error}"))),
    }
}

pub(super) async fn list<T: ListedEntity>(ctx: &Context<'_>, reading: &Reading<T>) -> Verdict {
    let mut details = Vec::new();
    for deadline in DEADLINES {
        let query = T::with_options(reading.query.clone(), ReadOptions::default().deadline(deadline));
        let request = PageRequest::default();
        details.push(hold(ctx, T::LIST, deadline, T::page(&*ctx.provider, &query, &request)).await?);
    }
    Ok(details.join(", "))
}

pub(super) async fn get<T: ListedEntity>(ctx: &Context<'_>, reading: &Reading<T>) -> Verdict {
    let id = reading.ids().next().map_or_else(|| unknown_id([]), ToOwned::to_owned);
    let mut details = Vec::new();
    for deadline in DEADLINES {
        let options = ReadOptions::default().deadline(deadline);
        let call = async {
            match T::get(&*ctx.provider, &id, &options).await {
                // Without a record to get, its absence is an answer too.
                Err(error) if matches!(error.kind(), ErrorKind::NotFound | ErrorKind::InvalidInput) => {
                    Ok(None)
                }
                answer => answer.map(Some),
            }
        };
        details.push(hold(ctx, T::GET, deadline, call).await?);
    }
    Ok(details.join(", "))
}

/// Plans only: a command that is cut off may have been carried out.
pub(super) async fn plan(ctx: &Context<'_>, world: &World, kind: provider_core::CommandKind) -> Verdict {
    let command = stand_in(kind, world);
    let mut details = Vec::new();
    for deadline in DEADLINES {
        let options = WriteOptions::new(any_key()?).deadline(deadline);
        let call = async {
            match ctx.provider.plan(&command, &options).await {
                // The command is about records that do not exist: saying so is an answer.
                Err(error) if error.kind() != ErrorKind::Timeout && super::commands::is_refusal(&error) => {
                    Ok(())
                }
                answer => answer.map(drop),
            }
        };
        details.push(hold(ctx, Operation::Plan(kind), deadline, call).await?);
    }
    Ok(details.join(", "))
}
