//! Where the simulator differs from the vendor's OpenAPI files on purpose, with the reasons.

/// Operations of 2021 that the newer snapshot and the docs no longer have.
pub(crate) const GONE: &[&str] = &["GET /api/v1/Subscriptions/{id}/transition-eligibilities"];

/// Members of 2021 that the newer snapshot and the vendor's SDK no longer have.
pub(crate) const GONE_MEMBERS_2021: &[&str] = &[
    "Asset has no member productId",
    "Asset has no member productVariant",
    "Asset has no member resellerPriceType",
    "Asset has no member resellerPriceTypeValue",
];

/// Members of 2022 that the vendor's SDK no longer has.
pub(crate) const GONE_MEMBERS_2022: &[&str] =
    &["Asset has no member resellerPriceType", "Asset has no member resellerPriceTypeValue"];

/// Answers that differ from the file of 2021 on purpose, each with the reason. A line that no answer needs any more fails
/// the test, so the list stays true.
pub(crate) const DEPARTURES_2021: &[(&str, &str)] = &[
    ("AgreementType: value 13", "new-commerce agreements came in 2022"),
    ("SubscriptionStatus: value 128", "added to the vendor's SDK in 2023"),
    ("SubscriptionStatus: value 256", "added to the vendor's SDK in 2023"),
    ("ProductVariant.maximumQuantity: more", "in the file of 2022"),
    ("Subscription.cancellationAllowedUntilDate: more", "in the file of 2022"),
    ("Subscription.scheduledNextTermInstructions: more", "in the file of 2022"),
    ("Subscription.maxEndCustomerQuantity: more", "in the vendor's SDK of 2023"),
    ("SubscriptionDetailed.cancellationAllowedUntilDate: more", "in the file of 2022"),
    ("SubscriptionDetailed.scheduledNextTermInstructions: more", "in the file of 2022"),
    ("SubscriptionDetailed.maxEndCustomerQuantity: more", "in the vendor's SDK of 2023"),
    ("SubscriptionAddOn.cancellationAllowedUntilDate: more", "in the file of 2022"),
    ("Consumer.legalName: more", "in the vendor's SDK of 2023"),
    ("Asset.externalProductId: more", "in the file of 2022"),
    ("Asset.externalSkuId: more", "in the file of 2022"),
    ("Asset.name: more", "in the file of 2022"),
    ("Asset.autoRenewEnabled: more", "in the file of 2022"),
    ("Asset.productId: less", "gone in the file of 2022"),
    ("Asset.productVariant: less", "gone in the file of 2022"),
    ("Asset.resellerPriceType: less", "gone in the vendor's SDK of 2023"),
    ("Asset.resellerPriceTypeValue: less", "gone in the vendor's SDK of 2023"),
    ("AssetOrder.scheduledPurchaseDate: more", "documented for purchase requests"),
    ("AssetOrderLine.name: more", "in the file of 2022"),
    ("AssetOrderLine.attestationAccepted: more", "in the file of 2022"),
    ("AssetOrderLine.customTermEndDate: more", "documented for purchase requests"),
    ("AssetScope: null", "the docs leave the scope of licences out, although its enum has no zero"),
    ("SalesPriceType: null", "documented as optional"),
    ("AssetOrderLine.resellerPriceTypeValue: null", "documented as optional"),
    ("SubscriptionTransitionResponse.toSubscriptionId: more", "in the vendor's SDK of 2023"),
    ("SubscriptionTransitionResponse.fromSubscriptionId: more", "in the vendor's SDK of 2023"),
    ("SubscriptionTransitionResponse.events: more", "in the file of 2022"),
    ("SubscriptionTransitionResponse.attributes: more", "in the vendor's SDK of 2023"),
];

/// The same for the file of 2022.
pub(crate) const DEPARTURES_2022: &[(&str, &str)] = &[
    ("Asset.productVariantId: more", "in the file of 2021 and the vendor's SDK of 2023"),
    ("Asset.resellerPriceType: less", "gone in the vendor's SDK of 2023"),
    ("Asset.resellerPriceTypeValue: less", "gone in the vendor's SDK of 2023"),
    ("AssetOrder.scheduledPurchaseDate: more", "documented for purchase requests"),
    ("AssetOrderLine.customTermEndDate: more", "documented for purchase requests"),
    ("AssetOrderLine.resellerPriceTypeValue: null", "documented as optional"),
    ("AssetScope: null", "the docs leave the scope of licences out, although its enum has no zero"),
    ("Consumer.legalName: more", "in the vendor's SDK of 2023"),
    ("Event.attributes: more", "in the vendor's SDK of 2023"),
    ("SalesPriceType: null", "documented as optional"),
    ("ScheduledNextTermInstructions.customTermEndDate: more", "in the docs"),
    ("Subscription.maxEndCustomerQuantity: more", "in the vendor's SDK of 2023"),
    ("SubscriptionDetailed.maxEndCustomerQuantity: more", "in the vendor's SDK of 2023"),
    ("SubscriptionStatus: value 128", "added to the vendor's SDK in 2023"),
    ("SubscriptionStatus: value 256", "added to the vendor's SDK in 2023"),
    ("SubscriptionTransitionEligibility.subscriptionEligibilities: more", "in the docs"),
    ("SubscriptionTransitionResponse.attributes: more", "in the vendor's SDK of 2023"),
    ("SubscriptionTransitionResponse.fromSubscriptionId: more", "in the vendor's SDK of 2023"),
    ("SubscriptionTransitionResponse.toSubscriptionId: more", "in the vendor's SDK of 2023"),
];
