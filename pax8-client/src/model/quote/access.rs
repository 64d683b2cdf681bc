//! Who may see a quote.

use provider_core::records;

records! {
    #![numbers]
    #![serde(rename_all = "camelCase")]
    #![derive(PartialEq, Eq)]

    /// Who may see a quote.
    pub struct AccessListEntry {
        /// UUID.
        pub id: String,
        /// E-mail address.
        pub email: Option<String>,
        /// Name.
        pub account_name: Option<String>,
        /// Role.
        pub account_role: Option<String>,
        /// `user`, `contact` or `guest`.
        pub account_type: Option<String>,
        /// The user.
        pub user_id: Option<String>,
        /// The link that was sent. Whoever has it sees the quote.
        pub link: Option<String>,
    }

    /// The list of who may see a quote.
    pub struct AccessList {
        /// All of them.
        pub access_list: Vec<AccessListEntry>,
    }
}

records! {
    #![setters]
    #![numbers]
    #![serde(rename_all = "camelCase")]
    #![derive(PartialEq, Eq)]

    /// Someone who is to see a quote.
    pub struct NewAccessListEntry {
        /// E-mail address.
        pub email: String,
        /// Name.
        pub account_name: Option<String>,
        /// Role.
        pub account_role: Option<String>,
        /// `user`, `contact` or `guest`.
        pub account_type: Option<String>,
        /// The user.
        pub user_id: Option<String>,
    }
}

impl NewAccessListEntry {
    /// By address alone.
    #[must_use]
    pub fn new(email: impl Into<String>) -> Self {
        Self {
            email: email.into(),
            account_name: None,
            account_role: None,
            account_type: None,
            user_id: None,
        }
    }
}
