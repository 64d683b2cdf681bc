//! Suspends, resumes or ends a subscription, or decides whether it renews.
//!
//! ```sh
//! cargo run --example subscription -- suspend --provider streamone --subscription ID --key KEY [--plan] [--json]
//! cargo run --example subscription -- resume --provider streamone --subscription ID --key KEY
//! cargo run --example subscription -- renewal --provider crayon --subscription ID [--auto on|off]
//!     [--quantity N] --key KEY
//! cargo run --example subscription -- cancel --provider pax8 --subscription ID [--on DATE | --term-end] --key KEY
//! ```
//!
//! What a distributor does not do is an error that says so, before anything is sent.

mod write_support;

use chrono::NaiveDate;
use clap::{Args, Parser, Subcommand, ValueEnum};
use provider_core::command::Effective;
use provider_core::{
    CancelSubscription, ChangeRenewal, Command, Patch, ResumeSubscription, SubscriptionId,
    SuspendSubscription,
};
use provider_examples::Exit;
use rust_decimal::Decimal;
use write_support::WriteFlags;

/// Suspends, resumes or ends a subscription, or decides whether it renews.
#[derive(Parser)]
struct Flags {
    #[command(subcommand)]
    action: Action,
}

#[derive(Subcommand)]
enum Action {
    /// Suspends it.
    Suspend(One),
    /// Resumes it.
    Resume(One),
    /// Decides what happens when its term ends.
    Renewal(Renewal),
    /// Cancels it: now, on a date, or at the end of its term.
    Cancel(Cancel),
}

#[derive(Args)]
struct One {
    /// The subscription's id, as `export --entity subscriptions` shows it.
    #[arg(long)]
    subscription: SubscriptionId,
    #[command(flatten)]
    write: WriteFlags,
}

#[derive(Args)]
struct Renewal {
    /// Whether it renews by itself.
    #[arg(long, required_unless_present = "quantity")]
    auto: Option<Switch>,
    /// How many units the next term has.
    #[arg(long)]
    quantity: Option<Decimal>,
    #[command(flatten)]
    one: One,
}

#[derive(Clone, Copy, PartialEq, ValueEnum)]
enum Switch {
    On,
    Off,
}

#[derive(Args)]
struct Cancel {
    /// The day it ends; now without it.
    #[arg(long, conflicts_with = "term_end")]
    on: Option<NaiveDate>,
    /// At the end of its term.
    #[arg(long)]
    term_end: bool,
    #[command(flatten)]
    one: One,
}

#[tokio::main]
async fn main() -> Exit {
    let (command, write) = command(Flags::parse().action);
    Exit::of(write_support::run(&write, &command)).await
}

fn command(action: Action) -> (Command, WriteFlags) {
    match action {
        Action::Suspend(one) => (SuspendSubscription::new(one.subscription).into(), one.write),
        Action::Resume(one) => (ResumeSubscription::new(one.subscription).into(), one.write),
        Action::Renewal(flags) => {
            let mut change = ChangeRenewal::new(flags.one.subscription);
            change.auto_renew = flags.auto.map(|auto| auto == Switch::On);
            change.quantity = flags.quantity.map_or(Patch::Keep, Patch::Set);
            (change.into(), flags.one.write)
        }
        Action::Cancel(flags) => {
            let mut cancel = CancelSubscription::new(flags.one.subscription);
            cancel.effective = match flags.on {
                Some(day) => Effective::On(day),
                None if flags.term_end => Effective::TermEnd,
                None => Effective::Now,
            };
            (cancel.into(), flags.one.write)
        }
    }
}
