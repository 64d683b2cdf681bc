//! The error of a lost chain of refresh tokens.

use provider_core::{Error, ErrorKind};

use crate::auth::chain::Loss;
use crate::auth::grant::SettingNames;

/// The error of a lost chain: names the setting, and what the operator has to do in the portal.
pub(super) fn error(loss: Loss, names: &SettingNames) -> Error {
    let setting = names.listed();
    let remedy = &names.remedy;
    let message = match loss {
        Loss::Missing => {
            return names.mark(
                Error::new(
                    ErrorKind::Config,
                    format!("{setting} is not set and no token is stored: {remedy}"),
                ),
                "is not set",
            );
        }
        Loss::FirstSpent => format!(
            "{setting} was exchanged before and works only once, and its successor is not in the token store: {remedy}"
        ),
        Loss::FirstRefused => format!("the distributor refused {setting}: {remedy}"),
        Loss::Refused => format!(
            "the distributor refused the stored successor of {setting}, so it has expired, was revoked or was used elsewhere: {remedy}"
        ),
        Loss::RepetitionRefused => format!(
            "the answer to an exchange of {setting} was lost, and with it the only valid token: {remedy}"
        ),
        Loss::RepetitionLost => format!(
            "the answers to an exchange of {setting} and to its one repetition were lost, and a third would be a replay: {remedy}"
        ),
    };
    names.mark(Error::new(ErrorKind::ReauthRequired, message), "needs a new value")
}
