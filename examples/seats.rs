//! Changes how many units a subscription has. The quantity is the resulting total.
//!
//! ```sh
//! cargo run --example seats -- --provider pax8 --subscription ID --quantity N --key KEY [--plan] [--json]
//! ```

mod write_support;

use clap::Parser;
use provider_core::{ChangeQuantity, Command};
use provider_examples::Exit;
use rust_decimal::Decimal;
use write_support::WriteFlags;

/// Changes how many units a subscription has. The quantity is the resulting total.
#[derive(Parser)]
struct Flags {
    /// The subscription's id, as `export --entity subscriptions` shows it.
    #[arg(long)]
    subscription: String,
    /// The resulting total, not a difference.
    #[arg(long)]
    quantity: Decimal,
    #[command(flatten)]
    write: WriteFlags,
}

#[tokio::main]
async fn main() -> Exit {
    let flags = Flags::parse();
    let command = Command::from(ChangeQuantity::new(flags.subscription, flags.quantity));
    Exit::of(write_support::run(&flags.write, &command)).await
}
