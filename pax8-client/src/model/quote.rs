//! Quotes, as they are read and as they are written.

mod access;
mod attachment;
mod line;
mod preferences;
mod section;
mod totals;

use chrono::{DateTime, Utc};
use provider_core::{open_enum, records};
use serde::de::{Deserialize as _, Deserializer, Error as _};
use serde_json::value::RawValue;

pub use self::access::*;
pub use self::attachment::*;
pub use self::line::*;
pub use self::preferences::*;
pub use self::section::*;
pub use self::totals::*;

open_enum! {
    /// The status of a quote.
    pub enum QuoteStatus {
        /// Being written.
        Draft = "draft",
        /// Assigned to a user.
        Assigned = "assigned",
        /// Sent.
        Sent = "sent",
        /// Closed.
        Closed = "closed",
        /// Declined.
        Declined = "declined",
        /// Accepted.
        Accepted = "accepted",
        /// The client wants changes.
        ChangesRequested = "changes_requested",
        /// Past its date.
        Expired = "expired",
        /// Pending.
        Pending = "pending",
    }

    /// From whom to whom a quote goes.
    pub enum QuoteIntent {
        /// From the partner to its client.
        PartnerToClient = "PARTNER_TO_CLIENT",
        /// From Pax8 to the partner.
        Pax8ToPartner = "PAX8_TO_PARTNER",
        /// From Pax8 to the partner's client.
        Pax8ToPartnerClient = "PAX8_TO_PARTNER_CLIENT",
    }

    /// Whose quotes are listed.
    pub enum QuoteAccount {
        /// The user's.
        User = "user",
        /// The partner's.
        Partner = "partner",
    }
}

records! {
    #![numbers]
    #![serde(rename_all = "camelCase")]
    #![derive(PartialEq, Eq)]

    /// A quote in full.
    pub struct Quote {
        /// UUID.
        pub id: String,
        /// Its status.
        pub status: Option<QuoteStatus>,
        /// From whom to whom it goes.
        pub intent_type: Option<QuoteIntent>,
        /// The reference code that is shown.
        pub reference_code: Option<String>,
        /// The request it answers.
        pub quote_request_id: Option<String>,
        /// For whom it is.
        pub client: Option<QuoteClient>,
        /// The partner.
        pub partner: Option<QuotePartner>,
        /// Who owns it.
        pub owned_by: Option<QuoteUser>,
        /// Who created it.
        pub created_by: Option<String>,
        /// Who created it, as an e-mail address.
        pub created_by_email: Option<String>,
        /// When it was created.
        pub created_on: Option<DateTime>,
        /// When it expires.
        pub expires_on: Option<DateTime>,
        /// It is visible to the client.
        pub published: Option<bool>,
        /// Since when.
        pub published_on: Option<DateTime>,
        /// When it was answered.
        pub responded_on: Option<DateTime>,
        /// When it was revoked.
        pub revoked_on: Option<DateTime>,
        /// Who accepted it.
        pub accepted_by: Option<QuoteResponder>,
        /// Who declined it.
        pub declined_by: Option<QuoteResponder>,
        /// The introductory message.
        pub intro_message: Option<String>,
        /// Terms and disclaimers.
        pub terms_and_disclaimers: Option<String>,
        /// The partner's margin.
        pub sales_margin_percentage: Option<Decimal>,
        /// Its lines. The vendor's schema declares one object; both are read.
        #[serde(default, deserialize_with = "one_or_many", skip_serializing_if = "Vec::is_empty")]
        pub line_items: ::std::vec::Vec<QuoteLineItem>,
        /// Its attachments.
        pub attachments: Vec<Attachment>,
        /// Its totals.
        pub totals: Option<QuoteTotals>,
    }

    /// A row of the list of quotes.
    pub struct QuoteSummary {
        /// UUID.
        pub id: String,
        /// Its status.
        pub status: Option<QuoteStatus>,
        /// From whom to whom it goes.
        pub intent_type: Option<QuoteIntent>,
        /// The reference code that is shown.
        pub reference_code: Option<String>,
        /// For whom it is.
        pub client: Option<QuoteClient>,
        /// The partner.
        pub partner: Option<QuotePartner>,
        /// Who owns it.
        pub owned_by: Option<QuoteUser>,
        /// Who created it.
        pub created_by: Option<String>,
        /// When it was created.
        pub created_on: Option<DateTime>,
        /// When it last changed.
        pub updated_on: Option<DateTime>,
        /// It is visible to the client.
        pub published: Option<bool>,
        /// Since when.
        pub published_on: Option<DateTime>,
        /// How many lines it has.
        pub line_item_counts: Option<QuoteLineCounts>,
        /// Its totals.
        pub totals: Option<QuoteTotals>,
    }

    /// The client of a quote.
    pub struct QuoteClient {
        /// UUID of the company.
        pub id: String,
        /// Its name.
        pub name: Option<String>,
        /// It exists for quotes only.
        pub is_shadow_company: Option<bool>,
    }

    /// The partner of a quote.
    pub struct QuotePartner {
        /// UUID.
        pub id: String,
        /// Its name.
        pub name: Option<String>,
        /// Street and number.
        pub street: Option<String>,
        /// Suite, unit.
        pub street2: Option<String>,
        /// City.
        pub city: Option<String>,
        /// Postal code.
        pub postcode: Option<String>,
        /// State or province.
        pub state_or_province_code: Option<String>,
        /// Country.
        pub country: Option<String>,
        /// The partner above it.
        pub parent_partner: Option<ParentPartner>,
    }

    /// The partner above a partner.
    pub struct ParentPartner {
        /// UUID.
        pub parent_partner_id: Option<String>,
        /// Its name.
        pub parent_partner_name: Option<String>,
    }

    /// A user who has to do with a quote.
    pub struct QuoteUser {
        /// UUID.
        pub id: Option<String>,
        /// The name in full.
        pub full_name: Option<String>,
        /// The name that is shown.
        pub display_name: Option<String>,
        /// E-mail address.
        pub email: Option<String>,
        /// The role.
        pub role: Option<String>,
        /// The role, under its other name.
        pub user_role: Option<String>,
        /// Who accepted the quote.
        pub quote_accepted_by_name: Option<String>,
        /// The IP address.
        pub ip_address: Option<String>,
    }

    /// Who answered a quote.
    pub struct QuoteResponder {
        /// The name in full.
        pub full_name: Option<String>,
        /// E-mail address.
        pub email: Option<String>,
        /// The IP address.
        pub ip_address: Option<String>,
    }
}

