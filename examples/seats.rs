//! Changes how many units a subscription has. The quantity is the resulting total.
//!
//! ```sh
//! cargo run --example seats -- --provider pax8 --subscription ID --quantity N --key KEY [--plan] [--json]
//! ```

mod write_support;

use clap::Parser;
use provider_core::{ChangeQuantity, Command, IdempotencyKey, WriteOptions};
use provider_examples::{Exit, Kind};
use rust_decimal::Decimal;

#[derive(Parser)]
struct Flags {
    /// Which distributor: crayon, pax8 or streamone.
    #[arg(long)]
    provider: Kind,
    /// The subscription's id, as `export --entity subscriptions` shows it.
    #[arg(long)]
    subscription: String,
    /// The resulting total, not a difference.
    #[arg(long)]
    quantity: Decimal,
    /// Your name for this change: 16 to 255 visible ASCII characters.
    #[arg(long)]
    key: IdempotencyKey,
    /// Only say what it would do.
    #[arg(long)]
    plan: bool,
    /// JSON for machines.
    #[arg(long)]
    json: bool,
}

#[tokio::main]
async fn main() -> Exit {
    let flags = Flags::parse();
    let command = Command::from(ChangeQuantity::new(flags.subscription, flags.quantity));
    let options = WriteOptions::new(flags.key);
    Exit(write_support::run(flags.provider, &command, &options, flags.plan, flags.json).await)
}
