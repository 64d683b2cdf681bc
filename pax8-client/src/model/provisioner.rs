//! Provisioners: who provisions a vendor's products, and where it is told.

use provider_core::records;

records! {
    #![numbers]
    #![serde(rename_all = "camelCase")]

    /// A webhook of a provisioner; it never changes, a newer one takes its place.
    pub struct ProvisionerWebhook {
        /// UUID.
        pub id: Option<String>,
        /// Where deliveries go.
        pub url: Option<String>,
        /// How deliveries prove their origin.
        pub shared_secret: Option<SharedSecret>,
        /// When it was created.
        pub created_date: Option<DateTime>,
    }

    /// How deliveries to a provisioner prove their origin. Pax8 makes the credential and shows it once, in
    /// the answer to the creation; later it is `*****`.
    pub struct SharedSecret {
        /// The header that carries it.
        pub header: Option<String>,
        /// The secret.
        pub credential: Option<Secret>,
    }
}

records! {
    #![numbers]
    #![serde(rename_all = "camelCase")]
    #![derive(PartialEq, Eq)]

    /// Who provisions a vendor's products.
    pub struct Provisioner {
        /// UUID.
        pub id: Option<String>,
        /// The vendor.
        pub vendor_id: Option<String>,
        /// Its name.
        pub name: Option<String>,
        /// When it was created.
        pub created_date: Option<DateTime>,
    }
}

records! {
    #![setters]
    #![numbers]
    #![serde(rename_all = "camelCase")]
    #![derive(PartialEq, Eq)]

    /// A webhook of a provisioner to be made.
    pub struct NewProvisionerWebhook {
        /// Where deliveries go; without query parameters.
        pub url: String,
        /// The header that carries the secret; `pax8ApiTokenV1` unless set.
        #[serde(rename = "sharedSecret")]
        pub secret_header: Option<SecretHeader>,
    }

    /// The header that carries a shared secret.
    pub struct SecretHeader {
        /// Its name.
        pub header: String,
    }
}

impl NewProvisionerWebhook {
    /// With the usual header.
    #[must_use]
    pub fn new(url: impl Into<String>) -> Self {
        Self { url: url.into(), secret_header: None }
    }

    /// With this header.
    #[must_use]
    pub fn with_header(mut self, header: impl Into<String>) -> Self {
        self.secret_header = Some(SecretHeader { header: header.into() });
        self
    }
}
