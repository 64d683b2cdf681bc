//! The contacts of a company: which calls make them what a command lists.

use provider_core::error::Violation;
use provider_core::model::{Contact, ContactRoleKind};
use provider_core::receipt::Change;
use provider_core::{CustomerId, Result};

use crate::model::{self, ContactType, ContactTypeName, NewContact};
use crate::provider::write::prepare::prepared::{Step, refuse};

/// What is said of a command that asks for what Pax8 cannot hold.
pub(super) const REFUSED: &str = "the customer cannot be written so";

/// The given contacts are all that shall be: they are found by id, then by address. Those that are new
/// come first and those that go come last, so that a company never lacks a contact in between.
pub(in crate::provider::write) fn steps(
    company: &CustomerId,
    wanted: &[Contact],
    current: &[model::Contact],
) -> Result<Vec<(Step, Change)>> {
    let change = |email: Option<&str>, from: Option<String>, to: Option<String>| {
        Change::new(format!("customer {company}: contact {}", email.unwrap_or_default()), from, to)
    };
    let mut wrong = Vec::new();
    let (mut added, mut replaced) = (Vec::new(), Vec::new());
    let mut kept: Vec<&str> = Vec::new();
    for (index, contact) in wanted.iter().enumerate() {
        let new = match new_contact(index, contact) {
            Ok(new) => new,
            Err(violations) => {
                wrong.extend(violations);
                continue;
            }
        };
        let id = contact.id.as_ref().map(provider_core::model::ContactId::as_str);
        let is_meant = |one: &&model::Contact| match id {
            Some(id) => one.id.as_deref() == Some(id),
            None => one.email.as_deref().is_some_and(|email| email.eq_ignore_ascii_case(&new.email)),
        };
        let free = |one: &&model::Contact| one.id.as_deref().is_some_and(|id| !kept.contains(&id));
        match current.iter().filter(free).find(is_meant) {
            Some(found) => {
                let Some(id) = found.id.as_deref() else { continue };
                kept.push(id);
                if !is_same(found, &new) {
                    let change = change(Some(&new.email), Some(text(found)), Some(new_text(&new)));
                    replaced.push((Step::Replace(id.to_owned(), new), change));
                }
            }
            None if id.is_some() => {
                let field = format!("contacts[{index}].id");
                wrong.push(Violation::new(field, "the company has no such contact"));
            }
            None => {
                let change = change(Some(&new.email), None, Some(new_text(&new)));
                added.push((Step::Add(new), change));
            }
        }
    }
    refuse(REFUSED, wrong)?;
    let removed = current.iter().filter_map(|one| {
        let id = one.id.as_deref().filter(|id| !kept.contains(id))?;
        Some((Step::Remove(id.to_owned()), change(one.email.as_deref(), Some(text(one)), None)))
    });
    Ok(added.into_iter().chain(replaced).chain(removed).collect())
}

/// A contact in the words of a plan.
fn text(of: &model::Contact) -> String {
    let [first, last, phone] = [&of.first_name, &of.last_name, &of.phone].map(Option::as_deref);
    in_words([first, last, phone], &of.types)
}

fn new_text(of: &NewContact) -> String {
    in_words([&of.first_name, &of.last_name, &of.phone].map(|text| Some(text.as_str())), &of.types)
}

fn in_words(parts: [Option<&str>; 3], types: &[ContactType]) -> String {
    let types = types.iter().map(|one| {
        let primary = if one.primary { " (primary)" } else { "" };
        format!("{}{primary}", one.kind)
    });
    parts.into_iter().flatten().map(str::to_owned).chain(types).collect::<Vec<_>>().join(", ")
}

fn is_same(found: &model::Contact, new: &NewContact) -> bool {
    found.first_name.as_ref() == Some(&new.first_name)
        && found.last_name.as_ref() == Some(&new.last_name)
        && found.email.as_ref() == Some(&new.email)
        && found.phone.as_ref() == Some(&new.phone)
        && found.types.len() == new.types.len()
        && new.types.iter().all(|kind| found.types.contains(kind))
}

