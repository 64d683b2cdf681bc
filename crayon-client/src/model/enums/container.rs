//! Product containers: drafts, quotes, reports.

numeric_enum! {
    /// What a product container is about.
    pub enum ProductContainerCategory {
        /// Not said.
        None = 0,
        /// Seats.
        Seat = 1,
        /// Reports.
        Report = 2,
    }
}

flags! {
    /// What a product container is.
    pub struct ProductContainerType {
        /// Not said.
        NONE = 0,
        /// A draft.
        DRAFT = 1,
        /// A request.
        REQUEST = 2,
        /// An order.
        ORDER = 4,
        /// A quote.
        QUOTE = 8,
        /// A template.
        TEMPLATE = 16,
    }

    /// What a comment on a product container records.
    pub struct ProductContainerCommentType {
        /// Not said.
        NONE = 0,
        /// A comment by a person.
        COMMENT = 1,
        /// A draft was made.
        DRAFT_CREATED = 2,
        /// A draft was changed.
        DRAFT_MODIFIED = 4,
        /// A quote was made.
        QUOTE_CREATED = 8,
        /// A quote was changed.
        QUOTE_MODIFIED = 16,
        /// A request was made.
        REQUEST_CREATED = 32,
        /// A request was changed.
        REQUEST_MODIFIED = 64,
        /// An order was submitted.
        ORDER_SUBMITTED = 128,
        /// An order was invoiced.
        ORDER_INVOICED = 256,
        /// It was removed.
        REMOVED = 512,
        /// A template was made.
        TEMPLATE_CREATED = 1024,
        /// A template was changed.
        TEMPLATE_MODIFIED = 2048,
        /// A request was declined.
        REQUEST_DECLINED = 4096,
        /// The system says something.
        SYSTEM_MESSAGE = 8190,
    }
}
