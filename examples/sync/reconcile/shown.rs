//! Numbers as a page shows them.

use provider_core::commitment::MoneyRange;
use provider_core::rust_decimal::Decimal;
use provider_sync::reconcile::Side;

/// Between thousands: a comma and a point mean one thing here and the other there. No line breaks at it.
const THOUSANDS: char = '\u{202f}';
/// Between an amount and its currency, where no line breaks either.
const BESIDE: char = '\u{a0}';

/// Two decimals, and the thousands apart.
pub(super) fn grouped(number: Decimal) -> String {
    let text = format!("{number:.2}");
    let (whole, cents) = text.split_once('.').unwrap_or((&text, "00"));
    let (sign, digits) = whole.strip_prefix('-').map_or(("", whole), |digits| ("\u{2212}", digits));
    let mut out = sign.to_owned();
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            out.push(THOUSANDS);
        }
        out.push(digit);
    }
    format!("{out}.{cents}")
}

pub(super) fn money(range: &MoneyRange) -> String {
    let (least, most) = (grouped(range.least), grouped(range.most));
    let currency = range.currency;
    if least == most {
        format!("{most}{BESIDE}{currency}")
    } else {
        format!("{least} to {most}{BESIDE}{currency}")
    }
}

pub(super) fn amount(side: &Side) -> String {
    match (side.amount, side.currency) {
        (Some(amount), Some(currency)) => format!("{}{BESIDE}{currency}", grouped(amount)),
        (Some(amount), None) => grouped(amount),
        _ => String::new(),
    }
}
