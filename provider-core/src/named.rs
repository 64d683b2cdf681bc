//! Names of the contract that programs may take from the root although the documentation shows them in the
//! module of their subject, so that the root's page stays short.

pub use crate::attempt::{Baseline, SendGate, Sending, Step};
pub use crate::capability::CapabilitiesBuilder;
pub use crate::clock::{BoxFuture, Clock, SystemClock};
pub use crate::command::{Consent, Effective, Scope};
pub use crate::error::Violation;
pub use crate::info::{AccountKey, Environment};
pub use crate::journal::{JournalEntry, Settlement};
pub use crate::judge::{Reducible, ReducibleUntil};
pub use crate::layer::{Journaled, ReadOnly};
pub use crate::model::{
    Address, Contact, ContactRole, ContactRoleKind, CustomerStatus, Detail, DistributorFlags, Entity,
    InvoiceId, InvoiceKind, InvoiceLineId, InvoiceLineKind, InvoiceSide, InvoiceStatus, NextTerm, Offer,
    OfferId, OrderLine, OrderStatus, Parent, PricePer, PriceTier, ProductKind, Raw, SubscriptionProduct,
    Tenant, UsageId, UsageKind,
};
pub use crate::page::{ListingReport, ResumePoint, UnprovenReason};
pub use crate::query::Priority;
pub use crate::receipt::{Change, Credentials, Fidelity, Judgement, LineOutcome, LineReceipt};
pub use crate::token::TokenKey;
pub use crate::verification::{Check, CheckStatus};