records! {
    #![setters]
    #![numbers]
    #![serde(rename_all = "camelCase")]
    #![derive(PartialEq, Eq)]

    /// A quote to be written.
    pub struct CreateQuote {
        /// The company it is for.
        pub client_id: String,
        /// The request it answers.
        pub quote_request_id: Option<String>,
    }

    /// What a quote becomes. The vendor wants all of it: read the quote, change, send.
    pub struct UpdateQuote {
        /// When it expires.
        pub expires_on: DateTime<Utc>,
        /// The introductory message.
        pub intro_message: String,
        /// It is visible to the client.
        pub published: bool,
        /// Its status.
        pub status: QuoteStatus,
        /// Terms and disclaimers.
        pub terms_and_disclaimers: String,
    }
}

fn one_or_many<'de, D: Deserializer<'de>>(d: D) -> Result<Vec<QuoteLineItem>, D::Error> {
    let Some(raw) = Option::<Box<RawValue>>::deserialize(d)? else { return Ok(Vec::new()) };
    let parsed = if raw.get().starts_with('[') {
        serde_json::from_str(raw.get())
    } else {
        serde_json::from_str(raw.get()).map(|line| vec![line])
    };
    parsed.map_err(D::Error::custom)
}

impl CreateQuote {
    /// For this company.
    #[must_use]
    pub fn new(client_id: impl Into<String>) -> Self {
        Self { client_id: client_id.into(), quote_request_id: None }
    }
}

impl UpdateQuote {
    /// All of it.
    #[must_use]
    pub fn new(
        expires_on: DateTime<Utc>,
        intro_message: impl Into<String>,
        published: bool,
        status: QuoteStatus,
        terms_and_disclaimers: impl Into<String>,
    ) -> Self {
        Self {
            expires_on,
            intro_message: intro_message.into(),
            published,
            status,
            terms_and_disclaimers: terms_and_disclaimers.into(),
        }
    }
}
