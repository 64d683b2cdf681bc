//! What people and machines are shown.

use std::io::Write;

use provider_examples::Failure;
use provider_sync::{ConnectionStatus, KindReport, Pending, PlanProblem, PlanProblems, Proof, SyncReport};
use serde::Serialize;
use serde_json::Value;

pub(crate) fn json(value: &impl Serialize) -> Result<(), Failure> {
    let text = serde_json::to_string_pretty(value).map_err(std::io::Error::other)?;
    Ok(writeln!(std::io::stdout().lock(), "{text}")?)
}

/// A line for people. Where nobody reads any more the program ends without a word.
pub(crate) fn say(text: &str) -> Result<(), Failure> {
    Ok(writeln!(std::io::stdout().lock(), "{text}")?)
}

/// What is wrong with a plan.
pub(crate) fn problems(file: &str, problems: &PlanProblems) -> Result<(), Failure> {
    let one = |problem: &PlanProblem| {
        serde_json::json!({
            "file": file,
            "line": problem.position.map(|position| position.line),
            "column": problem.position.map(|position| position.column),
            "path": problem.path,
            "message": problem.message,
        })
    };
    let all: Vec<_> = problems.iter().map(one).collect();
    json(&serde_json::json!({ "problems": all, "kinds": [] }))
}

/// Columns as wide as what is in them.
pub(crate) fn table(out: &mut impl Write, rows: &[Vec<String>]) -> std::io::Result<()> {
    let columns = rows.iter().map(Vec::len).max().unwrap_or_default();
    let width = |at: usize| rows.iter().filter_map(|row| row.get(at)).map(|cell| cell.chars().count()).max();
    let widths: Vec<_> = (0..columns).map(|at| width(at).unwrap_or_default()).collect();
    for row in rows {
        let cells = row.iter().zip(widths.iter().copied()).enumerate();
        let line: Vec<_> = cells
            .map(
                |(at, (cell, width))| {
                    if at == 0 { format!("{cell:<width$}") } else { format!("{cell:>width$}") }
                },
            )
            .collect();
        writeln!(out, "{}", line.join("  ").trim_end())?;
    }
    Ok(())
}

fn line(report: &KindReport) -> Vec<String> {
    let proof = match report.completeness {
        Proof::Proven => "proven",
        Proof::NoTotal => "no total",
        Proof::Unproven => "unproven",
    };
    let counts = [
        report.listed,
        report.created,
        report.updated,
        report.unchanged,
        report.removed,
        report.suspected,
        report.queued + report.conflicts,
        report.quarantined + report.refused,
        report.held + report.waiting,
        report.pushed,
        report.unknown,
    ];
    let name = report.kind.plural().replace('_', " ");
    std::iter::once(name).chain(counts.iter().map(ToString::to_string)).chain([proof.to_owned()]).collect()
}

pub(crate) fn report(report: &SyncReport, ahead: bool) -> Result<(), Failure> {
    let mut out = std::io::stdout().lock();
    let what = if ahead { "a run would do this; nothing was written" } else { report.outcome.as_str() };
    writeln!(out, "{}: {what}", report.connection)?;
    if report.kinds.is_empty() {
        return Ok(());
    }
    let head = [
        "",
        "listed",
        "created",
        "updated",
        "unchanged",
        "removed",
        "suspected",
        "queued",
        "quarantined",
        "held",
        "pushed",
        "unknown",
        "listing",
    ];
    let mut rows = vec![head.iter().map(|name| (*name).to_owned()).collect()];
    rows.extend(report.kinds.iter().map(line));
    table(&mut out, &rows)?;
    let waiting: u64 = report
        .kinds
        .iter()
        .map(|kind| kind.queued + kind.conflicts + kind.quarantined + kind.refused + kind.unknown)
        .sum();
    if waiting > 0 && !ahead {
        writeln!(out, "{waiting} wait for a person: `sync queue` shows them.")?;
    }
    Ok(())
}

