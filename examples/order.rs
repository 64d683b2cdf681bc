//! Plans or places an order and waits for its final state.
//!
//! ```sh
//! cargo run --example order -- --provider pax8 --customer ID --product ID [--offer ID] --quantity N
//!     [--billing-cycle C] [--term T] [--attribute k=v]... --key KEY [--plan] [--json]
//! ```
//!
//! The key names the intent: run it again with the same key and nothing is bought twice.

mod write_support;

use clap::Parser;
use provider_core::{
    BillingCycle, Command, IdempotencyKey, NewOrder, NewOrderLine, PlaceOrder, Term, WriteOptions,
};
use provider_examples::{Exit, Failure, Kind};
use rust_decimal::Decimal;

#[derive(Parser)]
struct Flags {
    /// Which distributor: crayon, pax8 or streamone.
    #[arg(long)]
    provider: Kind,
    /// The customer's id, as `export --entity customers` shows it.
    #[arg(long)]
    customer: String,
    /// The product's id, as `export --entity products` shows it.
    #[arg(long)]
    product: String,
    /// The offer's id, as `export --entity products --offers` shows it.
    #[arg(long)]
    offer: Option<String>,
    /// How many units.
    #[arg(long)]
    quantity: Decimal,
    /// How often to pay, such as monthly or annual.
    #[arg(long)]
    billing_cycle: Option<BillingCycle>,
    /// How long to commit, such as P1M or P1Y.
    #[arg(long)]
    term: Option<Term>,
    /// A provisioning answer by the distributor's own key; may be repeated.
    #[arg(long = "attribute", value_parser = write_support::pair)]
    attributes: Vec<(String, String)>,
    /// Your name for this purchase: 16 to 255 visible ASCII characters.
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
    Exit(run(Flags::parse()).await)
}

async fn run(flags: Flags) -> Result<(), Failure> {
    let mut line = NewOrderLine::new(flags.product, flags.quantity);
    line.offer = flags.offer.map(Into::into);
    line.billing_cycle = flags.billing_cycle;
    line.commitment_term = flags.term;
    line.attributes = flags.attributes.into_iter().collect();
    let mut order = NewOrder::new(flags.customer, vec![line]);
    order.reference = Some(flags.key.to_string());
    let command = Command::from(PlaceOrder::new(order));
    write_support::run(flags.provider, &command, &WriteOptions::new(flags.key), flags.plan, flags.json).await
}
