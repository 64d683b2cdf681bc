//! Values that must not be kept in raw JSON: by member name, and by the name that stands beside them.

/// Members whose values are secret wherever they stand.
pub(crate) const SECRET_MEMBERS: &[&str] =
    &["password", "previewAuthToken", "access_token", "refresh_token", "detailedInvoiceFilesUrls"];

/// True for an attribute whose value is a credential: new Microsoft tenants carry their administrator's
/// `userName` and `password` in an order item's attributes.
pub(crate) fn is_secret_name(name: &str) -> bool {
    let lower = name.to_ascii_lowercase();
    ["password", "username", "secret", "token"].iter().any(|part| lower.contains(part))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]

    use provider_core::model::Raw;

    use super::*;

    #[test]
    fn only_the_values_of_secret_attributes_are_blanked_and_numbers_keep_their_digits() {
        let json = r#"{"price":1.10,"a":[{"value":"hunter2","name":"passWord"},{"name":"domainName","value":"x"}],"b":{"name":"userName","value":{"deep":1}}}"#;
        assert_eq!(
            Raw::new(json, &[]).unwrap().without_attributes(is_secret_name).get(),
            r#"{"price":1.10,"a":[{"value":"***","name":"passWord"},{"name":"domainName","value":"x"}],"b":{"name":"userName","value":"***"}}"#
        );
    }

    #[test]
    fn a_record_without_secrets_is_left_alone() {
        let record = Raw::new(r#"{"price":1.10}"#, &[]).unwrap();
        assert_eq!(record.clone().without_attributes(is_secret_name).get(), record.get());
    }
}
