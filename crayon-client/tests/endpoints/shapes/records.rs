//! The records of Cloud-iQ as the reference describes them: their members with their types, text where none is said.

/// Records by name. Where the documents and the SDK know more than the vendor's files, the more is here.
pub(crate) const RECORDS: &[(&str, &str)] = &[
    ("Reference", "Id:int Name"),
    ("Money", "Value:dec CurrencyCode"),
    ("Product", "Id:int PartNumber PublisherProductId ItemLegalName ItemName"),
    // Account.
    ("Me", "UserId UserName Token Claims:[text]"),
    (
        "Client",
        "ClientId ClientName ClientUri:uri Enabled:bool ClientSecrets:[Secret] RedirectUris:[uri] TimeStamp:date Flow:enum",
    ),
    ("Secret", "Id:int ClientId Value Description Expiration:date TimeStamp:date"),
    (
        "User",
        "Id UserName FirstName LastName Email EmailConfirmed:bool LockoutEnabled:bool LockoutEnd:date PhoneNumber \
         PhoneNumberConfirmed:bool TwoFactorEnabled:bool TenantAdmin:bool",
    ),
    ("UserUpsert", "Id UserName FirstName LastName LockoutEnabled:bool TenantAdmin:bool"),
    ("UserChangePassword", "UserId OldPassword NewPassword"),
    // Organizations.
    ("Organization", "Id:int Name ParentId:int CrayonCompanyName AccountNumber"),
    ("SalesContact", "FullName Email Phone"),
    (
        "OrganizationAccess",
        "Id:int AllAgreements:bool Agreements:[AgreementAccess] Organization:Organization User:UserProfile Role:enum \
         CrayonCompanyName Timestamp:date",
    ),
    ("AgreementAccess", "HasAccess:bool Agreement:Agreement"),
    ("UserProfile", "Id UserName Email FirstName LastName"),
    (
        "Address",
        "Id:long Organization:Reference Name CompleteAddress Street ZipCode City County State CountryCode Primary:bool \
         AddressType:enum",
    ),
    // End customers.
    (
        "CustomerTenant",
        "Id:int Name Publisher:Reference Program:Reference PublisherCustomerId ExternalPublisherCustomerId Domain \
         DomainPrefix Reference CustomerTenantType:enum EntityStatus:enum Organization:Organization \
         InvoiceProfile:Reference Consumer:Reference ResellerMarkup:dec DefaultSubscriptionPriceType:enum \
         agreement:CustomerTenantAgreement",
    ),
    (
        "CustomerTenantAgreement",
        "FirstName LastName PhoneNumber Email SameAsPrimaryContact:bool DateAgreed:date Accepted:bool AgreementType:enum",
    ),
    (
        "CustomerTenantDetailed",
        "Tenant:CustomerTenant User:CustomerTenantUser Profile:CustomerTenantProfile Company:CustomerTenantCompany",
    ),
    ("CustomerTenantUser", "UserName Password"),
    (
        "CustomerTenantProfile",
        "CultureCode LanguageCode Contact:CustomerTenantContact Address:CustomerTenantAddress \
         Agreement:CustomerTenantAgreement",
    ),
    ("CustomerTenantContact", "FirstName LastName Email PhoneNumber"),
    (
        "CustomerTenantAddress",
        "FirstName MiddleName LastName AddressLine1 AddressLine2 AddressLine3 City Region PostalCode CountryCode \
         CountryName",
    ),
    ("CustomerTenantCompany", "OrganizationRegistrationNumber"),
    ("ServiceAccountAgreement", "FirstName LastName PhoneNumber Email DateAgreed:date AgreementType:enum"),
    // Agreements and master data.
    (
        "Agreement",
        "Id:int Organization:Reference Name SalesPriceCurrencyCode StartDate:date EndDate:date Disabled:bool \
         Publisher:Reference Program:Reference Number CustomerNumber MasterAgreement HasTerms:bool AgreementType:enum \
         ParentAgreementId:int CommitmentLevel:dec ConsumerId:int",
    ),
    ("Publisher", "Id:int Name"),
    ("Program", "Id:int Name IsCommitment:bool Publisher:Reference"),
    ("Region", "Code Name"),
    ("ReportedAgreement", "Id:int Name AgreementNumber CommitmentLevel:dec IsCustomCommitment:bool"),
    (
        "AgreementReport",
        "ProductContainer:Reference Agreement:ReportedAgreement Status:enum HasValidAgreementTerm:bool",
    ),
    // The price list.
    (
        "AgreementProduct",
        "UniqueId ProductType:enum ProductVariant:ProductVariant Agreement:Reference Name PriceId:int SalesPrice:Money \
         RecommendedRetailPrice:Money AlternativeSalesPrice:Money PriceListName MonthMultiplier:int \
         PriceCalculationType:enum AgreementType:enum ProductInformation:ProductInformation MinimumQuantity:int \
         MaximumQuantity:int Catalog:Reference",
    ),
    ("ProductInformation", "ExternalProductId:int CultureCode Description LearnMoreLink"),
    (
        "ProductVariant",
        "Id:int Product:Product PartNumber ProductName Publisher:Reference Program:Reference ProductFamily:Reference \
         Language:Reference Level:Reference ProductType:Reference Pool:Reference LicenseType:Reference \
         LicenseAgreementType:Reference OperatingSystem:Reference Offering:Reference MinimumCommitment:MinimumCommitment \
         UnitCount:int Version PurchaseUnit PurchasePeriod AddDate:date DeleteDate:date ProductCategory Region \
         IsTrial:bool DefaultBillingCycleId:enum AvailableBillingCycleIds:[enum] Attributes:{any} MinimumQuantity:dec \
         MaximumQuantity:dec",
    ),
    ("MinimumCommitment", "Id:int Months:int Name"),
    ("Facet", "Key DocCount:int"),
    ("PublisherFacet", "Key DocCount:int Programs:[Facet]"),
    (
        "AgreementProductFacets",
        "Agreements:[Reference] Publishers:[PublisherFacet] Pools:[Facet] OperatingSystems:[Facet] Offerings:[Facet] \
         Levels:[Facet] Languages:[Facet] LicenseAgreementTypes:[Facet] LicenseTypes:[Facet] ProductFamilies:[Facet] \
         Programs:[Facet] ProductTypes:[Facet] PurchasePeriods:[Facet] PurchaseUnits:[Facet] Versions:[Facet] \
         Regions:[Facet] ProductCategories:[Facet] BillingCycles:[Facet]",
    ),
    (
        "AgreementProductFilter",
        "OrganizationId:int CustomerTenantId:int AgreementId:int AgreementIds:[int] AgreementTypeIds:[enum] \
         PriceListId:int Search SearchDate:date IsTrial:bool IncludeProductInformation:bool Include:SubFilter \
         Exclude:SubFilter SortKey SortOrder:enum IgnoreTermBillingCycleCombinationsCheck:bool Page:int PageSize:int",
    ),
    (
        "SubFilter",
        "PartNumbers:[text] PublisherIds:[int] PublisherNames:[text] PoolNames:[text] OperatingSystemNames:[text] \
         LevelNames:[text] LanguageNames:[text] LicenseAgreementTypeNames:[text] LicenseTypeNames:[text] \
         ProductFamilyNames:[text] ProductTypeNames:[text] ProgramNames:[text] OfferingNames:[text] \
         PurchasePeriodNames:[text] PurchaseUnitNames:[text] VersionNames:[text] RegionNames:[text] \
         ProductCategoryNames:[text] CatalogNames:[text] BillingCycles:[text]",
    ),
    ("BillingCycle", "Id:int Name"),
    // Subscriptions.
    (
        "Subscription",
        "Id:int PublisherSubscriptionId EntitlementId Publisher:Reference Organization:Reference \
         InvoiceProfile:Reference CustomerTenant:CustomerTenantReference Product:Product PartNumber Quantity:int Name \
         Status:enum ProvisionType:enum AvailableAddonsCount:int Subscriptions:[SubscriptionAddOn] OrderId \
         CreationDate:date StartDate:date EndDate:date BillingCycle:enum TermDuration AutoRenewEnabled:bool \
         CancellationAllowedUntilDate:date ScheduledNextTermInstructions:ScheduledNextTermInstructions IsTrial:bool \
         RegisteredForReservedInstance:bool PriceType:enum Markup:dec SalesPrice:dec SubscriptionTags:SubscriptionTags \
         AcceptAutoSuspension:bool AutoSuspensionDate:date MaxEndCustomerQuantity:int",
    ),
    (
        "SubscriptionDetailed",
        "Id:int PublisherSubscriptionId EntitlementId Publisher:Reference Organization:Reference \
         InvoiceProfile:Reference CustomerTenant:CustomerTenantReference Product:Product PartNumber Quantity:int Name \
         Status:enum ProvisionType:enum AvailableAddonsCount:int Subscriptions:[SubscriptionAddOn] OrderId \
         CreationDate:date StartDate:date EndDate:date BillingCycle:enum TermDuration AutoRenewEnabled:bool \
         CancellationAllowedUntilDate:date ScheduledNextTermInstructions:ScheduledNextTermInstructions IsTrial:bool \
         RegisteredForReservedInstance:bool PriceType:enum Markup:dec SalesPrice:dec SubscriptionTags:SubscriptionTags \
         AcceptAutoSuspension:bool AutoSuspensionDate:date MaxEndCustomerQuantity:int EffectiveStartDate:date \
         CommitmentEndDate:date SuspensionReasons OriginalAgreementId:int Pricing:SubscriptionPricing \
         AttestationAccepted:bool",
    ),
    ("CustomerTenantReference", "Id:int PublisherCustomerId"),
    ("SubscriptionPricing", "CurrencyCode PurchasePrice:dec RecommendedRetailPrice:dec"),
    ("ScheduledNextTermInstructions", "Product:ScheduledProduct Quantity:int CustomTermEndDate:date"),
    ("ScheduledProduct", "ProductId SkuId AvailabilityId BillingCycle TermDuration"),
    (
        "SubscriptionAddOn",
        "Id:int PublisherSubscriptionId PublisherCustomerId Name Status:enum Quantity:int Organization:Reference OrderId \
         CreationDate:date Product:Product Publisher:Reference Markup:dec SubscriptionTags:SubscriptionTags TermDuration \
         AutoRenewEnabled:bool CancellationAllowedUntilDate:date",
    ),
    (
        "SubscriptionTags",
        "SubscriptionId:int CostCenter Department Project Custom Owner CreatedDate:date ModifiedDate:date",
    ),
    (
        "NewSubscription",
        "Name CustomerTenant:CustomerTenantReference Product:Product Quantity:int BillingCycle:enum TermDuration",
    ),
    (
        "NewCommerceOrder",
        "CustomerTenantId:int PartNumber BillingCycle:enum TermDuration Quantity:int CustomTermEndDate:date \
         ScheduledDate:day",
    ),
    (
        "NewCommerceOrderResult",
        "IsSuccessful:bool ErrorReasonCode ErrorDescription NewCommerceOrderId ScheduledDate:date",
    ),
    ("NextTermInstructions", "PartNumber BillingCycle:enum TermDuration Quantity:int CustomTermEndDate:date"),
    ("BusinessResult", "IsSuccessful:bool ErrorReasonCode ErrorDescription"),
    ("Coterminosity", "CalendarMonthDate:date Subscriptions:[CoterminositySubscription]"),
    ("CoterminositySubscription", "Id:int PublisherSubscriptionId FriendlyName TermDuration EndDate:date"),
    ("ImmediateChangeOption", "TermDuration BillingCycleOptions:[enum]"),
    (
        "Transition",
        "ToCatalogItemId ToSubscriptionId FromCatalogItemId FromSubscriptionId TransitionType Quantity:int \
         BillingCycle:enum Term",
    ),
    (
        "TransitionResponse",
        "ToCatalogItemId ToSubscriptionId FromCatalogItemId FromSubscriptionId TransitionType Quantity:int \
         BillingCycle:enum Term Events:[TransitionEvent] Attributes:{any}",
    ),
    ("TransitionEvent", "Name TimeStamp:date Status Attributes:{any}"),
    (
        "TransitionEligibility",
        "CatalogItemId Title Description Quantity:int Eligibilities:[Eligibility] \
         SubscriptionEligibilities:[SubscriptionEligibility]",
    ),
    ("Eligibility", "IsEligible:bool TransitionType Errors:[TransitionError]"),
    (
        "SubscriptionEligibility",
        "IsEligible:bool SubscriptionId SubscriptionFriendlyName Errors:[TransitionError]",
    ),
    ("TransitionError", "Code Description"),
    ("Conversion", "BillingCycle:enum OfferId OrderId Quantity:int TargetOfferId ProductName"),
    ("AddOnOffer", "Product:Product Publisher:Reference"),
    ("NewAddOn", "Quantity:int OfferId SubscriptionTags:SubscriptionTags"),
    ("ActivationLink", "SubscriptionId Uri:uri"),
    // Purchase requests.
    (
        "PurchaseRequestOrder",
        "ResellerCustomerId:int ExternalOrderId CountryCode AdminAccount NotificationEmail InvoiceProfileId:int \
         ScheduledPurchaseDate:date Errors:[PurchaseRequestError] OrderLines:[PurchaseRequestLine]",
    ),
    ("PurchaseRequestError", "OrderGroupId Code:int Description"),
    (
        "PurchaseRequestLine",
        "ProductId SkuId ProductVariantId:int CatalogItemId Quantity:int BillingCycle:enum TermDuration Type:enum \
         SubscriptionId:int ArmRegionName Scope:enum ProvisioningContext:{text} RequiresInventoryCheck:bool IsTrial:bool \
         Name AttestationAccepted:bool ResellerPriceType:enum ResellerPriceTypeValue:dec Tags:AssetTags \
         CustomTermEndDate:date Errors:[PurchaseLineError]",
    ),
    ("PurchaseLineError", "ReasonCode Description Properties:{text}"),
    ("ScheduledPurchaseRequest", "OrderReferenceId OrderItems:[ScheduledPurchaseLine]"),
    (
        "ScheduledPurchaseLine",
        "OrderNumber:int CatalogId Name Quantity:int BillingCycle TermDuration EmailReceiver ScheduledDate:date",
    ),
    // Billing.
    (
        "InvoiceProfile",
        "Id:int Organization:Reference Name InvoiceReference CustomerReference RequisitionNumber InvoiceAddressId:long \
         DeliveryAddressId:long InvoiceAddress:AddressData DeliveryAddress:AddressData ConsumerId:int ContactPersonId:int",
    ),
    ("AddressData", "AxAddressId:long Name CompleteAddress Street ZipCode City County State CountryCode"),
    (
        "BillingStatement",
        "GroupId:int Id:int TotalSalesPrice:Money InvoiceProfile:Reference Organization:Reference StartDate:date \
         EndDate:date ProvisionType:enum OrderId",
    ),
    ("BillingFile", "BillingStatement:BillingStatement FileName Data:base64"),
    (
        "Invoice",
        "InvoiceId OrderId SalesCurrencyCode SalesAmount:dec InvoiceCustomerId InvoiceCustomerName OrderCustomerId \
         OrderCustomerName CustomerReference CustomerRequisition InvoiceDate:date",
    ),
    ("OrderItem", "SkuValue LineDescription Price:dec CurrencyCode RowTotal:dec Quantity:dec"),
    (
        "Grouping",
        "Id:int Name InvoiceProfile:Reference Organization:Reference CreatedDate:date ModifiedDate:date IsDisabled:bool \
         IsRemoved:bool InvoiceReference",
    ),
    (
        "LicenseReportRequest",
        "CustomerAccountId:int TimeRange:TimeRange CloudAccountId:int InvoiceProfileId:int",
    ),
    ("TimeRange", "From:date To:date"),
    ("Export", "Id:int Status ActionUrl"),
    // Usage and Azure.
    (
        "OrganizationUsageCost",
        "Supplier AccountId:int AccountName SubscriptionName SubscriptionId Amount:dec CurrencyCode",
    ),
    ("CategoryCost", "Category Amount:dec CurrencyCode"),
    ("SubcategoryCost", "Subcategory Amount:dec CurrencyCode"),
    ("MeterCost", "Meter Amount:dec CurrencyCode"),
    ("ResourceGroupCost", "ResourceGroup Amount:dec CurrencyCode"),
    ("ResourceCost", "Category Subcategory Meter Amount:dec CurrencyCode"),
    ("SubscriptionCostRequest", "ResellerCustomerId:int SubscriptionId CurrencyCode From:date To:date"),
    ("CategoryCostRequest", "ResellerCustomerId:int SubscriptionId Category CurrencyCode From:date To:date"),
    (
        "SubcategoryCostRequest",
        "ResellerCustomerId:int SubscriptionId Category Subcategory CurrencyCode From:date To:date",
    ),
    (
        "ResourceGroupCostRequest",
        "ResellerCustomerId:int SubscriptionId ResourceGroup CurrencyCode From:date To:date",
    ),
    ("MonthlyUsage", "file:UsageFile"),
    ("UsageFile", "url:uri urlExpiry:date lastModified:date"),
    (
        "AzurePlan",
        "Id:int Name PublisherSubscriptionId Status:enum RegisteredForReservedInstance:bool Organization:Reference \
         CustomerTenant:CustomerTenantReference",
    ),
    (
        "AzureSubscription",
        "Id:int AzurePlanId:int PublisherSubscriptionId FriendlyName Status InvoiceProfile:Reference Tags:AzureTags",
    ),
    ("AzureTags", "CostCenter Department Project Custom Owner"),
    ("NewAzureSubscription", "Name"),
    ("AzureSubscriptionUpdate", "Id:int InvoiceProfile:Reference Tags:AzureTags"),
    ("AzureSubscriptionAdmin", "AzurePlanId:int AzureSubscriptionId:int AdminEmail"),
    ("AzureSubscriptionRename", "AzurePlanId:int AzureSubscriptionId:int Name"),
    ("AzureSubscriptionUpdated", "AzureSubscriptionId"),
    // Assets and resale prices.
    (
        "Asset",
        "Id:int Status:enum ExternalOrderId Quantity:int ExternalProductId ExternalSkuId Name StartDate:date \
         ExpirationDate:date ResellerCustomerId:int Scope:enum AssetType:enum BillingCycle:enum PublisherId:int \
         ProgramId:int ReservationId ReservationUsedInSubscriptionId:int \
         ReservationUsedInSubscription:AssetSubscription PurchaseCurrency PurchasePrice:dec SalesCurrency SalesPrice:dec \
         CreatedDate:date ModifiedDate:date ChangedBy ReservedInstanceArtifactResourceId PurchaseDate:date \
         InvoiceProfile:Reference Tags:AssetTags AutoRenewEnabled:bool ProductVariantId:int",
    ),
    ("AssetSubscription", "Id:int Name PublisherSubscriptionId ResellerCustomerName"),
    ("AssetTags", "AssetId:int CostCenter Department Project Custom Owner"),
    (
        "ResellerSalesPrice",
        "ObjectId:int ObjectType:enum Type:enum PriceType:enum Value:dec FromDate:date ChangedBy",
    ),
    ("ResellerSalesPriceToggle", "Toggle:bool ObjectId:int ObjectType:enum"),
    // Consumers and what is around them.
    ("Consumer", "Id:int Name LegalName Organization:Reference"),
    (
        "ActivityLogItem",
        "Entity Id:int ChangedBy ChangedDate:date ChangedColumn ChangedFrom ChangedTo CustomValues:{text} \
         ChangeType:enum",
    ),
    ("ManagementLink", "Link Text ResellerCustomer:Reference Subscription:Reference"),
    ("ManagementLinkGrouped", "Link Text ResellerCustomer:Reference"),
    (
        "AwsAccount",
        "Id:int Name Email Publisher:Reference ExternalPublisherCustomerId Reference CustomerTenantType:enum \
         EntityStatus:enum Organization:Organization InvoiceProfile:Reference IsActivated:bool Tags:SubscriptionTags \
         PayerAccountId AwsAccountName MasterAccountStatus:enum",
    ),
    (
        "CrayonAccount",
        "Id:int Name Email Publisher:Reference ExternalPublisherCustomerId Reference CustomerTenantType:enum \
         EntityStatus:enum Organization:Organization InvoiceProfile:Reference IsActivated:bool \
         Contact:CustomerTenantContact Program:Reference ResellerMarkup:dec",
    ),
    (
        "FacebookOrder",
        "ContactName ContactEmail ConsumerContactName ConsumerFullLegalName ConsumerContactEmail OrganizationId:int \
         InvoiceProfileId:int SubscriptionStartDate:date ConsumerSignupEmail Lines:[ConsumerOrderLine]",
    ),
    (
        "GoogleOrder",
        "ContactName ContactEmail ConsumerContactName ConsumerFullLegalName ConsumerContactEmail OrganizationId:int \
         InvoiceProfileId:int SubscriptionStartDate:date DomainName ConsumerCountry ConsumerStreetAddress ConsumerCity \
         ConsumerState ConsumerZipCode ConsumerPhoneNumber PrimaryAdminName PrimaryAdminUserName \
         Lines:[ConsumerOrderLine]",
    ),
    ("ConsumerOrderLine", "PublisherId:int AgreementId:int ProductVariantId:int Sku Quantity:int"),
    ("BlogItem", "Title Author Description Image Link:uri PublicationDate:date"),
    // Product containers.
    (
        "ProductContainer",
        "Id:int OrderListId:int Note UsageMonth:date Name ActiveDraft:bool Removed:bool CreatedByUserId AxContactUserId \
         CreatedDate:date OrderStatusChangedDate:date ContactUser:UserProfile Organization:Reference \
         Publisher:Reference Program:Program ProductRows:[ProductRow] Comments:[ContainerComment] \
         InvoiceProfile:InvoiceProfile DeliveryAddress:AddressData InvoiceAddress:AddressData Type:enum Category:enum \
         QuoteValidToDate:date TotalSalesPrice:[Money] TotalAlternativeSalesPrice:[Money] Issues:[ContainerIssue] \
         SubmittedBy:ContainerUser Sent:date InvoiceReference OrderReference Requisition",
    ),
    (
        "ProductRow",
        "Id:int ProductContainerId:int Quantity:int Comment UsageCountryCode SalesUnitPrice:Money \
         AlternativeSalesUnitPrice:Money Publisher:Reference Program:Reference Agreement:ReportedAgreement \
         Product:Product User:ContainerUser ProductVariant:Reference InvoiceProfile:Reference Grouping:Grouping \
         Issues:[ContainerIssue] OfferingType PriceCalculation:enum InvoiceReference CustomerReference \
         SalesPricePerAlternativeUnit:dec LevelValue:dec",
    ),
    ("ContainerUser", "Id UserName FirstName LastName CrayonEmployee:bool"),
    ("ContainerIssue", "Code Message"),
    (
        "ContainerComment",
        "Id:int ProductContainerId:int User:ContainerUser Message TimeStamp:date Modified:date Removed:bool \
         ProductContainerCommentType:enum",
    ),
    (
        "ProductRowPatch",
        "Id:int Quantity:int Comment UsageCountryCode UserId Agreement:Reference ProductVariant:Reference \
         Grouping:Reference",
    ),
];
