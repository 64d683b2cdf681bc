//! Every method of the client with arguments that fill everything, and the request that has to leave.

#![allow(deprecated, reason = "the replaced endpoints are called as well")]

use chrono::{DateTime, Utc};
use crayon_client::model::*;
use crayon_client::{CrayonClient, Document, Paging};

use super::recorder::{Recorder, Sent};

const GUID: &str = "3f2b8d0a-6f0e-4c55-9d1a-0b7e5f9c1a22";

fn some(text: &str) -> Option<String> {
    Some(text.to_owned())
}

fn day() -> DateTime<Utc> {
    "2025-03-01T09:00:00Z".parse().unwrap()
}

fn document(json: &str) -> Document {
    serde_json::from_str(json).unwrap()
}

/// A record with these members set: records of the client cannot be written out in full from outside.
macro_rules! model {
    ($name:ident { $($field:ident : $value:expr),* $(,)? }) => {{
        #[allow(unused_mut, reason = "a record may have no members")]
        let mut record = $name::default();
        $( record.$field = $value; )*
        record
    }};
}

fn new_tenant() -> CustomerTenantDetailed {
    let address =
        model!(CustomerTenantAddress { address_line1: some("1 Sample Street"), country_code: some("NO") });
    model!(CustomerTenantDetailed {
        tenant: Some(model!(CustomerTenant {
            name: some("Fabled Bakery Ltd"),
            domain_prefix: some("fabledbakery"),
            reference: some("CUST-17"),
            customer_tenant_type: Some(CustomerTenantType::T2),
            organization: Some(model!(Organization { id: 4_100_001 })),
            invoice_profile: Some(ObjectReference::new(80_001)),
            reseller_markup: Some("12.50".parse().unwrap()),
        })),
        profile: Some(model!(CustomerTenantProfile {
            culture_code: some("en-US"),
            contact: Some(model!(CustomerTenantContact { email: some("it@example.com") })),
            address: Some(address),
        })),
        company: Some(model!(CustomerTenantCompany { organization_registration_number: some("999999999") })),
    })
}

fn filter() -> AgreementProductFilter {
    model!(AgreementProductFilter {
        organization_id: Some(7),
        customer_tenant_id: Some(5),
        agreement_id: Some(9),
        agreement_ids: vec![9],
        agreement_type_ids: vec![AgreementType::NewCommerceCSPSeats],
        price_list_id: Some(4),
        search: some("x"),
        search_date: Some(day()),
        is_trial: Some(false),
        include_product_information: Some(true),
        include: Some(model!(AgreementProductSubFilter {
            part_numbers: vec!["CFQ7TTC0LH18:0001".to_owned()],
            billing_cycles: vec!["Monthly".to_owned()],
        })),
        exclude: Some(model!(AgreementProductSubFilter { publisher_ids: vec![3] })),
        sort_key: some("Name"),
        sort_order: Some(SortOrder::Descending),
        ignore_term_billing_cycle_combinations_check: Some(true),
        page: Some(2),
        page_size: Some(1_000),
    })
}

/// What a call sent, and what it has to send.
pub(crate) struct Case {
    pub(crate) expected: &'static str,
    pub(crate) sent: Vec<Sent>,
}

