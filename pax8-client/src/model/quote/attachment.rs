//! Files on quotes, in the library and in the preferences.

use provider_core::records;

records! {
    #![numbers]
    #![serde(rename_all = "camelCase")]
    #![derive(PartialEq, Eq)]

    /// A file on a quote, in the library or in the preferences.
    pub struct Attachment {
        /// UUID.
        pub id: String,
        /// Its name.
        pub name: Option<String>,
        /// Its place.
        pub order: Option<Decimal>,
        /// Its media type.
        #[serde(rename = "type")]
        pub kind: Option<String>,
        /// Where it is.
        pub url: Option<String>,
        /// Who put it there.
        pub created_by: Option<AttachmentAuthor>,
        /// When.
        pub created_on: Option<DateTime>,
        /// When it was replaced.
        pub replaced_on: Option<DateTime>,
    }

    /// Who put a file there.
    pub struct AttachmentAuthor {
        /// UUID.
        pub id: Option<String>,
        /// The name in full.
        pub full_name: Option<String>,
        /// The role.
        pub role: Option<String>,
    }
}

records! {
    #![setters]
    #![numbers]
    #![serde(rename_all = "camelCase")]
    #![derive(PartialEq, Eq)]

    /// A new name and place of a file.
    pub struct AttachmentUpdate {
        /// The file.
        pub id: String,
        /// Its name.
        pub name: String,
        /// Its place.
        pub order: i64,
    }
}

impl AttachmentUpdate {
    /// This name and place.
    #[must_use]
    pub fn new(id: impl Into<String>, name: impl Into<String>, order: i64) -> Self {
        Self { id: id.into(), name: name.into(), order }
    }
}
