//! Plans or executes one command, and follows an order to its final state.

use std::io::Write;
use std::time::Duration;

use clap::Args;
use provider_core::clock::{Clock as _, SystemClock};
use provider_core::commitment::guard;
use provider_core::model::OrderStatus;
use provider_core::{
    Command, IdempotencyKey, Order, Outcome, Plan, Provider, ProviderExt, ReadOptions, Receipt, WriteOptions,
};
use provider_examples::{Connections, Failure, Kind};
use provider_http::TokioClock;
use serde::Serialize;

/// How long an order may take before the example stops watching it.
const PATIENCE: Duration = Duration::from_secs(600);

// What every example that writes is told. Not a doc comment: it would stand on top of their help.
#[derive(Args)]
pub(crate) struct WriteFlags {
    /// Which distributor: crayon, pax8 or streamone.
    #[arg(long)]
    provider: Kind,
    /// Your name for this intent: 16 to 255 visible ASCII characters.
    #[arg(long)]
    pub(crate) key: IdempotencyKey,
    /// Dry run: say what it would do, and send nothing.
    #[arg(long)]
    plan: bool,
    /// JSON for machines.
    #[arg(long)]
    json: bool,
}

/// `key=value`.
#[allow(dead_code, reason = "only one of the examples that share this takes attributes")]
pub(crate) fn pair(text: &str) -> Result<(String, String), String> {
    let (key, value) = text.split_once('=').ok_or("write it as key=value")?;
    Ok((key.to_owned(), value.to_owned()))
}

#[derive(Serialize)]
struct Report<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    plan: Option<&'a Plan>,
    #[serde(skip_serializing_if = "Option::is_none")]
    receipt: Option<&'a Receipt>,
    #[serde(skip_serializing_if = "Option::is_none")]
    order: Option<&'a Order>,
}

/// Plans the command, or executes it and follows its order to the end.
pub(crate) async fn run(flags: &WriteFlags, command: &Command) -> Result<(), Failure> {
    let options = WriteOptions::new(flags.key.clone());
    let connections = Connections::open_to_write(flags.provider).await?;
    let provider = connections.one()?;
    say_guard(&**provider, command).await;
    if flags.plan {
        let plan = provider.plan(command, &options).await?;
        print(flags.json, &Report { plan: Some(&plan), receipt: None, order: None })?;
        return connections.close().await;
    }
    let receipt = provider.execute(command, &options).await?;
    let order = match receipt.order() {
        Some(id) if !receipt.is_settled() => {
            Some(provider.wait_for_order_with(id, PATIENCE, &TokioClock::default()).await?)
        }
        _ => None,
    };
    print(flags.json, &Report { plan: None, receipt: Some(&receipt), order: order.as_ref() })?;
    if let Some(credentials) = &receipt.credentials {
        eprintln!(
            "A new administrator was created: {}. Its first password came once, for a program \
             (`Receipt::credentials`), and is not shown here: set a new one at the distributor.",
            credentials.username
        );
    }
    connections.close().await?;
    judge(&receipt, order.as_ref())
}

/// Says, before seats are changed or given up, until when they can be given back and what missing that costs. Where the
/// subscription cannot be read the command itself will say why.
async fn say_guard(provider: &dyn Provider, command: &Command) {
    let subscription = match command {
        Command::ChangeQuantity(change) => &change.subscription,
        Command::ChangeRenewal(change) => &change.subscription,
        Command::CancelSubscription(cancel) => &cancel.subscription,
        _ => return,
    };
    if let Ok(seats) = provider.get_subscription(subscription, &ReadOptions::default()).await {
        eprintln!("{}", guard(&provider.info().kind, &seats, SystemClock.now()));
    }
}

/// What was accepted can still come to nothing, and part of it can be refused.
fn judge(receipt: &Receipt, order: Option<&Order>) -> Result<(), Failure> {
    match order {
        Some(order) if !matches!(order.status, OrderStatus::Completed) => {
            let why = order.lines.iter().find_map(|line| line.error.as_deref());
            let why = why.map_or_else(String::new, |why| format!(": {why}"));
            Err(Failure::Check(format!("order {} ended as {}{why}", order.id, order.status)))
        }
        _ if receipt.outcome == Outcome::Partial => {
            Err(Failure::Check("only a part of it was done: see the lines".to_owned()))
        }
        _ => Ok(()),
    }
}

fn print(json: bool, report: &Report<'_>) -> Result<(), Failure> {
    let mut out = std::io::stdout().lock();
    if json {
        let text = serde_json::to_string_pretty(report).map_err(std::io::Error::other)?;
        writeln!(out, "{text}")?;
        return Ok(());
    }
    if let Some(plan) = report.plan {
        writeln!(out, "{plan}")?;
    }
    if let Some(receipt) = report.receipt {
        let replayed = if receipt.replayed { ", known from an earlier call with this key" } else { "" };
        writeln!(out, "{}{replayed}", receipt.outcome)?;
        for line in &receipt.lines {
            writeln!(out, "  {line}")?;
        }
    }
    if let Some(order) = report.order {
        writeln!(out, "order {}: {}", order.id, order.status)?;
    }
    Ok(())
}
