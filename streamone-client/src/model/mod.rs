//! The records of the ION API as the wire has them: v3 and v1.
//!
//! They follow protobuf-JSON: every member may be absent, ids and counts are read from numbers and from
//! strings, words are compared without case, unknown words and members are kept. What is secret is a
//! `SecretString` and is neither shown nor written.

mod billing;
mod billing_report;
mod cart;
mod cloud_profile;
mod customer;
mod id;
mod legacy_customer;
mod loose;
mod money;
mod order;
mod order_write;
mod pricing;
mod product;
mod report;
mod report_data;
mod sku;
mod subscription;
mod subscription_details;
mod taxonomy;
mod template;
mod token;

pub use billing::{Invoice, InvoiceFiles, InvoiceLine, PriceBook, PriceBookItem};
pub use billing_report::{BillingCurrencies, BillingEntity, BillingFigures, BillingNode, BillingReport};
pub use cart::{
    Cart, CartAddOn, CartAddOnWrite, CartItem, CartItemStatus, CartItemWrite, CartPayment, CartPeriod,
    CartStatus, CartWrite, CheckedOut, Checkout, PaymentSpec, PaymentType, ProductRole, ProvisionData,
    QuantitySpec,
};
pub use cloud_profile::{CloudProfile, CloudProfiles};
pub use customer::{
    AddressWrite, Customer, CustomerAddress, CustomerStatus, CustomerUser, CustomerWrite, UserStatus,
};
pub use id::{Id, ResourceName};
pub use legacy_customer::{
    CloudAccount, CloudAccountProvider, CustomFieldValue, LegacyCustomer, LegacyCustomerWrite, PriceBookLink,
};
pub use loose::{Extra, Json};
pub use money::Money;
pub use order::{
    Attribute, Order, OrderAction, OrderAddOn, OrderError, OrderItem, OrderStatus, ProvisioningInfo,
};
pub use order_write::{AddOnWrite, OrderItemWrite, OrderWrite};
pub use pricing::{ExternalProducts, PricedPlan, PricedPlans, PricingQuery, SupportPlanPrice};
pub use product::{
    BillingMode, CloudConsumption, Definition, Feature, Image, Marketing, Product, ProductCustomField,
    ProductTag, ProductType, ProductVersion,
};
pub use report::{
    AggregatedColumn, ColumnFilter, ConversionRate, CurrencyOption, DateRangeOption, FixedDateRange,
    RelativeDateRange, Report, ReportCategory, ReportColumn, ReportDateRange, ReportModule, ReportOption,
    ReportSpecs, SubstringFilter,
};
pub use report_data::{
    CsvChunk, CsvReport, ReportData, ReportLink, ReportRow, ReportRows, ReportValue, ValueType,
};
pub use sku::{
    AddOn, AddOnAlignment, BillingPeriod, CancelTiming, Duration, Phase, PhaseType, Plan, Sku, SkuFeature,
    SupportPlan, TimeUnit,
};
pub use subscription::{CatalogueInfo, Subscription, SubscriptionStatus};
pub use subscription_details::{Activity, ActivityLogs, PriceAdjustment};
pub use taxonomy::{Category, Charge, Program, ProgramAssignment, Vertical};
pub use template::{ProvisioningTemplate, TemplateAction, TemplateDefinitions, TemplateVendor};
pub use token::AccessValidity;
