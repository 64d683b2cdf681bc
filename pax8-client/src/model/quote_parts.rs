//! What hangs on quotes: sections, access, attachments, preferences.

use crate::wire::record;

record! {
    /// A section of a quote.
    Section {
        /// UUID.
        id: must String,
        /// Its name.
        name: must String,
        /// Its place.
        order: must i64,
        /// Its lines.
        #[serde(default, deserialize_with = "crate::wire::list::deserialize")]
        line_items: must Vec<SectionLineItem>,
    }
}

impl Section {
    /// A section without lines.
    #[must_use]
    pub fn new(id: impl Into<String>, name: impl Into<String>, order: i64) -> Self {
        Self { id: id.into(), name: name.into(), order, line_items: Vec::new() }
    }
}

record! {
    /// A line's place in a section.
    SectionLineItem {
        /// The line.
        line_item_id: must String,
        /// Its place.
        order: must i64,
    }
}

impl SectionLineItem {
    /// This line at this place.
    #[must_use]
    pub fn new(line_item_id: impl Into<String>, order: i64) -> Self {
        Self { line_item_id: line_item_id.into(), order }
    }
}

record! {
    /// The sections of a quote.
    Sections {
        /// All of them.
        #[serde(default, deserialize_with = "crate::wire::list::deserialize")]
        sections: must Vec<Section>,
    }
}

impl Sections {
    /// These sections.
    #[must_use]
    pub fn new(sections: Vec<Section>) -> Self {
        Self { sections }
    }
}

record! {
    /// Who may see a quote.
    AccessListEntry {
        /// UUID.
        id: id,
        /// E-mail address.
        email: text,
        /// Name.
        account_name: text,
        /// Role.
        account_role: text,
        /// `user`, `contact` or `guest`.
        account_type: text,
        /// The user.
        user_id: text,
        /// The link that was sent. Whoever has it sees the quote.
        link: text,
    }
}

record! {
    /// Someone who is to see a quote.
    NewAccessListEntry {
        /// E-mail address.
        email: must String,
        /// Name.
        account_name: text,
        /// Role.
        account_role: text,
        /// `user`, `contact` or `guest`.
        account_type: text,
        /// The user.
        user_id: text,
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

record! {
    /// The list of who may see a quote.
    AccessList {
        /// All of them.
        access_list: list AccessListEntry,
    }
}

record! {
    /// A file on a quote, in the library or in the preferences.
    Attachment {
        /// UUID.
        id: id,
        /// Its name.
        name: text,
        /// Its place.
        order: number,
        /// Its media type.
        #[serde(rename = "type")]
        kind: text,
        /// Where it is.
        url: text,
        /// Who put it there.
        created_by: one AttachmentAuthor,
        /// When.
        created_on: time,
        /// When it was replaced.
        replaced_on: time,
    }
}

record! {
    /// Who put a file there.
    AttachmentAuthor {
        /// UUID.
        id: text,
        /// The name in full.
        full_name: text,
        /// The role.
        role: text,
    }
}

record! {
    /// A new name and place of a file.
    AttachmentUpdate {
        /// The file.
        id: must String,
        /// Its name.
        name: must String,
        /// Its place.
        order: must i64,
    }
}

impl AttachmentUpdate {
    /// This name and place.
    #[must_use]
    pub fn new(id: impl Into<String>, name: impl Into<String>, order: i64) -> Self {
        Self { id: id.into(), name: name.into(), order }
    }
}

record! {
    /// What new quotes begin with.
    QuotePreferences {
        /// How many days a quote lasts.
        days_to_expire: one i64,
        /// The first words.
        intro_message: text,
        /// The small print.
        terms_and_disclaimers: text,
        /// The partner's margin.
        sales_margin_percentage: number,
        /// Files that every quote gets.
        attachments: list Attachment,
    }
}

record! {
    /// What new quotes are to begin with.
    UpdateQuotePreferences {
        /// How many days a quote lasts.
        days_to_expire: must u32,
        /// The first words.
        intro_message: must String,
        /// The small print.
        terms_and_disclaimers: must String,
        /// The partner's margin.
        sales_margin_percentage: number,
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