/// The name of what waits, and why it does.
pub(crate) fn about(pending: &Pending) -> (String, String) {
    let text = |name: &str| pending.body.get(name).and_then(Value::as_str).unwrap_or_default();
    let path = text("path");
    let reason =
        if path.is_empty() { text("reason").to_owned() } else { format!("{path}: {}", text("reason")) };
    (text("name").to_owned(), reason)
}

/// The keys of the application's records that may be meant.
pub(crate) fn candidates(pending: &Pending) -> Vec<String> {
    let listed = pending.body.get("candidates").and_then(Value::as_array).into_iter().flatten();
    listed.filter_map(|one| one.get("key").and_then(Value::as_str)).map(ToOwned::to_owned).collect()
}

pub(crate) fn queue(waiting: &[Pending]) -> Result<(), Failure> {
    let mut out = std::io::stdout().lock();
    for pending in waiting {
        let (name, reason) = about(pending);
        let kind = pending.kind;
        writeln!(out, "{}  {}  {kind} {} {name}", pending.id, pending.why, pending.subject)?;
        writeln!(out, "    {reason}")?;
        if let Some(advice) = pending.body.get("advice").and_then(Value::as_str) {
            writeln!(out, "    {advice}")?;
        }
        for violation in pending.body.get("violations").and_then(Value::as_array).into_iter().flatten() {
            let text = |name: &str| violation.get(name).and_then(Value::as_str).unwrap_or_default();
            writeln!(out, "    {}: {}", text("field"), text("message"))?;
        }
        let candidates = candidates(pending);
        if !candidates.is_empty() {
            writeln!(out, "    may be: {}", candidates.join(", "))?;
        }
        if let Some(fields) = pending.body.get("fields").and_then(Value::as_object) {
            for (field, sides) in fields {
                let side = |name: &str| sides.get(name).map(ToString::to_string).unwrap_or_default();
                writeln!(out, "    {field}: there {}, here {}", side("remote"), side("local"))?;
            }
        }
        if let Some(decision) = &pending.decision {
            let who = pending.who.as_deref().unwrap_or("somebody");
            writeln!(out, "    decided: {decision} (by {who}); the next run does it")?;
        }
    }
    if waiting.is_empty() {
        writeln!(out, "Nothing waits for a decision.")?;
    }
    Ok(())
}

pub(crate) fn status(all: &[ConnectionStatus]) -> Result<(), Failure> {
    let mut out = std::io::stdout().lock();
    for one in all {
        let last =
            one.last_good.map_or_else(|| "never".to_owned(), |time| time.format("%F %T UTC").to_string());
        writeln!(out, "{}: {}", one.connection, one.state.as_str())?;
        if let Some(cause) = &one.cause {
            writeln!(out, "  why          {cause}")?;
        }
        if let Some(setting) = &one.setting {
            writeln!(out, "  to change    {setting}")?;
        }
        if let Some(next) = one.next_probe {
            writeln!(out, "  tried again  after {}", next.format("%F %T UTC"))?;
        }
        writeln!(out, "  last good    {last}")?;
        if one.failures > 0 {
            writeln!(out, "  failures     {} in a row", one.failures)?;
        }
        if one.unsent > 0 {
            writeln!(out, "  letters      {} wait to be sent", one.unsent)?;
        }
        for mailbox in &one.refused {
            writeln!(
                out,
                "  no letter    the mail server refuses {}: look at `alerts` in the plan",
                mailbox.0
            )?;
        }
        if let Some(outcome) = one.last_outcome {
            writeln!(out, "  last run     {}", outcome.as_str())?;
        }
        writeln!(out, "  tied         {} records", one.linked)?;
        let queue: Vec<_> = one.queue.iter().map(|(why, count)| format!("{count} {why}")).collect();
        if one.unknown > 0 {
            let since =
                one.unknown_since.map(|since| since.format(", the oldest since %F %T UTC").to_string());
            writeln!(out, "  unknown      {} commands{}", one.unknown, since.unwrap_or_default())?;
        }
        writeln!(
            out,
            "  waiting      {}",
            if queue.is_empty() { "nothing".to_owned() } else { queue.join(", ") }
        )?;
    }
    if all.is_empty() {
        writeln!(out, "No run has been made yet.")?;
    }
    Ok(())
}
