//! Keeps tables of an application in step with a distributor, by a plan.
//!
//! ```sh
//! cargo run --example sync -- tables  --plan examples/plans/pax8.toml --create
//! cargo run --example sync -- preview --plan examples/plans/pax8.toml
//! cargo run --example sync -- run     --plan examples/plans/pax8.toml
//! cargo run --example sync -- reconcile --html month.html
//! ```

#[path = "sync/decisions.rs"]
mod decisions;
#[path = "sync/flags.rs"]
mod flags;
#[path = "sync/letters.rs"]
mod letters;
#[path = "sync/passwords.rs"]
mod passwords;
#[path = "sync/people.rs"]
mod people;
#[path = "sync/place.rs"]
mod place;
#[path = "sync/print.rs"]
mod print;
#[path = "sync/progress.rs"]
mod progress;
#[path = "sync/pull.rs"]
mod pull;
#[path = "sync/reconcile.rs"]
mod reconcile;
#[path = "sync/simulated.rs"]
mod simulated;

use clap::Parser;
use provider_examples::Exit;

use flags::{Flags, Verb};

#[tokio::main]
async fn main() -> Exit {
    let flags = Flags::parse();
    Exit(match &flags.verb {
        None | Some(Verb::Run) => pull::run(&flags).await,
        Some(Verb::Check) => pull::check(&flags).await,
        Some(Verb::Preview) => pull::preview(&flags).await,
        Some(Verb::Tables { create }) => place::tables(&flags, *create).await,
        Some(Verb::Queue { csv }) => people::queue(&flags, *csv).await,
        Some(Verb::Resolve(resolve)) => people::resolve(&flags, resolve).await,
        Some(Verb::Status) => people::status(&flags).await,
        Some(Verb::Reconcile(asked)) => reconcile::run(&flags, asked).await,
        Some(Verb::Credentials) => passwords::show(&flags).await,
        Some(Verb::Enable) => letters::switch(&flags, true, None).await,
        Some(Verb::Disable { by }) => letters::switch(&flags, false, by.as_deref()).await,
        Some(Verb::Deliver) => letters::deliver(&flags).await,
    })
}
