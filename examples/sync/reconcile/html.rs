//! The comparison as one page that needs nothing else: no script, no font and no picture from anywhere.

use std::fmt::Write as _;

use provider_sync::reconcile::{Comparison, Header, Row, Upcoming, Verdict};

use super::picture::picture;
use super::shown::{amount, money};
use super::table::{customer, month, summary, units, why};
use super::weeks::{date_of, weeks};

/// Rows that differ are shown up to this many; all of them are in the CSV and the JSON.
const DIFFERING: usize = 5_000;
/// Of those that agree and those that are not told, so many.
const OTHERS: usize = 500;
/// Of dates, so many.
const DATES: usize = 1_000;
/// So many rows that are not told are shown without being asked for.
const UNASKED: u64 = 50;

const STYLE: &str = include_str!("page.css");

/// A text as it stands in a page, in an element as in an attribute.
pub(super) fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for letter in text.chars() {
        match letter {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            // What no page may have.
            letter if letter.is_control() && !letter.is_whitespace() => out.push('\u{fffd}'),
            letter => out.push(letter),
        }
    }
    out
}

pub(super) fn page(compared: &Comparison) -> String {
    let header = compared.header();
    let title = format!("{} {}", header.connection, month(header));
    let mut out = String::new();
    let _ = write!(
        out,
        "<!doctype html>\n<html lang=\"en\"><head><meta charset=\"utf-8\">\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\
         <meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">\
         <meta name=\"color-scheme\" content=\"light dark\"><title>Ordered, invoiced, billed: {}</title>\
         <style>{STYLE}</style></head><body><header><p class=\"over\">Ordered, invoiced, billed</p><h1>{}</h1>",
        escaped(&title),
        escaped(&title)
    );
    let _ = write!(out, "<p class=\"as-of\">as of {}</p></header><main>", header.as_of.format("%F %R UTC"));
    figures(&mut out, header);
    remarks(&mut out, header);
    stake(&mut out, header);
    rows(&mut out, compared);
    renewals(&mut out, header);
    sides(&mut out, header);
    let _ = writeln!(out, "</main><footer><p>{}</p></footer></body></html>", escaped(&summary(header)));
    out
}

fn figures(out: &mut String, header: &Header) {
    let rows = header.summary.rows;
    out.push_str("<section class=\"figures\">");
    let stake: Vec<_> = header.summary.at_stake.iter().map(money).collect();
    let stake = match (stake.is_empty(), header.summary.all_matched) {
        (true, true) => "nothing".to_owned(),
        (true, false) => "not known".to_owned(),
        (false, _) => stake.join(" and "),
    };
    let _ = write!(out, "<div class=\"figure wide\"><b>{}</b><span>at stake</span></div>", escaped(&stake));
    for (count, word, class) in [
        (rows.differ(), "differ", "bad"),
        (rows.not_told, "not told", "open"),
        (rows.matched, "match", "good"),
    ] {
        let _ = write!(out, "<div class=\"figure {class}\"><b>{count}</b><span>{word}</span></div>");
    }
    let _ = write!(out, "<p class=\"outcome\">{}</p></section>", outcome(header));
}

/// What it comes to, in a sentence: that nothing differs is not that all agrees.
fn outcome(header: &Header) -> &'static str {
    let rows = header.summary.rows;
    match (header.summary.all_matched, rows.rows(), rows.differ()) {
        (true, ..) => "All three sides were told, are complete, and agree.",
        (false, 0, _) => {
            "There is nothing to compare: no side has anything that was bought or charged in this month."
        }
        (false, _, 0) => "Nothing differs as far as it is told. That is no proof that all agrees.",
        (false, ..) => "What differs is shown first. What is not told is no match.",
    }
}

fn remarks(out: &mut String, header: &Header) {
    if header.remarks.is_empty() {
        return;
    }
    out.push_str("<section><h2>To be known</h2><ul class=\"remarks\">");
    for remark in &header.remarks {
        let _ = write!(out, "<li>{}</li>", escaped(&remark.to_string()));
    }
    out.push_str("</ul></section>");
}

fn stake(out: &mut String, header: &Header) {
    if header.summary.by_cause.is_empty() {
        return;
    }
    out.push_str(
        "<section><h2>Money at stake</h2><p class=\"legend\"><i class=\"partner\"></i>you lose it \
         <i class=\"customer\"></i>the customer does <i class=\"distributor\"></i>the distributor may still charge \
         <i class=\"several\"></i>several<br>The full part is certain; the pale part is what it may be besides.</p>\
         <div class=\"pictures\">",
    );
    picture(out, "By customer", &header.summary.by_customer);
    picture(out, "By cause", &header.summary.by_cause);
    out.push_str("</div></section>");
}

