//! Customer tenants: the end customers of a partner.

use rust_decimal::Decimal;

use super::body::{SERVICE_ACCOUNT_AGREEMENT, TENANT_DETAILED, TENANT_PROFILE};
use super::record::{Consent, Profile, Tenant};
use crate::crayon::catalog::offerings::{CSP, MICROSOFT};
use crate::crayon::engine::call::{Answer, Outcome};
use crate::crayon::engine::dates;
use crate::crayon::engine::enums::{AGREEMENT_TYPE_CONSENT, CUSTOMER_TENANT_TYPE};
use crate::crayon::engine::failure::{ErrorAnswer, FieldViolation};
use crate::crayon::engine::json::Json;
use crate::crayon::engine::query::{choice, flag, int, text};
use crate::crayon::engine::route::{PAGED, delete, get, post, put};
use crate::crayon::engine::table::mentions;
use crate::crayon::state::{Call, Route, State};

pub(crate) const ROUTES: &[Route] = &[
    get("customertenants", list)
        .query(&[
            int("OrganizationId").required(),
            int("PublisherId"),
            int("ProgramId"),
            int("ConsumerId"),
            text("Domain"),
            text("DomainPrefix"),
            choice("CustomerTenantType", &CUSTOMER_TENANT_TYPE),
            int("InvoiceProfileId"),
            text("Search"),
        ])
        .paged(PAGED),
    get("customertenants/{id:int}", read),
    get("customertenants/{id:int}/detailed", read_detailed),
    post("customertenants", create).body(&TENANT_DETAILED),
    post("customertenants/existing", attach).query(&[flag("syncFromPublisher")]).body(&TENANT_DETAILED),
    put("customertenants/{id:int}", replace).body(&TENANT_DETAILED),
    delete("customertenants/{id:int}", remove),
    get("customertenants/{id:int}/agreements", consents)
        .query(&[choice("AgreementTypeConsent", &AGREEMENT_TYPE_CONSENT)]),
    post("customertenants/{id:int}/agreements", consent).body(&SERVICE_ACCOUNT_AGREEMENT),
];

impl State {
    /// The tenant, unless it belongs to an organization that the user may not see.
    pub(crate) fn tenant(&self, id: i64) -> Result<&Tenant, ErrorAnswer> {
        self.tenants.get(&id).ok_or_else(|| ErrorAnswer::not_found("CustomerTenant", &id))
    }

    fn tenant_mut(&mut self, id: i64) -> Result<&mut Tenant, ErrorAnswer> {
        self.tenants.get_mut(&id).ok_or_else(|| ErrorAnswer::not_found("CustomerTenant", &id))
    }

    /// Stores a tenant under the next free id.
    pub(crate) fn add_tenant(&mut self, make: impl FnOnce(i64) -> Tenant) -> i64 {
        let id = self.tenants.last_key_value().map_or(FIRST_TENANT, |(last, _)| last + 1);
        self.tenants.insert(id, make(id));
        id
    }
}

const FIRST_TENANT: i64 = 51_001;
/// The name that activity logs know tenants by.
const ENTITY: &str = "CustomerTenant";

fn list(call: &mut Call<'_>) -> Outcome {
    let organization = call.organization_filter()?;
    let query = &call.query;
    let same = |wanted: Option<i64>, value: Option<i64>| wanted.is_none_or(|wanted| value == Some(wanted));
    let equals =
        |wanted: Option<&str>, value: &str| wanted.is_none_or(|wanted| wanted.eq_ignore_ascii_case(value));
    let rows = call.state.tenants.values().filter(|tenant| {
        same(organization, Some(tenant.organization))
            && same(query.filter("PublisherId"), Some(MICROSOFT))
            && same(query.filter("ProgramId"), tenant.has_program.then_some(CSP))
            && same(query.filter("ConsumerId"), tenant.consumer)
            && same(query.filter("CustomerTenantType"), Some(tenant.kind))
            && same(query.filter("InvoiceProfileId"), tenant.invoice_profile)
            && query.text("Domain").is_none_or(|domain| domain.eq_ignore_ascii_case(&tenant.domain()))
            && equals(query.text("DomainPrefix"), &tenant.domain_prefix)
            && mentions(query.text("Search"), &[tenant.name.as_deref(), tenant.reference.as_deref()])
    });
    Ok(call.page_of(rows, |tenant| tenant.json(call.state)))
}

fn read(call: &mut Call<'_>) -> Outcome {
    Ok(Answer::json(call.state.tenant(call.id("id"))?.json(call.state)))
}

fn read_detailed(call: &mut Call<'_>) -> Outcome {
    Ok(Answer::json(call.state.tenant(call.id("id"))?.detailed(call.state, None)))
}

