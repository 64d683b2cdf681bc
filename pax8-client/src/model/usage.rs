//! Consumption as the partner sees it.

use crate::wire::record;

record! {
    /// What was consumed so far this month.
    UsageSummary {
        /// UUID.
        id: id,
        /// The company.
        company_id: text,
        /// The subscription.
        subscription_id: text,
        /// The product.
        product_id: text,
        /// The resource group.
        resource_group: text,
        /// The vendor's name.
        vendor_name: text,
        /// What the customer is charged so far.
        current_charges: number,
        /// What the partner is charged so far.
        partner_total: number,
        /// The currency of both.
        currency_code: text,
        /// A trial runs.
        is_trial: flag,
    }
}

record! {
    /// What was consumed on one day.
    UsageLine {
        /// The summary it belongs to.
        usage_summary_id: text,
        /// The day.
        usage_date: day,
        /// The product's name.
        product_name: text,
        /// The product.
        product_id: text,
        /// The unit.
        unit_of_measure: text,
        /// How much.
        quantity: number,
        /// The price per unit.
        unit_price: number,
        /// What the customer is charged.
        current_charges: number,
        /// What the partner earns.
        current_profit: number,
        /// What the partner is charged.
        partner_total: number,
        /// The currency of every amount.
        currency_code: text,
        /// A trial runs.
        is_trial: flag,
    }
}
