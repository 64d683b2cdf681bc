//! The vendor usage surface: for vendors who report consumption.

use rust_decimal::Decimal;

use crate::wire::record;

record! {
    /// What was consumed under one summary key. The texts hold up to 255 characters.
    VendorUsageLine {
        /// What lines are added up by.
        summary_key: must String,
        /// Its name.
        summary_display_name: must String,
        /// How much; not negative.
        quantity: quantity,
        /// The product.
        product_id: must String,
        /// The unit.
        unit_of_measurement: must String,
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

record! {
    /// A usage line with what all of the partner's customers consumed together.
    AggregateUsageLine {
        /// What lines are added up by.
        summary_key: must String,
        /// Its name.
        summary_display_name: must String,
        /// How much; not negative.
        quantity: quantity,
        /// How much all of the partner's customers consumed; not negative.
        partner_aggregate_quantity: quantity,
        /// The product.
        product_id: must String,
        /// The unit.
        unit_of_measurement: must String,
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
