//! Layers: providers that wrap a provider and override only what they change.

mod journaled;
mod read_only;

pub use journaled::Journaled;
pub use read_only::ReadOnly;
