#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::field_reassign_with_default,
    reason = "a failed unwrap is a failed test, and outside of this package the types are made like this"
)]

mod cases;
mod invoices;
mod lookups;
mod parts;
mod plans;
mod shop;
mod sides;
