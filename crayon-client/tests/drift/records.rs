//! Every record that stands in a list, with one member changed: it is read, or it alone is refused, by its path.

use crayon_client::Listed;
use crayon_client::model::*;
use proptest::prelude::*;
use provider_core::ItemError;
use provider_core::model::Raw;
use provider_http::Keys;
use provider_http::decode::{PageDecoder, from_str};
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::value::RawValue;
use serde_json::{Value, json};

use super::FORMS;
use super::change::{Drift, change, members};
use super::shapes::filled;

/// Reads a list one record after the other, as the provider does.
fn read<T: DeserializeOwned + Serialize>(page: &str) -> Vec<Result<Value, ItemError>> {
    let list: Listed<&RawValue> = from_str(page, Keys::AnyCase).unwrap();
    let decoder = PageDecoder::new("Items").keys(Keys::AnyCase);
    let rows: Vec<&RawValue> = list.into_records().collect();
    decoder.decode(&rows, |record: T, _: Option<Raw>| Ok(json!(record))).unwrap()
}

/// One changed record between two good ones.
fn survives<T: DeserializeOwned + Serialize>(
    record: &str,
    pick: usize,
    what: Drift,
    form: usize,
) -> Result<(), TestCaseError> {
    let good = filled(record);
    let mut changed = good.clone();
    let at = change(&mut changed, pick % members(&good), what);
    let page = FORMS[form]([good.clone(), changed.clone(), good].as_slice());
    let place = format!("{record}.{} {what:?}\n{changed}", at.join("."));
    let items = read::<T>(&page);
    prop_assert_eq!(items.len(), 3, "{}", &place);
    prop_assert!(items[0].is_ok() && items[2].is_ok(), "{}", &place);
    prop_assert_eq!(items[0].as_ref().unwrap(), items[2].as_ref().unwrap(), "{}", &place);
    match &items[1] {
        Ok(read) if matches!(what, Drift::OtherCase | Drift::Beside) => {
            prop_assert_eq!(read, items[0].as_ref().unwrap(), "{}", &place);
        }
        Ok(_) => {}
        Err(error) => {
            prop_assert!(!what.is_harmless(&at), "{}: {}", &place, error);
            // The path leads to the member, or to the record that lacks it.
            prop_assert!(error.path.starts_with("Items[1]"), "{}: {}", &place, &error.path);
            let inner = error.path.to_ascii_lowercase();
            let named = at.iter().take(at.len() - 1).all(|name| inner.contains(&name.to_ascii_lowercase()));
            prop_assert!(named, "{}: {}", &place, &error.path);
            prop_assert!(error.raw.is_some(), "{}", &place);
        }
    }
    // The whole list as one value: read, or refused, and never a panic. What is read so is read record by record, where
    // an optional member costs itself alone.
    let whole: Result<Listed<T>, _> = from_str(&page, Keys::AnyCase);
    prop_assert!(whole.is_err() || items[1].is_ok(), "{}", &place);
    Ok(())
}

macro_rules! records {
    ($( $name:ident: $($model:ident from $record:literal),+; )+) => {
        proptest! {
            #![proptest_config(ProptestConfig::with_cases(128))]
            $(
                #[test]
                fn $name(pick in 0usize..10_000, kind in 0usize..Drift::ALL.len(), form in 0..FORMS.len()) {
                    $( survives::<$model>($record, pick, Drift::ALL[kind], form)?; )+
                }
            )+
        }
    };
}

records! {
    accounts: Client from "Client", User from "User", Organization from "Organization",
        OrganizationAccess from "OrganizationAccess", Address from "Address";
    customers: CustomerTenant from "CustomerTenant", CustomerTenantDetailed from "CustomerTenantDetailed",
        ServiceAccountAgreement from "ServiceAccountAgreement";
    agreements: Agreement from "Agreement", Publisher from "Publisher", Program from "Program", Region from "Region",
        AgreementReport from "AgreementReport", BillingCycle from "BillingCycle";
    products: AgreementProduct from "AgreementProduct", Facet from "Facet", PublisherFacet from "PublisherFacet";
    subscriptions: Subscription from "Subscription", Subscription from "SubscriptionDetailed";
    changes: ImmediateChangeOption from "ImmediateChangeOption", SubscriptionConversion from "Conversion",
        SubscriptionTransitionEligibility from "TransitionEligibility",
        SubscriptionTransitionResponse from "TransitionResponse", AddOnOffer from "AddOnOffer",
        NamedPriceType from "Reference";
    orders: PurchaseRequestOrder from "PurchaseRequestOrder", ScheduledPurchaseRequest from "ScheduledPurchaseRequest",
        NewCommerceOrderResult from "NewCommerceOrderResult", Asset from "Asset";
    billing: InvoiceProfile from "InvoiceProfile", BillingStatement from "BillingStatement", Invoice from "Invoice",
        OrderItem from "OrderItem", Grouping from "Grouping", Export from "Export";
    usage: OrganizationUsageCost from "OrganizationUsageCost", UsageCost from "CategoryCost",
        UsageCost from "ResourceCost", AzureSubscription from "AzureSubscription",
        ResellerSalesPrice from "ResellerSalesPrice";
    others: Consumer from "Consumer", ActivityLogItem from "ActivityLogItem", ManagementLink from "ManagementLink",
        CloudAccount from "AwsAccount", CloudAccount from "CrayonAccount", BlogItem from "BlogItem",
        ProductContainer from "ProductContainer";
}
