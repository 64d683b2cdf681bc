//! Serde for values as distributors really send them: exact decimals, dates of every shape, enums that
//! grow.
//!
//! For people who write wire types of a provider. [`records!`](crate::records) declares them with the right
//! reader for each member. Elsewhere use the modules with `#[serde(with = "...")]` or `deserialize_with`;
//! each has an `option` sibling for fields that may be absent or `null`.
//!
//! ```
//! #[derive(serde::Deserialize)]
//! struct Row {
//!     #[serde(with = "provider_core::wire::decimal")]
//!     price: rust_decimal::Decimal,
//!     #[serde(default, with = "provider_core::wire::date_time::option")]
//!     ends: Option<chrono::DateTime<chrono::Utc>>,
//! }
//! let row: Row = serde_json::from_str(
//!     r#"{"price": 12345678901234567890.12, "ends": "9999-12-31T23:59:59"}"#,
//! ).unwrap();
//! assert_eq!(row.price.to_string(), "12345678901234567890.12");
//! assert_eq!(row.ends, None); // "never"
//! ```

pub mod amounts;
pub mod date;
pub mod date_time;
pub mod decimal;
pub mod lenient;
pub mod moment;
pub mod number;
pub mod term;
pub mod text;
pub mod unknown;
pub mod words;

pub use crate::raw::ends_early;
