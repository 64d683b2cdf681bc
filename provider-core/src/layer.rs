//! Layers: providers that wrap a provider and override only what they change.

mod journal_required;
mod journaled;
mod read_only;

pub use journal_required::JournalRequired;
pub use journaled::Journaled;
pub use read_only::ReadOnly;

pub use crate::registry::layered;
