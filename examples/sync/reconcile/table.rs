//! The comparison on a terminal, and for a spreadsheet.

use std::collections::BTreeMap;
use std::io::Write;

use provider_core::commitment::MoneyRange;
use provider_examples::Failure;
use provider_sync::reconcile::{Cause, Comparison, Header, Loser, Month, Row, Side, Verdict};

use crate::print;

/// Renewals that a terminal shows; the page and the JSON have all.
const RENEWALS: usize = 10;

pub(super) fn units(side: &Side) -> String {
    side.quantity.map_or_else(|| "-".to_owned(), |quantity| quantity.normalize().to_string())
}

fn money(range: &MoneyRange) -> String {
    let (least, most) = (format!("{:.2}", range.least), format!("{:.2}", range.most));
    let currency = range.currency;
    if least == most { format!("{most} {currency}") } else { format!("{least} to {most} {currency}") }
}

pub(super) fn month(header: &Header) -> Month {
    Month::of(header.period.start)
}

pub(super) fn customer(row: &Row) -> String {
    let id = row.customer.as_ref().map(ToString::to_string);
    row.customer_name.clone().or(id).unwrap_or_default()
}

/// The reason, or what differs.
pub(super) fn why(row: &Row) -> String {
    match row.verdict {
        Verdict::NotTold(reason) => reason.to_string(),
        _ => row.cause.to_string(),
    }
}

/// Everything in one line.
pub(super) fn summary(header: &Header) -> String {
    let rows = header.summary.rows;
    let counts = [
        (rows.matched, "match"),
        (rows.quantity, "quantity"),
        (rows.price, "price"),
        (rows.not_billed, "not billed"),
        (rows.not_bought, "not bought"),
        (rows.not_told, "not told"),
    ];
    let counts: Vec<_> = counts
        .into_iter()
        .filter(|(count, _)| *count > 0)
        .map(|(count, word)| format!("{count} {word}"))
        .collect();
    let all = if rows.rows() == 1 { "1 row".to_owned() } else { format!("{} rows", rows.rows()) };
    let counts = if counts.is_empty() { "nothing to compare".to_owned() } else { counts.join(", ") };
    let stake: Vec<_> = header.summary.at_stake.iter().map(money).collect();
    let stake = match stake.is_empty() {
        true if header.summary.all_matched => "nothing at stake".to_owned(),
        true => "no money is known to be at stake".to_owned(),
        false => format!("at stake {}", stake.join(" and ")),
    };
    let unpriced = match header.summary.unpriced {
        0 => String::new(),
        some => format!(", and {some} rows of which nothing tells how much"),
    };
    format!("{} {}: {all}: {counts}; {stake}{unpriced}", header.connection, month(header))
}

pub(super) fn print(compared: &Comparison) -> Result<(), Failure> {
    let header = compared.header();
    let mut out = std::io::stdout().lock();
    for remark in &header.remarks {
        writeln!(out, "note: {remark}")?;
    }
    let mut rows = vec![
        ["", "subscription", "ordered", "invoiced", "billed", "verdict", "at stake", "why"]
            .map(ToOwned::to_owned)
            .to_vec(),
    ];
    let mut untold: BTreeMap<String, u64> = BTreeMap::new();
    for row in compared.rows() {
        match row.verdict {
            Verdict::Match => continue,
            Verdict::NotTold(reason) => {
                *untold.entry(reason.to_string()).or_default() += 1;
                continue;
            }
            _ => {}
        }
        rows.push(vec![
            customer(&row),
            row.subscription.as_ref().map(ToString::to_string).unwrap_or_default(),
            units(&row.ordered),
            units(&row.invoiced),
            units(&row.billed),
            row.verdict.to_string(),
            row.at_stake.as_ref().map(money).unwrap_or_default(),
            why(&row),
        ]);
    }
    if rows.len() > 1 {
        print::table(&mut out, &rows)?;
    }
    for (reason, count) in untold {
        writeln!(out, "not told, {count} rows: {reason}")?;
    }
    for renewal in header.renewals.iter().take(RENEWALS) {
        let name = renewal.customer_name.as_deref().unwrap_or(renewal.customer.as_str());
        writeln!(out, "{name}: {}", renewal.guard)?;
    }
    if header.renewals.len() > RENEWALS {
        writeln!(
            out,
            "{} more dates in the next 90 days: --html shows them all",
            header.renewals.len() - RENEWALS
        )?;
    }
    writeln!(out, "{}", summary(header))?;
    Ok(())
}

/// A text that no spreadsheet takes for a formula.
fn cell(text: &str) -> String {
    if text.starts_with(['=', '+', '-', '@', '\t', '\r']) { format!("'{text}") } else { text.to_owned() }
}

const HEAD: [&str; 24] = [
    "month",
    "customer",
    "customer_name",
    "subscription",
    "product",
    "ordered_quantity",
    "ordered_amount",
    "ordered_currency",
    "invoiced_quantity",
    "invoiced_amount",
    "invoiced_currency",
    "invoiced_lines",
    "billed_quantity",
    "billed_amount",
    "billed_currency",
    "billed_rows",
    "verdict",
    "cause",
    "reason",
    "loser",
    "at_stake_least",
    "at_stake_most",
    "at_stake_currency",
    "notes",
];

fn loser(cause: Cause) -> &'static str {
    match cause.loser() {
        Some(Loser::Partner) => "partner",
        Some(Loser::Customer) => "customer",
        Some(Loser::Distributor) => "distributor",
        _ => "",
    }
}

fn record(month: Month, row: &Row) -> Vec<String> {
    let shown = |value: Option<&dyn ToString>| value.map(ToString::to_string).unwrap_or_default();
    let side = |side: &Side| {
        [
            shown(side.quantity.as_ref().map(|quantity| quantity as &dyn ToString)),
            shown(side.amount.as_ref().map(|amount| amount as &dyn ToString)),
            shown(side.currency.as_ref().map(|currency| currency as &dyn ToString)),
        ]
    };
    let reason = match row.verdict {
        Verdict::NotTold(reason) => reason.to_string(),
        _ => String::new(),
    };
    let mut record = vec![
        month.to_string(),
        cell(row.customer.as_ref().map_or("", |id| id.as_str())),
        cell(row.customer_name.as_deref().unwrap_or_default()),
        cell(row.subscription.as_ref().map_or("", |id| id.as_str())),
        cell(row.product.as_deref().unwrap_or_default()),
    ];
    record.extend(side(&row.ordered));
    record.extend(side(&row.invoiced));
    record.push(row.invoiced.lines.to_string());
    record.extend(side(&row.billed));
    record.push(row.billed.lines.to_string());
    record.extend([
        row.verdict.as_str().to_owned(),
        row.cause.as_str().to_owned(),
        reason,
        loser(row.cause).to_owned(),
    ]);
    record.extend(match &row.at_stake {
        Some(range) => [range.least.to_string(), range.most.to_string(), range.currency.to_string()],
        None => <[String; 3]>::default(),
    });
    record.push(cell(&row.notes.join("; ")));
    record
}

/// Every row.
pub(super) fn csv(compared: &Comparison) -> Result<Vec<u8>, Failure> {
    let month = month(compared.header());
    let mut out = csv::Writer::from_writer(Vec::new());
    out.write_record(HEAD).map_err(std::io::Error::other)?;
    for row in compared.rows() {
        out.write_record(record(month, &row)).map_err(std::io::Error::other)?;
    }
    Ok(out.into_inner().map_err(std::io::Error::other)?)
}
