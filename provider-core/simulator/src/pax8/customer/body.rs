//! Reading companies and contacts from request bodies.

use chrono::{DateTime, Utc};
use serde_json::{Map, Value};

use super::record::{Address, CONTACT_TYPES, Contact, Profile, Role};
use crate::engine::answer::Stop;
use crate::pax8::engine::body::{At, Fields, is_email};
use crate::pax8::state::Call;

const ADDRESS_FIELDS: &[&str] = &["street", "street2", "city", "stateOrProvince", "postalCode", "country"];
const PROFILE_FIELDS: &[&str] = &[
    "name",
    "address",
    "phone",
    "website",
    "externalId",
    "billOnBehalfOfEnabled",
    "selfServiceAllowed",
    "orderApprovalRequired",
];
const CREATE_FIELDS: &[&str] = &[
    "name",
    "address",
    "phone",
    "website",
    "externalId",
    "billOnBehalfOfEnabled",
    "selfServiceAllowed",
    "orderApprovalRequired",
    "contacts",
];
const CONTACT_FIELDS: &[&str] = &["firstName", "lastName", "email", "phone", "types"];

/// The message of a 422 for a company.
pub(crate) const INVALID_COMPANY: &str = "Invalid Company";
/// The message of a 422 for a contact.
pub(crate) const INVALID_CONTACT: &str = "Invalid Contact";

/// A contact as sent.
#[derive(Debug)]
pub(crate) struct NewContact {
    pub(crate) first_name: String,
    pub(crate) last_name: String,
    pub(crate) email: String,
    pub(crate) phone: String,
    pub(crate) roles: Vec<Role>,
}

impl NewContact {
    /// The contact as kept.
    pub(crate) fn with_id(self, id: String, created_at: DateTime<Utc>) -> Contact {
        Contact {
            id,
            first_name: self.first_name,
            last_name: self.last_name,
            email: self.email,
            phone: self.phone,
            created_at,
            roles: self.roles,
        }
    }
}

/// Reads `POST /companies`: every required field, and contacts if there are any.
pub(crate) fn create(call: &Call, members: &Map<String, Value>) -> Result<(Profile, Vec<NewContact>), Stop> {
    let at = At::default();
    let fields = Fields::read(call, &at, members, CREATE_FIELDS)?;
    let patch = ProfilePatch::read(call, &at, fields)?;
    let mut rules = patch.broken_rules();
    let mut contacts = Vec::new();
    for (at, members) in fields.objects(&at, "contacts")?.unwrap_or_default() {
        contacts.push(contact_at(call, &at, members, &mut rules)?);
    }
    let profile = patch.complete(&mut rules);
    match profile {
        Some(profile) if rules.is_empty() => Ok((profile, contacts)),
        _ => Err(call.unprocessable(INVALID_COMPANY, &rules)),
    }
}

/// Reads `PATCH /companies/{id}` onto what the company is.
pub(crate) fn update(call: &Call, members: &Map<String, Value>, current: &Profile) -> Result<Profile, Stop> {
    let at = At::default();
    let fields = Fields::read(call, &at, members, PROFILE_FIELDS)?;
    let patch = ProfilePatch::read(call, &at, fields)?;
    let rules = patch.broken_rules();
    if !rules.is_empty() {
        return Err(call.unprocessable(INVALID_COMPANY, &rules));
    }
    let changed = patch.onto(current);
    if changed == *current {
        let rule = "at least one parameter has to be modified".to_owned();
        return Err(call.unprocessable(INVALID_COMPANY, &[rule]));
    }
    Ok(changed)
}

/// Reads a contact in full, as create and replace want it.
pub(crate) fn contact(call: &Call, members: &Map<String, Value>) -> Result<NewContact, Stop> {
    let mut rules = Vec::new();
    let contact = contact_at(call, &At::default(), members, &mut rules)?;
    if rules.is_empty() { Ok(contact) } else { Err(call.unprocessable(INVALID_CONTACT, &rules)) }
}

