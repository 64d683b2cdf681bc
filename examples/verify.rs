//! Verifies every configured distributor side by side.
//!
//! ```sh
//! cargo run --example verify -- [--provider crayon|pax8|streamone] [--json]
//! ```

use std::io::Write;

use clap::Parser;
use futures_util::future::join_all;
use provider_core::Verification;
use provider_core::verification::CheckStatus;
use provider_examples::{Connections, Exit, Failure, Kind};
use serde::Serialize;

/// Verifies every configured distributor side by side.
#[derive(Parser)]
struct Flags {
    /// Only this one: crayon, pax8 or streamone.
    #[arg(long)]
    provider: Option<Kind>,
    /// JSON for machines.
    #[arg(long)]
    json: bool,
}

#[derive(Serialize)]
struct Verified {
    provider: &'static str,
    ok: bool,
    #[serde(flatten)]
    verification: Verification,
}

#[tokio::main]
async fn main() -> Exit {
    Exit::of(run(Flags::parse())).await
}

async fn run(flags: Flags) -> Result<(), Failure> {
    let connections = Connections::open(flags.provider).await?;
    let verified = join_all(connections.iter().map(|(kind, provider)| async move {
        let verification = provider.verify().await;
        Verified { provider: kind.as_str(), ok: verification.ok(), verification }
    }))
    .await;
    print(&verified, flags.json)?;
    connections.close().await?;
    let failed: Vec<_> = verified.iter().filter(|v| !v.ok).map(|v| v.provider).collect();
    if failed.is_empty() { Ok(()) } else { Err(Failure::Check(format!("failed: {}", failed.join(", ")))) }
}

fn print(verified: &[Verified], json: bool) -> Result<(), Failure> {
    let mut out = std::io::stdout().lock();
    if json {
        let text = serde_json::to_string_pretty(verified).map_err(std::io::Error::other)?;
        writeln!(out, "{text}")?;
        return Ok(());
    }
    for one in verified {
        writeln!(out, "{}: {}", one.provider, if one.ok { "verified" } else { "FAILED" })?;
        for check in &one.verification.checks {
            let status = match check.status {
                CheckStatus::Passed => "passed",
                CheckStatus::Failed => "FAILED",
                _ => "skipped",
            };
            writeln!(out, "  {:<14} {status:<8} {:>6} ms  {}", check.name, check.millis, check.detail)?;
        }
    }
    Ok(())
}
