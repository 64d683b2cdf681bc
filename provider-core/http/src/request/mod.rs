//! A request as data: method, URL template, arguments, safety class.

mod encode;
mod foreign;
mod origin;

use std::borrow::Cow;
use std::fmt;

use bytes::Bytes;
use http::{HeaderMap, HeaderName, HeaderValue, Method, header};
use provider_core::{Delivery, Error, ErrorKind, Operation, Result};
use secrecy::{ExposeSecret, SecretString};
use serde::Serialize;
use url::Url;

pub(crate) use encode::percent_decode;
#[cfg(test)]
pub(crate) use encode::{component as percent_encode, form_component as form_encode};
pub(crate) use origin::{Base, Origin};
pub use origin::{base_url, base_url_with};

use crate::retry::Safety;

/// A request before it is sent.
///
/// Paths are templates whose arguments are encoded one by one, so that an id can never reach another
/// resource, and so that logs can name the template instead of the URL.
///
/// ```
/// use provider_http::RequestSpec;
///
/// let spec = RequestSpec::get("/v1/companies/{companyId}/contacts")
///     .path("companyId", "6f1d3c52")
///     .query("page", 0)
///     .query_opt("status", None::<&str>);
/// assert_eq!(spec.template(), "/v1/companies/{companyId}/contacts");
/// ```
#[derive(Clone)]
pub struct RequestSpec {
    pub(crate) method: Method,
    pub(crate) template: Cow<'static, str>,
    pub(crate) absolute: Option<Url>,
    pub(crate) arguments: Vec<(Cow<'static, str>, String)>,
    pub(crate) query: String,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Bytes,
    pub(crate) secrets: Vec<SecretString>,
    pub(crate) sensitive: bool,
    pub(crate) operation: Option<Operation>,
    pub(crate) safety: Safety,
    pub(crate) with_credential: bool,
    pub(crate) max_body: Option<u64>,
    /// The first argument that cannot be sent. Kept until the request is, so that building one needs no
    /// question mark on every line.
    pub(crate) refused: Option<Error>,
}

impl RequestSpec {
    /// Any method on a path template such as `/v1/companies/{companyId}`.
    #[must_use]
    pub fn new(method: Method, template: impl Into<Cow<'static, str>>) -> Self {
        let safety =
            if method == Method::GET || method == Method::HEAD { Safety::Read } else { Safety::Write };
        Self {
            method,
            template: template.into(),
            absolute: None,
            arguments: Vec::new(),
            query: String::new(),
            headers: HeaderMap::new(),
            body: Bytes::new(),
            secrets: Vec::new(),
            sensitive: false,
            operation: None,
            safety,
            with_credential: true,
            max_body: None,
            refused: None,
        }
    }

    /// `GET`: a read.
    #[must_use]
    pub fn get(template: impl Into<Cow<'static, str>>) -> Self {
        Self::new(Method::GET, template)
    }

    /// `POST`: a write, unless [`read`](Self::read) says that it only searches.
    #[must_use]
    pub fn post(template: impl Into<Cow<'static, str>>) -> Self {
        Self::new(Method::POST, template)
    }

    /// `PUT`: a write.
    #[must_use]
    pub fn put(template: impl Into<Cow<'static, str>>) -> Self {
        Self::new(Method::PUT, template)
    }

    /// `PATCH`: a write.
    #[must_use]
    pub fn patch(template: impl Into<Cow<'static, str>>) -> Self {
        Self::new(Method::PATCH, template)
    }

    /// `DELETE`: a write.
    #[must_use]
    pub fn delete(template: impl Into<Cow<'static, str>>) -> Self {
        Self::new(Method::DELETE, template)
    }

    /// A complete URL that the distributor handed out, such as a signed one or the next page. `name`
    /// stands for it in logs. It carries the credential only within the origin of the connection;
    /// elsewhere it has to be sent [`without_credential`](Self::without_credential).
    #[must_use]
    pub fn absolute(method: Method, url: Url, name: &'static str) -> Self {
        let mut spec = Self::new(method, name);
        spec.absolute = Some(url);
        spec
    }

