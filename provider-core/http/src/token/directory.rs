//! Where token files are kept unless the operator says otherwise.

use std::ffi::OsString;
use std::path::PathBuf;

use provider_core::settings::variable;
use provider_core::{Error, Result};

/// The setting that moves the directory.
pub(super) const DIRECTORY_SETTING: &str = "PROVIDER_TOKEN_DIR";
/// The setting that encrypts the files.
pub(super) const KEY_SETTING: &str = "PROVIDER_TOKEN_KEY";

const FOLDER: &str = "provider-tokens";

/// Platforms differ in where state that outlives a process belongs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Platform {
    Unix,
    MacOs,
    Windows,
}

impl Platform {
    pub(super) const fn current() -> Self {
        if cfg!(windows) {
            Self::Windows
        } else if cfg!(target_os = "macos") {
            Self::MacOs
        } else {
            Self::Unix
        }
    }
}

/// The directory that the environment asks for, or the platform's own.
pub(super) fn resolve(platform: Platform, get: &dyn Fn(&str) -> Option<OsString>) -> Result<PathBuf> {
    if let Some(chosen) = variable(DIRECTORY_SETTING, get(DIRECTORY_SETTING))? {
        return Ok(PathBuf::from(chosen));
    }
    let absolute = |name: &str| get(name).map(PathBuf::from).filter(|path| path.has_root());
    let base = match platform {
        Platform::Windows => absolute("LOCALAPPDATA"),
        Platform::MacOs => absolute("HOME").map(|home| home.join("Library/Application Support")),
        // A relative XDG path is to be ignored, says its specification.
        Platform::Unix => {
            absolute("XDG_STATE_HOME").or_else(|| absolute("HOME").map(|home| home.join(".local/state")))
        }
    };
    base.map(|base| base.join(FOLDER)).ok_or_else(|| {
        Error::config(
            DIRECTORY_SETTING,
            "the home directory is unknown here: name a directory that survives restarts",
        )
    })
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]

    use super::*;

    fn resolved(platform: Platform, set: &[(&str, &str)]) -> Result<PathBuf> {
        resolve(platform, &|name| {
            set.iter().find(|(key, _)| *key == name).map(|(_, value)| OsString::from(value))
        })
    }

    #[test]
    fn each_platform_has_its_own_place() {
        let home = ("HOME", "/home/example");
        for (platform, set, expected) in [
            (Platform::Unix, vec![home], "/home/example/.local/state/provider-tokens"),
            (Platform::Unix, vec![home, ("XDG_STATE_HOME", "/state")], "/state/provider-tokens"),
            (
                Platform::Unix,
                vec![home, ("XDG_STATE_HOME", "state")],
                "/home/example/.local/state/provider-tokens",
            ),
            (Platform::MacOs, vec![home], "/home/example/Library/Application Support/provider-tokens"),
            (Platform::Windows, vec![("LOCALAPPDATA", "/local")], "/local/provider-tokens"),
            (Platform::Unix, vec![home, ("PROVIDER_TOKEN_DIR", "tokens")], "tokens"),
        ] {
            assert_eq!(resolved(platform, &set).unwrap(), PathBuf::from(expected));
        }
    }

    #[test]
    fn without_a_home_the_setting_is_named() {
        for platform in [Platform::Unix, Platform::MacOs, Platform::Windows] {
            let error = resolved(platform, &[]).unwrap_err();
            assert!(error.to_string().contains("PROVIDER_TOKEN_DIR"), "{error}");
        }
    }
}
