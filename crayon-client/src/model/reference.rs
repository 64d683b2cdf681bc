//! What many records have in common.

provider_core::records! {
    #![setters]
    #![serde(rename_all = "PascalCase")]
    #![derive(Default, PartialEq)]
    #![numbers]

    /// Another record, by its id and, in answers, its name.
    pub struct ObjectReference {
        /// Its id.
        pub id: i64,
        /// Its name.
        pub name: Option<String>,
    }

    /// An amount of money.
    pub struct Money {
        /// The amount, in major units.
        pub value: Option<Decimal>,
        /// The ISO 4217 code.
        pub currency_code: Option<String>,
    }

    /// A product, without price or agreement.
    pub struct ProductReference {
        /// Its id.
        pub id: i64,
        /// What an order names.
        pub part_number: Option<String>,
        /// The publisher's own id.
        pub publisher_product_id: Option<String>,
        /// Its legal name.
        pub item_legal_name: Option<String>,
        /// Its name.
        pub item_name: Option<String>,
    }
}

impl ObjectReference {
    /// Names a record by its id, as requests do.
    #[must_use]
    pub const fn new(id: i64) -> Self {
        Self { id, name: None }
    }
}

numeric_enum! {
    /// Which way a list is sorted.
    pub enum SortOrder {
        /// Smallest first.
        Ascending = 0,
        /// Largest first.
        Descending = 1,
    }
}
