//! Encryption to the server. Its certificate is always checked, and so is the name in it.

use std::path::Path;
use std::sync::Arc;

use provider_core::{Error, Result};
use rustls::crypto::aws_lc_rs::default_provider;
use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject as _;
use rustls::{ClientConfig, RootCertStore};
use rustls_platform_verifier::BuilderVerifierExt as _;
use tokio_postgres_rustls::MakeRustlsConnect;

use crate::error::STORE_SETTING;

/// With the roots in this file alone, or with those of the system.
pub(super) fn connector(roots: Option<&Path>) -> Result<MakeRustlsConnect> {
    let builder = ClientConfig::builder_with_provider(Arc::new(default_provider()));
    let builder = builder.with_safe_default_protocol_versions().map_err(unusable)?;
    let config = match roots {
        Some(file) => builder.with_root_certificates(read(file)?).with_no_client_auth(),
        None => builder.with_platform_verifier().map_err(unusable)?.with_no_client_auth(),
    };
    Ok(MakeRustlsConnect::new(config))
}

fn read(file: &Path) -> Result<RootCertStore> {
    let unreadable = || {
        let message =
            format_args!("`sslrootcert`: there are no certificates to be read in {}", file.display());
        Error::config(STORE_SETTING, message)
    };
    let mut roots = RootCertStore::empty();
    for certificate in CertificateDer::pem_file_iter(file).map_err(|error| unreadable().with_source(error))? {
        let certificate = certificate.map_err(|error| unreadable().with_source(error))?;
        roots.add(certificate).map_err(|error| unreadable().with_source(error))?;
    }
    if roots.is_empty() { Err(unreadable()) } else { Ok(roots) }
}

fn unusable(error: rustls::Error) -> Error {
    Error::config(STORE_SETTING, "TLS cannot be set up here").with_source(error)
}
