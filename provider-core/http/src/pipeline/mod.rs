//! One call, by the same steps in the same order:
//! `deadline > breaker > retry { limiter > credential > exchange > size cap > classification }`. The breaker is asked before
//! the queue of the limiter, and gives its permission behind it.

mod attempt;
mod call;
mod classify;
mod failure;
mod refusal;
mod report;
mod span;
mod tries;

use std::sync::atomic::Ordering;
use std::sync::{Arc, OnceLock};

use provider_core::observe::EventKind;
use provider_core::query::Priority;
use provider_core::{Delivery, Error, ErrorKind, Result};
use tracing::Instrument as _;
use tracing::instrument::WithSubscriber as _;

use crate::answer::{Answer, Context};
use crate::auth::Credential;
use crate::call::CallOptions;
use crate::deadline::Deadline;
use crate::limit::{CallKind, Patience};
use crate::request::RequestSpec;
use crate::retry::{Decision, Safety, decide};
use crate::shared::Shared;
use crate::task::AbortOnDrop;

pub(crate) use call::Opened;
use call::{Call, Reply};
use tries::{Again, Tries};

pub(crate) async fn send(shared: &Arc<Shared>, spec: RequestSpec, call: &CallOptions) -> Result<Answer> {
    let deadline = Deadline::after(call.deadline.unwrap_or(shared.options.operation_timeout));
    let max_body = spec.max_body.unwrap_or(shared.options.max_body);
    let reply = start(shared, spec, call, deadline, max_body, false).await?;
    let client = Arc::clone(shared);
    Ok(Answer {
        status: reply.status,
        headers: reply.headers,
        bytes: reply.bytes,
        context: reply.context,
        client,
        mended: OnceLock::new(),
    })
}

pub(crate) async fn open(
    shared: &Arc<Shared>,
    spec: RequestSpec,
    call: &CallOptions,
    deadline: Deadline,
) -> Result<Opened> {
    let max_body = spec.max_body.unwrap_or(shared.options.max_download);
    let reply = start(shared, spec, call, deadline, max_body, true).await?;
    Ok(Opened {
        status: reply.status,
        headers: reply.headers,
        body: reply.rest,
        context: reply.context,
        _slot: reply.slot,
    })
}

async fn start(
    shared: &Arc<Shared>,
    spec: RequestSpec,
    options: &CallOptions,
    deadline: Deadline,
    max_body: u64,
    stream: bool,
) -> Result<Reply> {
    let mut spec = spec;
    spec.operation = spec.operation.or(options.operation);
    let context = Context {
        provider: Arc::clone(&shared.provider),
        operation: spec.operation,
        safety: spec.safety,
        attempts: 0,
        scrubber: shared.scrubber.clone(),
        sensitive: spec.sensitive,
        time_left: deadline.remaining(),
    };
    for secret in &spec.secrets {
        shared.scrubber.learn(secret);
    }
    let target = spec.target(&shared.base).map_err(|e| context.complete(e))?;
    let span = span::call(shared, &spec);
    let kind = CallKind::of(&spec.method, &spec.template);
    let nobody_waits = options.priority == Priority::Bulk && spec.safety == Safety::Read;
    let call = Call {
        spec,
        target,
        deadline,
        priority: options.priority,
        unhurried: nobody_waits && (options.unhurried || options.deadline.is_none()),
        kind,
        sending: options.sending.clone(),
        max_body,
        stream,
    };
    let shared = Arc::clone(shared);
    // A task of its own: a caller that polls once and comes back late (a page that is read ahead) must
    // neither time the exchange out nor stand at the head of the limiter's queue.
    let own = context.clone();
    let run = async move { run(&shared, call, own).await };
    let task = AbortOnDrop::spawn(run.instrument(span).with_current_subscriber());
    let task = task.map_err(|e| context.complete(e))?;
    task.finish().await.unwrap_or_else(|error| Err(context.complete(error)))
}

async fn run(shared: &Arc<Shared>, mut call: Call, mut context: Context) -> Result<Reply> {
    // Once an attempt may have been applied, no later refusal can take that back.
    let mut in_doubt = false;
    let result = attempts(shared, &mut call, &mut context, &mut in_doubt).await;
    result.map_err(|error| {
        let doubtful = in_doubt && call.spec.safety != Safety::Read;
        let error = if doubtful { error.with_delivery(Delivery::Unknown) } else { error };
        let error = context.complete(error);
        span::failed(&error);
        error
    })
}

