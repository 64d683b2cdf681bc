//! Quotes, as they are read and as they are written.

use chrono::{DateTime, Utc};

use super::{Attachment, QuoteBillingTerm, QuoteIntent, QuoteStatus, UsageBasedType};
use crate::wire::record;

record! {
    /// Money on the quoting surface.
    Money {
        /// The amount.
        amount: number,
        /// The currency.
        currency: text,
    }
}

record! {
    /// A quote in full.
    Quote {
        /// UUID.
        id: id,
        /// Its state.
        status: one QuoteStatus,
        /// From whom to whom it goes.
        intent_type: one QuoteIntent,
        /// The code that people use.
        reference_code: text,
        /// The request it answers.
        quote_request_id: text,
        /// For whom it is.
        client: one QuoteClient,
        /// The partner.
        partner: one QuotePartner,
        /// Who owns it.
        owned_by: one QuoteUser,
        /// Who wrote it.
        created_by: text,
        /// Who wrote it, as an address.
        created_by_email: text,
        /// When it was written.
        created_on: time,
        /// When it runs out.
        expires_on: time,
        /// It is visible to the client.
        published: flag,
        /// Since when.
        published_on: time,
        /// When it was answered.
        responded_on: time,
        /// When it was taken back.
        revoked_on: time,
        /// Who accepted it.
        accepted_by: one QuoteResponder,
        /// Who declined it.
        declined_by: one QuoteResponder,
        /// The first words.
        intro_message: text,
        /// The small print.
        terms_and_disclaimers: text,
        /// The partner's margin.
        sales_margin_percentage: number,
        /// Its lines. The vendor's schema declares one object; both are read.
        #[serde(default, deserialize_with = "one_or_many", skip_serializing_if = "Vec::is_empty")]
        line_items: must Vec<QuoteLineItem>,
        /// Its attachments.
        attachments: list Attachment,
        /// Its totals.
        totals: one QuoteTotals,
    }
}

fn one_or_many<'de, D: serde::Deserializer<'de>>(d: D) -> Result<Vec<QuoteLineItem>, D::Error> {
    use serde::Deserialize as _;
    use serde_json::value::RawValue;
    let Some(raw) = Option::<Box<RawValue>>::deserialize(d)? else { return Ok(Vec::new()) };
    let parsed = if raw.get().starts_with('[') {
        serde_json::from_str(raw.get())
    } else {
        serde_json::from_str(raw.get()).map(|line| vec![line])
    };
    parsed.map_err(serde::de::Error::custom)
}

record! {
    /// A row of the list of quotes.
    QuoteSummary {
        /// UUID.
        id: id,
        /// Its state.
        status: one QuoteStatus,
        /// From whom to whom it goes.
        intent_type: one QuoteIntent,
        /// The code that people use.
        reference_code: text,
        /// For whom it is.
        client: one QuoteClient,
        /// The partner.
        partner: one QuotePartner,
        /// Who owns it.
        owned_by: one QuoteUser,
        /// Who wrote it.
        created_by: text,
        /// When it was written.
        created_on: time,
        /// When it last changed.
        updated_on: time,
        /// It is visible to the client.
        published: flag,
        /// Since when.
        published_on: time,
        /// How many lines it has.
        line_item_counts: one QuoteLineCounts,
        /// Its totals.
        totals: one QuoteTotals,
    }
}

record! {
    /// How many quotes there are in each state.
    #[derive(Default)]
    QuoteStatusCounts {
        /// Accepted.
        accepted: number,
        /// Assigned; missing from the vendor's schema.
        assigned: number,
        /// Changes requested; missing from the vendor's schema.
        #[serde(rename = "changes_requested")]
        changes_requested: number,
        /// Closed.
        closed: number,
        /// Declined.
        declined: number,
        /// Draft.
        draft: number,
        /// Expired.
        expired: number,
        /// Pending.
        pending: number,
        /// Sent.
        sent: number,
    }
}

record! {
    /// How many lines a quote has.
    QuoteLineCounts {
        /// All.
        total: number,
        /// Custom ones.
        custom: number,
        /// Ones that only partners sell.
        msp: number,
    }
}

