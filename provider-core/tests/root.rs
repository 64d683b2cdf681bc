//! The root of the crate stays a page that one can read: at most 80 names, and everything else in the module of its
//! subject.

// What design and guides name, from where they name it.
#[allow(unused_imports)]
mod homes {
    use provider_core::journal::{Begin, Blocked, Fence, Journal, JournalBook, MemoryJournal};
    use provider_core::memory::Evidence;
    use provider_core::model::{InvoiceSide, PricePer};
    use provider_core::observe::{Event, EventKind, Observer};
    use provider_core::settings::{
        Authorization, Choice, ConnectionSettings, Field, FieldKind, FormInput, SettingValue, SettingsForm,
    };
    use provider_core::token::{Lease, MemoryTokenStore, Stored, TokenStore, Version};
    use provider_core::{ConnectionSettings as _, ResumeSubscription, SuspendSubscription};
}

const ROOT: &str = include_str!("../src/lib.rs");

/// The names that `pub use` brings into the root and that the documentation shows.
fn names() -> Vec<String> {
    let code =
        ROOT.lines().filter(|line| !line.trim_start().starts_with("//")).collect::<Vec<_>>().join("\n");
    // The macros have a module of their own at the end.
    let code = code.split("pub mod __private").next().unwrap_or_default();
    let mut names = Vec::new();
    for statement in code.split(';') {
        let Some((before, tree)) = statement.split_once("pub use ") else { continue };
        if before.contains("#[doc(hidden)]") {
            continue;
        }
        let leaves = match tree.split_once('{') {
            Some((_, group)) => group.trim_end().trim_end_matches('}'),
            None => tree.rsplit("::").next().unwrap_or(tree),
        };
        names.extend(leaves.split(',').map(str::trim).filter(|name| !name.is_empty()).map(str::to_owned));
    }
    names
}

#[test]
fn the_root_shows_at_most_80_names() {
    let names = names();
    for known in ["Provider", "UsageRecord", "async_trait", "secrecy"] {
        assert!(names.iter().any(|name| name == known), "{known} is not among {names:?}");
    }
    assert!(!names.iter().any(|name| name.contains('*')), "{names:?}");
    assert!(names.len() <= 80, "{} names: {names:?}", names.len());
}
