//! What is kept about customer tenants, and about accounts at other clouds.

use rust_decimal::Decimal;

use super::body::{AWS_ACCOUNT, CRAYON_ACCOUNT};
use crate::crayon::access::record::Organization;
use crate::crayon::catalog::offerings::{CSP, MICROSOFT};
use crate::crayon::catalog::publishers::{AWS, publisher_reference};
use crate::crayon::engine::json::{Json, object, reference};
use crate::crayon::engine::table::Table;

/// One customer tenant.
#[derive(Debug)]
pub(crate) struct Tenant {
    pub(crate) id: i64,
    pub(crate) organization: i64,
    pub(crate) name: Option<String>,
    pub(crate) domain_prefix: String,
    /// The id at Microsoft; derived from the tenant's own id unless it was given.
    pub(crate) external: Option<String>,
    pub(crate) reference: Option<String>,
    pub(crate) kind: i64,
    pub(crate) removed: bool,
    pub(crate) has_program: bool,
    pub(crate) invoice_profile: Option<i64>,
    pub(crate) consumer: Option<i64>,
    pub(crate) markup: Decimal,
    pub(crate) price_type: i64,
    pub(crate) profile: Profile,
    pub(crate) registration_number: Option<String>,
    pub(crate) consents: Vec<Consent>,
}

/// The `Profile` of a tenant.
#[derive(Debug)]
pub(crate) enum Profile {
    /// Made from the tenant's id when it is asked for, so that ten thousand tenants cost little.
    Seeded,
    Stored(Json),
}

/// A recorded agreement of a tenant.
#[derive(Debug)]
pub(crate) enum Consent {
    /// The customer agreement, given by the primary contact.
    Seeded,
    Stored(Json),
}

/// The Microsoft Customer Agreement.
pub(crate) const CUSTOMER_AGREEMENT: i64 = 1;

impl Tenant {
    pub(crate) fn domain(&self) -> String {
        format!("{}.onmicrosoft.com", self.domain_prefix)
    }

    /// True once the Microsoft Customer Agreement is recorded.
    pub(crate) fn has_customer_agreement(&self) -> bool {
        self.consents.iter().any(|consent| match consent {
            Consent::Seeded => true,
            Consent::Stored(record) => record.get("AgreementType").int() == Some(CUSTOMER_AGREEMENT),
        })
    }
}

impl From<Json> for Consent {
    fn from(record: Json) -> Self {
        Self::Stored(record)
    }
}

/// The accounts of both kinds.
#[derive(Debug)]
pub(crate) struct Accounts {
    pub(crate) aws: Table,
    pub(crate) crayon: Table,
}

impl Accounts {
    /// One account of each kind for each organization.
    pub(crate) fn seeded(organizations: &[Organization]) -> Self {
        let mut accounts = Self { aws: Table::starting(8_101), crayon: Table::starting(8_501) };
        for organization in organizations {
            let common = |name: &'static str, publisher: i64| {
                object! {
                    "Name": name,
                    "Email": "cloud@example.com",
                    "Publisher": publisher_reference(publisher),
                    "CustomerTenantType": 2,
                    "Organization": organization.json(),
                    "IsActivated": true,
                }
            };
            accounts.aws.add(
                AWS_ACCOUNT.complete(
                    &common("Sample workloads", AWS)
                        .with("PayerAccountId", "000000000001")
                        .with("AwsAccountName", "sample-workloads")
                        .with("MasterAccountStatus", 1),
                ),
            );
            let account = common("Sample software", MICROSOFT).with("Program", reference(CSP, "CSP"));
            accounts.crayon.add(CRAYON_ACCOUNT.complete(&account));
        }
        accounts
    }
}
