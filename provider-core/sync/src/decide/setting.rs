//! The one thing to change for a connection to go on: found by what the error names.

use std::collections::BTreeMap;

use provider_core::settings::{Field, SettingsForm};
use provider_core::{EntityKind, Error, ErrorKind};
use serde_json::Value;

use crate::engine::SyncError;
use crate::notify::SettingToFix;
use crate::plan::CheckedKind;
use crate::store::{Pending, PendingType};
use crate::target::TargetErrorKind;

/// What an error names. `about`: the kind of records that the run was at.
pub(crate) fn of_error(
    error: &SyncError,
    about: Option<EntityKind>,
    kinds: &[CheckedKind],
    form: Option<&SettingsForm>,
) -> Option<SettingToFix> {
    match error {
        SyncError::Provider(error) => of_provider(error, about, kinds, form),
        SyncError::Target(error) if error.kind == TargetErrorKind::Misfit => {
            Some(of_misfit(&error.to_string(), about, kinds))
        }
        SyncError::Target(error) => Some(of_target(error.kind)),
        SyncError::Store(_) => Some(SettingToFix::new("the store of the synchronisation", "store").found_in(
            "Where runs keep what they have to remember: `SqlStore::open`, `--db` on the command line.",
        )),
        SyncError::Refused(_) | SyncError::Cancelled => None,
    }
}

/// What an application that cannot be used names: where it is, and what to look at there.
pub(crate) fn of_target(kind: TargetErrorKind) -> SettingToFix {
    let place = match kind {
        TargetErrorKind::Denied => {
            "The user that it names may not do this, or has another password: give the right back, or name another user."
        }
        TargetErrorKind::Unreachable | TargetErrorKind::Unanswered => {
            "Only if the application's database has moved; otherwise wait until it is back."
        }
        _ => "The application's database, as the message says.",
    };
    SettingToFix::of_plan("target.url").found_in(place)
}

/// What an error of the distributor names.
pub(crate) fn of_provider(
    error: &Error,
    about: Option<EntityKind>,
    kinds: &[CheckedKind],
    form: Option<&SettingsForm>,
) -> Option<SettingToFix> {
    let named = || named(error, form);
    match error.kind() {
        ErrorKind::PermissionDenied => {
            let kind = about?;
            let rule = kinds.iter().find(|rule| rule.kind() == kind);
            let path = rule.map_or_else(|| kind.to_string(), |rule| format!("kinds[{}]", rule.at));
            Some(SettingToFix::right(kind, path))
        }
        ErrorKind::Unavailable | ErrorKind::Timeout | ErrorKind::Transport | ErrorKind::CircuitOpen => {
            let place = "Only if the distributor has moved; otherwise wait until it is back.";
            let endpoint = form.and_then(|form| form.get("endpoint"));
            let endpoint = endpoint.map_or_else(
                || SettingToFix::new("the address of the distributor", "endpoint"),
                |field| known(field, None),
            );
            Some(endpoint.found_in(place))
        }
        ErrorKind::Unauthenticated | ErrorKind::ReauthRequired => named().or_else(|| {
            let secret = form?.fields.iter().find(|field| field.secret && field.required)?;
            Some(known(secret, None))
        }),
        _ => named(),
    }
}

fn known(field: &Field, path: Option<&str>) -> SettingToFix {
    let variable = field.variable.as_deref();
    let path = path.or(variable).unwrap_or(field.key.as_ref());
    SettingToFix::new(field.label.as_ref(), path).found_in(field.where_to_find.as_ref())
}

/// The violation that says the most. Of credentials that were refused together it is the secret: that is what changes.
fn named(error: &Error, form: Option<&SettingsForm>) -> Option<SettingToFix> {
    let names: Vec<&str> = error.violations().iter().map(|violation| violation.field.as_str()).collect();
    let field = |name: &str| {
        let is = |field: &&Field| field.key == name || field.variable.as_deref() == Some(name);
        form.and_then(|form| form.fields.iter().find(is))
    };
    let chosen = if error.is_unauthenticated() {
        let secret = |name: &&&str| field(name).is_some_and(|field| field.secret);
        // OAuth's word for a user's name and password that were refused, where those of the client are good.
        let of_user = error.code() == Some("invalid_grant");
        let mut secrets = names.iter().filter(secret);
        let found = if of_user { secrets.next_back() } else { secrets.next() };
        found.or_else(|| names.last())
    } else {
        names.first()
    };
    let name = *chosen?;
    Some(field(name).map_or_else(|| SettingToFix::new(name, name), |field| known(field, Some(name))))
}

