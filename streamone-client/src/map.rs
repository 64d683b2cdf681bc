//! From the records of the wire to the common models.

pub(crate) mod customer;
pub(crate) mod invoice;
pub(crate) mod order;
pub(crate) mod product;
pub(crate) mod subscription;
pub(crate) mod term;
pub(crate) mod usage;

use provider_core::ItemError;

/// The cloud provider that is Microsoft.
pub(crate) const MICROSOFT: &str = "30";
/// The cloud provider that is AWS.
pub(crate) const AWS: &str = "1";

/// The vendor behind a cloud provider, where the reference knows its number.
pub(crate) fn vendor(cloud_provider: &str) -> Option<&'static str> {
    match cloud_provider {
        MICROSOFT => Some("Microsoft"),
        AWS => Some("AWS"),
        _ => None,
    }
}

/// False for a word that is none: empty text stands where nothing was said.
pub(crate) fn says(word: &str) -> bool {
    !word.trim().is_empty()
}

/// A text that says something.
pub(crate) fn said(text: Option<&String>) -> Option<String> {
    text.map(|text| text.trim()).filter(|text| !text.is_empty()).map(str::to_owned)
}

/// A record without something it cannot be used without.
pub(crate) fn missing(path: &str) -> ItemError {
    ItemError::new(path, "is missing")
}
