//! What was ordered, invoiced and billed in a month.

#[path = "reconcile/html.rs"]
mod html;
#[path = "reconcile/picture.rs"]
mod picture;
#[path = "reconcile/planted.rs"]
mod planted;
#[path = "reconcile/shown.rs"]
mod shown;
#[path = "reconcile/table.rs"]
mod table;
#[path = "reconcile/weeks.rs"]
mod weeks;

use std::path::Path;
use std::sync::Arc;

use provider_core::Provider;
use provider_core::clock::{Clock as _, SystemClock};
use provider_examples::{Connections, Failure, Kind};
use provider_sync::reconcile::{
    BilledSource, BilledTable, BilledTableError, Comparison, Month, Reconcile, ReconcileError, Rules,
};

use super::flags::{Flags, Reconcile as Asked};
use super::place::{Read, of_target, once_open};
use super::print;

/// Everything that a comparison needs.
struct Compared {
    connections: Connections,
    provider: Arc<dyn Provider>,
    billed: Option<Arc<dyn BilledSource>>,
    rules: Rules,
}

pub(crate) async fn run(flags: &Flags, asked: &Asked) -> Result<(), Failure> {
    let forms = [flags.json, asked.csv.is_some(), asked.html.is_some()];
    if forms.into_iter().filter(|form| *form).count() > 1 {
        return Err(Failure::Usage("--json, --csv and --html: name one of them".to_owned()));
    }
    let month = asked.period.unwrap_or_else(|| Month::of(SystemClock.now()).before());
    let Compared { connections, provider, billed, rules } = match &flags.plan {
        Some(_) => planned(flags).await?,
        None => planted(month).await?,
    };
    let mut comparison = Reconcile::new(provider, month).rules(rules);
    if let Some(billed) = billed {
        comparison = comparison.billed(billed);
    }
    let compared = comparison.run().await.map_err(failure)?;
    show(&compared, flags, asked)?;
    connections.close().await
}

fn failure(error: ReconcileError) -> Failure {
    match error {
        ReconcileError::Provider(error) => Failure::Provider(error),
        ReconcileError::Billed(error) => once_open(of_target(&error)),
        other => Failure::Check(other.to_string()),
    }
}

/// As the plan says.
async fn planned(flags: &Flags) -> Result<Compared, Failure> {
    let read = Read::from(flags)?;
    let connections = Connections::open(Some(read.kind(flags)?)).await?;
    let provider = Arc::clone(connections.one()?);
    read.plan.check_reconcile(&*provider).map_err(|problems| read.wrong(&problems))?;
    let said = read.plan.reconcile.clone().unwrap_or_default();
    let billed = match said.billed {
        None => None,
        Some(_) => {
            let url = read.url(flags)?;
            let opened = BilledTable::open(&url, &read.plan).await;
            opened.map_err(|error| match error {
                BilledTableError::Plan(problems) => read.wrong(&problems),
                BilledTableError::Target(error) => read.unopened(flags, &error),
                other => Failure::Usage(other.to_string()),
            })?
        }
    };
    let billed = billed.map(|table| Arc::new(table) as Arc<dyn BilledSource>);
    Ok(Compared { connections, provider, billed, rules: said.rules })
}

/// Without a plan and without a distributor: the simulator, with differences in it.
async fn planted(month: Month) -> Result<Compared, Failure> {
    let connections = Connections::open(Some(Kind::Pax8)).await.map_err(|failure| match failure {
        // Another distributor is configured, so a plan is what is missing.
        Failure::Usage(_) => no_plan(),
        other => other,
    })?;
    let Some(simulator) = connections.simulator() else { return Err(no_plan()) };
    let provider = Arc::clone(connections.one()?);
    let billed = planted::plant(simulator, &provider, month).await?;
    eprintln!(
        "No plan is named: differences were planted in the simulator's {month} and in what was billed."
    );
    Ok(Compared { provider, billed: Some(Arc::new(billed)), rules: Rules::default(), connections })
}

fn no_plan() -> Failure {
    Failure::Usage("--plan: name the plan, which says where what was billed is kept".to_owned())
}

fn written(flag: &str, path: &Path, text: &[u8]) -> Result<(), Failure> {
    std::fs::write(path, text).map_err(|error| Failure::of_file(flag, path, &error))?;
    print::say(&format!("Wrote {}.", path.display()))
}

fn show(compared: &Comparison, flags: &Flags, asked: &Asked) -> Result<(), Failure> {
    if flags.json {
        return print::json(&compared.report());
    }
    if let Some(path) = &asked.csv {
        written("--csv", path, &table::csv(compared)?)?;
    } else if let Some(path) = &asked.html {
        written("--html", path, html::page(compared).as_bytes())?;
    } else {
        return table::print(compared);
    }
    print::say(&table::summary(compared.header()))
}
