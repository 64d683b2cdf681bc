//! Provisioning templates: which attributes a vendor wants in an order.

use super::Json;
use crate::wire::{record, words};

words! {
    /// Whose templates.
    TemplateVendor {
        Microsoft = "MICROSOFT",
        Google = "GOOGLE",
        Ibm = "IBM",
        Sophos = "SOPHOS",
        NotSpecified = "NOT_SPECIFIED",
    }
    /// For which action.
    TemplateAction {
        Create = "CREATE",
        Update = "UPDATE",
        NotSpecified = "ACTION_NOT_SPECIFIED",
    }
}

record! {
    /// A document like a JSON Schema. Its useful part is [`ProvisioningTemplate::attribute_names`].
    ProvisioningTemplate {
        /// Its id.
        id: id,
        /// The kind of document.
        #[serde(alias = "$schema")]
        schema: text,
        /// Its title.
        title: text,
        /// What it is for.
        description: text,
        /// `object`.
        #[serde(rename = "type")]
        kind: text,
        /// The members of an order.
        properties: json,
        /// Definitions that the members refer to.
        #[serde(alias = "$defs")]
        defs: one(TemplateDefinitions),
    }

    /// Definitions of a template.
    TemplateDefinitions {
        /// An order item.
        order_items: json,
        /// An attribute.
        attributes: one(Json),
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
