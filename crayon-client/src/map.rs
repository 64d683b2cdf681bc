//! From the wire to the common models.

pub(crate) mod customer;
pub(crate) mod invoice;
pub(crate) mod offer;
pub(crate) mod order;
pub(crate) mod product;
pub(crate) mod subscription;
pub(crate) mod usage;

/// Text that says something.
pub(crate) fn filled(text: Option<String>) -> Option<String> {
    // Nearly every text begins with something.
    text.filter(|text| {
        text.bytes().next().is_some_and(|first| first.is_ascii_graphic()) || !text.trim().is_empty()
    })
}

/// A number that says something: 0 is what the service writes for an id that was never set.
pub(crate) fn told(id: i64) -> Option<String> {
    (id != 0).then(|| id.to_string())
}

/// New commerce orders and legacy offers have GUIDs.
pub(crate) fn is_guid(text: &str) -> bool {
    let groups: Vec<usize> = text.split('-').map(str::len).collect();
    groups == [8, 4, 4, 4, 12] && text.bytes().all(|b| b == b'-' || b.is_ascii_hexdigit())
}
