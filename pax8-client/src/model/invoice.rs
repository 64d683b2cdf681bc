//! Invoices and their items.

use provider_core::{open_enum, records};

open_enum! {
    /// The status of an invoice.
    pub enum InvoiceStatus {
        /// To be paid.
        Unpaid = "Unpaid",
        /// Paid.
        Paid = "Paid",
        /// Void: it is owed no more.
        Void = "Void",
        /// Carried to the next invoice.
        Carried = "Carried",
        /// Nothing is due.
        NothingDue = "Nothing Due",
        /// Replaced by a corrected one.
        Credited = "Credited",
    }

    /// What an invoice item charges for.
    pub enum InvoiceItemType {
        /// A term of a subscription.
        Subscription = "subscription",
        /// A part of a term.
        Prorate = "prorate",
        /// A one-time purchase.
        OneTime = "one-time",
        /// A rebate.
        Rebate = "rebate",
        /// A payment that came in.
        PaymentCredit = "payment-credit",
        /// A service of Pax8.
        ServiceCharge = "service-charge",
        /// A credit for a service of Pax8.
        ServiceCredit = "service-credit",
        /// A credit on the invoice.
        InvoiceCredit = "invoice-credit",
    }

    /// The term of an invoice item; spelled differently from [`BillingTerm`].
    pub enum InvoiceItemTerm {
        /// Monthly.
        Monthly = "Monthly",
        /// Annual.
        Annual = "Annual",
        /// Two years.
        TwoYear = "2 Year",
        /// Three years.
        ThreeYear = "3 Year",
        /// Activation.
        Activation = "Activation",
        /// Once.
        OneTime = "One-Time",
        /// Once, in the vendor's other spelling.
        OneTimeLower = "One-time",
        /// Consumption.
        Arrears = "Arrears",
        /// Trial.
        Trial = "Trial",
        /// Rebate.
        Rebate = "Rebate",
    }

    /// How an item was rated: `flat`, `single`, `volume`, `tiered`, `markup`. Casing varies on the wire.
    pub enum RateType {
        /// One price for any quantity.
        Flat = "flat",
        /// One price for any quantity.
        Single = "single",
        /// By volume.
        Volume = "volume",
        /// By tier.
        Tiered = "tiered",
        /// A markup.
        Markup = "markup",
    }

    /// What an item's price is multiplied by.
    pub enum ItemChargeType {
        /// Nothing.
        Flat = "flat",
        /// The quantity.
        Per = "per",
    }
}

records! {
    #![numbers]
    #![serde(rename_all = "camelCase")]
    #![derive(PartialEq, Eq)]

    /// An invoice of Pax8 to the partner.
    pub struct Invoice {
        /// UUID.
        pub id: String,
        /// The day it was issued.
        pub invoice_date: Option<Day>,
        /// The day it is due.
        pub due_date: Option<Day>,
        /// Its total.
        pub total: Option<Decimal>,
        /// What is still to be paid.
        pub balance: Option<Decimal>,
        /// What was carried over.
        pub carried_balance: Option<Decimal>,
        /// Status.
        pub status: Option<InvoiceStatus>,
        /// Its currency.
        pub currency_code: Option<String>,
        /// The partner's name.
        pub partner_name: Option<String>,
        /// A company, where it is for one.
        pub company_id: Option<String>,
        /// The partner's own key of that company.
        pub external_id: Option<String>,
    }

    /// A line of an invoice, or of the draft of the next one.
    pub struct InvoiceItem {
        /// UUID; draft items may have none.
        pub id: Option<String>,
        /// What it charges for.
        #[serde(rename = "type")]
        pub kind: Option<InvoiceItemType>,
        /// The purchase order; `N/A` where there is none.
        pub purchase_order_number: Option<String>,
        /// The company.
        pub company_id: Option<String>,
        /// The partner's own key of the company.
        pub external_id: Option<String>,
        /// The company's name.
        pub company_name: Option<String>,
        /// The first day it covers.
        pub start_period: Option<Moment>,
        /// The last day it covers, or the first of the next period: the vendor writes both.
        pub end_period: Option<Moment>,
        /// How many; possibly fractional or negative.
        pub quantity: Option<Decimal>,
        /// The unit.
        pub unit_of_measure: Option<String>,
        /// The term.
        pub term: Option<InvoiceItemTerm>,
        /// The SKU.
        pub sku: Option<String>,
        /// What it says.
        pub description: Option<String>,
        /// More of it.
        pub details: Option<String>,
        /// How it was rated, in whatever case it came.
        pub rate_type: Option<RateType>,
        /// What the price is multiplied by.
        pub charge_type: Option<ItemChargeType>,
        /// The customer's price per unit.
        pub price: Option<Decimal>,
        /// The customer's price of the line.
        pub sub_total: Option<Decimal>,
        /// The partner's cost per unit.
        pub cost: Option<Decimal>,
        /// The partner's cost of the line.
        pub cost_total: Option<Decimal>,
        /// Who offers it.
        pub offered_by: Option<String>,
        /// Pax8 bills it to the customer.
        #[serde(rename = "billedByPax8")]
        pub billed_by_pax8: Option<bool>,
        /// The customer's total.
        pub total: Option<Decimal>,
        /// The product.
        pub product_id: Option<String>,
        /// Its name.
        pub product_name: Option<String>,
        /// The vendor's name.
        pub vendor_name: Option<String>,
        /// Pax8's fee.
        pub billing_fee: Option<Decimal>,
        /// The rate of the fee.
        pub billing_fee_rate: Option<Decimal>,
        /// What the partner owes for the line.
        pub amount_due: Option<Decimal>,
        /// The currency of every amount.
        pub currency_code: Option<String>,
        /// Tax.
        pub sales_tax: Option<Decimal>,
        /// The subscription, where there is one.
        pub subscription_id: Option<String>,
    }
}
