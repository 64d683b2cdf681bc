//! What the customers of each distributor need.

/// What a customer of a distributor needs, and how the simulator sees it written.
pub(super) struct Case {
    pub(super) name: &'static str,
    pub(super) variables: &'static [(&'static str, &'static str)],
    /// The paths of what is written.
    pub(super) path: &'static str,
    /// What of the plan is the distributor's own.
    pub(super) plan: &'static str,
    pub(super) columns: &'static str,
    /// Of the account `{n}`.
    pub(super) values: &'static str,
}

pub(super) const PAX8: Case = Case {
    name: "pax8",
    variables: &[
        ("PAX8_CURRENCY", "USD"),
        ("PAX8_COUNTRY", "US"),
        ("PAX8_SELF_SERVICE_ALLOWED", "true"),
        ("PAX8_BILL_ON_BEHALF_OF_ENABLED", "false"),
        ("PAX8_ORDER_APPROVAL_REQUIRED", "false"),
    ],
    path: "*companies*",
    plan: r#"
matching = ["external_id", "name"]
detail = { full = { refresh = 7 } }
fields = [
  { remote = "website", local = "website", owner = "local" },
  { remote = "phone", local = "phone", owner = "local" },
"#,
    columns: "phone, website",
    values: "'555-0100', 'https://example.com'",
};

pub(super) const CRAYON: Case = Case {
    name: "crayon",
    // There are two organizations, each with two invoice profiles: a new customer is one's, and names one.
    variables: &[("CRAYON_ORGANIZATION_ID", "4100001")],
    path: "*ustomer*enants*",
    plan: r#"
matching = ["external_id", "name"]
detail = { full = { refresh = 7 } }
fields = [
  { remote = "tenants[vendor=microsoft].domain", local = "domain", owner = "local" },
  { remote = "contacts[role=primary].first_name", local = "first", owner = "local" },
  { remote = "contacts[role=primary].last_name", local = "last", owner = "local" },
  { remote = "contacts[role=primary].email", local = "mail", owner = "local" },
  { remote = "contacts[role=primary].phone", local = "phone", owner = "local" },
  { remote = "invoice_profile", local = "profile", owner = "local" },
"#,
    columns: "domain, first, last, mail, phone, profile",
    values: "'pushed{n}', 'Ada', 'Example', 'ada{n}@example.com', '555-0100', '80001'",
};

pub(super) const STREAMONE: Case = Case {
    name: "streamone",
    variables: &[],
    path: "*customers*",
    plan: r#"
matching = ["name"]
fields = [
  { remote = "contacts[role=primary].name", local = "person", owner = "local" },
  { remote = "contacts[role=primary].email", local = "mail", owner = "local" },
"#,
    columns: "person, mail",
    values: "'Ada Example', 'ada{n}@example.com'",
};

impl Case {
    pub(super) fn plan(&self) -> String {
        let name = self.name;
        format!(
            r#"version = 1
connection = "{name}"
enabled = true
cap = {{ creates = 1000, changes = 5000 }}
[[kinds]]
kind = "customer"
enabled = true
direction = "both"
updates = ["create", "update"]
table = "accounts"
scope = {{ distributor = "{name}" }}
key = {{ remote = "id", local = "distributor_id" }}
unmatched = "create"
{}
  {{ remote = "name", local = "name", owner = "ask" }},
  {{ remote = "address.line1", local = "street", owner = "local" }},
  {{ remote = "address.city", local = "city", owner = "local" }},
  {{ remote = "address.region", local = "region", owner = "local" }},
  {{ remote = "address.postal_code", local = "postal_code", owner = "local" }},
  {{ remote = "address.country", local = "country", owner = "local" }},
]
"#,
            self.plan
        )
    }
}
