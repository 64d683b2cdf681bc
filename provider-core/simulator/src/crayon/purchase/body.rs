//! The bodies of orders, product containers and agreement reports.

use crate::crayon::access::body::USER_PROFILE;
use crate::crayon::billing::body::{ADDRESS_DATA, GROUPING, INVOICE_PROFILE};
use crate::crayon::catalog::body::PRODUCT_REFERENCE;
use crate::crayon::engine::enums::{
    AGREEMENT_REPORT_STATUS, BILLING_CYCLE_TYPE, PRICE_CALCULATION_TYPE, PRODUCT_CONTAINER_CATEGORY,
    PRODUCT_CONTAINER_COMMENT_TYPE, PRODUCT_CONTAINER_TYPE,
};
use crate::crayon::engine::shape::{
    Kind, PRICE, choice, date, flag, int, list, nested, number, refers, shape, text,
};

shape!(
    AGREEMENT_IDENTITY,
    "AgreementIdentityReference",
    [int("Id"), text("Name"), text("AgreementNumber"), number("CommitmentLevel"), flag("IsCustomCommitment"),]
);

shape!(
    AGREEMENT_REPORT,
    "AgreementReport",
    [
        refers("ProductContainer"),
        nested("Agreement", &AGREEMENT_IDENTITY),
        choice("Status", &AGREEMENT_REPORT_STATUS),
        flag("HasValidAgreementTerm"),
    ]
);

shape!(
    ROW_USER,
    "ProductRowUser",
    [text("Id"), text("UserName"), text("FirstName"), text("LastName"), flag("CrayonEmployee"),]
);

shape!(ISSUE, "ProductContainerIssue", [text("Code"), text("Message")]);
shape!(
    PRODUCT_ROW,
    "ProductRow",
    [
        int("Id"),
        int("ProductContainerId"),
        int("Quantity"),
        text("Comment"),
        text("UsageCountryCode"),
        nested("SalesUnitPrice", &PRICE),
        nested("AlternativeSalesUnitPrice", &PRICE),
        refers("Publisher"),
        refers("Program"),
        nested("Agreement", &AGREEMENT_IDENTITY),
        nested("Product", &PRODUCT_REFERENCE),
        nested("User", &ROW_USER),
        refers("ProductVariant"),
        refers("InvoiceProfile"),
        nested("Grouping", &GROUPING),
        list("Issues", &Kind::Object(&ISSUE)),
        text("OfferingType"),
        choice("PriceCalculation", &PRICE_CALCULATION_TYPE),
        text("InvoiceReference"),
        text("CustomerReference"),
        number("SalesPricePerAlternativeUnit"),
        number("LevelValue"),
    ]
);

shape!(
    PRODUCT_ROW_PATCH,
    "ProductRowPatch",
    [
        int("Id"),
        int("Quantity").opt(),
        text("Comment"),
        text("UsageCountryCode"),
        text("UserId"),
        refers("Agreement"),
        refers("ProductVariant"),
        refers("Grouping"),
    ]
);

shape!(
    COMMENT,
    "ProductContainerComment",
    [
        int("Id"),
        int("ProductContainerId"),
        nested("User", &ROW_USER),
        text("Message"),
        date("TimeStamp"),
        date("Modified").opt(),
        flag("Removed"),
        choice("ProductContainerCommentType", &PRODUCT_CONTAINER_COMMENT_TYPE),
    ]
);

shape!(PROGRAM, "Program", [int("Id"), text("Name"), flag("IsCommitment"), refers("Publisher")]);
shape!(
    PRODUCT_CONTAINER,
    "ProductContainer",
    [
        int("Id"),
        int("OrderListId").opt(),
        text("Note"),
        date("UsageMonth"),
        text("Name"),
        flag("ActiveDraft"),
        flag("Removed"),
        text("CreatedByUserId"),
        text("AxContactUserId"),
        date("CreatedDate"),
        date("OrderStatusChangedDate").opt(),
        nested("ContactUser", &USER_PROFILE),
        refers("Organization").required(),
        refers("Publisher"),
        nested("Program", &PROGRAM),
        list("ProductRows", &Kind::Object(&PRODUCT_ROW)),
        list("Comments", &Kind::Object(&COMMENT)),
        nested("InvoiceProfile", &INVOICE_PROFILE),
        nested("DeliveryAddress", &ADDRESS_DATA),
        nested("InvoiceAddress", &ADDRESS_DATA),
        choice("Type", &PRODUCT_CONTAINER_TYPE),
        choice("Category", &PRODUCT_CONTAINER_CATEGORY),
        date("QuoteValidToDate"),
        list("TotalSalesPrice", &Kind::Object(&PRICE)),
        list("TotalAlternativeSalesPrice", &Kind::Object(&PRICE)),
        list("Issues", &Kind::Object(&ISSUE)),
        nested("SubmittedBy", &ROW_USER),
        date("Sent").opt(),
        text("InvoiceReference"),
        text("OrderReference"),
        text("Requisition"),
    ]
);

shape!(
    NEW_COMMERCE_ORDER,
    "NewCommerceOrder",
    [
        int("CustomerTenantId").required(),
        text("PartNumber").required(),
        choice("BillingCycle", &BILLING_CYCLE_TYPE).required(),
        text("TermDuration").required(),
        int("Quantity").required(),
        date("CustomTermEndDate").opt(),
        date("ScheduledDate").opt(),
    ]
);

shape!(
    NEXT_TERM_INSTRUCTIONS,
    "NextTermInstructions",
    [
        text("PartNumber"),
        choice("BillingCycle", &BILLING_CYCLE_TYPE).opt(),
        text("TermDuration"),
        int("Quantity").opt(),
        date("CustomTermEndDate").opt(),
    ]
);

shape!(
    ASSET_TAGS,
    "AssetTags",
    [int("AssetId"), text("CostCenter"), text("Department"), text("Project"), text("Custom"), text("Owner"),]
);
