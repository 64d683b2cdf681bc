//! From the wire to the common models.

pub(crate) mod customer;
pub(crate) mod invoice;
pub(crate) mod offer;
pub(crate) mod order;
pub(crate) mod product;
pub(crate) mod subscription;
pub(crate) mod usage;

use provider_core::Currency;

/// Text that says something.
pub(crate) fn filled(text: Option<String>) -> Option<String> {
    text.filter(|text| !text.trim().is_empty())
}

/// A currency by its code; the connection's own where the record names none.
pub(crate) fn currency(code: Option<&str>, fallback: Option<Currency>) -> Option<Currency> {
    code.and_then(|code| Currency::new(code).ok()).or(fallback)
}
