//! Plans or places an order and waits for its final state.
//!
//! ```sh
//! cargo run --example order -- --provider pax8 --customer ID --product ID [--offer ID] --quantity N
//!     [--billing-cycle C] [--term T] [--attribute k=v]... [--reference R] --key KEY [--plan] [--json]
//! ```
//!
//! The key names the intent: run it again with the same key and nothing is bought twice.

mod write_support;

use clap::Parser;
use provider_core::{BillingCycle, Command, NewOrder, NewOrderLine, PlaceOrder, Term};
use provider_examples::{Exit, Failure};
use rust_decimal::Decimal;
use write_support::WriteFlags;

/// Plans or places an order, and waits for its final state.
#[derive(Parser)]
struct Flags {
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
    /// Your reference, such as a quote's number, where the distributor keeps one.
    #[arg(long)]
    reference: Option<String>,
    #[command(flatten)]
    write: WriteFlags,
}

#[tokio::main]
async fn main() -> Exit {
    Exit::of(run(Flags::parse())).await
}

async fn run(flags: Flags) -> Result<(), Failure> {
    let mut line = NewOrderLine::new(flags.product, flags.quantity);
    line.offer = flags.offer.map(Into::into);
    line.billing_cycle = flags.billing_cycle;
    line.commitment_term = flags.term;
    line.attributes = flags.attributes.into_iter().collect();
    let mut order = NewOrder::new(flags.customer).line(line);
    order.reference = flags.reference;
    let command = Command::from(PlaceOrder::new(order));
    write_support::run(&flags.write, &command).await
}
