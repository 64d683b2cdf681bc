//! The bodies of subscriptions.

use crate::crayon::catalog::body::PRODUCT_REFERENCE;
use crate::crayon::engine::enums::{
    BILLING_CYCLE_ENUM, PROVISION_TYPE, SUBSCRIPTION_PRICE_TYPE, SUBSCRIPTION_STATUS,
};
use crate::crayon::engine::shape::{
    Kind, choice, date, flag, int, list, nested, number, refers, shape, text,
};

shape!(
    SUBSCRIPTION_TAGS,
    "SubscriptionTags",
    [
        int("SubscriptionId"),
        text("CostCenter"),
        text("Department"),
        text("Project"),
        text("Custom"),
        text("Owner"),
        date("CreatedDate"),
        date("ModifiedDate"),
    ]
);

shape!(
    NEXT_TERM_PRODUCT,
    "ScheduledNextTermInstructions.Product",
    [text("ProductId"), text("SkuId"), text("AvailabilityId"), text("BillingCycle"), text("TermDuration"),]
);

shape!(
    SCHEDULED_NEXT_TERM,
    "ScheduledNextTermInstructions",
    [nested("Product", &NEXT_TERM_PRODUCT), int("Quantity"), date("CustomTermEndDate").opt(),]
);

shape!(
    PRICING,
    "SubscriptionPricing",
    [text("CurrencyCode"), number("PurchasePrice"), number("RecommendedRetailPrice"),]
);

shape!(SUBSCRIPTION_TENANT, "CustomerTenantReference", [int("Id"), text("PublisherCustomerId")]);

shape!(
    SUBSCRIPTION,
    "SubscriptionDetailed",
    [
        int("Id"),
        text("PublisherSubscriptionId"),
        text("EntitlementId"),
        refers("Publisher"),
        refers("Organization"),
        nested("CustomerTenant", &SUBSCRIPTION_TENANT),
        nested("Product", &PRODUCT_REFERENCE),
        int("Quantity").required(),
        text("Name"),
        choice("Status", &SUBSCRIPTION_STATUS),
        choice("ProvisionType", &PROVISION_TYPE),
        int("AvailableAddonsCount"),
        list("Subscriptions", &Kind::Any),
        text("OrderId"),
        date("CreationDate"),
        choice("BillingCycle", &BILLING_CYCLE_ENUM),
        number("Markup"),
        flag("IsTrial"),
        date("StartDate").opt(),
        date("EndDate").opt(),
        choice("PriceType", &SUBSCRIPTION_PRICE_TYPE),
        number("SalesPrice"),
        flag("RegisteredForReservedInstance"),
        refers("InvoiceProfile"),
        nested("SubscriptionTags", &SUBSCRIPTION_TAGS),
        flag("AcceptAutoSuspension").opt(),
        date("AutoSuspensionDate").opt(),
        text("PartNumber"),
        text("TermDuration"),
        flag("AutoRenewEnabled").opt(),
        date("CancellationAllowedUntilDate").opt(),
        nested("ScheduledNextTermInstructions", &SCHEDULED_NEXT_TERM),
        int("MaxEndCustomerQuantity").opt(),
        date("EffectiveStartDate"),
        date("CommitmentEndDate"),
        text("SuspensionReasons"),
        int("OriginalAgreementId").opt(),
        nested("Pricing", &PRICING),
        flag("AttestationAccepted").opt(),
        int("SubscriptionMaxTreshold").opt(),
    ]
);
