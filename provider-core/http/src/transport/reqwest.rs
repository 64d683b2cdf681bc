//! The transport over reqwest: the only file of the project that names it.

use async_trait::async_trait;
use bytes::Bytes;
use futures_util::StreamExt as _;
use provider_core::{Error, Result};

use super::{Body, Transport, TransportError, TransportErrorKind};
use crate::options::{HttpOptions, ProxySetting};

/// HTTP/1.1 and HTTP/2 with connection reuse, gzip and TLS.
///
/// Cheap to clone; clones share their connections. Redirects are left to the pipeline, which follows
/// them for reads within one origin only.
#[derive(Debug, Clone)]
pub struct ReqwestTransport {
    client: reqwest::Client,
}

impl ReqwestTransport {
    /// A transport with these time limits, proxy and extra roots.
    ///
    /// # Errors
    /// `Config` naming `proxy` or `extra_roots` when one cannot be used, or when TLS cannot be set up.
    pub fn new(options: &HttpOptions) -> Result<Self> {
        // reqwest would send again what HTTP/2 declares as not processed (a refused stream, a connection
        // that is shutting down). Whether a request goes out twice is for the retry table alone: the proxy
        // that declares it does not know what stood behind it.
        let mut builder = reqwest::Client::builder()
            .retry(reqwest::retry::never())
            .redirect(reqwest::redirect::Policy::none())
            .referer(false)
            .connect_timeout(options.connect_timeout)
            .pool_idle_timeout(options.idle_timeout)
            .tcp_nodelay(true)
            .gzip(true);
        match &options.proxy {
            ProxySetting::Environment => {}
            ProxySetting::None => builder = builder.no_proxy(),
            ProxySetting::Url(url) => {
                use secrecy::ExposeSecret as _;
                // The cause would quote the URL, which may hold a password.
                let proxy = reqwest::Proxy::all(url.expose_secret()).map_err(|_| {
                    Error::config("proxy", "is not a URL such as http://proxy.example.com:3128")
                })?;
                builder = builder.proxy(proxy);
            }
        }
        builder = with_roots(builder, options)?;
        let client = builder.build().map_err(|e| {
            Error::config("tls", "the TLS set-up of this machine cannot be used").with_source(e.without_url())
        })?;
        Ok(Self { client })
    }
}

#[cfg(any(feature = "rustls", feature = "native-tls"))]
fn with_roots(builder: reqwest::ClientBuilder, options: &HttpOptions) -> Result<reqwest::ClientBuilder> {
    let mut roots = Vec::new();
    for pem in &options.extra_roots {
        let found = reqwest::Certificate::from_pem_bundle(pem).map_err(|e| {
            Error::config("extra_roots", "is not a PEM certificate").with_source(e.without_url())
        })?;
        if found.is_empty() {
            return Err(Error::config("extra_roots", "holds no PEM certificate"));
        }
        roots.extend(found);
    }
    Ok(if roots.is_empty() { builder } else { builder.tls_certs_merge(roots) })
}

#[cfg(not(any(feature = "rustls", feature = "native-tls")))]
fn with_roots(builder: reqwest::ClientBuilder, options: &HttpOptions) -> Result<reqwest::ClientBuilder> {
    if options.extra_roots.is_empty() {
        Ok(builder)
    } else {
        Err(Error::config("extra_roots", "needs one of the features `rustls` and `native-tls`"))
    }
}

#[async_trait]
impl Transport for ReqwestTransport {
    async fn send(&self, request: http::Request<Bytes>) -> Result<http::Response<Body>, TransportError> {
        let request = reqwest::Request::try_from(request).map_err(|e| {
            TransportError::new(TransportErrorKind::Unsendable, "the request cannot be sent")
                .with_source(e.without_url())
        })?;
        let response = self.client.execute(request).await.map_err(|e| head_error(e.without_url()))?;
        let response: http::Response<reqwest::Body> = response.into();
        let (head, body) = response.into_parts();
        let chunks = http_body_util::BodyDataStream::new(body)
            .map(|chunk| chunk.map_err(|e| body_error(e.without_url())));
        Ok(http::Response::from_parts(head, Body::from_stream(chunks)))
    }
}

/// Before the head of the answer. A connect time limit is both a time-out and a failed connection; only
/// the second says that nothing was sent, so it is asked first.
fn head_error(error: reqwest::Error) -> TransportError {
    if error.is_connect() {
        TransportError::new(TransportErrorKind::Connect, "no connection").with_source(error)
    } else if error.is_builder() {
        TransportError::new(TransportErrorKind::Unsendable, "the request cannot be sent").with_source(error)
    } else if error.is_timeout() {
        TransportError::new(TransportErrorKind::Timeout, "no answer in time").with_source(error)
    } else {
        TransportError::new(TransportErrorKind::Request, "the connection broke before an answer came")
            .with_source(error)
    }
}

fn body_error(error: reqwest::Error) -> TransportError {
    if error.is_timeout() {
        TransportError::new(TransportErrorKind::Timeout, "the answer stopped arriving").with_source(error)
    } else if undecodable(&error) {
        TransportError::new(TransportErrorKind::Decode, "the answer's compression is broken")
            .with_source(error)
    } else {
        TransportError::new(TransportErrorKind::Interrupted, "the answer broke off").with_source(error)
    }
}

/// The decompressor's own objections come as an I/O error directly below reqwest's; those of the
/// connection come wrapped in an error of the HTTP library.
fn undecodable(error: &reqwest::Error) -> bool {
    std::error::Error::source(error).is_some_and(|cause| cause.is::<std::io::Error>())
}