pub(super) fn new_contact(index: usize, contact: &Contact) -> Result<NewContact, Vec<Violation>> {
    let mut wrong = Vec::new();
    let field = |member: &str| format!("contacts[{index}].{member}");
    let whole = contact.name.as_deref().and_then(|name| name.trim().split_once(' '));
    let mut needed =
        |member: &str, text: Option<&str>| match text.map(str::trim).filter(|text| !text.is_empty()) {
            Some(text) => text.to_owned(),
            None => {
                wrong.push(Violation::new(field(member), "Pax8 requires it"));
                String::new()
            }
        };
    let first = needed("first_name", contact.first_name.as_deref().or(whole.map(|(first, _)| first)));
    let last = needed("last_name", contact.last_name.as_deref().or(whole.map(|(_, last)| last)));
    let email = needed("email", contact.email.as_deref());
    let phone = needed("phone", contact.phone.as_deref());
    let mut new = NewContact::new(first, last, email, phone);
    if contact.title.is_some() {
        wrong.push(Violation::new(field("title"), "Pax8 keeps no titles"));
    }
    for role in &contact.roles {
        let kind = match &role.kind {
            ContactRoleKind::Admin => ContactTypeName::Admin,
            ContactRoleKind::Billing => ContactTypeName::Billing,
            ContactRoleKind::Technical => ContactTypeName::Technical,
            ContactRoleKind::Other(text) => ContactTypeName::from(text.as_str()),
            other => {
                let problem = format!("Pax8 has no role `{other}`: use admin, billing or technical");
                wrong.push(Violation::new(field("roles"), problem));
                continue;
            }
        };
        new = new.with_type(kind, role.primary);
    }
    if wrong.is_empty() { Ok(new) } else { Err(wrong) }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a failed unwrap is a failed test")]

    use provider_core::model::ContactRole;

    use super::*;

    fn person(id: Option<&str>, email: &str) -> Contact {
        let mut contact = Contact::default();
        contact.id = id.map(provider_core::model::ContactId::from);
        contact.name = Some("Sample van Person".to_owned());
        contact.email = Some(email.to_owned());
        contact.phone = Some("555".to_owned());
        contact.roles = vec![ContactRole::new(ContactRoleKind::Admin, true)];
        contact
    }

    #[test]
    fn contacts_are_added_replaced_and_removed() {
        let current: Vec<model::Contact> = serde_json::from_str(
            r#"[{"id":"1","firstName":"Sample","lastName":"van Person","email":"a@example.com","phone":"555","types":[{"type":"Admin","primary":true}]},
                {"id":"2","firstName":"X","lastName":"Y","email":"b@example.com","phone":"1","types":[]},
                {"id":"3","firstName":"Z","lastName":"Z","email":"c@example.com","phone":"1"}]"#,
        )
        .unwrap();
        let company = CustomerId::new("c");
        let wanted = [
            person(Some("1"), "a@example.com"),
            person(None, "B@example.com"),
            person(None, "d@example.com"),
        ];
        let (steps, changes): (Vec<_>, Vec<_>) =
            super::steps(&company, &wanted, &current).unwrap().into_iter().unzip();
        assert_eq!(steps.len(), 3);
        assert!(matches!(&steps[0], Step::Add(new) if new.email == "d@example.com"));
        assert!(matches!(&steps[1], Step::Replace(id, _) if id == "2"));
        assert!(matches!(&steps[2], Step::Remove(id) if id == "3"));
        let shown: Vec<_> = changes.iter().map(|one| (one.from.as_deref(), one.to.as_deref())).collect();
        assert_eq!(
            shown,
            [
                (None, Some("Sample, van Person, 555, Admin (primary)")),
                (Some("X, Y, 1"), Some("Sample, van Person, 555, Admin (primary)")),
                (Some("Z, Z, 1"), None)
            ]
        );
        let error = super::steps(&company, &[person(Some("9"), "a@example.com")], &current).unwrap_err();
        assert_eq!(error.violations()[0].field, "contacts[0].id");
    }
}
