//! The records of the ION API, v3 and v1, as they are sent and received.
//!
//! They follow protobuf-JSON: every member may be absent, ids and counts are read from numbers and from
//! strings, words are compared without case, unknown words are kept. Members that this version does not know
//! are in the raw JSON of a record, where that is asked for. What is secret is a `SecretString` and is
//! neither shown nor written.

mod billing_report;
mod cart;
mod catalog;
mod cloud_profile;
mod customer;
mod id;
mod invoice;
mod json;
mod legacy_customer;
mod money;
mod order;
mod price;
mod product;
mod report;
mod subscription;
mod template;
mod token;

pub use billing_report::{BillingCurrencies, BillingEntity, BillingFigures, BillingNode, BillingReport};
pub use cart::{
    Cart, CartAddOn, CartAddOnWrite, CartItem, CartItemStatus, CartItemWrite, CartPayment, CartPeriod,
    CartStatus, CartWrite, CheckedOut, Checkout, PaymentSpec, PaymentType, ProductRole, ProvisionData,
    QuantitySpec,
};
pub use catalog::{Category, Charge, ProductProgram, Program, ProgramAssignment, Vertical};
pub use cloud_profile::{CloudProfile, CloudProfiles};
pub use customer::{
    AddressWrite, Customer, CustomerAddress, CustomerStatus, CustomerUser, CustomerWrite, UserStatus,
};
pub use id::{Id, ResourceName};
pub use invoice::{Invoice, InvoiceFiles, InvoiceLine};
pub use json::Json;
pub use legacy_customer::{
    CloudAccount, CloudAccountProvider, CloudAccountWrite, CustomFieldValue, CustomFields, LegacyCustomer,
    LegacyCustomerWrite, PriceBookLink,
};
pub use money::Money;
pub use order::{
    AddOnWrite, Attribute, Order, OrderAction, OrderAddOn, OrderError, OrderItem, OrderItemWrite,
    OrderStatus, OrderWrite, ProvisioningInfo,
};
pub use price::{
    ExternalProducts, PriceBook, PriceBookItem, PricedPlan, PricedPlans, PricingQuery, SupportPlanPrice,
};
pub use product::{
    AddOn, AddOnAlignment, BillingMode, BillingPeriod, CancelTiming, CloudConsumption, Definition, Duration,
    Feature, Image, Marketing, Phase, PhaseType, Plan, Product, ProductCustomField, ProductTag, ProductType,
    ProductVersion, Sku, SkuFeature, SupportPlan, TimeUnit,
};
pub use report::{
    AggregatedColumn, ColumnFilter, ConversionRate, CsvChunk, CsvReport, CurrencyOption, DateRangeOption,
    FixedDateRange, RelativeDateRange, Report, ReportCategory, ReportColumn, ReportData, ReportDateRange,
    ReportLink, ReportModule, ReportOption, ReportRow, ReportRows, ReportSpecs, ReportValue, SubstringFilter,
    ValueType,
};
pub use subscription::{
    Activity, ActivityLogs, CatalogInfo, PriceAdjustment, Subscription, SubscriptionStatus,
};
pub use template::{ProvisioningTemplate, TemplateAction, TemplateDefinitions, TemplateVendor};
pub use token::AccessValidity;