/// Makes every call. What the empty answer reads as does not matter here.
pub(crate) async fn all(c: &CrayonClient, recorder: &Recorder) -> Vec<Case> {
    let mut cases = Vec::new();
    macro_rules! case {
        ($expected:literal, $call:expr) => {
            drop($call);
            cases.push(Case { expected: $expected, sent: recorder.take() });
        };
    }
    case!("GET /api/v1/Me", c.session().me().await);
    case!("GET /api/v1/Ping", c.session().ping().await);
    case!(
        "GET /api/v1/Clients?Search=a%20b%26c&Page=2&PageSize=50",
        c.clients().list(&SearchQuery { search: some("a b&c") }, Paging { page: 2, size: 50 }).await
    );
    case!("GET /api/v1/Clients/3f2b8d0a-6f0e-4c55-9d1a-0b7e5f9c1a22", c.clients().get(GUID).await);
    case!(
        r#"POST /api/v1/Clients {"ClientName":"n","Flow":4}"#,
        c.clients().create(&model!(Client { client_name: some("n"), flow: Some(Flow::ResourceOwner) })).await
    );
    case!(
        r#"PUT /api/v1/Clients/3f2b8d0a-6f0e-4c55-9d1a-0b7e5f9c1a22 {"Enabled":false}"#,
        c.clients().update(GUID, &model!(Client { enabled: Some(false) })).await
    );
    case!("DELETE /api/v1/Clients/3f2b8d0a-6f0e-4c55-9d1a-0b7e5f9c1a22", c.clients().delete(GUID).await);
    case!(
        r#"POST /api/v1/Secrets {"ClientId":"3f2b8d0a-6f0e-4c55-9d1a-0b7e5f9c1a22"}"#,
        c.secrets().create(&model!(Secret { client_id: some(GUID) })).await
    );
    case!(
        "DELETE /api/v1/Secrets?secretId=3&clientId=3f2b8d0a-6f0e-4c55-9d1a-0b7e5f9c1a22",
        c.secrets().delete(3, GUID).await
    );
    case!(
        "GET /api/v1/Users?OrganizationId=7&Role=2&Page=2&PageSize=50",
        c.users()
            .list(
                &UserQuery { organization_id: Some(7), role: Some(UserRole::TENANT_ADMIN), search: None },
                Paging { page: 2, size: 50 }
            )
            .await
    );
    case!("GET /api/v1/Users/3f2b8d0a-6f0e-4c55-9d1a-0b7e5f9c1a22", c.users().get(GUID).await);
    case!("GET /api/v1/Users/user?userName=a%40example.com", c.users().get_by_name("a@example.com").await);
    case!(
        r#"POST /api/v1/Users {"UserName":"a","TenantAdmin":true}"#,
        c.users().create(&model!(UserUpsert { user_name: some("a"), tenant_admin: Some(true) })).await
    );
    case!(
        r#"PUT /api/v1/Users/3f2b8d0a-6f0e-4c55-9d1a-0b7e5f9c1a22 {"FirstName":"A"}"#,
        c.users().update(GUID, &model!(UserUpsert { first_name: some("A") })).await
    );
    case!("DELETE /api/v1/Users/3f2b8d0a-6f0e-4c55-9d1a-0b7e5f9c1a22", c.users().delete(GUID).await);
    case!(
        r#"PUT /api/v1/Users/3f2b8d0a-6f0e-4c55-9d1a-0b7e5f9c1a22/changepassword {"UserId":"3f2b8d0a-6f0e-4c55-9d1a-0b7e5f9c1a22","NewPassword":"new"}"#,
        c.users()
            .change_password(
                GUID,
                &model!(UserChangePassword {
                    user_id: some(GUID),
                    new_password: Some(SecretText::new("new"))
                })
            )
            .await
    );
    case!(
        "GET /api/v1/Organizations?Search=a%20b%26c&Page=2&PageSize=50",
        c.organizations().list(&SearchQuery { search: some("a b&c") }, Paging { page: 2, size: 50 }).await
    );
    case!("GET /api/v1/Organizations/7", c.organizations().get(7).await);
    case!("GET /api/v1/Organizations/7/salescontact", c.organizations().sales_contact(7).await);
    case!("GET /api/v1/Organizations/HasAccess/7", c.organizations().has_access(7).await);
    case!(
        "GET /api/v1/organizations/7/Addresses?type=1",
        c.addresses().list(7, Some(AddressType::Invoice)).await
    );
    case!("GET /api/v1/organizations/7/Addresses/9", c.addresses().get(7, 9).await);
    case!(
        "GET /api/v1/OrganizationAccess?organizationId=0&userId=3f2b8d0a-6f0e-4c55-9d1a-0b7e5f9c1a22&page=1&pageSize=10000",
        c.organization_access()
            .list(&OrganizationAccessQuery { organization_id: Some(0), user_id: some(GUID) }, 1, 10_000)
            .await
    );
    case!(
        "GET /api/v1/OrganizationAccess/grant?page=1&pageSize=10",
        c.organization_access().grantable(&OrganizationAccessQuery::default(), 1, 10).await
    );
    case!(
        r#"PUT /api/v1/OrganizationAccess [{"Id":4,"Role":3}]"#,
        c.organization_access()
            .update(&[model!(OrganizationAccess {
                id: 4,
                role: Some(OrganizationAccessRole::USER | OrganizationAccessRole::ADMINISTRATOR)
            })])
            .await
    );
    case!(
        "GET /api/v1/CustomerTenants?OrganizationId=7&PublisherId=2&ProgramId=8&ConsumerId=3&Domain=a.example.com&DomainPrefix=a&CustomerTenantType=2&InvoiceProfileId=5&Search=x&Page=2&PageSize=50",
        c.customer_tenants()
            .list(
                &CustomerTenantQuery {
                    organization_id: Some(7),
                    publisher_id: Some(2),
                    program_id: Some(8),
                    consumer_id: Some(3),
                    domain: some("a.example.com"),
                    domain_prefix: some("a"),
                    customer_tenant_type: Some(CustomerTenantType::T2),
                    invoice_profile_id: Some(5),
                    search: some("x")
                },
                Paging { page: 2, size: 50 }
            )
            .await
    );
    case!("GET /api/v1/CustomerTenants/5", c.customer_tenants().get(5).await);
    case!("GET /api/v1/CustomerTenants/5/detailed", c.customer_tenants().get_detailed(5).await);
    case!("GET /api/v1/CustomerTenants/5/detailed", c.customer_tenants().document(5).await);
    case!(
        r#"POST /api/v1/CustomerTenants {"Tenant":{"Name":"Fabled Bakery Ltd","DomainPrefix":"fabledbakery","Reference":"CUST-17","CustomerTenantType":2,"Organization":{"Id":4100001},"InvoiceProfile":{"Id":80001},"ResellerMarkup":12.50},"Profile":{"CultureCode":"en-US","Contact":{"Email":"it@example.com"},"Address":{"AddressLine1":"1 Sample Street","CountryCode":"NO"}},"Company":{"OrganizationRegistrationNumber":"999999999"}}"#,
        c.customer_tenants().create(&new_tenant()).await
    );
    case!(
        r#"POST /api/v1/CustomerTenants/existing {"Tenant":{"ExternalPublisherCustomerId":"3f2b8d0a-6f0e-4c55-9d1a-0b7e5f9c1a22","DomainPrefix":"a"}}"#,
        c.customer_tenants()
            .attach(&model!(CustomerTenantDetailed {
                tenant: Some(model!(CustomerTenant {
                    domain_prefix: some("a"),
                    external_publisher_customer_id: some(GUID)
                }))
            }))
            .await
    );
    case!(
        r#"PUT /api/v1/CustomerTenants/5 {"Tenant":{"Id":5,"ResellerMarkup":1.10}}"#,
        c.customer_tenants().update(5, &document(r#"{"Tenant":{"Id":5,"ResellerMarkup":1.10}}"#)).await
    );
    case!("DELETE /api/v1/CustomerTenants/5", c.customer_tenants().delete(5).await);
    case!("GET /api/v1/CustomerTenants/5/azurePlan", c.customer_tenants().azure_plan(5).await);
    case!(
        "GET /api/v1/customertenants/5/agreements?AgreementTypeConsent=1",
        c.customer_tenants().agreements(5, Some(AgreementTypeConsent::MicrosoftCustomerAgreement)).await
    );
    case!(
        r#"POST /api/v1/customertenants/5/agreements {"FirstName":"Test","DateAgreed":"2025-03-01T09:00:00Z","AgreementType":1}"#,
        c.customer_tenants()
            .record_agreement(
                5,
                &model!(ServiceAccountAgreement {
                    first_name: some("Test"),
                    date_agreed: Some(day()),
                    agreement_type: Some(AgreementTypeConsent::MicrosoftCustomerAgreement)
                })
            )
            .await
    );
    case!(
        "GET /api/v1/Agreements?OrganizationId=7&OrganizationIds=7&OrganizationIds=8&AgreementIds=1&AgreementIds=2&AgreementTypes=13&PublisherId=2&PublisherIds=2&ProgramIds=8&PricelistIds=4&Status=1&SearchDate=2025-03-01T09%3A00%3A00Z&EndDateFrom=2025-03-01T09%3A00%3A00Z&EndDateTo=2025-03-01T09%3A00%3A00Z&SalesPriceCurrency=EUR&TermRequired=true&isTrial=false&Search=x&Page=2&PageSize=50",
        c.agreements()
            .list(
                &AgreementQuery {
                    organization_id: Some(7),
                    organization_ids: vec![7, 8],
                    agreement_ids: vec![1, 2],
                    agreement_types: vec![AgreementType::NewCommerceCSPSeats],
                    publisher_id: Some(2),
                    publisher_ids: vec![2],
                    program_ids: vec![8],
                    pricelist_ids: vec![4],
                    status: Some(AgreementStatus::Active),
                    search_date: Some(day()),
                    end_date_from: Some(day()),
                    end_date_to: Some(day()),
                    sales_price_currency: some("EUR"),
                    term_required: Some(true),
                    is_trial: Some(false),
                    search: some("x")
                },
                Paging { page: 2, size: 50 }
            )
            .await
    );
    case!(
        "GET /api/v1/Publishers?Names=Microsoft&Names=A&ProgramType=4&Page=2&PageSize=50",
        c.publishers()
            .list(
                &PublisherQuery {
                    names: vec!["Microsoft".to_owned(), "A".to_owned()],
                    search: None,
                    program_type: Some(ProgramType::CLOUD)
                },
                Paging { page: 2, size: 50 }
            )
            .await
    );
    case!("GET /api/v1/Publishers/2", c.publishers().get(2).await);
    case!(
        "GET /api/v1/Programs?PublisherId=2&OrganizationId=7&ProgramType=4&Page=2&PageSize=50",
        c.programs()
            .list(
                &ProgramQuery {
                    publisher_id: Some(2),
                    organization_id: Some(7),
                    program_type: Some(ProgramType::CLOUD),
                    search: None
                },
                Paging { page: 2, size: 50 }
            )
            .await
    );
    case!("GET /api/v1/Programs/8", c.programs().get(8).await);
    case!(
        "GET /api/v1/Regions?RegionList=1&OrganizationId=7&Page=2&PageSize=50",
        c.regions()
            .list(
                &RegionQuery {
                    region_list: Some(RegionList::MicrosoftCsp),
                    organization_id: Some(7),
                    search: None
                },
                Paging { page: 2, size: 50 }
            )
            .await
    );
    case!(
        "GET /api/v1/Regions/bycode?regionCode=NO&regionList=1",
        c.regions().get_by_code("NO", RegionList::MicrosoftCsp).await
    );
    case!("GET /api/v1/AgreementReports/6", c.agreement_reports().list(6).await);
    case!(
        r#"PUT /api/v1/AgreementReports/6 {"Status":4}"#,
        c.agreement_reports()
            .update(6, &model!(AgreementReport { status: Some(AgreementReportStatus::USAGE_REPORTED) }))
            .await
    );
    case!(
        "GET /api/v1/AgreementProducts?OrganizationId=7&CustomerTenantId=5&AgreementId=9&AgreementIds=9&AgreementTypeIds=13&PriceListId=4&Search=x&SearchDate=2025-03-01T09%3A00%3A00Z&IsTrial=false&IncludeProductInformation=true&Include.PartNumbers=CFQ7TTC0LH18%3A0001&Include.BillingCycles=Monthly&Exclude.PublisherIds=3&SortKey=Name&SortOrder=1&IgnoreTermBillingCycleCombinationsCheck=true&Page=2&PageSize=1000",
        c.agreement_products().list(&filter()).await
    );
    case!(
        "GET /api/v1/AgreementProducts?OrganizationId=7&CustomerTenantId=5&AgreementId=9&AgreementIds=9&AgreementTypeIds=13&PriceListId=4&Search=x&SearchDate=2025-03-01T09%3A00%3A00Z&IsTrial=false&IncludeProductInformation=true&Include.PartNumbers=CFQ7TTC0LH18%3A0001&Include.BillingCycles=Monthly&Exclude.PublisherIds=3&SortKey=Name&SortOrder=1&IgnoreTermBillingCycleCombinationsCheck=true&Page=2&PageSize=1000",
        c.agreement_products().facets(&filter()).await
    );
    case!(
        r#"POST /api/v1/AgreementProducts/getaspost {"OrganizationId":7,"AgreementTypeIds":[13],"Include":{"PartNumbers":["CFQ7TTC0LH18:0001"]},"Page":1}"#,
        c.agreement_products()
            .search(&model!(AgreementProductFilter {
                organization_id: Some(7),
                agreement_type_ids: vec![AgreementType::NewCommerceCSPSeats],
                include: Some(model!(AgreementProductSubFilter {
                    part_numbers: vec!["CFQ7TTC0LH18:0001".to_owned()]
                })),
                page: Some(1)
            }))
            .await
    );
    case!(
        r#"POST /api/v1/AgreementProducts {"OrganizationId":7,"AgreementTypeIds":[13],"Include":{"PartNumbers":["CFQ7TTC0LH18:0001"]},"Page":1}"#,
        c.agreement_products()
            .search_by_old_path(&model!(AgreementProductFilter {
                organization_id: Some(7),
                agreement_type_ids: vec![AgreementType::NewCommerceCSPSeats],
                include: Some(model!(AgreementProductSubFilter {
                    part_numbers: vec!["CFQ7TTC0LH18:0001".to_owned()]
                })),
                page: Some(1)
            }))
            .await
    );
    case!(
        r#"POST /api/v1/AgreementProducts/file/xlsx {"OrganizationId":7,"AgreementTypeIds":[13],"Include":{"PartNumbers":["CFQ7TTC0LH18:0001"]},"Page":1}"#,
        c.agreement_products()
            .download_workbook(
                &model!(AgreementProductFilter {
                    organization_id: Some(7),
                    agreement_type_ids: vec![AgreementType::NewCommerceCSPSeats],
                    include: Some(model!(AgreementProductSubFilter {
                        part_numbers: vec!["CFQ7TTC0LH18:0001".to_owned()]
                    })),
                    page: Some(1)
                }),
                &mut Vec::new()
            )
            .await
    );
    case!(
        "GET /api/v1/AgreementProducts/CFQ7TTC0LH18%3A0001/supportedbillingcycles?resellerCustomerId=51001",
        c.agreement_products().supported_billing_cycles("CFQ7TTC0LH18:0001", 51001).await
    );
    case!("GET /api/v1/BillingCycles?includeUnknown=true", c.billing_cycles().list(Some(true)).await);
    case!(
        "GET /api/v1/BillingCycles/productVariant/2600001",
        c.billing_cycles().of_product_variant(2_600_001).await
    );
    case!("GET /api/v1/BillingCycles/cspNameDictionary", c.billing_cycles().csp_names().await);
    case!(
        "GET /api/v1/Subscriptions?OrganizationId=7&CustomerTenantId=5&PublisherId=2&Statuses=67&IsTrial=false&RegisteredForReservedInstance=true&Search=x&publisherCustomerId=3f2b8d0a-6f0e-4c55-9d1a-0b7e5f9c1a22&sync=true&SortBy=3&SortOrder=1&Page=2&PageSize=50",
        c.subscriptions()
            .list(
                &SubscriptionQuery {
                    organization_id: Some(7),
                    customer_tenant_id: Some(5),
                    publisher_id: Some(2),
                    statuses: Some(
                        SubscriptionStatus::ACTIVE
                            | SubscriptionStatus::SUSPENDED
                            | SubscriptionStatus::PENDING
                    ),
                    is_trial: Some(false),
                    registered_for_reserved_instance: Some(true),
                    search: some("x"),
                    publisher_customer_id: some(GUID),
                    sync: Some(true),
                    sort_by: Some(SubscriptionSortBy::EndDate),
                    sort_order: Some(SortOrder::Descending)
                },
                Paging { page: 2, size: 50 }
            )
            .await
    );
    case!("GET /api/v1/Subscriptions/6", c.subscriptions().get(6).await);
    case!("GET /api/v1/Subscriptions/6", c.subscriptions().document(6).await);
    case!(
        r#"POST /api/v1/Subscriptions {"Name":"Azure plan","CustomerTenant":{"Id":5},"Product":{"PartNumber":"DZH318Z0BPS6:0001"},"Quantity":1,"BillingCycle":8,"TermDuration":"P3Y"}"#,
        c.subscriptions()
            .create(&model!(NewSubscription {
                name: some("Azure plan"),
                customer_tenant: Some(model!(CustomerTenantReference { id: 5 })),
                product: Some(model!(ProductReference { part_number: some("DZH318Z0BPS6:0001") })),
                quantity: Some(1),
                billing_cycle: Some(BillingCycleEnum::ThreeYears),
                term_duration: Some(TermDuration::ThreeYears)
            }))
            .await
    );
    case!(
        r#"PUT /api/v1/Subscriptions/6 {"Id":6,"Quantity":15}"#,
        c.subscriptions().update(6, &document(r#"{"Id":6,"Quantity":15}"#)).await
    );
    case!(
        r#"POST /api/v1/Subscriptions/new-commerce-orders {"CustomerTenantId":5,"PartNumber":"CFQ7TTC0LH18:0001","BillingCycle":5,"TermDuration":"P3Y","Quantity":12,"CustomTermEndDate":"2025-03-01T09:00:00Z","ScheduledDate":"2025-03-01"}"#,
        c.subscriptions()
            .order(&model!(NewCommerceOrder {
                customer_tenant_id: Some(5),
                part_number: some("CFQ7TTC0LH18:0001"),
                billing_cycle: Some(BillingCycleType::Triennial),
                term_duration: Some(TermDuration::ThreeYears),
                quantity: Some(12),
                custom_term_end_date: Some(day()),
                scheduled_date: Some(day().date_naive())
            }))
            .await
    );
    case!(
        "GET /api/v1/Subscriptions/new-commerce-orders/3f2b8d0a-6f0e-4c55-9d1a-0b7e5f9c1a22",
        c.subscriptions().of_order(GUID).await
    );
    case!(
        r#"POST /api/v1/Subscriptions/6/next-term-instructions {"BillingCycle":2,"Quantity":3}"#,
        c.subscriptions()
            .instruct_next_term(
                6,
                &model!(NextTermInstructions {
                    quantity: Some(3),
                    billing_cycle: Some(BillingCycleType::Annual)
                })
            )
            .await
    );
    case!(
        "GET /api/v2/Subscriptions/coterminosity?OrganizationId=7&CustomerTenantId=5&TermDuration=P1Y&SubscriptionId=6",
        c.subscriptions().coterminosity(7, 5, "P1Y", Some(6)).await
    );
    case!(
        "GET /api/v1/Subscriptions/coterminosity?OrganizationId=7&CustomerTenantId=5&TermDuration=P1Y",
        c.subscriptions().coterminosity_v1(7, 5, "P1Y", None).await
    );
    case!(
        "GET /api/v1/Subscriptions/6/term-immediate-change-options",
        c.subscriptions().immediate_change_options(6).await
    );
    case!("GET /api/v1/Subscriptions/6/price", c.subscriptions().price(6).await);
    case!(
        "GET /api/v1/Subscriptions/6/transition-eligibilities/immediate",
        c.subscriptions().transition_eligibilities(6, "immediate").await
    );
    case!("GET /api/v1/Subscriptions/6/transitions", c.subscriptions().transitions(6).await);
    case!(
        r#"POST /api/v1/Subscriptions/6/transition {"ToCatalogItemId":"A:1:B","TransitionType":"transition_only","Quantity":2,"BillingCycle":1,"Term":"P1Y"}"#,
        c.subscriptions()
            .transition(
                6,
                &model!(SubscriptionTransition {
                    to_catalog_item_id: some("A:1:B"),
                    transition_type: some("transition_only"),
                    quantity: Some(2),
                    billing_cycle: Some(BillingCycleEnum::Monthly),
                    term: Some(TermDuration::OneYear)
                })
            )
            .await
    );
    case!("GET /api/v1/Subscriptions/6/conversions", c.subscriptions().conversions(6).await);
    case!(
        r#"POST /api/v1/Subscriptions/6/conversions {"Quantity":1,"TargetOfferId":"o"}"#,
        c.subscriptions()
            .convert(6, &model!(SubscriptionConversion { target_offer_id: some("o"), quantity: Some(1) }))
            .await
    );
    case!("GET /api/v1/Subscriptions/6/addon-offers", c.subscriptions().add_on_offers(6).await);
    case!(
        r#"POST /api/v1/Subscriptions/6/addons {"Quantity":1,"OfferId":"o"}"#,
        c.subscriptions().add(6, &model!(NewAddOn { quantity: Some(1), offer_id: some("o") })).await
    );
    case!("GET /api/v1/Subscriptions/6/tags", c.subscriptions().tags(6).await);
    case!(
        r#"POST /api/v1/Subscriptions/6/tags {"CostCenter":"CC-1"}"#,
        c.subscriptions().set_tags(6, &model!(SubscriptionTags { cost_center: some("CC-1") })).await
    );
    case!("DELETE /api/v1/Subscriptions/6/tags", c.subscriptions().delete_tags(6).await);
    case!("GET /api/v1/Subscriptions/6/activationlink", c.subscriptions().activation_link(6).await);
    case!(
        "GET /api/v1/Subscriptions/true/subscriptionId/6",
        c.subscriptions().is_registered_for_reservations(true, 6).await
    );
    case!(
        "POST /api/v1/Subscriptions/false/subscriptionId/6",
        c.subscriptions().register_for_reservations(false, 6).await
    );
    case!("GET /api/v1/Subscriptions/subscriptionpricetypes", c.subscriptions().price_types().await);
    case!(
        r#"POST /api/v1/purchaserequest/verify {"ResellerCustomerId":51001,"InvoiceProfileId":80001,"OrderLines":[{"ProductId":"CFQ7TTC0LH18","SkuId":"0001","ProductVariantId":2600001,"Quantity":12,"BillingCycle":1,"TermDuration":"P1Y","Type":3}]}"#,
        c.purchase_requests()
            .verify(&model!(PurchaseRequestOrder {
                reseller_customer_id: Some(51001),
                invoice_profile_id: Some(80001),
                order_lines: vec![model!(PurchaseRequestLine {
                    product_id: some("CFQ7TTC0LH18"),
                    sku_id: some("0001"),
                    product_variant_id: Some(2_600_001),
                    quantity: Some(12),
                    billing_cycle: Some(BillingCycleType::Monthly),
                    term_duration: Some(TermDuration::OneYear),
                    r#type: Some(AssetType::Subscription)
                })]
            }))
            .await
    );
    case!(
        r#"POST /api/v1/purchaserequest/checkout {"ResellerCustomerId":51001,"InvoiceProfileId":80001,"OrderLines":[{"ProductId":"CFQ7TTC0LH18","SkuId":"0001","ProductVariantId":2600001,"Quantity":12,"BillingCycle":1,"TermDuration":"P1Y","Type":3}]}"#,
        c.purchase_requests()
            .check_out(&model!(PurchaseRequestOrder {
                reseller_customer_id: Some(51001),
                invoice_profile_id: Some(80001),
                order_lines: vec![model!(PurchaseRequestLine {
                    product_id: some("CFQ7TTC0LH18"),
                    sku_id: some("0001"),
                    product_variant_id: Some(2_600_001),
                    quantity: Some(12),
                    billing_cycle: Some(BillingCycleType::Monthly),
                    term_duration: Some(TermDuration::OneYear),
                    r#type: Some(AssetType::Subscription)
                })]
            }))
            .await
    );
    case!(
        r#"POST /api/v1/Assets/verify {"ResellerCustomerId":51001,"InvoiceProfileId":80001,"OrderLines":[{"ProductId":"CFQ7TTC0LH18","SkuId":"0001","ProductVariantId":2600001,"Quantity":12,"BillingCycle":1,"TermDuration":"P1Y","Type":3}]}"#,
        c.purchase_requests()
            .verify_by_old_path(&model!(PurchaseRequestOrder {
                reseller_customer_id: Some(51001),
                invoice_profile_id: Some(80001),
                order_lines: vec![model!(PurchaseRequestLine {
                    product_id: some("CFQ7TTC0LH18"),
                    sku_id: some("0001"),
                    product_variant_id: Some(2_600_001),
                    quantity: Some(12),
                    billing_cycle: Some(BillingCycleType::Monthly),
                    term_duration: Some(TermDuration::OneYear),
                    r#type: Some(AssetType::Subscription)
                })]
            }))
            .await
    );
    case!(
        r#"POST /api/v1/Assets/checkout {"ResellerCustomerId":51001,"InvoiceProfileId":80001,"OrderLines":[{"ProductId":"CFQ7TTC0LH18","SkuId":"0001","ProductVariantId":2600001,"Quantity":12,"BillingCycle":1,"TermDuration":"P1Y","Type":3}]}"#,
        c.purchase_requests()
            .check_out_by_old_path(&model!(PurchaseRequestOrder {
                reseller_customer_id: Some(51001),
                invoice_profile_id: Some(80001),
                order_lines: vec![model!(PurchaseRequestLine {
                    product_id: some("CFQ7TTC0LH18"),
                    sku_id: some("0001"),
                    product_variant_id: Some(2_600_001),
                    quantity: Some(12),
                    billing_cycle: Some(BillingCycleType::Monthly),
                    term_duration: Some(TermDuration::OneYear),
                    r#type: Some(AssetType::Subscription)
                })]
            }))
            .await
    );
    case!(
        "GET /api/v1/scheduledpurchaserequest?ResellerCustomerId=5&SortOrder=0&Page=2&PageSize=50",
        c.scheduled_purchase_requests()
            .list(
                &ScheduledPurchaseQuery {
                    reseller_customer_id: Some(5),
                    sort_order: Some(SortOrder::Ascending)
                },
                Paging { page: 2, size: 50 }
            )
            .await
    );
    case!(
        "PUT /api/v1/scheduledpurchaserequest/cancel-order/ref%2F1/2",
        c.scheduled_purchase_requests().cancel("ref/1", 2).await
    );
    case!(
        "GET /api/v1/InvoiceProfiles?OrganizationId=7&Page=2&PageSize=50",
        c.invoice_profiles()
            .list(
                &InvoiceProfileQuery { organization_id: Some(7), search: None },
                Paging { page: 2, size: 50 }
            )
            .await
    );
    case!("GET /api/v1/InvoiceProfiles/8", c.invoice_profiles().get(8).await);
    case!(
        r#"POST /api/v1/InvoiceProfiles {"Organization":{"Id":7},"Name":"n","InvoiceAddressId":5000000000}"#,
        c.invoice_profiles()
            .create(&model!(InvoiceProfile {
                name: some("n"),
                organization: Some(ObjectReference::new(7)),
                invoice_address_id: Some(5_000_000_000)
            }))
            .await
    );
    case!(
        r#"PUT /api/v1/InvoiceProfiles/8 {"Id":8}"#,
        c.invoice_profiles().update(8, &model!(InvoiceProfile { id: 8 })).await
    );
    case!("DELETE /api/v1/InvoiceProfiles/8", c.invoice_profiles().delete(8).await);
    case!(
        "GET /api/v1/invoices/7?Page=2&PageSize=50",
        c.invoices().list(7, Paging { page: 2, size: 50 }).await
    );
    case!("GET /api/v1/orders/700000001/items?organizationId=7", c.orders().items("700000001", 7).await);
    case!(
        "GET /api/v1/Groupings?OrganizationId=7&IncludeRemoved=true&Page=2&PageSize=50",
        c.groupings()
            .list(
                &GroupingQuery { organization_id: Some(7), include_removed: Some(true), search: None },
                Paging { page: 2, size: 50 }
            )
            .await
    );
    case!("GET /api/v1/Groupings/8", c.groupings().get(8).await);
    case!(
        r#"POST /api/v1/Groupings {"Name":"n"}"#,
        c.groupings().create(&model!(Grouping { name: some("n") })).await
    );
    case!(
        r#"PUT /api/v1/Groupings/8 {"Id":8,"IsDisabled":true}"#,
        c.groupings().update(8, &model!(Grouping { id: 8, is_disabled: Some(true) })).await
    );
    case!("DELETE /api/v1/Groupings/8", c.groupings().delete(8).await);
    case!(
        "GET /api/v1/BillingStatements?OrganizationId=7&InvoiceProfileId=8&ProvisionType=2&From=2025-03-01T09%3A00%3A00Z&To=2025-03-01T09%3A00%3A00Z&Page=2&PageSize=50",
        c.billing_statements()
            .list(
                &BillingStatementQuery {
                    organization_id: Some(7),
                    invoice_profile_id: Some(8),
                    provision_type: Some(ProvisionType::Usage),
                    from: Some(day()),
                    to: Some(day())
                },
                Paging { page: 2, size: 50 }
            )
            .await
    );
    case!(
        "GET /api/v1/BillingStatements/grouped?OrganizationId=7&InvoiceProfileId=8&ProvisionType=2&From=2025-03-01T09%3A00%3A00Z&To=2025-03-01T09%3A00%3A00Z&Page=2&PageSize=50",
        c.billing_statements()
            .list_grouped(
                &BillingStatementQuery {
                    organization_id: Some(7),
                    invoice_profile_id: Some(8),
                    provision_type: Some(ProvisionType::Usage),
                    from: Some(day()),
                    to: Some(day())
                },
                Paging { page: 2, size: 50 }
            )
            .await
    );
    case!("GET /api/v1/BillingStatements/file/9", c.billing_statements().file(9).await);
    case!(
        "GET /api/v1/BillingStatements/file/9/download",
        c.billing_statements().download(9, &mut Vec::new()).await
    );
    case!(
        "GET /api/v1/BillingStatements/9/reconciliationfile",
        c.billing_statements().reconciliation_file(9).await
    );
    case!(
        "GET /api/v2/BillingStatements/9/reconciliationfile",
        c.billing_statements().daily_reconciliation_file(9).await
    );
    case!("GET /api/v1/BillingStatements/9/billingrecordsfile", c.billing_statements().records_file(9).await);
    case!(
        r#"POST /api/v1/exports/generate-license-report {"CustomerAccountId":7,"TimeRange":{"From":"2025-03-01T09:00:00Z","To":"2025-03-01T09:00:00Z"}}"#,
        c.exports()
            .generate_license_report(&model!(LicenseReportRequest {
                customer_account_id: Some(7),
                time_range: Some(model!(TimeRange { from: Some(day()), to: Some(day()) }))
            }))
            .await
    );
    case!("GET /api/v1/exports", c.exports().list().await);
    case!("GET /api/v1/exports/e1/download", c.exports().download("e1", &mut Vec::new()).await);
    case!("DELETE /api/v1/exports/e1", c.exports().delete("e1").await);
    case!(
        "GET /api/v1/UsageCost/organization/7?from=2025-03-01T09%3A00%3A00Z&to=2025-03-01T09%3A00%3A00Z",
        c.usage_costs().of_organization(7, day(), day()).await
    );
    case!(
        r#"POST /api/v1/UsageCost/getForSubscription {"ResellerCustomerId":5,"SubscriptionId":"3f2b8d0a-6f0e-4c55-9d1a-0b7e5f9c1a22","CurrencyCode":"EUR","From":"2025-03-01T09:00:00Z","To":"2025-03-01T09:00:00Z"}"#,
        c.usage_costs()
            .of_subscription(&model!(UsageCostRequest {
                reseller_customer_id: Some(5),
                subscription_id: some(GUID),
                currency_code: some("EUR"),
                from: Some(day()),
                to: Some(day())
            }))
            .await
    );
    case!(
        r#"POST /api/v1/UsageCost/getForCategory {"ResellerCustomerId":5,"SubscriptionId":"3f2b8d0a-6f0e-4c55-9d1a-0b7e5f9c1a22","Category":"a/b","CurrencyCode":"EUR","From":"2025-03-01T09:00:00Z","To":"2025-03-01T09:00:00Z"}"#,
        c.usage_costs()
            .of_category(&model!(UsageCostRequest {
                reseller_customer_id: Some(5),
                subscription_id: some(GUID),
                category: some("a/b"),
                currency_code: some("EUR"),
                from: Some(day()),
                to: Some(day())
            }))
            .await
    );
    case!(
        r#"POST /api/v1/UsageCost/getForSubcategory {"ResellerCustomerId":5,"SubscriptionId":"3f2b8d0a-6f0e-4c55-9d1a-0b7e5f9c1a22","Category":"a/b","Subcategory":"s","CurrencyCode":"EUR","From":"2025-03-01T09:00:00Z","To":"2025-03-01T09:00:00Z"}"#,
        c.usage_costs()
            .of_subcategory(&model!(UsageCostRequest {
                reseller_customer_id: Some(5),
                subscription_id: some(GUID),
                category: some("a/b"),
                subcategory: some("s"),
                currency_code: some("EUR"),
                from: Some(day()),
                to: Some(day())
            }))
            .await
    );
    case!(
        r#"POST /api/v1/UsageCost/getForSubscription/resourceGroups {"ResellerCustomerId":5,"SubscriptionId":"3f2b8d0a-6f0e-4c55-9d1a-0b7e5f9c1a22","CurrencyCode":"EUR","From":"2025-03-01T09:00:00Z","To":"2025-03-01T09:00:00Z"}"#,
        c.usage_costs()
            .by_resource_group(&model!(UsageCostRequest {
                reseller_customer_id: Some(5),
                subscription_id: some(GUID),
                currency_code: some("EUR"),
                from: Some(day()),
                to: Some(day())
            }))
            .await
    );
    case!(
        r#"POST /api/v1/UsageCost/getForResourceGroup {"ResellerCustomerId":5,"SubscriptionId":"3f2b8d0a-6f0e-4c55-9d1a-0b7e5f9c1a22","ResourceGroup":"rg","CurrencyCode":"EUR","From":"2025-03-01T09:00:00Z","To":"2025-03-01T09:00:00Z"}"#,
        c.usage_costs()
            .of_resource_group(&model!(UsageCostRequest {
                reseller_customer_id: Some(5),
                subscription_id: some(GUID),
                resource_group: some("rg"),
                currency_code: some("EUR"),
                from: Some(day()),
                to: Some(day())
            }))
            .await
    );
    case!(
        "GET /api/v1/UsageCost/resellerCustomer/5/subscription/3f2b8d0a-6f0e-4c55-9d1a-0b7e5f9c1a22/currency/EUR?from=2025-03-01T09%3A00%3A00Z&to=2025-03-01T09%3A00%3A00Z",
        c.usage_costs().of_subscription_by_path(5, GUID, "EUR", day(), day()).await
    );
    case!(
        "GET /api/v1/UsageCost/resellerCustomer/5/subscription/3f2b8d0a-6f0e-4c55-9d1a-0b7e5f9c1a22/currency/EUR/resourceGroups?from=2025-03-01T09%3A00%3A00Z&to=2025-03-01T09%3A00%3A00Z",
        c.usage_costs().by_resource_group_by_path(5, GUID, "EUR", day(), day()).await
    );
    case!(
        "GET /api/v1/UsageCost/resellerCustomer/5/subscription/3f2b8d0a-6f0e-4c55-9d1a-0b7e5f9c1a22/category/a%20b/currency/EUR?from=2025-03-01T09%3A00%3A00Z&to=2025-03-01T09%3A00%3A00Z",
        c.usage_costs().of_category_by_path(5, GUID, "a b", "EUR", day(), day()).await
    );
    case!(
        "GET /api/v1/UsageCost/resellerCustomer/5/subscription/3f2b8d0a-6f0e-4c55-9d1a-0b7e5f9c1a22/category/a/subcategory/s/currency/EUR?from=2025-03-01T09%3A00%3A00Z&to=2025-03-01T09%3A00%3A00Z",
        c.usage_costs().of_subcategory_by_path(5, GUID, "a", "s", "EUR", day(), day()).await
    );
    case!(
        "GET /api/v1/UsageCost/resellerCustomer/5/subscription/3f2b8d0a-6f0e-4c55-9d1a-0b7e5f9c1a22/resourceGroup/rg/currency/EUR?from=2025-03-01T09%3A00%3A00Z&to=2025-03-01T09%3A00%3A00Z",
        c.usage_costs().of_resource_group_by_path(5, GUID, "rg", "EUR", day(), day()).await
    );
    case!(
        "GET /api/v1/AzureUsage/1700/azureSubscriptions/2900/monthlyUsage?year=2025&month=2&includeBom=1",
        c.azure_usage().monthly(1700, 2900, 2025, 2, Some(1)).await
    );
    case!("GET /api/v1/AzurePlans/1700", c.azure_plans().get(1700).await);
    case!(
        "GET /api/v1/AzurePlans/1700/azureSubscriptions?Search=a%20b%26c&Page=2&PageSize=50",
        c.azure_plans()
            .subscriptions(1700, &SearchQuery { search: some("a b&c") }, Paging { page: 2, size: 50 })
            .await
    );
    case!(
        "GET /api/v1/AzurePlans/1700/azureSubscriptions/2900",
        c.azure_plans().subscription(1700, 2900).await
    );
    case!(
        r#"POST /api/v1/AzurePlans/1700/azureSubscriptions {"Name":"n"}"#,
        c.azure_plans().create_subscription(1700, &model!(NewAzureSubscription { name: some("n") })).await
    );
    case!(
        r#"PUT /api/v1/AzurePlans/1700/azureSubscriptions/2900 {"Id":2900,"Tags":{"Owner":"o"}}"#,
        c.azure_plans()
            .update_subscription(
                1700,
                2900,
                &model!(AzureSubscriptionUpdate {
                    id: Some(2900),
                    tags: Some(model!(AzureSubscriptionTags { owner: some("o") }))
                })
            )
            .await
    );
    case!(
        r#"PUT /api/v1/AzurePlans/1700/azureSubscriptions/2900/assign-unique-admin {"AdminEmail":"a@example.com"}"#,
        c.azure_plans()
            .assign_admin(1700, 2900, &model!(AzureSubscriptionAdmin { admin_email: some("a@example.com") }))
            .await
    );
    case!(
        "POST /api/v1/AzurePlans/1700/azureSubscriptions/2900/cancel",
        c.azure_plans().cancel_subscription(1700, 2900).await
    );
    case!(
        "POST /api/v1/AzurePlans/1700/azureSubscriptions/2900/enable",
        c.azure_plans().enable_subscription(1700, 2900).await
    );
    case!(
        r#"PATCH /api/v1/AzurePlans/1700/azureSubscriptions/2900/rename {"Name":"n"}"#,
        c.azure_plans()
            .rename_subscription(1700, 2900, &model!(AzureSubscriptionRename { name: some("n") }))
            .await
    );
    case!(
        "GET /api/v1/Assets?ResellerCustomerId=5&PublisherId=2&ExternalOrderId=o&ExternalOrderIds=o&ExternalOrderIds=p&ReservationId=r&AssetType=2&Status=15&InvoiceProfileId=8&Search=x&SortBy=2&SortOrder=1&Page=2&PageSize=50",
        c.assets()
            .list(
                &AssetQuery {
                    reseller_customer_id: Some(5),
                    publisher_id: Some(2),
                    external_order_id: some("o"),
                    external_order_ids: vec!["o".to_owned(), "p".to_owned()],
                    reservation_id: some("r"),
                    asset_type: Some(AssetType::Software),
                    status: Some(AssetStatus::ALL),
                    invoice_profile_id: Some(8),
                    search: some("x"),
                    sort_by: Some(AssetSortBy::ExpirationDate),
                    sort_order: Some(SortOrder::Descending)
                },
                Paging { page: 2, size: 50 }
            )
            .await
    );
    case!("GET /api/v1/Assets/3", c.assets().get(3).await);
    case!(
        r#"PUT /api/v1/Assets/3 {"Id":3,"Quantity":2,"SalesPrice":9.90}"#,
        c.assets()
            .update(
                3,
                &model!(Asset { id: 3, quantity: Some(2), sales_price: Some("9.90".parse().unwrap()) })
            )
            .await
    );
    case!(
        "GET /api/v1/Assets/orders?ResellerCustomerId=5&PublisherId=2&ExternalOrderId=o&ExternalOrderIds=o&ExternalOrderIds=p&ReservationId=r&AssetType=2&Status=15&InvoiceProfileId=8&Search=x&SortBy=2&SortOrder=1&Page=2&PageSize=50",
        c.assets()
            .orders(
                &AssetQuery {
                    reseller_customer_id: Some(5),
                    publisher_id: Some(2),
                    external_order_id: some("o"),
                    external_order_ids: vec!["o".to_owned(), "p".to_owned()],
                    reservation_id: some("r"),
                    asset_type: Some(AssetType::Software),
                    status: Some(AssetStatus::ALL),
                    invoice_profile_id: Some(8),
                    search: some("x"),
                    sort_by: Some(AssetSortBy::ExpirationDate),
                    sort_order: Some(SortOrder::Descending)
                },
                Paging { page: 2, size: 50 }
            )
            .await
    );
    case!(
        r#"POST /api/v1/Assets/3/tags {"Project":"p"}"#,
        c.assets().create_tags(3, &model!(AssetTags { project: some("p") })).await
    );
    case!(
        r#"PUT /api/v1/Assets/3/tags {"Project":"p"}"#,
        c.assets().set_tags(3, &model!(AssetTags { project: some("p") })).await
    );
    case!("DELETE /api/v1/Assets/3/tags", c.assets().delete_tags(3).await);
    case!(
        "GET /api/v1/Consumers?OrganizationId=7&Page=2&PageSize=50",
        c.consumers()
            .list(&ConsumerQuery { organization_id: Some(7), search: None }, Paging { page: 2, size: 50 })
            .await
    );
    case!("GET /api/v1/Consumers/3", c.consumers().get(3).await);
    case!(
        r#"POST /api/v1/Consumers {"Name":"n"}"#,
        c.consumers().create(&model!(Consumer { name: some("n") })).await
    );
    case!(r#"PUT /api/v1/Consumers/3 {"Id":3}"#, c.consumers().update(3, &model!(Consumer { id: 3 })).await);
    case!("DELETE /api/v1/Consumers/3", c.consumers().delete(3).await);
    case!(
        "GET /api/v1/ResellerSalesPrices?Type=3&ObjectId=6&ObjectType=3&FromDate=2025-03-01T09%3A00%3A00Z",
        c.reseller_sales_prices()
            .list(&ResellerSalesPriceQuery {
                price_for: Some(ResellerSalesPriceType::NCELicense),
                object_id: Some(6),
                object_type: Some(ResellerSalesPriceObjectType::Subscription),
                from_date: Some(day())
            })
            .await
    );
    case!(
        "GET /api/v1/ResellerSalesPrices/current?Type=3&ObjectId=6&ObjectType=3&FromDate=2025-03-01T09%3A00%3A00Z",
        c.reseller_sales_prices()
            .current(&ResellerSalesPriceQuery {
                price_for: Some(ResellerSalesPriceType::NCELicense),
                object_id: Some(6),
                object_type: Some(ResellerSalesPriceObjectType::Subscription),
                from_date: Some(day())
            })
            .await
    );
    case!(
        r#"POST /api/v1/ResellerSalesPrices {"ObjectId":6,"Type":1,"PriceType":2,"Value":4.50}"#,
        c.reseller_sales_prices()
            .create(&model!(ResellerSalesPrice {
                object_id: Some(6),
                r#type: Some(ResellerSalesPriceType::License),
                price_type: Some(ResellerSalesPricePriceType::FixedPrice),
                value: Some("4.50".parse().unwrap())
            }))
            .await
    );
    case!(
        r#"PUT /api/v1/ResellerSalesPrices {"ObjectId":6,"Type":1,"PriceType":2,"Value":4.50}"#,
        c.reseller_sales_prices()
            .update(&model!(ResellerSalesPrice {
                object_id: Some(6),
                r#type: Some(ResellerSalesPriceType::License),
                price_type: Some(ResellerSalesPricePriceType::FixedPrice),
                value: Some("4.50".parse().unwrap())
            }))
            .await
    );
    case!(
        r#"PUT /api/v1/ResellerSalesPrices/2025-03-01T09%3A00%3A00Z {"ObjectId":6,"Type":1,"PriceType":2,"Value":4.50}"#,
        c.reseller_sales_prices()
            .replace_from(
                "2025-03-01T09:00:00Z",
                &model!(ResellerSalesPrice {
                    object_id: Some(6),
                    r#type: Some(ResellerSalesPriceType::License),
                    price_type: Some(ResellerSalesPricePriceType::FixedPrice),
                    value: Some("4.50".parse().unwrap())
                })
            )
            .await
    );
    case!(
        "DELETE /api/v1/ResellerSalesPrices?Type=3&ObjectId=6&ObjectType=3&FromDate=2025-03-01T09%3A00%3A00Z",
        c.reseller_sales_prices()
            .delete(&ResellerSalesPriceQuery {
                price_for: Some(ResellerSalesPriceType::NCELicense),
                object_id: Some(6),
                object_type: Some(ResellerSalesPriceObjectType::Subscription),
                from_date: Some(day())
            })
            .await
    );
    case!(
        r#"POST /api/v1/ResellerSalesPrices/toggle {"Toggle":true,"ObjectId":6}"#,
        c.reseller_sales_prices()
            .toggle(&model!(ResellerSalesPriceToggle { toggle: Some(true), object_id: Some(6) }))
            .await
    );
    case!(
        "GET /api/v1/ActivityLogs?Entity=Subscription&Id=6&Ids=6&Ids=7&From=2025-03-01T09%3A00%3A00Z&To=2025-03-01T09%3A00%3A00Z&Page=2&PageSize=50",
        c.activity_logs()
            .list(
                &ActivityLogQuery {
                    entity: some("Subscription"),
                    id: Some(6),
                    ids: vec![6, 7],
                    search_date: None,
                    from: Some(day()),
                    to: Some(day())
                },
                Paging { page: 2, size: 50 }
            )
            .await
    );
    case!(
        "GET /api/v1/ManagementLinks?SubscriptionIds=6&SubscriptionIds=7&ResellerCustomerIds=5&Page=2&PageSize=50",
        c.management_links()
            .list(
                &ManagementLinkQuery { subscription_ids: vec![6, 7], reseller_customer_ids: vec![5] },
                Paging { page: 2, size: 50 }
            )
            .await
    );
    case!(
        "GET /api/v1/ManagementLinks/grouped?SubscriptionIds=6&SubscriptionIds=7&ResellerCustomerIds=5&Page=2&PageSize=50",
        c.management_links()
            .list_grouped(
                &ManagementLinkQuery { subscription_ids: vec![6, 7], reseller_customer_ids: vec![5] },
                Paging { page: 2, size: 50 }
            )
            .await
    );
    case!(
        "GET /api/v1/ProductContainers?OrganizationId=7&Search=x&ActiveDraft=true&ProgramId=8&Year=2025&Month=2&UserId=3f2b8d0a-6f0e-4c55-9d1a-0b7e5f9c1a22&SentByUserId=3f2b8d0a-6f0e-4c55-9d1a-0b7e5f9c1a22&Type=4&Category=1&From=2025-03-01T09%3A00%3A00Z&To=2025-03-01T09%3A00%3A00Z&IncludeRemoved=false&IncludeSubsidiaries=true&Page=2&PageSize=50",
        c.product_containers()
            .list(
                &ProductContainerQuery {
                    organization_id: Some(7),
                    search: some("x"),
                    active_draft: Some(true),
                    program_id: Some(8),
                    year: Some(2025),
                    month: Some(2),
                    user_id: some(GUID),
                    sent_by_user_id: some(GUID),
                    container_type: Some(ProductContainerType::ORDER),
                    category: Some(ProductContainerCategory::Seat),
                    from: Some(day()),
                    to: Some(day()),
                    include_removed: Some(false),
                    include_subsidiaries: Some(true)
                },
                Paging { page: 2, size: 50 }
            )
            .await
    );
    case!("GET /api/v1/ProductContainers/3", c.product_containers().get(3).await);
    case!(
        r#"PUT /api/v1/ProductContainers/3?requireEulaAnalysis=true {"Id":3,"Note":"n"}"#,
        c.product_containers()
            .update(3, Some(true), &model!(ProductContainer { id: 3, note: some("n") }))
            .await
    );
    case!("DELETE /api/v1/ProductContainers/3", c.product_containers().delete(3).await);
    case!("GET /api/v1/ProductContainers/rowissues/3", c.product_containers().row_issues(3).await);
    case!(
        "GET /api/v1/ProductContainers/getorcreateshoppingcart?organizationId=7",
        c.product_containers().shopping_cart(7).await
    );
    case!(
        "POST /api/v1/ProductContainers/reportbymonth?organizationId=7&programId=8&year=2025&month=2&copyLast=true",
        c.product_containers()
            .report_month(&MonthlyReportQuery {
                organization_id: Some(7),
                program_id: Some(8),
                year: Some(2025),
                month: Some(2),
                copy_last: Some(true)
            })
            .await
    );
    case!(
        r#"PATCH /api/v1/ProductContainers/3/row/4 {"Id":4,"Quantity":2}"#,
        c.product_containers()
            .update_row(3, 4, &model!(ProductRowPatch { id: Some(4), quantity: Some(2) }))
            .await
    );
    case!(
        r#"POST /api/v1/FacebookOrders/checkout {"ConsumerSignupEmail":"a@example.com","Lines":[{"Sku":"s","Quantity":1}]}"#,
        c.facebook_orders()
            .check_out(&model!(FacebookOrder {
                consumer_signup_email: some("a@example.com"),
                lines: vec![model!(ConsumerOrderLine { sku: some("s"), quantity: Some(1) })]
            }))
            .await
    );
    case!(
        r#"POST /api/v1/GoogleOrders/checkout {"DomainName":"a.example.com","Lines":[{"Sku":"s","Quantity":1}]}"#,
        c.google_orders()
            .check_out(&model!(GoogleOrder {
                domain_name: some("a.example.com"),
                lines: vec![model!(ConsumerOrderLine { sku: some("s"), quantity: Some(1) })]
            }))
            .await
    );
    case!(
        "GET /api/v1/AwsAccounts?OrganizationId=7&PublisherId=2&ConsumerId=3&CustomerTenantType=1&Page=2&PageSize=50",
        c.aws_accounts()
            .list(
                &CloudAccountQuery {
                    organization_id: Some(7),
                    publisher_id: Some(2),
                    consumer_id: Some(3),
                    customer_tenant_type: Some(CustomerTenantType::T1),
                    search: None
                },
                Paging { page: 2, size: 50 }
            )
            .await
    );
    case!("GET /api/v1/AwsAccounts/3", c.aws_accounts().get(3).await);
    case!(
        r#"PUT /api/v1/AwsAccounts/3 {"Id":3}"#,
        c.aws_accounts().update(3, &model!(CloudAccount { id: 3 })).await
    );
    case!(
        "GET /api/v1/CrayonAccounts?OrganizationId=7&PublisherId=2&ConsumerId=3&CustomerTenantType=1&Page=2&PageSize=50",
        c.crayon_accounts()
            .list(
                &CloudAccountQuery {
                    organization_id: Some(7),
                    publisher_id: Some(2),
                    consumer_id: Some(3),
                    customer_tenant_type: Some(CustomerTenantType::T1),
                    search: None
                },
                Paging { page: 2, size: 50 }
            )
            .await
    );
    case!("GET /api/v1/CrayonAccounts/3", c.crayon_accounts().get(3).await);
    case!(
        r#"POST /api/v1/CrayonAccounts {"Name":"n","ResellerMarkup":1.0}"#,
        c.crayon_accounts()
            .create(&model!(CloudAccount { name: some("n"), reseller_markup: Some("1.0".parse().unwrap()) }))
            .await
    );
    case!(
        r#"PUT /api/v1/CrayonAccounts/3 {"Id":3}"#,
        c.crayon_accounts().update(3, &model!(CloudAccount { id: 3 })).await
    );
    case!("GET /api/v1/BlogItems?count=6&organizationId=0", c.blog_items().list(Some(6), Some(0)).await);
    cases
}
