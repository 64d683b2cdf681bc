//! What a cursor belongs to: a provider, a connection, an account and a query.

use std::fmt::Write as _;

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use crate::capability::EntityKind;
use crate::error::{Error, ErrorKind, Result};
use crate::info::ProviderInfo;
use crate::model::Entity;
use crate::query::Query;

/// Raised when the meaning of a tag changes: older points are then refused, never misread.
const VERSION: u16 = 1;

/// What a cursor belongs to.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub(super) struct Tag {
    v: u16,
    provider: String,
    connection: String,
    entity: EntityKind,
    /// Account and query, hashed: neither needs to be readable, and an account may be long.
    scope: String,
}

impl Tag {
    pub(super) fn new<Q: Query>(info: &ProviderInfo, query: &Q) -> Self {
        let entity = <Q::Item as Entity>::KIND;
        let mut hash = Sha256::new();
        // Every part ends with a byte that cannot stand in text, so that parts cannot run together.
        for part in [info.account.as_deref().unwrap_or_default(), &query.identity()] {
            hash.update(part.as_bytes());
            hash.update([0xff]);
        }
        let mut scope = String::with_capacity(16);
        for byte in hash.finalize().iter().take(8) {
            // Writing to a string cannot fail.
            let _ = write!(scope, "{byte:02x}");
        }
        Self { v: VERSION, provider: info.kind.clone(), connection: info.connection.clone(), entity, scope }
    }

    pub(super) fn check<Q: Query>(&self, info: &ProviderInfo, query: &Q) -> Result<()> {
        self.check_tag(&Self::new(info, query))
    }

    pub(super) fn check_tag(&self, own: &Self) -> Result<()> {
        let problem = if self.v != own.v {
            "was made by another version of this SDK"
        } else if self.provider != own.provider || self.connection != own.connection {
            "belongs to another connection"
        } else if self.entity != own.entity {
            "belongs to a listing of other records"
        } else if self.scope != own.scope {
            "belongs to another account or query"
        } else {
            return Ok(());
        };
        Err(Error::new(
            ErrorKind::InvalidCursor,
            format!("the stored cursor {problem}: start the listing again without it"),
        ))
    }
}
