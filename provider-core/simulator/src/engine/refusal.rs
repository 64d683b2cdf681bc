//! What was refused, and of which request.

/// The part of a request that was not understood.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum RefusedPart {
    /// A query parameter: unknown, repeated where one is allowed, or with a value of the wrong form.
    Query,
    /// A header: missing or with a value of the wrong form.
    Header,
    /// A member of the body, as a path such as `lineItems[0].commitmentTerm`.
    Body,
    /// A path or method that the distributor does not have.
    Route,
}

/// One thing that a strict simulator refused.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Refusal {
    /// Method of the request.
    pub method: String,
    /// Path of the request as sent.
    pub path: String,
    /// Which part was refused.
    pub part: RefusedPart,
    /// Name of the parameter, header or member; the path again for [`RefusedPart::Route`].
    pub name: String,
    /// What is wrong with it, in a few words.
    pub reason: String,
}

/// The method and path of the request being answered: what refusals and error bodies name.
#[derive(Clone, Debug)]
pub(crate) struct Target {
    pub(crate) method: String,
    pub(crate) path: String,
}

impl Target {
    pub(crate) fn new(method: &http::Method, uri: &http::Uri) -> Self {
        Self { method: method.as_str().to_owned(), path: uri.path().to_owned() }
    }

    /// The refusal of one part of this request.
    pub(crate) fn refusal(&self, part: RefusedPart, name: &str, reason: &str) -> Refusal {
        Refusal {
            method: self.method.clone(),
            path: self.path.clone(),
            part,
            name: name.to_owned(),
            reason: reason.to_owned(),
        }
    }
}
