//! The file that `--out` names.

use std::ffi::OsString;
use std::fs::{self, File};
use std::path::{Path, PathBuf};

use crate::Failure;

/// A file that gets its name when it is whole: until then it is `FILE.part`, which stays when the example stops early,
/// and what had the name before is left alone.
#[derive(Debug)]
pub struct OutFile {
    part: PathBuf,
    whole: PathBuf,
}

impl OutFile {
    /// The file as `--out` names it. A device or a pipe is written as it comes: it holds nothing that could be whole.
    #[must_use]
    pub fn of(out: &Path) -> Self {
        if fs::metadata(out).is_ok_and(|found| !found.is_file()) {
            return Self { part: out.to_owned(), whole: out.to_owned() };
        }
        let mut part: OsString = out.as_os_str().to_owned();
        part.push(".part");
        Self { part: part.into(), whole: out.to_owned() }
    }

    /// Begins it.
    ///
    /// # Errors
    /// Where it cannot be written, naming the flag.
    pub fn create(&self) -> Result<File, Failure> {
        File::create(&self.part).map_err(|error| Failure::of_file("--out", &self.whole, &error))
    }

    /// Where it is while it grows; `None` where it is written as it comes.
    #[must_use]
    pub fn part(&self) -> Option<&Path> {
        (self.part != self.whole).then_some(self.part.as_path())
    }

    /// Everything is written: it gets its name.
    ///
    /// # Errors
    /// Where it cannot have that name, naming the flag.
    pub fn keep(self) -> Result<(), Failure> {
        if self.part == self.whole {
            return Ok(());
        }
        fs::rename(&self.part, &self.whole).map_err(|error| Failure::of_file("--out", &self.whole, &error))
    }
}