async fn attempts(
    shared: &Arc<Shared>,
    call: &mut Call,
    context: &mut Context,
    in_doubt: &mut bool,
) -> Result<Reply> {
    let account = &shared.account;
    let mut tries = Tries::default();
    let mut pass = None;
    loop {
        if pass.is_none() {
            tries.stand_by(shared, call).await?;
        }
        let wait = Patience::new(call.deadline, call.unhurried);
        let mut turn = match account.limiter.acquire(call.priority, call.kind, wait).await {
            Ok(turn) => turn,
            // What the distributor said first explains more than the queue it led to.
            Err(refused) => return tries.give_up(|| refusal::no_turn(refused)),
        };
        call.deadline = call.deadline.postponed(turn.forgiven);
        if !turn.waited.is_zero() {
            shared.emit(EventKind::throttled(turn.waited, turn.by_distributor));
        }
        if pass.is_none() {
            pass = tries.admit(shared, call)?;
            if pass.is_none() {
                drop(turn);
                continue;
            }
        }
        let credential = match credential(shared, call).await {
            Ok(credential) => credential,
            Err(error) => {
                // Neither the turn nor the probe is of use while there is no token.
                drop((turn, pass.take()));
                tries.wait_without_token(shared, call, error).await?;
                continue;
            }
        };
        if tries.refused(&credential) {
            return tries.give_up(refusal::no_token_in_time);
        }
        // Made before it is announced: what cannot be sent is not remembered as sent, and nothing is left to
        // be done afterwards but to send.
        let request = attempt::request(shared, call, &credential, &call.target).map_err(|f| f.error)?;
        announce(call).await?;
        context.attempts += 1;
        let sent_at = turn.slot.sent();
        let made = attempt::make(shared, call, &credential, request, context.clone(), turn.slot).await;
        let failure = match made {
            Ok(reply) => {
                account.budget.earn();
                account.patience.earn();
                account.reached.store(true, Ordering::Relaxed);
                return Ok(reply);
            }
            Err(failure) => failure,
        };
        account.reached.fetch_or(failure.status().is_some(), Ordering::Relaxed);
        *in_doubt |= failure.error.delivery() == Delivery::Unknown;
        if matches!(failure.status(), Some(429 | 503)) || failure.timed_out() {
            report::concurrency(shared, account.limiter.overloaded(sent_at));
        }
        let pause_of_account =
            (failure.status() == Some(429)).then(|| account.limiter.throttle(sent_at, failure.retry_after));
        if let Some(wait) = pause_of_account {
            shared.emit(EventKind::throttled(wait, true));
        }
        match decide(failure.stage, call.spec.safety) {
            Decision::NewToken => tries.renew(shared, call, context.attempts, &credential, failure).await?,
            Decision::Stop => return failure.give_up(),
            Decision::Retry => {
                let again = tries.wait(shared, call, context.attempts, failure, pause_of_account).await;
                if let Again::No(failure) = again {
                    return failure.give_up();
                }
                if call.is_patient(shared) {
                    // Another call may be the one that finds out whether the distributor is back.
                    pass = None;
                }
            }
        }
    }
}

/// Passes the gate of the journal: it notes each attempt of a write directly before it is sent, when neither limiter
/// nor token is left to wait for.
async fn announce(call: &Call) -> Result<()> {
    if call.spec.safety == Safety::Read {
        return Ok(());
    }
    let passed = match call.deadline.bound(call.sending.pass()).await {
        Ok(passed) => passed,
        Err(_) => {
            Err(Error::new(ErrorKind::Timeout, "the deadline passed before the request was let through"))
        }
    };
    passed.map_err(|error| error.with_delivery(Delivery::NotSent))
}

/// The credential of the next attempt; none for another origin or where none is wanted.
async fn credential(shared: &Shared, call: &Call) -> Result<Credential> {
    if !call.target.with_credential {
        return Ok(Credential::none());
    }
    match call.deadline.bound(shared.authenticator.credential(call.deadline)).await {
        Ok(credential) => {
            let credential = credential.map_err(|e| e.with_delivery(Delivery::NotSent))?;
            if let Some(secret) = credential.secret() {
                shared.scrubber.learn(secret);
            }
            Ok(credential)
        }
        Err(_) => Err(refusal::no_token_in_time()),
    }
}
