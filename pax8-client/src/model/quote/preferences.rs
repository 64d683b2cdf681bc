//! What new quotes begin with.

use provider_core::records;

use super::attachment::Attachment;

records! {
    #![numbers]
    #![serde(rename_all = "camelCase")]
    #![derive(PartialEq, Eq)]

    /// What new quotes begin with.
    pub struct QuotePreferences {
        /// How many days a quote lasts.
        pub days_to_expire: Option<i64>,
        /// The introductory message.
        pub intro_message: Option<String>,
        /// Terms and disclaimers.
        pub terms_and_disclaimers: Option<String>,
        /// The partner's margin.
        pub sales_margin_percentage: Option<Decimal>,
        /// Files that every quote gets.
        pub attachments: Vec<Attachment>,
    }
}

records! {
    #![setters]
    #![numbers]
    #![serde(rename_all = "camelCase")]
    #![derive(PartialEq, Eq)]

    /// What new quotes are to begin with.
    pub struct UpdateQuotePreferences {
        /// How many days a quote lasts.
        pub days_to_expire: u32,
        /// The introductory message.
        pub intro_message: String,
        /// Terms and disclaimers.
        pub terms_and_disclaimers: String,
        /// The partner's margin.
        pub sales_margin_percentage: Option<Decimal>,
    }
}

impl UpdateQuotePreferences {
    /// Without a margin.
    #[must_use]
    pub fn new(days: u32, intro: impl Into<String>, terms: impl Into<String>) -> Self {
        Self {
            days_to_expire: days,
            intro_message: intro.into(),
            terms_and_disclaimers: terms.into(),
            sales_margin_percentage: None,
        }
    }
}
