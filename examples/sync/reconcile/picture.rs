//! Money at stake as bars: what is certain in full, what it may be besides in pale.

use std::fmt::Write as _;

use provider_core::rust_decimal::Decimal;
use provider_sync::reconcile::{AtStake, Cause, Loser};

use super::html::escaped;
use super::shown::money;

/// Bars of one picture; the rest is one bar.
const BARS: usize = 12;

fn class(loser: Option<Loser>) -> &'static str {
    match loser {
        Some(Loser::Partner) => "partner",
        Some(Loser::Customer) => "customer",
        Some(Loser::Distributor) => "distributor",
        _ => "several",
    }
}

/// In parts of a hundred, with one place.
fn share(amount: Decimal, of: Decimal) -> Decimal {
    let hundred = Decimal::ONE_HUNDRED;
    let part = amount.checked_div(of).and_then(|part| part.checked_mul(hundred)).unwrap_or_default();
    part.clamp(Decimal::ZERO, hundred).round_dp(1)
}

/// What a bar is about, for people.
fn label(of: &AtStake) -> String {
    Cause::named(&of.of).map_or_else(|| of.of.clone(), |cause| cause.says().to_owned())
}

/// The bars of one currency.
fn bars(out: &mut String, all: &[&AtStake]) {
    let Some(largest) = all.iter().map(|one| one.range.most).max() else { return };
    for one in all.iter().take(BARS) {
        let (least, most) = (share(one.range.least, largest), share(one.range.most, largest));
        let (label, range) = (escaped(&label(one)), escaped(&money(&one.range)));
        let class = class(one.loser);
        // A bar that is there is seen.
        let shown = most.max(Decimal::new(5, 1));
        let _ = write!(
            out,
            "<li><span class=\"label\">{label}</span><svg class=\"{class}\" width=\"100%\" height=\"14\" role=\"img\" \
             aria-label=\"{label}: {range}\"><rect class=\"track\" width=\"100%\" height=\"14\" rx=\"3\"/>\
             <rect class=\"most\" width=\"{shown}%\" height=\"14\" rx=\"3\"/>\
             <rect class=\"least\" width=\"{least}%\" height=\"14\" rx=\"3\"/></svg>\
             <span class=\"range\">{range}</span></li>"
        );
    }
    if all.len() > BARS {
        let _ = write!(out, "<li class=\"more\">and {} more</li>", all.len() - BARS);
    }
}

/// One picture for each currency: they are never on one scale.
pub(super) fn picture(out: &mut String, title: &str, all: &[AtStake]) {
    let mut currencies: Vec<_> = all.iter().map(|one| one.range.currency).collect();
    currencies.sort_unstable();
    currencies.dedup();
    for currency in currencies {
        let _ =
            write!(out, "<figure><figcaption>{}, {currency}</figcaption><ul class=\"bars\">", escaped(title));
        let own: Vec<_> = all.iter().filter(|one| one.range.currency == currency).collect();
        bars(out, &own);
        out.push_str("</ul></figure>");
    }
}
