//! Who may do what: logins, users, API clients, organizations, and the log of what they changed.

pub(crate) mod activity;
pub(crate) mod body;
pub(crate) mod clients;
pub(crate) mod directory;
pub(crate) mod login;
pub(crate) mod organizations;
pub(crate) mod record;
pub(crate) mod users;
