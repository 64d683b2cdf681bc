//! Reservations, software and other assets.

numeric_enum! {
    /// What kind of thing an asset is.
    pub enum AssetType {
        /// A reservation.
        Reservation = 1,
        /// Software.
        Software = 2,
        /// A subscription.
        Subscription = 3,
    }

    /// What a reservation covers.
    pub enum AssetScope {
        /// All subscriptions.
        Shared = 1,
        /// One subscription.
        Single = 2,
        /// Management groups.
        ManagementGroups = 3,
    }

    /// How assets are sorted.
    pub enum AssetSortBy {
        /// By product.
        ProductName = 0,
        /// By purchase date.
        PurchaseDate = 1,
        /// By expiry.
        ExpirationDate = 2,
    }
}

flags! {
    /// The status of an asset.
    pub struct AssetStatus {
        /// No status.
        NONE = 0,
        /// Being carried out.
        FULFILLING = 1,
        /// Carried out.
        SUCCEEDED = 2,
        /// Cancelled.
        CANCELLED = 4,
        /// Its time is over.
        EXPIRED = 8,
        /// All.
        ALL = 15,
    }
}
