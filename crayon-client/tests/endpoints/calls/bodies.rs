//! Every call that takes a record, with a record whose every member is set.

use crayon_client::{CrayonClient, Document};
use serde::de::DeserializeOwned;

use super::{Calls, Case, GUID};
use crate::recorder::Recorder;
use crate::shapes::{filled, pascal, renamed};

/// A record with every member that the reference lists.
fn whole<T: DeserializeOwned>(record: &str) -> T {
    serde_json::from_value(renamed(&filled(record), pascal)).unwrap()
}

/// Makes calls with whole records, and keeps with each the name of its record.
macro_rules! whole {
    ($calls:ident, $records:ident: $( $record:literal => $call:expr; )+) => {
        $(
            case!($calls, "", $call);
            $records.push($record);
        )+
    };
}

/// Every call that takes a record, with the record's name.
pub(crate) async fn all(client: &CrayonClient, recorder: &Recorder) -> Vec<(&'static str, Case)> {
    let mut calls = Calls { client: client.clone(), recorder, cases: Vec::new() };
    let calls = &mut calls;
    let mut records = Vec::new();
    let c = calls.client.clone();
    whole! { calls, records:
        "Client" => c.clients().create(&whole("Client")).await;
        "Client" => c.clients().update(GUID, &whole("Client")).await;
        "Secret" => c.secrets().create(&whole("Secret")).await;
        "UserUpsert" => c.users().create(&whole("UserUpsert")).await;
        "UserUpsert" => c.users().update(GUID, &whole("UserUpsert")).await;
        "UserChangePassword" => c.users().change_password(GUID, &whole("UserChangePassword")).await;
        "[OrganizationAccess]" => c.organization_access().update(&whole::<Vec<_>>("[OrganizationAccess]")).await;
        "CustomerTenantDetailed" => c.customer_tenants().create(&whole("CustomerTenantDetailed")).await;
        "CustomerTenantDetailed" => c.customer_tenants().attach(None, &whole("CustomerTenantDetailed")).await;
        "CustomerTenantDetailed" => c.customer_tenants().update(5, &whole::<Document>("CustomerTenantDetailed")).await;
        "ServiceAccountAgreement" => c.customer_tenants().record_agreement(5, &whole("ServiceAccountAgreement")).await;
        "AgreementReport" => c.agreement_reports().update(6, &whole("AgreementReport")).await;
        "AgreementProductFilter" => c.agreement_products().search(&whole("AgreementProductFilter")).await;
        "AgreementProductFilter" => c.agreement_products().search_by_old_path(&whole("AgreementProductFilter")).await;
        "AgreementProductFilter" =>
            c.agreement_products().download_workbook(&whole("AgreementProductFilter"), &mut Vec::new()).await;
        "NewSubscription" => c.subscriptions().create(&whole("NewSubscription")).await;
        "SubscriptionDetailed" => c.subscriptions().update(6, &whole::<Document>("SubscriptionDetailed")).await;
        "NewCommerceOrder" => c.subscriptions().order(&whole("NewCommerceOrder")).await;
        "NextTermInstructions" => c.subscriptions().instruct_next_term(6, &whole("NextTermInstructions")).await;
        "Transition" => c.subscriptions().transition(6, &whole("Transition")).await;
        "Conversion" => c.subscriptions().convert(6, &whole("Conversion")).await;
        "NewAddOn" => c.subscriptions().add(6, &whole("NewAddOn")).await;
        "SubscriptionTags" => c.subscriptions().set_tags(6, &whole("SubscriptionTags")).await;
        "PurchaseRequestOrder" => c.purchase_requests().verify(&whole("PurchaseRequestOrder")).await;
        "PurchaseRequestOrder" => c.purchase_requests().check_out(&whole("PurchaseRequestOrder")).await;
        "PurchaseRequestOrder" => c.purchase_requests().verify_by_old_path(&whole("PurchaseRequestOrder")).await;
        "PurchaseRequestOrder" => c.purchase_requests().check_out_by_old_path(&whole("PurchaseRequestOrder")).await;
        "InvoiceProfile" => c.invoice_profiles().create(&whole("InvoiceProfile")).await;
        "InvoiceProfile" => c.invoice_profiles().update(8, &whole("InvoiceProfile")).await;
        "Grouping" => c.groupings().create(&whole("Grouping")).await;
        "Grouping" => c.groupings().update(8, &whole("Grouping")).await;
        "LicenseReportRequest" => c.exports().generate_license_report(&whole("LicenseReportRequest")).await;
        "SubscriptionCostRequest" => c.usage_costs().of_subscription(&whole("SubscriptionCostRequest")).await;
        "CategoryCostRequest" => c.usage_costs().of_category(&whole("CategoryCostRequest")).await;
        "SubcategoryCostRequest" => c.usage_costs().of_subcategory(&whole("SubcategoryCostRequest")).await;
        "SubscriptionCostRequest" => c.usage_costs().by_resource_group(&whole("SubscriptionCostRequest")).await;
        "ResourceGroupCostRequest" => c.usage_costs().of_resource_group(&whole("ResourceGroupCostRequest")).await;
        "NewAzureSubscription" => c.azure_plans().create_subscription(1700, &whole("NewAzureSubscription")).await;
        "AzureSubscriptionUpdate" =>
            c.azure_plans().update_subscription(1700, 2900, &whole("AzureSubscriptionUpdate")).await;
        "AzureSubscriptionAdmin" => c.azure_plans().assign_admin(1700, 2900, &whole("AzureSubscriptionAdmin")).await;
        "AzureSubscriptionRename" =>
            c.azure_plans().rename_subscription(1700, 2900, &whole("AzureSubscriptionRename")).await;
        "Asset" => c.assets().update(3, &whole("Asset")).await;
        "AssetTags" => c.assets().create_tags(3, &whole("AssetTags")).await;
        "AssetTags" => c.assets().set_tags(3, &whole("AssetTags")).await;
        "Consumer" => c.consumers().create(&whole("Consumer")).await;
        "Consumer" => c.consumers().update(3, &whole("Consumer")).await;
        "ResellerSalesPrice" => c.reseller_sales_prices().create(&whole("ResellerSalesPrice")).await;
        "ResellerSalesPrice" => c.reseller_sales_prices().update(&whole("ResellerSalesPrice")).await;
        "ResellerSalesPrice" =>
            c.reseller_sales_prices().replace_from("2025-03-01T09:00:00Z", &whole("ResellerSalesPrice")).await;
        "ResellerSalesPriceToggle" => c.reseller_sales_prices().toggle(&whole("ResellerSalesPriceToggle")).await;
        "ProductContainer" => c.product_containers().update(3, Some(true), &whole("ProductContainer")).await;
        "ProductRowPatch" => c.product_containers().update_row(3, 4, &whole("ProductRowPatch")).await;
        "FacebookOrder" => c.facebook_orders().check_out(&whole("FacebookOrder")).await;
        "GoogleOrder" => c.google_orders().check_out(&whole("GoogleOrder")).await;
        "AwsAccount" => c.aws_accounts().update(3, &whole("AwsAccount")).await;
        "CrayonAccount" => c.crayon_accounts().create(&whole("CrayonAccount")).await;
        "CrayonAccount" => c.crayon_accounts().update(3, &whole("CrayonAccount")).await;
    }
    records.into_iter().zip(std::mem::take(&mut calls.cases)).collect()
}
