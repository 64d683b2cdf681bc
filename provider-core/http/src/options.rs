//! Timeouts, size limits, proxy, certificates and retries of HTTP calls.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use secrecy::SecretString;

use crate::transport::Transport;

/// Which proxy calls go through.
#[derive(Clone, Default)]
#[non_exhaustive]
pub enum ProxySetting {
    /// `HTTPS_PROXY`, `HTTP_PROXY` and `NO_PROXY`, as most programs do.
    #[default]
    Environment,
    /// No proxy, whatever the environment says.
    None,
    /// Through this proxy. The URL may hold a password.
    Url(SecretString),
}

impl fmt::Debug for ProxySetting {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Environment => "Environment",
            Self::None => "None",
            Self::Url(_) => "Url([set])",
        })
    }
}

/// Timeouts, size limits, proxy, certificates and retries. The defaults suit all three distributors.
///
/// ```
/// use std::time::Duration;
/// use provider_http::HttpOptions;
///
/// let options = HttpOptions::default().operation_timeout(Duration::from_secs(20)).max_attempts(2);
/// assert_eq!(options.connect_timeout, Duration::from_secs(5));
/// ```
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct HttpOptions {
    /// To resolve the name, connect and agree on TLS. 5 s.
    pub connect_timeout: Duration,
    /// The longest wait for the next bytes of an answer's body. 20 s.
    pub read_timeout: Duration,
    /// One attempt, from the request to the last byte of the answer. 30 s.
    pub attempt_timeout: Duration,
    /// A whole call with its waits, tokens, attempts and pauses. 120 s; a call may ask for less or more.
    pub operation_timeout: Duration,
    /// A whole download. 30 min.
    pub download_timeout: Duration,
    /// Largest answer after decompression, in bytes. 64 MiB.
    pub max_body: u64,
    /// Largest download, in bytes. 4 GiB.
    pub max_download: u64,
    /// How many attempts one call may make, the first included. 4. A read of a background job
    /// ([`Priority::Bulk`](provider_core::query::Priority::Bulk)) goes on until its deadline, unless this is 1.
    pub max_attempts: u32,
    /// The first backoff pause is drawn between zero and this; the bound doubles with each attempt. 250 ms.
    pub backoff_base: Duration,
    /// No backoff pause is longer than this; a `Retry-After` of the distributor may be. 20 s.
    pub backoff_cap: Duration,
    /// Makes backoff pauses repeatable, for tests. Random by default.
    pub backoff_seed: Option<u64>,
    /// How long an idle connection is kept. 90 s.
    pub idle_timeout: Duration,
    /// Which proxy calls go through: by default what `HTTPS_PROXY` and its like say.
    pub proxy: ProxySetting,
    /// PEM certificates to trust besides those of the machine.
    pub extra_roots: Vec<Bytes>,
    /// What the application calls itself, before our own name in `User-Agent`: `app/1.0`.
    pub user_agent_prefix: Option<String>,
    transport: Option<SharedTransport>,
}

#[derive(Clone)]
struct SharedTransport(Arc<dyn Transport>);

impl fmt::Debug for SharedTransport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("[set]")
    }
}

impl Default for HttpOptions {
    fn default() -> Self {
        Self {
            connect_timeout: Duration::from_secs(5),
            read_timeout: Duration::from_secs(20),
            attempt_timeout: Duration::from_secs(30),
            operation_timeout: Duration::from_secs(120),
            download_timeout: Duration::from_secs(30 * 60),
            max_body: 64 * 1024 * 1024,
            max_download: 4 * 1024 * 1024 * 1024,
            max_attempts: 4,
            backoff_base: Duration::from_millis(250),
            backoff_cap: Duration::from_secs(20),
            backoff_seed: None,
            idle_timeout: Duration::from_secs(90),
            proxy: ProxySetting::Environment,
            extra_roots: Vec::new(),
            user_agent_prefix: None,
            transport: None,
        }
    }
}

macro_rules! setters {
    ($($(#[$doc:meta])* $name:ident: $type:ty,)*) => {
        impl HttpOptions {
            $($(#[$doc])* #[must_use] pub fn $name(mut self, $name: $type) -> Self {
                self.$name = $name;
                self
            })*
        }
    };
}

setters! {
    /// Sets how long connecting may take.
    connect_timeout: Duration,
    /// Sets the longest wait for the next bytes of an answer's body.
    read_timeout: Duration,
    /// Sets how long one attempt may take.
    attempt_timeout: Duration,
    /// Sets how long a whole call may take.
    operation_timeout: Duration,
    /// Sets how long a whole download may take.
    download_timeout: Duration,
    /// Sets the largest answer in bytes.
    max_body: u64,
    /// Sets the largest download in bytes.
    max_download: u64,
    /// Sets how many attempts one call may make.
    max_attempts: u32,
    /// Sets the bound of the first backoff pause.
    backoff_base: Duration,
    /// Sets the bound of every backoff pause.
    backoff_cap: Duration,
    /// Sets how long an idle connection is kept.
    idle_timeout: Duration,
    /// Sets the proxy.
    proxy: ProxySetting,
}

impl HttpOptions {
    /// Sends requests through this transport: one, with its connections, for everything that a host connects. What
    /// the options say of connecting, of proxies and of certificates is then up to the transport.
    #[must_use]
    pub fn transport(mut self, transport: Arc<dyn Transport>) -> Self {
        self.transport = Some(SharedTransport(transport));
        self
    }

    /// The transport that was set.
    #[must_use]
    pub fn shared_transport(&self) -> Option<&Arc<dyn Transport>> {
        self.transport.as_ref().map(|SharedTransport(transport)| transport)
    }

    /// Makes backoff pauses repeatable, for tests.
    #[must_use]
    pub fn backoff_seed(mut self, seed: u64) -> Self {
        self.backoff_seed = Some(seed);
        self
    }

    /// Trusts the certificates of this PEM bundle besides those of the machine.
    #[must_use]
    pub fn extra_root(mut self, pem: impl Into<Bytes>) -> Self {
        self.extra_roots.push(pem.into());
        self
    }

    /// Sets what the application calls itself: `app/1.0`.
    #[must_use]
    pub fn user_agent_prefix(mut self, prefix: impl Into<String>) -> Self {
        self.user_agent_prefix = Some(prefix.into());
        self
    }
}
