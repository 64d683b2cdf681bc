//! The suites of journals and token stores, and the proof that each of their cases can fail.

#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    missing_docs,
    reason = "a failed unwrap is a failed test"
)]

mod journal;
mod sabotaged;