    /// Fills one placeholder of the template with one path segment, percent-encoded. An id that is
    /// empty or a dot segment is refused with `InvalidInput` when the request is sent.
    #[must_use]
    pub fn path(mut self, name: impl Into<Cow<'static, str>>, value: impl fmt::Display) -> Self {
        let name = name.into();
        let value = value.to_string();
        if value.trim().is_empty() {
            self.refuse(&name, "is empty");
        } else if value == "." || value == ".." {
            self.refuse(&name, "is not an id");
        }
        self.arguments.push((name, encode::component(&value)));
        self
    }

    /// Adds one query parameter. Case is kept; repeated names repeat.
    #[must_use]
    pub fn query(mut self, name: &str, value: impl fmt::Display) -> Self {
        if !self.query.is_empty() {
            self.query.push('&');
        }
        self.query.push_str(&encode::component(name));
        self.query.push('=');
        self.query.push_str(&encode::component(&value.to_string()));
        self
    }

    /// Adds one query parameter if there is a value.
    #[must_use]
    pub fn query_opt(self, name: &str, value: Option<impl fmt::Display>) -> Self {
        match value {
            Some(value) => self.query(name, value),
            None => self,
        }
    }

    /// Adds one query parameter for each value, all under the same name.
    #[must_use]
    pub fn query_all<V: fmt::Display>(self, name: &str, values: impl IntoIterator<Item = V>) -> Self {
        values.into_iter().fold(self, |spec, value| spec.query(name, value))
    }

    /// Sets a header.
    #[must_use]
    pub fn header(mut self, name: HeaderName, value: &str) -> Self {
        match HeaderValue::from_str(value) {
            Ok(value) => {
                self.headers.insert(name, value);
            }
            Err(_) => self.refuse(name.as_str(), "holds characters that cannot be sent in a header"),
        }
        self
    }

    /// Sets a header whose value is a secret. It never appears in logs, and it is blanked where the
    /// distributor echoes it.
    #[must_use]
    pub fn secret_header(mut self, name: HeaderName, value: &SecretString) -> Self {
        match HeaderValue::from_str(value.expose_secret()) {
            Ok(mut header) => {
                header.set_sensitive(true);
                self.headers.insert(name, header);
            }
            Err(_) => self.refuse(name.as_str(), "holds characters that cannot be sent in a header"),
        }
        self.secret(value)
    }

    /// Sets what kind of answer is wanted; JSON unless set.
    #[must_use]
    pub fn accept(self, media_type: &str) -> Self {
        self.header(header::ACCEPT, media_type)
    }

    /// Sends a JSON body.
    ///
    /// # Errors
    /// `InvalidInput`, `NotSent`, when the value has no JSON form (such as a map with keys that are no
    /// strings).
    pub fn json(self, body: &(impl Serialize + ?Sized)) -> Result<Self> {
        let body = serde_json::to_vec(body)
            .map_err(|e| Error::invalid_input("body", "has no JSON form").with_source(e))?;
        Ok(self.body(body, "application/json"))
    }

    /// Sends an `application/x-www-form-urlencoded` body.
    #[must_use]
    pub fn form(self, fields: &[(&str, &str)]) -> Self {
        let body = encode::form(fields.iter().copied());
        self.body(body, encode::FORM)
    }

    /// Sends a form some of whose values are secrets; the secrets come after the plain fields.
    #[must_use]
    pub fn secret_form(mut self, fields: &[(&str, &str)], secrets: &[(&str, &SecretString)]) -> Self {
        let body =
            encode::form(fields.iter().copied().chain(secrets.iter().map(|(k, v)| (*k, v.expose_secret()))));
        for (_, value) in secrets {
            self = self.secret(value);
        }
        self.body(body, encode::FORM)
    }

