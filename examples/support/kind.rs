//! The distributors that the examples know.

use std::fmt;
use std::str::FromStr;

use crayon_client::CrayonFactory;
use pax8_client::Pax8Factory;
use provider_core::ProviderFactory as _;
use provider_core::settings::SettingsForm;
use streamone_client::StreamOneFactory;

/// One of the three distributors.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Kind {
    /// Crayon Cloud-iQ.
    Crayon,
    /// Pax8.
    Pax8,
    /// TD SYNNEX StreamOne ION.
    StreamOne,
}

impl Kind {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Crayon, Self::Pax8, Self::StreamOne];

    /// The provider kind.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Crayon => "crayon",
            Self::Pax8 => "pax8",
            Self::StreamOne => "streamone",
        }
    }

    /// Its settings as a form, with their labels and where they are found.
    #[must_use]
    pub fn form(self) -> SettingsForm {
        match self {
            Self::Crayon => CrayonFactory::new().form().clone(),
            Self::Pax8 => Pax8Factory::new().form().clone(),
            Self::StreamOne => StreamOneFactory::new().form().clone(),
        }
    }

    /// The variables without which it cannot be reached.
    #[must_use]
    pub const fn variables(self) -> &'static str {
        match self {
            Self::Crayon => "CRAYON_CLIENT_ID, CRAYON_CLIENT_SECRET, CRAYON_USERNAME, CRAYON_PASSWORD",
            Self::Pax8 => "PAX8_CLIENT_ID, PAX8_CLIENT_SECRET",
            Self::StreamOne => "STREAMONE_ACCOUNT_ID, STREAMONE_REFRESH_TOKEN",
        }
    }
}

impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl FromStr for Kind {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Self::ALL
            .into_iter()
            .find(|kind| kind.as_str() == text)
            .ok_or_else(|| "use crayon, pax8 or streamone".to_owned())
    }
}
