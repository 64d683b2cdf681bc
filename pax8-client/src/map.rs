//! From Pax8's records to the common models, without I/O. What Pax8 does not say stays `None`.

pub(crate) mod customer;
pub(crate) mod invoice;
pub(crate) mod offer;
pub(crate) mod order;
pub(crate) mod product;
pub(crate) mod subscription;
pub(crate) mod term;
pub(crate) mod usage;

use provider_core::model::Denomination;
use provider_core::{ItemError, Price};
use rust_decimal::Decimal;

/// An amount for a whole line or document.
pub(crate) fn whole(amount: Option<Decimal>, money: &Denomination) -> Option<Price> {
    amount.map(|amount| money.whole(amount))
}

/// An id that a record cannot be used without; blank is none.
pub(crate) fn needed(id: Option<String>, member: &'static str) -> Result<String, ItemError> {
    said(id).ok_or_else(|| ItemError::new(member, "is missing"))
}

/// False for a word that is none: empty text stands where nothing was said.
pub(crate) fn says(word: &str) -> bool {
    !word.trim().is_empty()
}

/// Text that says something; `N/A` is what Pax8 writes for nothing.
pub(crate) fn said(text: Option<String>) -> Option<String> {
    text.filter(|text| {
        let text = text.trim();
        !text.is_empty() && !text.eq_ignore_ascii_case("n/a")
    })
}
