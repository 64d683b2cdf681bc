//! Money as carts and report cells write it.

use provider_core::records;

records! {
    #![serde(rename_all = "camelCase")]
    #![derive(Default)]

    /// An amount with its currency: `{"currency": "USD", "value": 12.5}`.
    pub struct Money {
        /// ISO 4217 code.
        pub currency: Option<String>,
        /// The amount; absent when zero.
        pub value: Option<Decimal>,
    }
}