/// The key of the plan that a column's name stands in.
fn path_of(rule: &CheckedKind, name: &str) -> Option<String> {
    let at = rule.at;
    let plan = &rule.plan;
    let local = plan.fields.iter().position(|field| field.local == name);
    let remote = || plan.fields.iter().position(|field| field.remote.to_string() == name);
    if let Some(field) = local {
        return Some(format!("kinds[{at}].fields[{field}].local"));
    }
    if plan.key.as_ref().is_some_and(|key| key.local == name) {
        return Some(format!("kinds[{at}].key.local"));
    }
    if plan.scope.contains_key(name) {
        return Some(format!("kinds[{at}].scope.{name}"));
    }
    if plan.removal.column.as_deref() == Some(name) {
        return Some(format!("kinds[{at}].removal.column"));
    }
    remote().map(|field| format!("kinds[{at}].fields[{field}].remote"))
}

/// The table or the column that a database does not find is named in what it says: `no such column: phone`, `column "phone"
/// of relation "accounts" does not exist`. The statement may stand behind it.
fn of_misfit(message: &str, about: Option<EntityKind>, kinds: &[CheckedKind]) -> SettingToFix {
    let split = message.split(|c: char| !(c.is_alphanumeric() || c == '_'));
    let words: Vec<&str> = split.filter(|word| !word.is_empty()).collect();
    // A column may be named with its table before it, and a table with its schema.
    let behind = |names: &[&str]| -> Vec<&str> {
        let places = words.iter().enumerate().filter(|(_, word)| names.contains(word));
        places.flat_map(|(at, _)| words.iter().skip(at + 1).take(2).copied()).collect()
    };
    let (first, rest): (Vec<_>, Vec<_>) = kinds.iter().partition(|rule| Some(rule.kind()) == about);
    for rule in first.into_iter().chain(rest) {
        if let Some(path) = behind(&["column"]).into_iter().find_map(|word| path_of(rule, word)) {
            return SettingToFix::of_plan(path);
        }
        // With the schema before it, or without.
        let table =
            rule.plan.table.as_deref().map(|table| table.rsplit_once('.').map_or(table, |(_, own)| own));
        if behind(&["table", "relation"]).into_iter().any(|word| Some(word) == table) {
            return SettingToFix::of_plan(format!("kinds[{}].table", rule.at));
        }
    }
    of_target(TargetErrorKind::Misfit)
}

/// What most of the records in quarantine have in common: why they are there, and the key of the plan.
pub(crate) fn of_rejected(
    waiting: &[Pending],
    kinds: &[CheckedKind],
) -> Option<(String, Option<SettingToFix>)> {
    let text = |pending: &Pending, name: &str| {
        pending.body.get(name).and_then(Value::as_str).unwrap_or_default().to_owned()
    };
    let mut counts: BTreeMap<(EntityKind, String), (u64, String)> = BTreeMap::new();
    for pending in waiting.iter().filter(|pending| pending.why == PendingType::Quarantine) {
        let place = (pending.kind, text(pending, "path"));
        counts.entry(place).or_insert_with(|| (0, text(pending, "reason"))).0 += 1;
    }
    let ((kind, path), (_, reason)) = counts.into_iter().max_by_key(|(_, (count, _))| *count)?;
    let why = if path.is_empty() { reason } else { format!("{path}: {reason}") };
    let rule = kinds.iter().find(|rule| rule.kind() == kind);
    let setting = rule.map(|rule| {
        let found = path_of(rule, &path).unwrap_or_else(|| format!("kinds[{}]", rule.at));
        SettingToFix::of_plan(found)
    });
    Some((why, setting))
}