    /// Sends these bytes.
    #[must_use]
    pub fn body(mut self, bytes: impl Into<Bytes>, content_type: &'static str) -> Self {
        self.body = bytes.into();
        self.headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(content_type));
        self
    }

    /// Names a secret that the request holds, so that it is blanked where the distributor echoes it.
    #[must_use]
    pub fn secret(mut self, value: &SecretString) -> Self {
        self.secrets.push(value.clone());
        self
    }

    /// The body holds personal data or secrets that cannot be named one by one: what the distributor
    /// says about it is not quoted in errors.
    #[must_use]
    pub const fn sensitive(mut self) -> Self {
        self.sensitive = true;
        self
    }

    /// Names the operation that the request is part of. Errors carry it.
    #[must_use]
    pub const fn operation(mut self, operation: Operation) -> Self {
        self.operation = Some(operation);
        self
    }

    /// The request changes nothing, so it may be repeated: a search by `POST`.
    #[must_use]
    pub const fn read(mut self) -> Self {
        self.safety = Safety::Read;
        self
    }

    /// The request changes something, so it is repeated only where nothing can have happened.
    #[must_use]
    pub const fn write(mut self) -> Self {
        self.safety = Safety::Write;
        self
    }

    /// The distributor itself recognises a repetition of this write (it has an idempotency key), so that
    /// one whose fate is unknown may be sent again unchanged.
    #[must_use]
    pub const fn idempotent(mut self, yes: bool) -> Self {
        self.safety = match (yes, self.safety) {
            (true, Safety::Write) => Safety::IdempotentWrite,
            (false, Safety::IdempotentWrite) => Safety::Write,
            (_, safety) => safety,
        };
        self
    }

    /// Sends no credential: signed URLs, token endpoints.
    #[must_use]
    pub const fn without_credential(mut self) -> Self {
        self.with_credential = false;
        self
    }

    /// The largest answer, in bytes after decompression, instead of the client's own limit.
    #[must_use]
    pub const fn max_body(mut self, bytes: u64) -> Self {
        self.max_body = Some(bytes);
        self
    }

    /// The path with its arguments left as placeholders: what logs and spans show.
    #[must_use]
    pub fn template(&self) -> &str {
        &self.template
    }

    fn refuse(&mut self, field: &str, problem: &str) {
        if self.refused.is_none() {
            self.refused = Some(Error::invalid_input(field, problem));
        }
    }

    /// The URL to send it to.
    pub(crate) fn target(&self, base: &Base) -> Result<Target> {
        if let Some(refused) = &self.refused {
            return Err(refused.clone());
        }
        let mut url = match &self.absolute {
            Some(url) => url.clone(),
            None => base.join(&encode::expand(&self.template, &self.arguments)?)?,
        };
        if !self.query.is_empty() {
            let query = match url.query() {
                Some(given) if !given.is_empty() => format!("{given}&{}", self.query),
                _ => self.query.clone(),
            };
            url.set_query(Some(&query));
        }
        url.set_fragment(None);
        let origin = base.check(&url, self.with_credential)?;
        let with_credential = self.with_credential && origin == *base.origin();
        Ok(Target { url, with_credential })
    }
}

/// Where a request goes, and whether the credential may go with it.
#[derive(Clone)]
pub(crate) struct Target {
    pub(crate) url: Url,
    pub(crate) with_credential: bool,
}

impl Target {
    pub(crate) fn uri(&self) -> Result<http::Uri> {
        self.url.as_str().parse().map_err(|e: http::uri::InvalidUri| {
            Error::new(ErrorKind::InvalidInput, "the request has no valid URL")
                .with_delivery(Delivery::NotSent)
                .with_source(e)
        })
    }
}

impl fmt::Debug for RequestSpec {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RequestSpec")
            .field("method", &self.method)
            .field("template", &self.template)
            .field("operation", &self.operation)
            .field("safety", &self.safety)
            .field("body_len", &self.body.len())
            .finish_non_exhaustive()
    }
}
