//! Attempts as a table for people and as JSON for machines.

use std::io::{self, Write};

use chrono::{DateTime, SecondsFormat, Utc};
use provider_core::attempt::Step;
use provider_core::journal::{JournalEntry, Stage};
use provider_core::receipt::{LineOutcome, LineReceipt};
use provider_core::{Attempt, Receipt};
use serde::Serialize;
use serde_json::{Value, json};

/// One open attempt, without what only the provider understands.
#[derive(Serialize)]
struct Open<'a> {
    key: &'a str,
    connection: &'a str,
    account: Option<&'a provider_core::info::AccountKey>,
    command: &'a provider_core::Command,
    what: String,
    started_at: DateTime<Utc>,
    sent_until: Option<DateTime<Utc>>,
    holder: Option<&'a str>,
}

impl<'a> Open<'a> {
    fn of(attempt: &'a Attempt) -> Self {
        Self {
            key: attempt.key.as_str(),
            connection: &attempt.connection,
            account: attempt.account.as_ref(),
            command: &attempt.command,
            what: what(attempt),
            started_at: attempt.started_at,
            sent_until: attempt.sent_until,
            holder: attempt.holder.as_deref(),
        }
    }
}

/// The command in a few words: its kind and what it is about.
fn what(attempt: &Attempt) -> String {
    let kind = attempt.command.kind().words();
    match attempt.command.scope() {
        Some(scope) => format!("{kind}: {scope}"),
        None => kind.to_owned(),
    }
}

fn account(attempt: &Attempt) -> String {
    match &attempt.account {
        Some(account) => account.to_string(),
        None => format!("connection {}", attempt.connection),
    }
}

fn moment(at: DateTime<Utc>) -> String {
    at.to_rfc3339_opts(SecondsFormat::Secs, true)
}

fn write_json(value: &impl Serialize) -> io::Result<()> {
    let text = serde_json::to_string_pretty(value).map_err(io::Error::other)?;
    writeln!(io::stdout().lock(), "{text}")
}

/// What is open.
pub(crate) fn list(open: &[Attempt], json: bool) -> io::Result<()> {
    if json {
        return write_json(&open.iter().map(Open::of).collect::<Vec<_>>());
    }
    let mut out = io::stdout().lock();
    if open.is_empty() {
        return writeln!(out, "Nothing is open: what was sent has its answer.");
    }
    let head = ["KEY", "BEGUN", "ACCOUNT", "WHAT"].map(str::to_owned);
    let row = |one: &Attempt| [one.key.to_string(), moment(one.started_at), account(one), what(one)];
    table(&mut out, std::iter::once(head).chain(open.iter().map(row)).collect())?;
    writeln!(
        out,
        "\n{} may have been sent, and nobody knows what came of it. Call again with the key to have it looked up; \
         what stays open then, look for in the portal, and settle it.",
        open.len()
    )
}

/// Columns as wide as their widest cell.
fn table<const N: usize>(out: &mut impl Write, rows: Vec<[String; N]>) -> io::Result<()> {
    let mut widths = [0; N];
    for row in &rows {
        for (width, cell) in widths.iter_mut().zip(row) {
            *width = (*width).max(cell.chars().count());
        }
    }
    for row in rows {
        let cells = row.iter().zip(widths).map(|(cell, width)| format!("{cell:<width$}"));
        writeln!(out, "{}", cells.collect::<Vec<_>>().join("  ").trim_end())?;
    }
    Ok(())
}

/// All that is known of a key.
pub(crate) fn show(entries: &[JournalEntry], json: bool) -> io::Result<()> {
    if json {
        return write_json(&entries);
    }
    let mut out = io::stdout().lock();
    for entry in entries {
        one(&mut out, entry)?;
    }
    Ok(())
}

fn one(out: &mut impl Write, entry: &JournalEntry) -> io::Result<()> {
    let attempt = &entry.attempt;
    writeln!(out, "{}", attempt.key)?;
    writeln!(out, "  what      {}", what(attempt))?;
    writeln!(out, "  account   {}", account(attempt))?;
    writeln!(out, "  begun     {}", moment(attempt.started_at))?;
    if let Some(holder) = &attempt.holder {
        writeln!(out, "  by        {holder}")?;
    }
    if let Some(until) = attempt.sent_until {
        writeln!(out, "  sent      until {} at the latest", moment(until))?;
    }
    for step in &attempt.steps {
        writeln!(out, "  step {}    {}", step.step, answer(entry, step))?;
    }
    writeln!(out, "  state     {}", state(entry))?;
    if let Some(settled) = &entry.settled {
        writeln!(out, "  settled   by {}, {}", settled.by, moment(settled.at))?;
    }
    let command = serde_json::to_string_pretty(&attempt.command).map_err(io::Error::other)?;
    writeln!(out, "  command   {}", command.replace('\n', "\n            "))
}

/// What came of a step. The answer to the last one ends the attempt, and stands in the receipt alone.
fn answer(entry: &JournalEntry, step: &Step) -> String {
    if let Some(line) = &step.line {
        return format!("{}, order {}", line.outcome, line.order.as_ref().map_or("-", |id| id.as_str()));
    }
    let is_lost = |line: &LineReceipt| {
        usize::try_from(step.step) == Ok(line.line) && line.outcome == LineOutcome::Unknown
    };
    match &entry.stage {
        Stage::Done(receipt) if receipt.judged_by.is_answer() && !receipt.lines.iter().any(is_lost) => {
            "answered".to_owned()
        }
        _ => "no answer".to_owned(),
    }
}

fn state(entry: &JournalEntry) -> String {
    match &entry.stage {
        Stage::Reserved => "begun; nothing was sent".to_owned(),
        Stage::Armed => "open: it may have been sent, and nobody knows what came of it".to_owned(),
        Stage::Done(receipt) => done(receipt),
        Stage::NotApplied => "never happened: the next call with the key sends it".to_owned(),
        _ => "in a state that this version does not know".to_owned(),
    }
}

fn done(receipt: &Receipt) -> String {
    let mut text = format!("done ({})", receipt.outcome);
    if let Some(customer) = &receipt.customer {
        text.push_str(&format!(", customer {customer}"));
    }
    if let Some(order) = receipt.order() {
        text.push_str(&format!(", order {order}"));
    }
    text
}

/// What a person's word made of an entry.
pub(crate) fn settled(entry: &JournalEntry, json: bool) -> io::Result<()> {
    if json {
        return write_json(entry);
    }
    let by = entry.settled.as_ref().map_or("-", |settled| settled.by.as_str());
    writeln!(io::stdout().lock(), "{}: {}; by the word of {by}", entry.attempt.key, state(entry))
}

/// How many entries went to another account.
pub(crate) fn moved(count: u64, json: bool) -> io::Result<()> {
    if json {
        let value: Value = json!({ "moved": count });
        return write_json(&value);
    }
    writeln!(io::stdout().lock(), "{count} entries were moved")
}
