//! Provisioning templates: which attributes a vendor wants in an order.

use provider_core::{open_enum, records};

use super::{Id, Json};

open_enum! {
    /// Whose templates.
    pub enum TemplateVendor {
        Microsoft = "MICROSOFT",
        Google = "GOOGLE",
        Ibm = "IBM",
        Sophos = "SOPHOS",
        NotSpecified = "NOT_SPECIFIED",
    }

    /// For which action.
    pub enum TemplateAction {
        Create = "CREATE",
        Update = "UPDATE",
        NotSpecified = "ACTION_NOT_SPECIFIED",
    }
}

records! {
    #![serde(rename_all = "camelCase")]
    #![derive(Default)]

    /// A document like a JSON Schema. Its useful part is [`ProvisioningTemplate::attribute_names`].
    pub struct ProvisioningTemplate {
        /// Its id.
        pub id: Option<Id>,
        /// The kind of document.
        #[serde(alias = "$schema")]
        pub schema: Option<String>,
        /// Its title.
        pub title: Option<String>,
        /// What it is for.
        pub description: Option<String>,
        /// `object`.
        #[serde(rename = "type")]
        pub kind: Option<String>,
        /// The members of an order.
        pub properties: Option<Json>,
        /// Definitions that the members refer to.
        #[serde(alias = "$defs")]
        pub defs: Option<TemplateDefinitions>,
    }

    /// Definitions of a template.
    pub struct TemplateDefinitions {
        /// An order item.
        pub order_items: Option<Json>,
        /// An attribute.
        pub attributes: Option<Json>,
    }
}

impl ProvisioningTemplate {
    /// The names of the attributes that an order may carry. Empty where the template does not say.
    #[must_use]
    pub fn attribute_names(&self) -> Vec<&str> {
        let names = self
            .defs
            .as_ref()
            .and_then(|defs| defs.attributes.as_ref())
            .and_then(|Json(attributes)| attributes.pointer("/properties/name/enum"))
            .and_then(serde_json::Value::as_array);
        names.into_iter().flatten().filter_map(serde_json::Value::as_str).collect()
    }
}
