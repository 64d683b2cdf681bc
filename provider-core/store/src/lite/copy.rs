//! Copies of a store.

use std::fs;
use std::path::Path;

use provider_core::{Error, Result};

use super::Options;
use super::connection::Connection;
use super::place::{draft, flush, flush_folder_of, make_private};
use super::reported::About;

/// Writes a copy beside its place and moves it there whole.
pub(super) fn copy(options: &Options, to: &Path) -> Result<()> {
    let about = About { path: to, ..options.about() };
    if same_file(&options.path, to) {
        return Err(Error::invalid_input("path", "a store cannot be copied onto itself"));
    }
    let connection = Connection::open(options)?;
    let draft = draft(to);
    let Some(name) = draft.to_str() else {
        return Err(Error::invalid_input("path", "has to be UTF-8"));
    };
    make_private(&draft).map_err(|error| about.io(error))?;
    let copied = connection.copy_into(name).and_then(|()| {
        let moved = flush(&draft).and_then(|()| fs::rename(&draft, to));
        moved.and_then(|()| flush_folder_of(to)).map_err(|error| about.io(error))
    });
    if copied.is_err() {
        let _ = fs::remove_file(&draft);
    }
    copied
}

fn same_file(one: &Path, other: &Path) -> bool {
    matches!((one.canonicalize(), other.canonicalize()), (Ok(one), Ok(other)) if one == other)
}
