//! Sections of quotes.

use provider_core::records;

records! {
    #![setters]
    #![numbers]
    #![serde(rename_all = "camelCase")]
    #![derive(PartialEq, Eq)]

    /// A section of a quote.
    pub struct Section {
        /// UUID.
        pub id: String,
        /// Its name.
        pub name: String,
        /// Its place.
        pub order: i64,
        /// Its lines.
        #[serde(default, deserialize_with = "provider_core::wire::lenient::list")]
        pub line_items: ::std::vec::Vec<SectionLineItem>,
    }

    /// A line's place in a section.
    pub struct SectionLineItem {
        /// The line.
        pub line_item_id: String,
        /// Its place.
        pub order: i64,
    }

    /// The sections of a quote.
    pub struct Sections {
        /// All of them.
        #[serde(default, deserialize_with = "provider_core::wire::lenient::list")]
        pub sections: ::std::vec::Vec<Section>,
    }
}

impl Section {
    /// A section without lines.
    #[must_use]
    pub fn new(id: impl Into<String>, name: impl Into<String>, order: i64) -> Self {
        Self { id: id.into(), name: name.into(), order, line_items: Vec::new() }
    }
}

impl SectionLineItem {
    /// This line at this place.
    #[must_use]
    pub fn new(line_item_id: impl Into<String>, order: i64) -> Self {
        Self { line_item_id: line_item_id.into(), order }
    }
}

impl Sections {
    /// These sections.
    #[must_use]
    pub fn new(sections: Vec<Section>) -> Self {
        Self { sections }
    }
}