fn row(out: &mut String, row: &Row) {
    let id = row.subscription.as_ref().map(ToString::to_string).unwrap_or_default();
    let product = row.product.as_deref().unwrap_or_default();
    let name =
        Some(customer(row)).filter(|name| !name.is_empty()).unwrap_or_else(|| "no customer".to_owned());
    let _ = write!(
        out,
        "<tr class=\"{}\"><th scope=\"row\">{}<small>{}</small><small class=\"id\">{}</small></th>",
        row.verdict.as_str(),
        escaped(&name),
        escaped(product),
        escaped(&id)
    );
    for (name, side) in [("ordered", &row.ordered), ("invoiced", &row.invoiced), ("billed", &row.billed)] {
        let _ = write!(
            out,
            "<td data-name=\"{name}\" class=\"number\">{}<small>{}</small></td>",
            escaped(&units(side)),
            escaped(&amount(side))
        );
    }
    let word = match row.verdict {
        Verdict::NotTold(_) => "not told".to_owned(),
        other => other.to_string(),
    };
    let stake = row.at_stake.as_ref().map(money).unwrap_or_default();
    let notes: String = row.notes.iter().map(|note| format!("<small>{}</small>", escaped(note))).collect();
    let _ = write!(
        out,
        "<td data-name=\"verdict\"><span class=\"verdict\">{}</span><small>{}</small>{notes}</td>\
         <td data-name=\"at stake\" class=\"number\">{}</td></tr>",
        escaped(&word),
        escaped(&why(row)),
        escaped(&stake)
    );
}

const ROWS: &str = "<table><thead><tr><th>Customer and subscription</th><th>Ordered</th><th>Invoiced</th><th>Billed</th>\
    <th>Verdict</th><th>At stake</th></tr></thead><tbody>";

/// A table with the rows that fit, as many as a page holds.
fn table(out: &mut String, compared: &Comparison, most: usize, fits: impl Fn(Verdict) -> bool) {
    out.push_str(ROWS);
    let (mut shown, mut left) = (0_usize, 0_u64);
    for one in compared.rows().filter(|one| fits(one.verdict)) {
        if shown < most {
            row(out, &one);
            shown += 1;
        } else {
            left += 1;
        }
    }
    out.push_str("</tbody></table>");
    if left > 0 {
        let _ = write!(out, "<p class=\"more\">and {left} more: the CSV and the JSON have all.</p>");
    }
}

fn rows(out: &mut String, compared: &Comparison) {
    let counts = compared.header().summary.rows;
    let untold = |verdict: Verdict| matches!(verdict, Verdict::NotTold(_));
    if counts.differ() > 0 {
        out.push_str("<section><h2>What differs</h2>");
        table(out, compared, DIFFERING, |verdict| !untold(verdict) && verdict != Verdict::Match);
        out.push_str("</section>");
    }
    let open = if counts.not_told <= UNASKED { " open" } else { "" };
    for (title, count, open, wanted) in
        [("Not told", counts.not_told, open, true), ("What agrees", counts.matched, "", false)]
    {
        if count > 0 {
            let _ = write!(out, "<section><details{open}><summary>{title} <b>{count}</b></summary>");
            let fits = |verdict| if wanted { untold(verdict) } else { verdict == Verdict::Match };
            table(out, compared, OTHERS, fits);
            out.push_str("</details></section>");
        }
    }
}

fn renewals(out: &mut String, header: &Header) {
    let all = &header.renewals;
    out.push_str("<section><h2>The next 90 days</h2>");
    if all.is_empty() {
        out.push_str("<p>No date is told.</p></section>");
        return;
    }
    weeks(out, all, header.as_of);
    out.push_str(
        "<table class=\"renewals\"><thead><tr><th>Date</th><th>Customer</th><th>Then</th><th>Reduce now</th>\
         <th>Cancel now</th><th>Missing it costs</th></tr></thead><tbody>",
    );
    all.iter().take(DATES).for_each(|one| renewal(out, one));
    out.push_str("</tbody></table>");
    if all.len() > DATES {
        let _ = write!(out, "<p class=\"more\">and {} more: the JSON has all.</p>", all.len() - DATES);
    }
    out.push_str("</section>");
}

fn renewal(out: &mut String, one: &Upcoming) {
    let guard = &one.guard;
    let date = date_of(one).map(|at| at.format("%F").to_string()).unwrap_or_default();
    let name = one.customer_name.as_deref().unwrap_or(one.customer.as_str());
    let _ = write!(
        out,
        "<tr><th scope=\"row\">{}</th><td data-name=\"customer\"><span class=\"name\">{}</span><small>{}</small></td>\
         <td data-name=\"then\">{}</td>",
        escaped(&date),
        escaped(name),
        escaped(one.product.as_deref().unwrap_or_default()),
        escaped(&guard.renewal.to_string())
    );
    for (word, answer) in [("reduce now", guard.reduce), ("cancel now", guard.cancel)] {
        let _ = write!(
            out,
            "<td data-name=\"{word}\" title=\"{}\">{}</td>",
            escaped(&answer.rule.to_string()),
            escaped(&answer.allowed.to_string())
        );
    }
    let missed = guard.missed.as_ref().map_or_else(|| "not known".to_owned(), money);
    let _ = write!(out, "<td data-name=\"missing it costs\" class=\"number\">{}</td></tr>", escaped(&missed));
}

fn sides(out: &mut String, header: &Header) {
    out.push_str("<section><h2>Where it was read</h2><ul class=\"sides\">");
    for (name, side) in
        [("ordered", &header.ordered), ("invoiced", &header.invoiced), ("billed", &header.billed)]
    {
        let complete = if side.complete { "complete" } else { "not known to be complete" };
        let _ = write!(
            out,
            "<li><b>{name}</b> {} records of {}, {complete}</li>",
            side.records,
            escaped(&side.from)
        );
    }
    for documents in &header.documents {
        let total = escaped(&documents.total.to_string());
        let _ = write!(out, "<li><b>documents</b> {} of the month claim {total}</li>", documents.count);
    }
    out.push_str("</ul></section>");
}
