//! A call on its way, and what came of it.

use bytes::Bytes;
use http::{HeaderMap, StatusCode};
use provider_core::Error;
use provider_core::attempt::Sending;
use provider_core::query::Priority;

use crate::answer::Context;
use crate::deadline::Deadline;
use crate::limit::{CallKind, Slot};
use crate::request::{RequestSpec, Target};
use crate::transport::Body;

/// One call on its way.
pub(super) struct Call {
    pub(super) spec: RequestSpec,
    pub(super) target: Target,
    pub(super) deadline: Deadline,
    pub(super) priority: Priority,
    /// Its wait at the account's own rate limit does not count against the deadline.
    pub(super) unhurried: bool,
    pub(super) kind: CallKind,
    pub(super) sending: Sending,
    pub(super) max_body: u64,
    /// The body is handed on as it arrives, instead of being collected.
    pub(super) stream: bool,
}

/// An answer whose status is a success.
pub(super) struct Reply {
    pub(super) status: StatusCode,
    pub(super) headers: HeaderMap,
    pub(super) bytes: Bytes,
    pub(super) rest: Body,
    pub(super) context: Context,
    /// Held for as long as there is a rest. An answer that is all there has given its place back before
    /// the caller looks at it.
    pub(super) slot: Option<Slot>,
}

impl Reply {
    pub(super) fn whole(head: http::response::Parts, bytes: Bytes, context: Context) -> Self {
        let (status, headers) = (head.status, head.headers);
        Self { status, headers, bytes, rest: Body::empty(), context, slot: None }
    }

    pub(super) fn streamed(head: http::response::Parts, rest: Body, context: Context, slot: Slot) -> Self {
        let (status, headers) = (head.status, head.headers);
        Self { status, headers, bytes: Bytes::new(), rest, context, slot: Some(slot) }
    }
}

/// A download whose head has arrived.
pub(crate) struct Opened {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Body,
    pub(super) context: Context,
    /// The account counts it as in flight to its last byte.
    pub(super) _slot: Option<Slot>,
}

impl Opened {
    /// Completes an error about this download.
    pub(crate) fn complete(&self, error: Error) -> Error {
        self.context.complete(error.with_http_status(self.status.as_u16()))
    }
}
