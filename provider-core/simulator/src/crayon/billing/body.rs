//! The bodies of invoice profiles and usage cost queries.

use crate::crayon::engine::shape::{date, flag, int, long, nested, refers, shape, text};

shape!(
    ADDRESS_DATA,
    "AddressData",
    [
        long("AxAddressId").opt(),
        text("Name"),
        text("CompleteAddress"),
        text("Street"),
        text("ZipCode"),
        text("City"),
        text("County"),
        text("State"),
        text("CountryCode"),
    ]
);

shape!(
    INVOICE_PROFILE,
    "InvoiceProfile",
    [
        int("Id"),
        refers("Organization").required(),
        text("Name").required(),
        text("InvoiceReference"),
        text("CustomerReference"),
        text("RequisitionNumber"),
        long("InvoiceAddressId"),
        long("DeliveryAddressId").opt(),
        nested("DeliveryAddress", &ADDRESS_DATA),
        nested("InvoiceAddress", &ADDRESS_DATA),
        int("ConsumerId").opt(),
        int("ContactPersonId").opt(),
    ]
);

shape!(
    USAGE_REQUEST,
    "SubscriptionUsageCostRequest",
    [
        int("ResellerCustomerId").required(),
        text("SubscriptionId").required(),
        text("CurrencyCode").required(),
        date("From").required(),
        date("To").required(),
    ]
);

shape!(
    CATEGORY_USAGE_REQUEST,
    "CategoryUsageCostRequest",
    [
        int("ResellerCustomerId").required(),
        text("SubscriptionId").required(),
        text("CurrencyCode").required(),
        date("From").required(),
        date("To").required(),
        text("Category").required(),
    ]
);

shape!(
    SUBCATEGORY_USAGE_REQUEST,
    "SubcategoryUsageCostRequest",
    [
        int("ResellerCustomerId").required(),
        text("SubscriptionId").required(),
        text("CurrencyCode").required(),
        date("From").required(),
        date("To").required(),
        text("Category").required(),
        text("Subcategory").required(),
    ]
);

shape!(
    RESOURCE_GROUP_USAGE_REQUEST,
    "ResourceGroupUsageCostRequest",
    [
        int("ResellerCustomerId").required(),
        text("SubscriptionId").required(),
        text("CurrencyCode").required(),
        date("From").required(),
        date("To").required(),
        text("ResourceGroup").required(),
    ]
);

shape!(
    GROUPING,
    "Grouping",
    [
        int("Id"),
        text("Name").required(),
        refers("InvoiceProfile"),
        refers("Organization").required(),
        date("CreatedDate"),
        date("ModifiedDate"),
        flag("IsDisabled"),
        flag("IsRemoved"),
        text("InvoiceReference"),
    ]
);
