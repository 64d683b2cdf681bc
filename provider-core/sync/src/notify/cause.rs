//! Why a connection stopped, and what has to be changed for it to go on.

use std::fmt;

use provider_core::EntityKind;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// What kind of reason a connection has stopped for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum StopReason {
    /// A person switched it off. It is not tried again until a person switches it on.
    Person,
    /// The plan no longer fits the application or the distributor.
    Plan,
    /// The chain of tokens is lost: a person has to issue new credentials.
    Credentials,
    /// A setting is wrong.
    Setting,
    /// A whole list is forbidden.
    Right,
    /// Too many runs in a row failed.
    Runs,
    /// Too many records of a run were rejected.
    Rejected,
}

impl StopReason {
    /// Every reason.
    pub const ALL: [Self; 7] =
        [Self::Person, Self::Plan, Self::Credentials, Self::Setting, Self::Right, Self::Runs, Self::Rejected];

    /// The word for it.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Person => "person",
            Self::Plan => "plan",
            Self::Credentials => "credentials",
            Self::Setting => "setting",
            Self::Right => "right",
            Self::Runs => "runs",
            Self::Rejected => "rejected",
        }
    }

    /// What it is called in the subject of a letter.
    pub(crate) const fn in_short(self) -> &'static str {
        match self {
            Self::Person => "it was switched off",
            Self::Plan => "the plan no longer fits",
            Self::Credentials => "the credentials need a new value",
            Self::Setting => "a setting is wrong",
            Self::Right => "a right is missing",
            Self::Runs => "too many runs failed",
            Self::Rejected => "too many records were rejected",
        }
    }
}

impl fmt::Display for StopReason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// The one thing to change.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[non_exhaustive]
pub struct SettingToFix {
    /// What it is called: the label of a field of the settings form, a key of the plan, a right.
    pub name: String,
    /// What programs know it by: the field's variable or key, the place in the plan.
    pub path: String,
    /// Where it is found, or what to do with it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub place: Option<String>,
}

impl SettingToFix {
    pub(crate) fn new(name: impl Into<String>, path: impl Into<String>) -> Self {
        Self { name: name.into(), path: path.into(), place: None }
    }

    pub(crate) fn found_in(mut self, place: impl Into<String>) -> Self {
        let place = place.into();
        self.place = (!place.trim().is_empty()).then_some(place);
        self
    }

    /// A key of the plan, such as `kinds[0].fields[2].local`.
    pub(crate) fn of_plan(path: impl Into<String>) -> Self {
        let path = path.into();
        Self::new(path.clone(), path).found_in("It is a key of the plan.")
    }

    /// The right to list records of a kind.
    pub(crate) fn right(kind: EntityKind, path: impl Into<String>) -> Self {
        let records = kind.plural().replace('_', " ");
        let place = format!(
            "Give the user or the role behind the connection that right back at the distributor, or switch {records} \
             off in the plan."
        );
        Self::new(format!("the right to list {records}"), path).found_in(place)
    }
}

impl fmt::Display for SettingToFix {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.name)?;
        if self.name == self.path { Ok(()) } else { write!(f, " ({})", self.path) }
    }
}

/// Why a connection stopped.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[non_exhaustive]
pub struct StopCause {
    /// The kind of reason.
    pub reason: StopReason,
    /// What happened, in plain words.
    pub message: String,
    /// The one thing to change, where there is one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub setting: Option<SettingToFix>,
}

impl StopCause {
    pub(crate) fn new(reason: StopReason, message: impl Into<String>) -> Self {
        Self { reason, message: message.into(), setting: None }
    }

    pub(crate) fn with_setting(mut self, setting: Option<SettingToFix>) -> Self {
        self.setting = setting;
        self
    }
}
