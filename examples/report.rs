//! Lists what a distributor has to download, and streams one of it as CSV: saved reports of StreamOne ION,
//! billing statements of Crayon Cloud-iQ. Memory stays flat.
//!
//! ```sh
//! cargo run --example report -- --provider streamone [--json]
//! cargo run --example report -- --provider streamone --id ID [--range last_month] [--out FILE]
//! ```

use std::io::Write;
use std::path::PathBuf;
use std::sync::Arc;

use clap::Parser;
use crayon_client::{CrayonConfig, CrayonProvider};
use provider_core::model::InvoiceKind;
use provider_core::{InvoiceQuery, Period, ProviderExt as _, Services};
use provider_examples::{Exit, Failure, Kind, OutFile, Variables};
use serde::Serialize;
use streamone_client::model::{RelativeDateRange, ReportDateRange};
use streamone_client::{StreamOneClient, StreamOneConfig};
use tokio::fs::File;
use tokio::io::{AsyncWrite, AsyncWriteExt as _};

/// Lists the reports and statements that a distributor has to download, and streams one of them.
#[derive(Parser)]
struct Flags {
    /// Which distributor: streamone or crayon.
    #[arg(long)]
    provider: Kind,
    /// The report's or statement's id, as the list shows it; without it, the list.
    #[arg(long)]
    id: Option<String>,
    /// The days that a report of ION covers, such as month_to_date or last_quarter.
    #[arg(long, default_value = "last_month", value_parser = range)]
    range: RelativeDateRange,
    /// Where to write the CSV; stdout without it.
    #[arg(long)]
    out: Option<PathBuf>,
    /// The list as JSON for machines.
    #[arg(long)]
    json: bool,
}

fn range(word: &str) -> Result<RelativeDateRange, String> {
    match RelativeDateRange::from(word) {
        RelativeDateRange::Other(_) => Err("use a word such as last_month or month_to_date".to_owned()),
        known => Ok(known),
    }
}

/// One line of the list.
#[derive(Serialize)]
struct Entry {
    id: String,
    name: String,
}

#[tokio::main]
async fn main() -> Exit {
    Exit::of(run(Flags::parse())).await
}

async fn run(flags: Flags) -> Result<(), Failure> {
    let variables = Variables::open().await?;
    match flags.provider {
        Kind::StreamOne => streamone(&flags, &variables).await,
        Kind::Crayon => crayon(&flags, &variables).await,
        Kind::Pax8 => {
            let instead = "Pax8 has no files to download: use export --entity invoice_lines";
            Err(Failure::Usage(instead.to_owned()))
        }
    }
}

async fn streamone(flags: &Flags, variables: &Variables) -> Result<(), Failure> {
    let config = StreamOneConfig::from_vars(|name| variables.get(name))?;
    let config = config.ok_or_else(|| variables.missing(flags.provider))?;
    let services = variables.services(Services::default(), false).await?;
    let client = StreamOneClient::builder(config).services(&services).build()?;
    match &flags.id {
        None => {
            let reports = client.reports().list(None).await?;
            let entry = |report: streamone_client::model::Report| {
                let name = report.display_name.unwrap_or_default();
                Some(Entry { id: report.report_id?.to_string(), name })
            };
            print(&reports.into_iter().filter_map(entry).collect::<Vec<_>>(), flags.json)?;
        }
        Some(id) => {
            // Column ids belong to one saved report, so it is read each time.
            let report = client.reports().get(id, None).await?;
            let report = report.run_over(ReportDateRange::relative(flags.range.clone()));
            let mut sink = Sink::open(flags)?;
            let downloaded = client.reports().csv_to(id, &report, &mut sink.to).await?;
            sink.finish().await?;
            eprintln!("{} bytes", downloaded.bytes);
        }
    }
    Ok(client.close().await?)
}

async fn crayon(flags: &Flags, variables: &Variables) -> Result<(), Failure> {
    let config = CrayonConfig::from_vars(|name| variables.get(name))?;
    let config = config.ok_or_else(|| variables.missing(flags.provider))?;
    let provider = Arc::new(CrayonProvider::from_config(config)?);
    match &flags.id {
        None => {
            let query = InvoiceQuery::default().kind(InvoiceKind::Statement);
            let statements = provider.invoices(query).collect_all().await?;
            let entry = |statement: &provider_core::Invoice| {
                let days = |p: Period| format!("{} until {}", p.start.date_naive(), p.end.date_naive());
                let name = statement.period.map_or_else(String::new, days);
                Entry { id: statement.id.to_string(), name }
            };
            print(&statements.iter().map(entry).collect::<Vec<_>>(), flags.json)?;
        }
        Some(id) => {
            let id =
                id.parse().map_err(|_| Failure::Usage("--id: a statement's id is a number".to_owned()))?;
            let mut sink = Sink::open(flags)?;
            let files = provider.client().billing_statements();
            let file = files.download_reconciliation_file(id, &mut sink.to).await?;
            sink.finish().await?;
            eprintln!("{} bytes{}", file.bytes, if file.zip { ", a zip of several CSV files" } else { "" });
        }
    }
    Ok(provider.client().close().await?)
}

/// Where the CSV goes. A download that fails leaves the last whole file alone.
struct Sink {
    to: Box<dyn AsyncWrite + Unpin + Send>,
    place: Option<OutFile>,
}

impl Sink {
    fn open(flags: &Flags) -> Result<Self, Failure> {
        let place = flags.out.as_deref().map(OutFile::of);
        let to: Box<dyn AsyncWrite + Unpin + Send> = match &place {
            Some(place) => Box::new(File::from_std(place.create()?)),
            None => Box::new(tokio::io::stdout()),
        };
        Ok(Self { to, place })
    }

    async fn finish(self) -> Result<(), Failure> {
        let Self { mut to, place } = self;
        to.flush().await?;
        drop(to);
        place.map_or(Ok(()), OutFile::keep)
    }
}

fn print(entries: &[Entry], json: bool) -> Result<(), Failure> {
    let mut out = std::io::stdout().lock();
    if json {
        let text = serde_json::to_string_pretty(entries).map_err(std::io::Error::other)?;
        writeln!(out, "{text}")?;
        return Ok(());
    }
    for entry in entries {
        writeln!(out, "{}  {}", entry.id, entry.name)?;
    }
    Ok(())
}