fn contact_at(
    call: &Call,
    at: &At,
    members: &Map<String, Value>,
    rules: &mut Vec<String>,
) -> Result<NewContact, Stop> {
    let fields = Fields::read(call, at, members, CONTACT_FIELDS)?;
    let mut required = |name: &str| -> Result<String, Stop> {
        let text = fields.text(at, name)?.unwrap_or_default();
        if text.trim().is_empty() {
            rules.push(format!("{} is required", at.member(name)));
        }
        Ok(text.to_owned())
    };
    let first_name = required("firstName")?;
    let last_name = required("lastName")?;
    let email = required("email")?;
    let phone = required("phone")?;
    if !email.is_empty() && !is_email(&email) {
        rules.push(format!("{} must be an e-mail address", at.member("email")));
    }
    let mut roles: Vec<Role> = Vec::new();
    for (at, members) in fields.objects(at, "types")?.unwrap_or_default() {
        let fields = Fields::read(call, &at, members, &["type", "primary"])?;
        let Some(kind) = fields.choice(&at, "type", CONTACT_TYPES)? else {
            return Err(fields.refuse(&at, "type", "required"));
        };
        let primary = fields.boolean(&at, "primary")?.unwrap_or(false);
        if roles.iter().any(|role| role.kind == kind) {
            rules.push(format!("{} is given twice", at.member("type")));
        }
        roles.push(Role { kind, primary });
    }
    Ok(NewContact { first_name, last_name, email, phone, roles })
}

/// The writable fields of a company, as far as they were sent.
#[derive(Debug)]
struct ProfilePatch {
    name: Option<String>,
    address: Option<Address>,
    phone: Option<String>,
    website: Option<String>,
    external_id: Option<String>,
    bill_on_behalf_of: Option<bool>,
    self_service: Option<bool>,
    order_approval: Option<bool>,
}

impl ProfilePatch {
    fn read(call: &Call, at: &At, fields: Fields<'_>) -> Result<Self, Stop> {
        let owned = |name: &str| Ok::<_, Stop>(fields.text(at, name)?.map(str::to_owned));
        Ok(Self {
            name: owned("name")?,
            address: match fields.object(at, "address")? {
                None => None,
                Some(members) => Some(address(call, &at.inside("address"), members)?),
            },
            phone: owned("phone")?,
            website: owned("website")?,
            external_id: owned("externalId")?,
            bill_on_behalf_of: fields.boolean(at, "billOnBehalfOfEnabled")?,
            self_service: fields.boolean(at, "selfServiceAllowed")?,
            order_approval: fields.boolean(at, "orderApprovalRequired")?,
        })
    }

    fn broken_rules(&self) -> Vec<String> {
        let mut rules = Vec::new();
        for (name, value) in [("name", &self.name), ("phone", &self.phone), ("website", &self.website)] {
            if value.as_deref().is_some_and(|text| text.trim().is_empty()) {
                rules.push(format!("{name} must not be empty"));
            }
        }
        let country = self.address.as_ref().and_then(|one| one.country.as_deref());
        if country.is_some_and(|code| code.len() != 2 || !code.bytes().all(|byte| byte.is_ascii_uppercase()))
        {
            rules.push("address.country must be two upper-case letters".to_owned());
        }
        rules
    }

    fn complete(self, rules: &mut Vec<String>) -> Option<Profile> {
        for (name, missing) in [
            ("name", self.name.is_none()),
            ("address", self.address.is_none()),
            ("phone", self.phone.is_none()),
            ("website", self.website.is_none()),
            ("billOnBehalfOfEnabled", self.bill_on_behalf_of.is_none()),
            ("selfServiceAllowed", self.self_service.is_none()),
            ("orderApprovalRequired", self.order_approval.is_none()),
        ] {
            if missing {
                rules.push(format!("{name} is required"));
            }
        }
        Some(Profile {
            name: self.name?,
            address: self.address?,
            phone: self.phone?,
            website: self.website?,
            external_id: self.external_id,
            bill_on_behalf_of: self.bill_on_behalf_of?,
            self_service: self.self_service?,
            order_approval: self.order_approval?,
        })
    }

    fn onto(self, current: &Profile) -> Profile {
        let current = current.clone();
        Profile {
            name: self.name.unwrap_or(current.name),
            address: self.address.unwrap_or(current.address),
            phone: self.phone.unwrap_or(current.phone),
            website: self.website.unwrap_or(current.website),
            external_id: self.external_id.or(current.external_id),
            bill_on_behalf_of: self.bill_on_behalf_of.unwrap_or(current.bill_on_behalf_of),
            self_service: self.self_service.unwrap_or(current.self_service),
            order_approval: self.order_approval.unwrap_or(current.order_approval),
        }
    }
}

fn address(call: &Call, at: &At, members: &Map<String, Value>) -> Result<Address, Stop> {
    let fields = Fields::read(call, at, members, ADDRESS_FIELDS)?;
    let owned = |name: &str| Ok::<_, Stop>(fields.text(at, name)?.map(str::to_owned));
    Ok(Address {
        street: owned("street")?,
        street2: owned("street2")?,
        city: owned("city")?,
        state_or_province: owned("stateOrProvince")?,
        postal_code: owned("postalCode")?,
        country: owned("country")?,
    })
}
