//! Subscriptions.

numeric_enum! {
    /// How subscriptions are sorted.
    pub enum SubscriptionSortBy {
        /// By name.
        Name = 0,
        /// By product.
        ProductName = 1,
        /// By creation.
        CreationDate = 2,
        /// By end.
        EndDate = 3,
    }
}

flags! {
    /// The status of a subscription, and a sum of statuses in a filter.
    pub struct SubscriptionStatus {
        /// No status.
        NONE = 0,
        /// In use.
        ACTIVE = 1,
        /// Stopped; can go on.
        SUSPENDED = 2,
        /// Deleted.
        DELETED = 4,
        /// Cancelled by the customer.
        CUSTOMER_CANCELLATION = 8,
        /// Turned into another one.
        CONVERTED = 16,
        /// Its time is over.
        EXPIRED = 32,
        /// Waits for the publisher.
        PENDING = 64,
        /// Cancelled.
        CANCELLED = 128,
        /// Stopped by the publisher.
        DISABLED = 256,
        /// All that are not in use.
        INACTIVE = 446,
        /// All. Older versions of the API called 31 so, which hides the later statuses.
        ALL = 511,
    }
}
