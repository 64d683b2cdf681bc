//! A customer tenant as it is answered.

use super::body::TENANT_PROFILE;
use super::record::{CUSTOMER_AGREEMENT, Consent, Profile, Tenant};
use crate::crayon::access::record::Organization;
use crate::crayon::catalog::offerings::{CSP, MICROSOFT};
use crate::crayon::engine::dates::{self, Form};
use crate::crayon::engine::json::{Json, object, reference};
use crate::crayon::state::State;

const PLACES: &[(&str, &str, &str, &str)] = &[
    ("Oslo", "Oslo", "0150", "NO"),
    ("Bergen", "Vestland", "5003", "NO"),
    ("Stockholm", "Stockholm", "111 20", "SE"),
    ("Hamburg", "Hamburg", "20095", "DE"),
    ("Dublin", "Leinster", "D02 X285", "IE"),
];

impl Tenant {
    fn publisher_customer_id(&self, state: &State) -> String {
        state.prng("crayon/tenant", self.id).uuid()
    }

    /// The tenant's id at Microsoft.
    pub(crate) fn directory_id(&self, state: &State) -> String {
        self.external.clone().unwrap_or_else(|| state.prng("crayon/directory", self.id).uuid())
    }

    /// The `CustomerTenant` of lists and of the detailed form.
    pub(crate) fn json(&self, state: &State) -> Json {
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
    pub(crate) fn detailed(&self, state: &State, password: Option<String>) -> Json {
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
    pub(crate) fn consent_rows(&self, state: &State) -> Vec<Json> {
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
