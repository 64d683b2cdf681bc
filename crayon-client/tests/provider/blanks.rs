//! Ids that say nothing: none of them is an id.

use provider_core::model::InvoiceKind;
use provider_core::{InvoiceLineQuery, InvoiceQuery, PageRequest, Provider as _};

use super::facts::{page, scene};

#[tokio::test]
async fn statements_without_an_id_are_not_one_statement() {
    let scene = scene(|_| {
        page(
            r#"{"Id":0,"TotalSalesPrice":{"Value":1}},{"Id":0,"TotalSalesPrice":{"Value":2}},{"Id":5,"TotalSalesPrice":{"Value":3}}"#,
            3,
        )
    });
    let query = InvoiceQuery::default().kind(InvoiceKind::Statement);
    let listed = scene.provider.list_invoices(&query, &PageRequest::default()).await.unwrap();
    assert_eq!(listed.records().map(|one| one.id.to_string()).collect::<Vec<_>>(), ["5"]);
    assert_eq!(listed.items.iter().filter(|item| item.is_err()).count(), 2);
}

#[tokio::test]
async fn lines_are_of_no_invoice_without_a_number() {
    let scene = scene(|target| {
        if target.to_ascii_lowercase().contains("/invoices/") {
            return page(
                r#"{"InvoiceId":"","OrderId":"700","SalesAmount":1},{"InvoiceId":" ","OrderId":"701","SalesAmount":1},{"InvoiceId":"102","OrderId":"702","SalesAmount":1}"#,
                3,
            );
        }
        page(r#"{"SkuValue":"S","RowTotal":80,"CurrencyCode":"EUR","Quantity":1}"#, 1)
    });
    let lines = scene
        .provider
        .list_invoice_lines(&InvoiceLineQuery::default(), &PageRequest::default())
        .await
        .unwrap();
    let of: Vec<_> = lines.records().map(|line| line.invoice.to_string()).collect();
    assert_eq!(of, ["7/702/102"]);
    assert_eq!(lines.items.iter().filter(|item| item.is_err()).count(), 2);
}

#[tokio::test]
async fn lines_of_a_statement_that_wait_for_their_publisher_are_not_joined_by_that() {
    use base64::Engine as _;
    let records =
        r#"[{"SubscriptionId":"Pending","SummedAmount":1},{"SubscriptionId":"A-1","SummedAmount":2}]"#;
    let file = base64::engine::general_purpose::STANDARD.encode(records);
    let scene = scene(move |target| {
        let target = target.to_ascii_lowercase();
        if target.contains("billingrecordsfile") {
            let answer = format!(
                r#"{{"BillingStatement":{{"Id":930001,"Organization":{{"Id":7}}}},"FileName":"records.json","Data":"{file}"}}"#
            );
            return Some(answer.into_bytes());
        }
        if target.contains("/subscriptions") {
            return page(
                r#"{"Id":1,"CustomerTenant":{"Id":3},"PublisherSubscriptionId":"Pending"},{"Id":2,"CustomerTenant":{"Id":3},"PublisherSubscriptionId":"a-1"},{"Id":0,"CustomerTenant":{"Id":3},"PublisherSubscriptionId":"b-1"}"#,
                3,
            );
        }
        page("", 0)
    });
    let query = InvoiceLineQuery::default().invoice("930001");
    let lines = scene.provider.list_invoice_lines(&query, &PageRequest::default()).await.unwrap();
    let joined: Vec<_> =
        lines.records().map(|line| line.subscription.as_ref().map(ToString::to_string)).collect();
    assert_eq!(joined, [None, Some("2".to_owned())]);
}
