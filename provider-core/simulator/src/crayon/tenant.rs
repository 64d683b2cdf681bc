//! A customer tenant as it is stored and answered.

use rust_decimal::Decimal;

use super::dates::{self, Form};
use super::json::{Json, object, reference};
use super::offerings::{CSP, MICROSOFT};
use super::state::{Organization, State};
use super::tenant_models::TENANT_PROFILE;

/// One customer tenant.
#[derive(Debug)]
pub(super) struct Tenant {
    pub(super) id: i64,
    pub(super) organization: i64,
    pub(super) name: Option<String>,
    pub(super) domain_prefix: String,
    /// The id at Microsoft; derived from the tenant's own id unless it was given.
    pub(super) external: Option<String>,
    pub(super) reference: Option<String>,
    pub(super) kind: i64,
    pub(super) removed: bool,
    pub(super) has_program: bool,
    pub(super) invoice_profile: Option<i64>,
    pub(super) consumer: Option<i64>,
    pub(super) markup: Decimal,
    pub(super) price_type: i64,
    pub(super) profile: Profile,
    pub(super) registration_number: Option<String>,
    pub(super) consents: Vec<Consent>,
}

/// The `Profile` of a tenant.
#[derive(Debug)]
pub(super) enum Profile {
    /// Made from the tenant's id when it is asked for, so that ten thousand tenants cost little.
    Seeded,
    Stored(Json),
}

/// A recorded agreement of a tenant.
#[derive(Debug)]
pub(super) enum Consent {
    /// The customer agreement, given by the primary contact.
    Seeded,
    Stored(Json),
}

/// The Microsoft Customer Agreement.
pub(super) const CUSTOMER_AGREEMENT: i64 = 1;

const PLACES: &[(&str, &str, &str, &str)] = &[
    ("Oslo", "Oslo", "0150", "NO"),
    ("Bergen", "Vestland", "5003", "NO"),
    ("Stockholm", "Stockholm", "111 20", "SE"),
    ("Hamburg", "Hamburg", "20095", "DE"),
    ("Dublin", "Leinster", "D02 X285", "IE"),
];

impl Tenant {
    pub(super) fn domain(&self) -> String {
        format!("{}.onmicrosoft.com", self.domain_prefix)
    }

    /// True once the Microsoft Customer Agreement is recorded.
    pub(super) fn has_customer_agreement(&self) -> bool {
        self.consents.iter().any(|consent| match consent {
            Consent::Seeded => true,
            Consent::Stored(record) => record.get("AgreementType").int() == Some(CUSTOMER_AGREEMENT),
        })
    }

    fn publisher_customer_id(&self, state: &State) -> String {
        state.prng("crayon/tenant", self.id).uuid()
    }

    /// The tenant's id at Microsoft.
    pub(super) fn directory_id(&self, state: &State) -> String {
        self.external.clone().unwrap_or_else(|| state.prng("crayon/directory", self.id).uuid())
    }

    /// The `CustomerTenant` of lists and of the detailed form.
    pub(super) fn json(&self, state: &State) -> Json {
        object! {
            "Id": self.id,
            "Name": self.name.clone(),
            "Publisher": reference(MICROSOFT, "Microsoft"),
            "Program": self.has_program.then(|| reference(CSP, "CSP")),
            "PublisherCustomerId": self.publisher_customer_id(state),
            "ExternalPublisherCustomerId": self.directory_id(state),
            "Domain": self.domain(),
            "DomainPrefix": self.domain_prefix.clone(),
            "Reference": self.reference.clone(),
            "CustomerTenantType": self.kind,
            "EntityStatus": i64::from(self.removed),
            "Organization": state.organization(self.organization).map(Organization::json),
            "InvoiceProfile": state.directory.profile_reference(self.invoice_profile),
            "Consumer": state.directory.consumer_reference(self.consumer),
            "ResellerMarkup": self.markup,
            "DefaultSubscriptionPriceType": self.price_type,
            // The one member that the vendor's SDK spells in lower case.
            "agreement": Json::Null,
        }
    }

    /// The `CustomerTenantDetailed`; the password belongs into the answer to a creation only.
    pub(super) fn detailed(&self, state: &State, password: Option<String>) -> Json {
        object! {
            "Tenant": self.json(state),
            "User": object! {
                "UserName": format!("admin@{}", self.domain()),
                "Password": password,
            },
            "Profile": self.profile(state),
            "Company": object! { "OrganizationRegistrationNumber": self.registration_number.clone() },
        }
    }

    fn profile(&self, state: &State) -> Json {
        let given = match &self.profile {
            Profile::Stored(profile) => return profile.clone(),
            Profile::Seeded => self.seeded_profile(state),
        };
        TENANT_PROFILE.complete(&given)
    }

    fn seeded_profile(&self, state: &State) -> Json {
        let mut prng = state.prng("crayon/profile", self.id);
        let (city, region, postal_code, country) =
            prng.pick(PLACES).copied().unwrap_or(("Oslo", "Oslo", "0150", "NO"));
        object! {
            "CultureCode": "en-US",
            "LanguageCode": "en",
            "Contact": object! {
                "FirstName": "Test",
                "LastName": "Contact",
                "Email": format!("it@{}.example.com", self.domain_prefix),
                "PhoneNumber": format!("555{:04}", prng.below(10_000)),
            },
            "Address": object! {
                "FirstName": "Test",
                "LastName": "Contact",
                "AddressLine1": format!("{} Sample Street", prng.between(1, 99)),
                "City": city,
                "Region": region,
                "PostalCode": postal_code,
                "CountryCode": country,
            },
        }
    }

    /// The recorded agreements, as `ServiceAccountAgreement`s.
    pub(super) fn consent_rows(&self, state: &State) -> Vec<Json> {
        self.consents
            .iter()
            .map(|consent| match consent {
                Consent::Stored(record) => record.clone(),
                Consent::Seeded => {
                    let profile = self.profile(state);
                    let contact = profile.get("Contact");
                    object! {
                        "FirstName": contact.get("FirstName").clone(),
                        "LastName": contact.get("LastName").clone(),
                        "PhoneNumber": contact.get("PhoneNumber").clone(),
                        "Email": contact.get("Email").clone(),
                        "DateAgreed": dates::write(dates::add_months(dates::day_start(state.started), -14), Form::Bare),
                        "AgreementType": CUSTOMER_AGREEMENT,
                    }
                }
            })
            .collect()
    }
}

impl From<Json> for Consent {
    fn from(record: Json) -> Self {
        Self::Stored(record)
    }
}
