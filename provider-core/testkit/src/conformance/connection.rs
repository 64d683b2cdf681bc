//! The connection as a whole: who it is, whether it works, how it ends, and what its errors say.

use std::collections::BTreeSet;

use provider_core::verification::CheckStatus;
use provider_core::{Capabilities, Delivery, ErrorKind, Operation, ProviderInfo, Support};

use super::context::{Context, Met};
use super::verdict::{Verdict, broken, ensure, moot};

pub(super) async fn verify(ctx: &Context<'_>) -> Verdict {
    let verification = ctx.provider.verify().await;
    let checks = &verification.checks;
    ctx.scan("the verification", &format!("{verification:?}"));
    ctx.scan("the verification", &serde_json::to_string(&verification).unwrap_or_default());
    ensure!(!checks.is_empty(), "verification makes no check");
    let mut names = BTreeSet::new();
    for check in checks {
        let word = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_';
        ensure!(
            !check.name.is_empty() && check.name.chars().all(word),
            "the check {:?} is not named in snake_case",
            check.name
        );
        ensure!(names.insert(&check.name), "two checks are named `{}`", check.name);
        ensure!(!check.detail.trim().is_empty(), "the check `{}` says nothing", check.name);
        ensure!(check.status != CheckStatus::Failed, "the check `{}` failed: {}", check.name, check.detail);
    }
    let passed = checks.iter().filter(|check| check.status == CheckStatus::Passed).count();
    match ctx.provider.capabilities().support(Operation::Verify) {
        Support::Unsupported(_) => {
            ensure!(passed == 0, "verification is declared unsupported and checked something");
            Ok("skipped, as declared".to_owned())
        }
        _ => {
            ensure!(verification.ok(), "nothing passed");
            Ok(format!("{passed} of {} checks passed, the rest skipped with a reason", checks.len()))
        }
    }
}

/// Who the provider was when the suite began.
pub(super) struct Identity {
    info: ProviderInfo,
    capabilities: Capabilities,
}

impl Identity {
    pub(super) fn of(ctx: &Context<'_>) -> Self {
        Self { info: ctx.provider.info().clone(), capabilities: ctx.provider.capabilities().clone() }
    }

    pub(super) fn stable(&self, ctx: &Context<'_>) -> Verdict {
        let Self { info, capabilities } = self;
        ensure!(!info.kind.trim().is_empty(), "the provider kind is empty");
        ensure!(!info.connection.trim().is_empty(), "the connection has no name");
        for _ in 0..2 {
            ensure!(ctx.provider.info() == info, "who it is changed while the suite ran");
            ensure!(
                ctx.provider.capabilities() == capabilities,
                "what it can do changed while the suite ran"
            );
        }
        for operation in Operation::all() {
            let support = capabilities.support(operation);
            let reason = support.reason().unwrap_or("native");
            ensure!(!reason.trim().is_empty(), "`{operation}` is {support:?} without a reason");
        }
        let stored = serde_json::to_string(&(info, capabilities))
            .and_then(|json| serde_json::from_str::<(ProviderInfo, Capabilities)>(&json));
        match stored {
            Ok((read, can)) => {
                ensure!(read == *info, "who it is does not survive being stored");
                let differs = Operation::all().any(|o| can.support(o) != capabilities.support(o));
                ensure!(!differs, "what it can do does not survive being stored");
                Ok(format!("{} on `{}`", info.kind, info.connection))
            }
            Err(error) => Err(broken(format!("it cannot be stored: {error}"))),
        }
    }
}

pub(super) async fn close(ctx: &Context<'_>) -> Verdict {
    for time in ["first", "second"] {
        ctx.provider.close().await.map_err(|error| broken(format!("the {time} time it answered {error}")))?;
    }
    Ok("twice".to_owned())
}

pub(super) fn named(ctx: &Context<'_>, errors: &[Met]) -> Verdict {
    let kind = &ctx.provider.info().kind;
    for Met { operation, error } in errors {
        // What `Query::only` and `Cursor::open` refuse on the provider's behalf needs no name.
        let local = error.delivery() == Delivery::NotSent
            && matches!(error.kind(), ErrorKind::InvalidInput | ErrorKind::InvalidCursor);
        let provider = error.provider() == Some(kind) || (local && error.provider().is_none());
        ensure!(provider, "an error of `{operation}` names no provider: {error}");
        let named = error.operation() == Some(*operation) || (local && error.operation().is_none());
        ensure!(named, "an error of `{operation}` does not say so: {error}");
    }
    counted(errors)
}

pub(super) fn one_line(errors: &[Met]) -> Verdict {
    for Met { operation, error } in errors {
        let text = error.to_string();
        ensure!(!text.chars().any(char::is_control), "an error of `{operation}` has several lines: {text:?}");
        ensure!(!error.message().trim().is_empty(), "an error of `{operation}` says nothing");
    }
    counted(errors)
}

fn counted(errors: &[Met]) -> Verdict {
    if errors.is_empty() {
        return Err(moot("no error was met"));
    }
    Ok(format!("{} errors", errors.len()))
}

pub(super) fn secrets(ctx: &Context<'_>) -> Verdict {
    let provider = &ctx.provider;
    ctx.scan("`Debug` of the provider", &format!("{provider:?} {provider:#?}"));
    ctx.scan("who the provider is", &format!("{:?}", provider.info()));
    ctx.scan("what the provider can do", &serde_json::to_string(provider.capabilities()).unwrap_or_default());
    let leaks = ctx.leaks();
    ensure!(leaks.is_empty(), "{}", leaks.join("; "));
    match ctx.expect.secrets.len() {
        0 => Err(moot("no secret was planted")),
        planted => Ok(format!("{planted} planted, none found")),
    }
}
