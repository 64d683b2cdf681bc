//! Serves the simulator of the three distributors, for programs in any language.
//!
//! ```sh
//! cargo run --example simulator -- [--port N] [--seed N] [--customers N] [--latency MS] [--lenient]
//! ```

use std::io::Write;
use std::time::Duration;

use clap::Parser;
use provider_examples::{Exit, Failure};
use provider_simulator::Simulator;

/// Serves the simulator of the three distributors, for programs in any language.
#[derive(Parser)]
struct Flags {
    /// The first of three ports: Crayon, Pax8, StreamOne. Without it, free ones are taken.
    #[arg(long)]
    port: Option<u16>,
    /// The same seed gives the same data.
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// How many customers each distributor has.
    #[arg(long, default_value_t = 25)]
    customers: usize,
    /// How long every answer takes, in milliseconds, from the arrival of its request.
    #[arg(long, default_value_t = 0)]
    latency: u64,
    /// Ignores unknown query parameters and body members as the live services do. Without it they are refused.
    #[arg(long)]
    lenient: bool,
}

#[tokio::main]
async fn main() -> Exit {
    Exit(run(Flags::parse()).await)
}

async fn run(flags: Flags) -> Result<(), Failure> {
    let latency = Duration::from_millis(flags.latency);
    let mut builder = Simulator::builder().seed(flags.seed).customers(flags.customers).latency(latency);
    if let Some(port) = flags.port {
        builder = builder.port(port);
    }
    if flags.lenient {
        builder = builder.lenient();
    }
    let simulator = builder.start().await?;
    print(&simulator)?;
    tokio::signal::ctrl_c().await?;
    Ok(())
}

fn print(simulator: &Simulator) -> Result<(), Failure> {
    let mut out = std::io::stdout().lock();
    writeln!(
        out,
        "# Serving Crayon Cloud-iQ, Pax8 and StreamOne ION. Set these variables, then run a client:"
    )?;
    for (name, value) in simulator.env() {
        writeln!(out, "{name}={value}")?;
    }
    writeln!(out, "# Stop with Ctrl-C.")?;
    Ok(out.flush()?)
}