record! {
    /// The totals of a quote or of a line.
    QuoteTotals {
        /// Cost at the start.
        initial_cost: one Money,
        /// Profit at the start.
        initial_profit: one Money,
        /// Total at the start.
        initial_total: one Money,
        /// Cost each term.
        recurring_cost: one Money,
        /// Profit each term.
        recurring_profit: one Money,
        /// Total each term.
        recurring_total: one Money,
    }
}

record! {
    /// The client of a quote.
    QuoteClient {
        /// UUID of the company.
        id: id,
        /// Its name.
        name: text,
        /// It exists for quotes only.
        is_shadow_company: flag,
    }
}

record! {
    /// The partner of a quote.
    QuotePartner {
        /// UUID.
        id: id,
        /// Its name.
        name: text,
        /// Street and number.
        street: text,
        /// Suite, unit.
        street2: text,
        /// City.
        city: text,
        /// Postal code.
        postcode: text,
        /// State or province.
        state_or_province_code: text,
        /// Country.
        country: text,
        /// The partner above it.
        parent_partner: one ParentPartner,
    }
}

record! {
    /// The partner above a partner.
    ParentPartner {
        /// UUID.
        parent_partner_id: text,
        /// Its name.
        parent_partner_name: text,
    }
}

record! {
    /// A user who has to do with a quote.
    QuoteUser {
        /// UUID.
        id: text,
        /// The name in full.
        full_name: text,
        /// The name that is shown.
        display_name: text,
        /// E-mail address.
        email: text,
        /// The role.
        role: text,
        /// The role, under its other name.
        user_role: text,
        /// Who accepted the quote.
        quote_accepted_by_name: text,
        /// The network address.
        ip_address: text,
    }
}

record! {
    /// Who answered a quote.
    QuoteResponder {
        /// The name in full.
        full_name: text,
        /// E-mail address.
        email: text,
        /// The network address.
        ip_address: text,
    }
}

record! {
    /// A line of a quote.
    QuoteLineItem {
        /// UUID.
        id: id,
        /// The product.
        product: one QuoteProduct,
        /// How many.
        quantity: number,
        /// How often one pays.
        billing_term: one QuoteBillingTerm,
        /// The commitment.
        commitment_term: one QuoteCommitment,
        /// From when.
        effective_date: time,
        /// The price.
        price: one Money,
        /// The cost.
        cost: one Money,
        /// A note.
        note: text,
        /// What it depends on.
        relationship: one QuoteLineRelationship,
        /// The subscription it is about.
        subscription_id: text,
        /// Its totals.
        totals: one QuoteTotals,
        /// What varies, for usage.
        usage_based: one UsageBased,
    }
}

record! {
    /// The product of a quote line.
    QuoteProduct {
        /// UUID.
        id: id,
        /// Its name.
        name: text,
        /// Its SKU.
        sku: text,
        /// `Standalone`, `Solution` or `Custom`.
        #[serde(rename = "type")]
        kind: text,
        /// Only partners sell it.
        is_msp_only: flag,
    }
}

record! {
    /// The commitment of a quote line.
    QuoteCommitment {
        /// UUID.
        id: text,
        /// Its length as text.
        term: text,
    }
}

record! {
    /// What a quote line depends on.
    QuoteLineRelationship {
        /// Another line.
        required_line_item_id: text,
        /// A subscription.
        required_subscription_id: text,
    }
}

record! {
    /// What varies in a usage-based line.
    UsageBased {
        /// What varies.
        #[serde(rename = "type")]
        kind: must UsageBasedType,
        /// The note is shown.
        display_note: must bool,
    }
}

impl UsageBased {
    /// What varies.
    #[must_use]
    pub fn new(kind: UsageBasedType, display_note: bool) -> Self {
        Self { kind, display_note }
    }
}

record! {
    /// A quote to be written.
    CreateQuote {
        /// The company it is for.
        client_id: must String,
        /// The request it answers.
        quote_request_id: text,
    }
}

impl CreateQuote {
    /// For this company.
    #[must_use]
    pub fn new(client_id: impl Into<String>) -> Self {
        Self { client_id: client_id.into(), quote_request_id: None }
    }
}

record! {
    /// What a quote becomes. The vendor wants all of it: read the quote, change, send.
    UpdateQuote {
        /// When it runs out.
        expires_on: must DateTime<Utc>,
        /// The first words.
        intro_message: must String,
        /// It is visible to the client.
        published: must bool,
        /// Its state.
        status: must QuoteStatus,
        /// The small print.
        terms_and_disclaimers: must String,
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
