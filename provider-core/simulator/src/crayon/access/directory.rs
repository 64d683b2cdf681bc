//! Users, API clients, addresses, invoice profiles and consumers, and their seeds.

use chrono::{DateTime, Utc};

use super::body::{ADDRESS, CLIENT, ORGANIZATION_ACCESS, USER};
use super::record::Organization;
use crate::crayon::billing::body::INVOICE_PROFILE;
use crate::crayon::engine::dates::{self, Form};
use crate::crayon::engine::json::{Json, object, reference};
use crate::crayon::engine::table::Table;
use crate::engine::prng::Prng;

/// Records that other records refer to.
#[derive(Debug)]
pub(crate) struct Directory {
    pub(crate) users: Vec<Json>,
    pub(crate) clients: Vec<Json>,
    pub(crate) secrets: Table,
    pub(crate) access: Table,
    pub(crate) addresses: Table,
    pub(crate) profiles: Table,
    pub(crate) consumers: Table,
    /// Numbers the GUIDs of users and clients that are created.
    created: u64,
    seed: u64,
}

impl Directory {
    /// One API user and client; per organization an address of each type, two invoice profiles and two consumers.
    pub(crate) fn seeded(seed: u64, started: DateTime<Utc>, organizations: &[Organization]) -> Self {
        let stamp = dates::write(dates::add_months(started, -20), Form::Ticks);
        let mut directory = Self {
            users: Vec::new(),
            clients: Vec::new(),
            secrets: Table::starting(401),
            access: Table::starting(601),
            // Beyond int32: address ids are the vendor's only 64-bit ids among these.
            addresses: Table::starting(5_637_144_576),
            profiles: Table::starting(80_001),
            consumers: Table::starting(30_001),
            created: 0,
            seed,
        };
        let user = directory.next_guid();
        directory.users.push(USER.complete(&object! {
            "Id": user.clone(),
            "UserName": "api.user@example.com",
            "FirstName": "Api",
            "LastName": "User",
            "Email": "api.user@example.com",
            "EmailConfirmed": true,
            "LockoutEnabled": true,
            "TenantAdmin": true,
        }));
        for organization in organizations {
            directory.fill(organization, &user, &stamp);
        }
        directory
    }

    fn fill(&mut self, organization: &Organization, user: &str, stamp: &Json) {
        let mut ids = [0, 0];
        for (id, (kind, street)) in ids.iter_mut().zip([(1, "1 Sample Street"), (2, "2 Dock Road")]) {
            *id = self.addresses.add(ADDRESS.complete(&object! {
                "Organization": organization.reference(),
                "Name": organization.name,
                "CompleteAddress": format!("{street}, 0150 Oslo, NO"),
                "Street": street,
                "ZipCode": "0150",
                "City": "Oslo",
                "CountryCode": "NO",
                "Primary": kind == 1,
                "AddressType": kind,
            }));
        }
        let [invoice, delivery] = ids;
        for name in ["Default", "Project billing"] {
            let record = INVOICE_PROFILE.complete(&object! {
                "Organization": organization.reference(),
                "Name": name,
                "InvoiceReference": "Accounts",
                "CustomerReference": "PO-9",
                "InvoiceAddressId": invoice,
                "DeliveryAddressId": delivery,
            });
            let record = self.with_addresses(record);
            self.profiles.add(record);
        }
        for number in 1..=2 {
            self.consumers.add(object! {
                "Id": 0,
                "Name": format!("Consumer {number}"),
                "LegalName": format!("Consumer {number} AS"),
                "Organization": organization.reference(),
            });
        }
        self.access.add(ORGANIZATION_ACCESS.complete(&object! {
            "AllAgreements": true,
            "Agreements": Json::List(Vec::new()),
            "Organization": organization.json(),
            "User": object! {
                "Id": user.to_owned(),
                "UserName": "api.user@example.com",
                "Email": "api.user@example.com",
                "FirstName": "Api",
                "LastName": "User",
            },
            "Role": 3,
            "CrayonCompanyName": "Crayon Example AS",
            "Timestamp": stamp.clone(),
        }));
    }

    /// The API client that the simulator's own credentials belong to.
    pub(crate) fn add_own_client(&mut self, client_id: &str, started: DateTime<Utc>) {
        self.clients.push(CLIENT.complete(&object! {
            "ClientId": client_id.to_owned(),
            "ClientName": "Example integration",
            "Enabled": true,
            "ClientSecrets": Json::List(Vec::new()),
            "RedirectUris": Json::List(Vec::new()),
            "TimeStamp": dates::write(dates::add_months(started, -20), Form::Ticks),
            "Flow": 4,
        }));
    }

    /// The next GUID for a user or client.
    pub(crate) fn next_guid(&mut self) -> String {
        self.created += 1;
        Prng::keyed(self.seed, "crayon/guid", self.created).uuid()
    }

    pub(crate) fn user(&self, id: &str) -> Option<&Json> {
        self.users
            .iter()
            .find(|user| user.get("Id").text().is_some_and(|known| known.eq_ignore_ascii_case(id)))
    }

    pub(crate) fn profile_reference(&self, id: Option<i64>) -> Json {
        named_reference(&self.profiles, id)
    }

    pub(crate) fn consumer_reference(&self, id: Option<i64>) -> Json {
        named_reference(&self.consumers, id)
    }

    /// The profile with the address data that its ids point at.
    pub(crate) fn with_addresses(&self, mut profile: Json) -> Json {
        for (member, id) in [("InvoiceAddress", "InvoiceAddressId"), ("DeliveryAddress", "DeliveryAddressId")]
        {
            let data = profile.get(id).int().and_then(|id| self.addresses.get(id)).map(|address| {
                object! {
                    "AxAddressId": address.get("Id").clone(),
                    "Name": address.get("Name").clone(),
                    "CompleteAddress": address.get("CompleteAddress").clone(),
                    "Street": address.get("Street").clone(),
                    "ZipCode": address.get("ZipCode").clone(),
                    "City": address.get("City").clone(),
                    "County": address.get("County").clone(),
                    "State": address.get("State").clone(),
                    "CountryCode": address.get("CountryCode").clone(),
                }
            });
            profile.set(member, data);
        }
        profile
    }
}

fn named_reference(table: &Table, id: Option<i64>) -> Json {
    let record = id.and_then(|id| table.get(id));
    record
        .map_or(Json::Null, |record| reference(record.id().unwrap_or_default(), record.get("Name").string()))
}
