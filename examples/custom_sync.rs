//! Sync logic of your own on the trait: pull customers and subscriptions, map them to your records, apply
//! the difference, and go on where a stopped run left off.
//!
//! ```sh
//! cargo run --example custom_sync -- [--provider crayon|pax8|streamone] [--state FILE] [--stop-after PAGES]
//! ```
//!
//! Run it with `--state sync.json --stop-after 1`, then again without `--stop-after`: the second run
//! resumes.
//!
//! Take this for one table, one process, and a person who looks at what it does. It removes what a proven list does
//! not name, without asking for it once more; it ties nothing to records that you have already; two of it at once
//! write over each other. The example `sync` and the package provider-sync behind it take care of all of that, by a
//! plan: `docs/sync.md`.

use std::collections::{BTreeMap, BTreeSet};
use std::io::{Write as _, stdout};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use clap::Parser;
use provider_core::model::Entity;
use provider_core::page::ResumePoint;
use provider_core::query::Priority;
use provider_core::{
    Customer, CustomerQuery, Listing, Provider, ProviderExt, Subscription, SubscriptionQuery,
};
use provider_examples::{Connections, Exit, Failure, Kind};
use serde::{Deserialize, Serialize};

/// Sync logic of your own: pulls customers and subscriptions, and goes on where a stopped run left off.
#[derive(Parser)]
struct Flags {
    /// Which distributor: crayon, pax8 or streamone.
    #[arg(long, default_value = "pax8")]
    provider: Kind,
    /// Where your records and the resume points are kept; without it, in memory only.
    #[arg(long)]
    state: Option<PathBuf>,
    /// Stop after so many pages of customers, as a crash would.
    #[arg(long)]
    stop_after: Option<u64>,
}

/// Your side: what your application knows, by the distributor's id.
#[derive(Default, Serialize, Deserialize)]
struct Mine {
    customers: Table<Account>,
    subscriptions: Table<Seats>,
}

/// One kind of your records, and where the current run stands.
#[derive(Serialize, Deserialize)]
struct Table<R> {
    records: BTreeMap<String, R>,
    /// The ids met in the current run; what is missing at its end may be gone.
    met: BTreeSet<String>,
    resume: Option<ResumePoint>,
}

impl<R> Default for Table<R> {
    fn default() -> Self {
        Self { records: BTreeMap::new(), met: BTreeSet::new(), resume: None }
    }
}

#[derive(PartialEq, Serialize, Deserialize)]
struct Account {
    name: String,
    number: Option<String>,
    active: bool,
}

#[derive(PartialEq, Serialize, Deserialize)]
struct Seats {
    account: String,
    product: String,
    quantity: Option<String>,
    live: bool,
}

fn account(customer: &Customer) -> Account {
    let active = customer.status.as_ref().is_none_or(|status| status.as_str() == "active");
    Account { name: customer.name.clone(), number: customer.external_id.clone(), active }
}

fn seats(subscription: &Subscription) -> Seats {
    Seats {
        account: subscription.customer.to_string(),
        product: subscription.product.name.clone().unwrap_or_default(),
        quantity: subscription.quantity.map(|quantity| quantity.normalize().to_string()),
        live: subscription.status.is_live(),
    }
}

#[tokio::main]
async fn main() -> Exit {
    Exit::of(run(Flags::parse())).await
}

async fn run(flags: Flags) -> Result<(), Failure> {
    let connections = Connections::open(Some(flags.provider)).await?;
    let provider: &Arc<dyn Provider> = connections.one()?;
    let mut mine = load(flags.state.as_deref())?;
    let customers = provider.customers(CustomerQuery::default().priority(Priority::Bulk)).page_size(10);
    sync(customers, &mut mine, |m| &mut m.customers, account, &flags, flags.stop_after).await?;
    let subscriptions = provider.subscriptions(SubscriptionQuery::default().priority(Priority::Bulk));
    sync(subscriptions, &mut mine, |m| &mut m.subscriptions, seats, &flags, None).await?;
    connections.close().await
}

/// One run over one kind of record, page by page: apply the page, then store it with its point.
async fn sync<T: Entity, R: PartialEq>(
    mut listing: Listing<T>,
    mine: &mut Mine,
    table: fn(&mut Mine) -> &mut Table<R>,
    map: fn(&T) -> R,
    flags: &Flags,
    stop_after: Option<u64>,
) -> Result<(), Failure> {
    let noun = T::KIND.plural();
    if let Some(point) = table(mine).resume.take() {
        writeln!(stdout(), "{noun}: going on where the last run stopped")?;
        listing = listing.resume_from(point);
    } else {
        table(mine).met.clear();
    }
    let report = listing.report();
    let mut pages = listing.pages();
    let (mut created, mut updated) = (0, 0);
    while let Some(page) = pages.next().await {
        let (page, point) = page?;
        for record in page.records() {
            let Some(id) = record.identity().map(ToOwned::to_owned) else { continue };
            let table = table(mine);
            table.met.insert(id.clone());
            let new = map(record);
            match table.records.get(&id) {
                Some(known) if *known == new => continue,
                Some(_) => updated += 1,
                None => created += 1,
            }
            table.records.insert(id, new);
        }
        table(mine).resume = Some(point);
        store(flags.state.as_deref(), mine)?;
        if stop_after.is_some_and(|pages| report.pages() >= pages) {
            writeln!(stdout(), "{noun}: stopped after {} pages, {created} created", report.pages())?;
            return Err(Failure::Check("stopped as asked; run again to go on".to_owned()));
        }
    }
    // Only a listing that is known to be whole says that what it did not name is gone.
    let table = table(mine);
    let missing: Vec<_> = table.records.keys().filter(|id| !table.met.contains(*id)).cloned().collect();
    let mut removed = 0;
    if report.completeness().is_proven() {
        removed = missing.len();
        missing.iter().for_each(|id| {
            table.records.remove(id);
        });
    } else if !missing.is_empty() {
        writeln!(stdout(), "{noun}: {} were not met; the next whole run decides", missing.len())?;
    }
    table.resume = None;
    let known = table.records.len();
    writeln!(stdout(), "{noun}: {created} created, {updated} updated, {removed} removed, {known} known")?;
    store(flags.state.as_deref(), mine)
}

fn load(path: Option<&Path>) -> Result<Mine, Failure> {
    let Some(path) = path else { return Ok(Mine::default()) };
    match std::fs::read(path) {
        Ok(json) => serde_json::from_slice(&json).map_err(|error| {
            let problem = "is not a state of this example";
            Failure::Usage(format!("--state {}: {problem}: {error}", path.display()))
        }),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(Mine::default()),
        Err(error) => Err(Failure::of_file("--state", path, &error)),
    }
}

fn store(path: Option<&Path>, mine: &Mine) -> Result<(), Failure> {
    let Some(path) = path else { return Ok(()) };
    let new = path.with_extension("new");
    let json = serde_json::to_vec_pretty(mine).map_err(std::io::Error::other)?;
    let stored = std::fs::write(&new, json).and_then(|()| std::fs::rename(new, path));
    stored.map_err(|error| Failure::of_file("--state", path, &error))
}
