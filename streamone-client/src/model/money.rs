//! Money as carts and report cells write it.

use crate::wire::record;

record! {
    /// An amount with its currency: `{"currency": "USD", "value": 12.5}`.
    Money {
        /// ISO 4217 code.
        currency: text,
        /// The amount; absent when zero.
        value: num,
    }
}
