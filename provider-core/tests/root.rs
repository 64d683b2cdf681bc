//! The root of the crate stays a page that one can read: at most 80 names, and everything else in the module of its
//! subject.

// What design and guides name, from where they name it.
#[allow(unused_imports)]
mod homes {
    use provider_core::ConnectionSettings as _;
    use provider_core::journal::{Begin, Blocked, Fence, Journal, JournalBook, MemoryJournal};
    use provider_core::memory::Evidence;
    use provider_core::model::{InvoiceSide, PricePer};
    use provider_core::observe::{Event, EventKind, Observer};
    use provider_core::settings::{
        Authorization, Choice, ConnectionSettings, Field, FieldKind, FormInput, SettingValue, SettingsForm,
    };
    use provider_core::token::{Lease, MemoryTokenStore, Stored, TokenStore, Version};
    use provider_core::{ResumeSubscription, SuspendSubscription};
}

const ROOT: &str = include_str!("../src/lib.rs");

/// The names that `pub use` brings into the root and that the documentation shows, with exported macros.
fn names() -> Vec<String> {
    let code: String = ROOT.lines().filter(|line| !line.trim_start().starts_with("//")).collect::<Vec<_>>().join("\n");
    let mut names = vec!["open_enum!".to_owned(), "records!".to_owned()];
    let mut hidden = false;
    // Statements end in `;`, and an attribute belongs to the one that follows it.
    for statement in code.split(';') {
        hidden = hidden || statement.contains("#[doc(hidden)]");
        let Some((_, tree)) = statement.split_once("pub use ") else {
            hidden = hidden && !statement.contains("mod ");
            continue;
        };
        if !std::mem::take(&mut hidden) {
            let leaves = tree.rsplit_once("::").map_or(tree, |(_, last)| last);
            let leaves = tree.split_once('{').map_or(leaves, |(_, group)| group.trim_end_matches('}'));
            names.extend(leaves.split(',').map(str::trim).filter(|name| !name.is_empty()).map(str::to_owned));
        }
        // The rest of the file is for macros.
        if tree.contains("named::*") {
            break;
        }
    }
    names
}

#[test]
fn the_root_shows_at_most_80_names() {
    let names = names();
    assert!(names.iter().any(|name| name == "Provider"), "{names:?}");
    assert!(names.iter().any(|name| name == "UsageRecord"), "{names:?}");
    assert!(!names.iter().any(|name| name.contains('*')), "{names:?}");
    assert!(names.len() <= 80, "{} names: {names:?}", names.len());
}