/// Members that the docs and both known working clients send; the documented list itself is not known to be complete.
const CREATE_NEEDS: &[&str] = &[
    "Tenant.Name",
    "Tenant.DomainPrefix",
    "Tenant.Organization.Id",
    "Tenant.Publisher.Id",
    "Tenant.InvoiceProfile.Id",
    "Profile.Contact.FirstName",
    "Profile.Contact.LastName",
    "Profile.Contact.Email",
    "Profile.Contact.PhoneNumber",
    "Profile.Address.FirstName",
    "Profile.Address.LastName",
    "Profile.Address.AddressLine1",
    "Profile.Address.City",
    "Profile.Address.PostalCode",
    "Profile.Address.CountryCode",
];

const ATTACH_NEEDS: &[&str] = &[
    "Tenant.DomainPrefix",
    "Tenant.Organization.Id",
    "Tenant.Publisher.Id",
    "Tenant.InvoiceProfile.Id",
    "Tenant.ExternalPublisherCustomerId",
];

fn missing(body: &Json, needs: &[&str]) -> Vec<FieldViolation> {
    needs
        .iter()
        .filter(|path| {
            let value = path.split('.').fold(body, |value, name| value.get(name));
            value.filled().is_none() && value.int().is_none_or(|id| id == 0)
        })
        .map(|path| FieldViolation::new("Required", path, format!("{path} is required")))
        .collect()
}

/// What both ways of adding a tenant check, and the owner.
fn check_new(call: &Call<'_>, needs: &[&str]) -> Result<i64, ErrorAnswer> {
    let mut violations = missing(&call.body, needs);
    let tenant = call.body.get("Tenant");
    if !matches!(tenant.get("CustomerTenantType").int(), Some(1 | 2)) {
        let path = "Tenant.CustomerTenantType";
        violations.push(FieldViolation::new("Required", path, format!("{path} must be 1 (T1) or 2 (T2)")));
    }
    let address = call.body.get("Profile").get("Address");
    if let Some(country) = address.get("CountryCode").filled()
        && !(country.len() == 2 && country.bytes().all(|letter| letter.is_ascii_uppercase()))
    {
        let path = "Profile.Address.CountryCode";
        violations.push(FieldViolation::new(
            "InvalidValue",
            path,
            format!("{path} must be an ISO 3166-1 alpha-2 code"),
        ));
    }
    if !violations.is_empty() {
        return Err(ErrorAnswer::malformed(violations));
    }
    let organization = call.accessible(tenant.get("Organization").id().unwrap_or_default())?;
    if tenant.get("Publisher").id() != Some(MICROSOFT) {
        return Err(ErrorAnswer::rule("PublisherNotSupported", "Tenants can be created at Microsoft only."));
    }
    check_profile(call.state, organization, tenant.get("InvoiceProfile").id())?;
    let prefix = tenant.get("DomainPrefix").text().unwrap_or_default();
    if prefix.len() > 27 || !prefix.bytes().all(|letter| letter.is_ascii_alphanumeric()) {
        return Err(ErrorAnswer::rule(
            "DomainPrefixInvalid",
            "A domain prefix has up to 27 letters and digits.",
        )
        .with("DomainPrefix", prefix));
    }
    let taken = call.state.tenants.values().any(|known| known.domain_prefix.eq_ignore_ascii_case(prefix));
    if taken {
        return Err(ErrorAnswer::rule("DomainPrefixTaken", "The domain prefix is in use.")
            .with("DomainPrefix", prefix));
    }
    Ok(organization)
}

fn check_profile(state: &State, organization: i64, profile: Option<i64>) -> Result<(), ErrorAnswer> {
    let Some(id) = profile else {
        return Ok(());
    };
    let known = state.directory.profiles.get(id);
    if known.is_some_and(|profile| profile.get("Organization").id() == Some(organization)) {
        return Ok(());
    }
    Err(ErrorAnswer::rule("InvoiceProfileNotFound", "The organization has no such invoice profile.")
        .with("InvoiceProfileId", &id))
}

fn price_type(tenant: &Json) -> i64 {
    tenant.get("DefaultSubscriptionPriceType").int().filter(|kind| *kind != 0).unwrap_or(1)
}

fn add(call: &mut Call<'_>, organization: i64) -> i64 {
    let body = std::mem::replace(&mut call.body, Json::Null);
    let tenant = body.get("Tenant");
    let prefix = tenant.get("DomainPrefix").string().unwrap_or_default();
    let id = call.state.add_tenant(|id| Tenant {
        id,
        organization,
        name: tenant.get("Name").filled().map_or_else(|| Some(prefix.clone()), |name| Some(name.to_owned())),
        domain_prefix: prefix.to_ascii_lowercase(),
        external: tenant.get("ExternalPublisherCustomerId").filled().map(str::to_owned),
        reference: tenant.get("Reference").string(),
        kind: tenant.get("CustomerTenantType").int().unwrap_or_default(),
        removed: false,
        // The vendor's own example of a creation answers without a program.
        has_program: false,
        invoice_profile: tenant.get("InvoiceProfile").id(),
        consumer: tenant.get("Consumer").id(),
        markup: tenant.get("ResellerMarkup").decimal().unwrap_or_default(),
        price_type: price_type(tenant),
        profile: Profile::Stored(TENANT_PROFILE.complete(body.get("Profile"))),
        registration_number: body.get("Company").get("OrganizationRegistrationNumber").string(),
        consents: Vec::new(),
    });
    call.state.note_creation(ENTITY, id, call.now);
    id
}

