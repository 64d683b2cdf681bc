//! Invoices and their items.

use super::{InvoiceItemTerm, InvoiceItemType, InvoiceStatus, ItemChargeType, RateType};
use crate::wire::record;

record! {
    /// An invoice of Pax8 to the partner.
    Invoice {
        /// UUID.
        id: id,
        /// The day it was issued.
        invoice_date: day,
        /// The day it is due.
        due_date: day,
        /// Its total.
        total: number,
        /// What is still to be paid.
        balance: number,
        /// What was carried over.
        carried_balance: number,
        /// State.
        status: one InvoiceStatus,
        /// Its currency.
        currency_code: text,
        /// The partner's name.
        partner_name: text,
        /// A company, where it is for one.
        company_id: text,
        /// The partner's own key of that company.
        external_id: text,
    }
}

record! {
    /// A line of an invoice, or of the draft of the next one.
    InvoiceItem {
        /// UUID; draft items may have none.
        id: text,
        /// What it charges for.
        #[serde(rename = "type")]
        kind: one InvoiceItemType,
        /// The purchase order; `N/A` where there is none.
        purchase_order_number: text,
        /// The company.
        company_id: text,
        /// The partner's own key of the company.
        external_id: text,
        /// The company's name.
        company_name: text,
        /// The first day it covers.
        start_period: day,
        /// The last day it covers, included.
        end_period: day,
        /// How many; possibly fractional or negative.
        quantity: number,
        /// The unit.
        unit_of_measure: text,
        /// The term.
        term: one InvoiceItemTerm,
        /// The SKU.
        sku: text,
        /// What it says.
        description: text,
        /// More of it.
        details: text,
        /// How it was rated, in whatever case it came.
        #[serde(deserialize_with = "super::rate_type")]
        rate_type: one RateType,
        /// What the price is multiplied by.
        charge_type: one ItemChargeType,
        /// The customer's price per unit.
        price: number,
        /// The customer's price of the line.
        sub_total: number,
        /// The partner's cost per unit.
        cost: number,
        /// The partner's cost of the line.
        cost_total: number,
        /// Who offers it.
        offered_by: text,
        /// Pax8 bills it to the customer.
        #[serde(rename = "billedByPax8")]
        billed_by_pax8: flag,
        /// The customer's total.
        total: number,
        /// The product.
        product_id: text,
        /// Its name.
        product_name: text,
        /// The vendor's name.
        vendor_name: text,
        /// Pax8's fee.
        billing_fee: number,
        /// The rate of the fee.
        billing_fee_rate: number,
        /// What the partner owes for the line.
        amount_due: number,
        /// The currency of every amount.
        currency_code: text,
        /// Tax.
        sales_tax: number,
        /// The subscription, where there is one.
        subscription_id: text,
    }
}
