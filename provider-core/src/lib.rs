//! Common models and the `Provider` trait for cloud distributors.

#[macro_use]
mod open_enum;

mod attempt;
mod capability;
mod clock;
mod command;
mod error;
mod ext;
mod id;
mod idempotency;
mod info;
mod iso;
mod journal;
mod layer;
mod memory;
mod model;
mod observer;
mod page;
mod patch;
mod period;
mod price;
mod provider;
mod query;
mod raw;
mod receipt;
mod registry;
mod services;
mod settings;
mod term;
mod token_store;
mod verification;
pub mod wire;

pub use async_trait::async_trait;

pub use attempt::{Attempt, Baseline, Reconciliation, WriteOptions};
pub use capability::{Capabilities, CapabilitiesBuilder, CommandKind, EntityKind, Operation, Support};
pub use clock::{BoxFuture, Clock, SystemClock};
pub use command::{
    AttachCustomer, CancelOrder, CancelSubscription, ChangeQuantity, ChangeRenewal, Command, Consent,
    CreateCustomer, Effective, PlaceOrder, RecordConsent, Resume, Scope, Suspend, UpdateCustomer,
};
pub use error::{Advice, Delivery, Error, ErrorKind, Result, Violation};
pub use ext::ProviderExt;
pub use id::{
    ContactId, CustomerId, InvoiceId, InvoiceLineId, InvoiceProfileId, OfferId, OrderId, OrganizationId,
    ProductId, SubscriptionId, UsageId,
};
pub use idempotency::IdempotencyKey;
pub use info::{Environment, ProviderInfo};
pub use iso::{Country, Currency, UnknownCode};
pub use journal::{Begin, Blocked, Fence, Journal, MemoryJournal};
pub use layer::{Journaled, ReadOnly};
pub use memory::{Evidence, Fault, MemoryProvider};
pub use model::{
    Address, Contact, ContactRole, ContactRoleKind, Customer, CustomerStatus, Detail, DistributorFlags,
    Entity, Invoice, InvoiceKind, InvoiceLine, InvoiceLineKind, InvoiceStatus, NewOrder, NewOrderLine,
    NextTerm, Offer, Order, OrderLine, OrderStatus, Parent, PriceTier, Product, ProductKind, Side,
    Subscription, SubscriptionProduct, SubscriptionStatus, Tenant, UsageRecord,
};
pub use observer::{Event, NoObserver, Observer, What};
pub use page::{
    Completeness, Cursor, IntoPageItem, ItemError, Listing, ListingReport, Page, PageRequest, Pages,
    ResumePoint, UnprovenReason,
};
pub use patch::Patch;
pub use period::Period;
pub use price::{Per, Price};
pub use provider::Provider;
pub use query::{
    CustomerQuery, InvoiceLineQuery, InvoiceQuery, OrderQuery, Priority, ProductQuery, Query, ReadOptions,
    SubscriptionQuery, UsageQuery,
};
pub use raw::Raw;
pub use receipt::{Change, Credentials, Fidelity, LineOutcome, LineReceipt, Outcome, Plan, Receipt};
pub use registry::{ProviderFactory, Registry};
pub use services::Services;
pub use settings::{
    Authorization, AuthorizationSource, Authorizations, Choice, ConnectionSettings, Field, FieldKind,
    FormInput, SettingValue, SettingsForm,
};
pub use term::{BillingCycle, ParseTermError, Term};
pub use token_store::{Lease, MemoryTokenStore, Stored, TokenKey, TokenStore, Version};
pub use verification::{Check, CheckStatus, Verification};

/// For the macros of this crate.
#[doc(hidden)]
pub mod __private {
    pub use serde::{Deserialize, Deserializer, Serialize, Serializer};
}