fn create(call: &mut Call<'_>) -> Outcome {
    let organization = check_new(call, CREATE_NEEDS)?;
    let id = add(call, organization);
    let password = format!("example-{}", call.state.prng("crayon/administrator", id).hex(12));
    Ok(Answer::json(call.state.tenant(id)?.detailed(call.state, Some(password))))
}

fn attach(call: &mut Call<'_>) -> Outcome {
    let organization = check_new(call, ATTACH_NEEDS)?;
    let external = call.body.get("Tenant").get("ExternalPublisherCustomerId").string().unwrap_or_default();
    if uuid::Uuid::parse_str(&external).is_err() {
        let path = "Tenant.ExternalPublisherCustomerId";
        return Err(ErrorAnswer::violation("InvalidValue", path, format!("{path} must be a GUID")));
    }
    let known = call
        .state
        .tenants
        .values()
        .any(|tenant| tenant.directory_id(call.state).eq_ignore_ascii_case(&external));
    if known {
        return Err(ErrorAnswer::rule("TenantAlreadyAttached", "The tenant is attached already.")
            .with("ExternalPublisherCustomerId", &external));
    }
    let id = add(call, organization);
    Ok(Answer::json(call.state.tenant(id)?.detailed(call.state, None)))
}

/// Replaces the record: what the body leaves out is reset, as the vendor's SDK (which always sends everything) never notices.
fn replace(call: &mut Call<'_>) -> Outcome {
    let id = call.id("id");
    let body = std::mem::replace(&mut call.body, Json::Null);
    let given = body.get("Tenant");
    let organization = call.state.tenant(id)?.organization;
    if given.id().is_some_and(|named| named != id) {
        return Err(ErrorAnswer::rule("IdMismatch", "Tenant.Id is not the id in the path."));
    }
    if given.get("Name").filled().is_none() {
        return Err(ErrorAnswer::violation("Required", "Tenant.Name", "Tenant.Name is required"));
    }
    if given.get("Organization").id().is_some_and(|named| named != organization) {
        return Err(ErrorAnswer::rule(
            "OrganizationFixed",
            "A tenant cannot be moved to another organization.",
        ));
    }
    check_profile(call.state, organization, given.get("InvoiceProfile").id())?;
    let name = (call.state.tenant(id)?.name.clone(), given.get("Name").string());
    call.state.note_change((ENTITY, id), "Name", name, call.now);
    let tenant = call.state.tenant_mut(id)?;
    tenant.name = given.get("Name").string();
    tenant.reference = given.get("Reference").string();
    tenant.kind = given.get("CustomerTenantType").int().unwrap_or_default();
    tenant.invoice_profile = given.get("InvoiceProfile").id();
    tenant.consumer = given.get("Consumer").id();
    tenant.markup = given.get("ResellerMarkup").decimal().unwrap_or(Decimal::ZERO);
    tenant.price_type = price_type(given);
    tenant.profile = Profile::Stored(TENANT_PROFILE.complete(body.get("Profile")));
    tenant.registration_number = body.get("Company").get("OrganizationRegistrationNumber").string();
    Ok(Answer::json(call.state.tenant(id)?.detailed(call.state, None)))
}

fn remove(call: &mut Call<'_>) -> Outcome {
    call.state.tenant_mut(call.id("id"))?.removed = true;
    Ok(Answer::empty())
}

fn consents(call: &mut Call<'_>) -> Outcome {
    // 0 is a kind of agreement here, not the absence of a filter.
    let kind = call.query.int("AgreementTypeConsent");
    let rows = call.state.tenant(call.id("id"))?.consent_rows(call.state);
    let rows = rows.into_iter().filter(|row| kind.is_none() || row.get("AgreementType").int() == kind);
    Ok(call.page_of(rows, |row| row))
}

fn consent(call: &mut Call<'_>) -> Outcome {
    let record = SERVICE_ACCOUNT_AGREEMENT.complete(&call.body);
    let agreed = record.get("DateAgreed").text().and_then(dates::read);
    // A day of grace: clients stamp their own clock.
    if agreed.is_none_or(|agreed| agreed > call.now + chrono::TimeDelta::days(1)) {
        return Err(ErrorAnswer::rule(
            "DateAgreedInFuture",
            "An agreement cannot be accepted in the future.",
        ));
    }
    call.state.tenant_mut(call.id("id"))?.consents.push(Consent::from(record.clone()));
    Ok(Answer::json(record))
}
