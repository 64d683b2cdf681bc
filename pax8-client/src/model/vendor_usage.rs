//! The vendor usage surface: for vendors who report consumption.

use provider_core::records;
use rust_decimal::Decimal;

records! {
    #![setters]
    #![numbers]
    #![serde(rename_all = "camelCase")]
    #![derive(PartialEq, Eq)]

    /// What was consumed under one summary key. The texts hold up to 255 characters.
    pub struct VendorUsageLine {
        /// What lines are added up by.
        pub summary_key: String,
        /// Its name.
        pub summary_display_name: String,
        /// How much; not negative.
        pub quantity: Decimal,
        /// The product.
        pub product_id: String,
        /// The unit.
        pub unit_of_measurement: String,
    }

    /// A usage line with what all of the partner's customers consumed together.
    pub struct AggregateUsageLine {
        /// What lines are added up by.
        pub summary_key: String,
        /// Its name.
        pub summary_display_name: String,
        /// How much; not negative.
        pub quantity: Decimal,
        /// How much all of the partner's customers consumed; not negative.
        pub partner_aggregate_quantity: Decimal,
        /// The product.
        pub product_id: String,
        /// The unit.
        pub unit_of_measurement: String,
    }
}

impl VendorUsageLine {
    /// A line.
    #[must_use]
    pub fn new(
        key: impl Into<String>,
        name: impl Into<String>,
        quantity: Decimal,
        product_id: impl Into<String>,
        unit: impl Into<String>,
    ) -> Self {
        Self {
            summary_key: key.into(),
            summary_display_name: name.into(),
            quantity,
            product_id: product_id.into(),
            unit_of_measurement: unit.into(),
        }
    }
}

impl AggregateUsageLine {
    /// A line with the partner's aggregate.
    #[must_use]
    pub fn new(line: VendorUsageLine, partner_aggregate_quantity: Decimal) -> Self {
        Self {
            summary_key: line.summary_key,
            summary_display_name: line.summary_display_name,
            quantity: line.quantity,
            partner_aggregate_quantity,
            product_id: line.product_id,
            unit_of_measurement: line.unit_of_measurement,
        }
    }
}
