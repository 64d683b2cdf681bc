//! Quotes, attachments, preferences.

use chrono::{DateTime, TimeZone as _, Utc};
use pax8_client::PageOf;
use pax8_client::api::{FileUpload, QuoteField, QuoteFilter, Sort};
use pax8_client::model::{
    AddLineItem, AttachmentUpdate, CreateQuote, LineItemReferences, LineItemTerms, NewAccessListEntry,
    QuoteAccount, QuoteBillingTerm, QuoteIntent, QuoteStatus, Section, SectionLineItem, Sections,
    UpdateLineItem, UpdateQuote, UpdateQuotePreferences, UsageBased, UsageBasedType,
};
use rust_decimal::Decimal;

use super::case::{Case, ID, LIST, NOTHING, PAGE, RECORD, case};

fn at() -> DateTime<Utc> {
    Utc.with_ymd_and_hms(2026, 3, 1, 0, 0, 0).unwrap()
}

fn terms() -> LineItemTerms {
    let mut terms = LineItemTerms::new(at(), Decimal::new(1250, 2), 3, QuoteBillingTerm::Annual);
    terms.note = Some("as agreed".to_owned());
    terms
}

fn references() -> LineItemReferences {
    let mut references = LineItemReferences::default();
    references.commitment_term_id = Some(ID.to_owned());
    references
}

fn new_lines() -> Vec<AddLineItem> {
    vec![
        AddLineItem::Standard { product_id: ID.to_owned(), terms: terms(), references: references() },
        AddLineItem::UsageBased {
            product_id: ID.to_owned(),
            cost: Decimal::ONE,
            usage_based: UsageBased::new(UsageBasedType::PriceVaries, true),
            terms: terms(),
            references: LineItemReferences::default(),
        },
        AddLineItem::Custom {
            product_name: "Workshop".to_owned(),
            product_sku: None,
            cost: Decimal::ZERO,
            initial_total: Decimal::new(3750, 2),
            terms: terms(),
        },
    ]
}

const NEW_LINES: &str = concat!(
    r#"[{"type":"Standard","productId":"6f1d3c52-0a57-4c1e-9d0b-6d2c5f6f1a01","effectiveDate":"2026-03-01T00:00:00Z","price":12.50,"quantity":3,"note":"as agreed","billingTerm":"Annual","commitmentTermId":"6f1d3c52-0a57-4c1e-9d0b-6d2c5f6f1a01"},"#,
    r#"{"type":"UsageBased","productId":"6f1d3c52-0a57-4c1e-9d0b-6d2c5f6f1a01","cost":1,"usageBased":{"type":"PRICE_VARIES","displayNote":true},"effectiveDate":"2026-03-01T00:00:00Z","price":12.50,"quantity":3,"note":"as agreed","billingTerm":"Annual"},"#,
    r#"{"type":"Custom","productName":"Workshop","cost":0,"initialTotal":37.50,"effectiveDate":"2026-03-01T00:00:00Z","price":12.50,"quantity":3,"note":"as agreed","billingTerm":"Annual"}]"#,
);

fn changed_lines() -> Vec<UpdateLineItem> {
    vec![
        UpdateLineItem::Standard { id: ID.to_owned(), commitment_term_id: None, terms: terms() },
        UpdateLineItem::UsageBased {
            id: ID.to_owned(),
            commitment_term_id: Some(ID.to_owned()),
            cost: Decimal::ONE,
            usage_based: UsageBased::new(UsageBasedType::PriceFlat, false),
            terms: terms(),
        },
        UpdateLineItem::Custom {
            id: ID.to_owned(),
            product_name: "Workshop".to_owned(),
            product_sku: Some("WS-1".to_owned()),
            cost: Decimal::ZERO,
            initial_total: Decimal::ONE,
            terms: terms(),
        },
    ]
}

const CHANGED_LINES: &str = concat!(
    r#"[{"type":"Standard","id":"6f1d3c52-0a57-4c1e-9d0b-6d2c5f6f1a01","effectiveDate":"2026-03-01T00:00:00Z","price":12.50,"quantity":3,"note":"as agreed","billingTerm":"Annual"},"#,
    r#"{"type":"UsageBased","id":"6f1d3c52-0a57-4c1e-9d0b-6d2c5f6f1a01","commitmentTermId":"6f1d3c52-0a57-4c1e-9d0b-6d2c5f6f1a01","cost":1,"usageBased":{"type":"PRICE_FLAT","displayNote":false},"effectiveDate":"2026-03-01T00:00:00Z","price":12.50,"quantity":3,"note":"as agreed","billingTerm":"Annual"},"#,
    r#"{"type":"Custom","id":"6f1d3c52-0a57-4c1e-9d0b-6d2c5f6f1a01","productName":"Workshop","productSku":"WS-1","cost":0,"initialTotal":1,"effectiveDate":"2026-03-01T00:00:00Z","price":12.50,"quantity":3,"note":"as agreed","billingTerm":"Annual"}]"#,
);

fn sections() -> Sections {
    let mut section = Section::new(ID, "Licences", 1);
    section.line_items.push(SectionLineItem::new(ID, 2));
    Sections::new(vec![section])
}

fn updates() -> Vec<AttachmentUpdate> {
    vec![AttachmentUpdate::new(ID, "terms.pdf", 1)]
}

fn file() -> FileUpload {
    FileUpload::pdf("terms.pdf", "%PDF-1.7")
}

const FILES: &str = "--pax8-client-part-00\r\nContent-Disposition: form-data; name=\"attachments\"; filename=\"terms.pdf\"\r\nContent-Type: application/pdf\r\n\r\n%PDF-1.7\r\n--pax8-client-part-00--\r\n";
const FILE: &str = "--pax8-client-part-00\r\nContent-Disposition: form-data; name=\"attachment\"; filename=\"terms.pdf\"\r\nContent-Type: application/pdf\r\n\r\n%PDF-1.7\r\n--pax8-client-part-00--\r\n";
const MULTIPART: &str = "multipart/form-data; boundary=pax8-client-part-00";
const UPDATES: &str = r#"[{"id":"6f1d3c52-0a57-4c1e-9d0b-6d2c5f6f1a01","name":"terms.pdf","order":1}]"#;
const COPIES: &str = r#"[{"attachmentId":"6f1d3c52-0a57-4c1e-9d0b-6d2c5f6f1a01"}]"#;
const SECTIONS: &str = r#"{"sections":[]}"#;

fn filter() -> QuoteFilter {
    let mut filter = QuoteFilter::default();
    filter.search = Some("harbor".to_owned());
    filter.status = vec![QuoteStatus::Draft, QuoteStatus::ChangesRequested];
    filter.account = Some(QuoteAccount::Partner);
    filter.partner_id = Some(ID.to_owned());
    filter.intent_type = Some(QuoteIntent::PartnerToClient);
    filter.sort = Some(Sort::descending(QuoteField::ClientName));
    filter
}

pub(crate) fn cases() -> Vec<Case> {
    vec![
        case!("GET", "/v2/quotes", "limit=200&page=0", "", PAGE, |c| c
            .quotes()
            .list(QuoteFilter::default().page(PageOf::default()))),
        case!(
            "GET",
            "/v2/quotes",
            "limit=25&page=1&sort=client.name%2Cdesc&search=harbor&status=draft%2Cchanges_requested&account=partner&partnerId=6f1d3c52-0a57-4c1e-9d0b-6d2c5f6f1a01&intentType=PARTNER_TO_CLIENT",
            "",
            PAGE,
            |c| c.quotes().list(filter().page(PageOf::first(25).at(1)))
        ),
        case!(
            "POST",
            "/v2/quotes",
            "",
            r#"{"clientId":"6f1d3c52-0a57-4c1e-9d0b-6d2c5f6f1a01"}"#,
            RECORD,
            |c| c.quotes().create(&CreateQuote::new(ID))
        ),
        case!("GET", "/v2/quotes/{quoteId}", "", "", RECORD, |c| c.quotes().get(ID)),
        case!(
            "PUT",
            "/v2/quotes/{quoteId}",
            "",
            r#"{"expiresOn":"2026-03-01T00:00:00Z","introMessage":"Hello","published":true,"status":"sent","termsAndDisclaimers":"None"}"#,
            RECORD,
            |c| c.quotes().update(ID, &UpdateQuote::new(at(), "Hello", true, QuoteStatus::Sent, "None"))
        ),
        case!("DELETE", "/v2/quotes/{quoteId}", "", "", NOTHING, |c| c.quotes().delete(ID)),
        case!("POST", "/v2/quotes/{quoteId}/take-ownership", "", "", RECORD, |c| c
            .quotes()
            .take_ownership(ID)),
        case!("POST", "/v2/quotes/{quoteId}/line-items", "", NEW_LINES, LIST, |c| c
            .quotes()
            .add_lines(ID, &new_lines())),
        case!("PUT", "/v2/quotes/{quoteId}/line-items", "", CHANGED_LINES, LIST, |c| c
            .quotes()
            .update_lines(ID, &changed_lines())),
        case!("DELETE", "/v2/quotes/{quoteId}/line-items/{lineItemId}", "", "", NOTHING, |c| c
            .quotes()
            .delete_line(ID, ID)),
        case!(
            "POST",
            "/v2/quotes/{quoteId}/line-items/bulk-delete",
            "",
            r#"{"lineItemIds":["6f1d3c52-0a57-4c1e-9d0b-6d2c5f6f1a01"]}"#,
            NOTHING,
            |c| c.quotes().delete_lines(ID, &[ID])
        ),
        case!("GET", "/v2/quotes/{quoteId}/sections", "", "", SECTIONS, |c| c.quotes().sections(ID)),
        case!("POST", "/v2/quotes/{quoteId}/sections", "", r#"{"name":"Licences"}"#, SECTIONS, |c| c
            .quotes()
            .add_section(ID, "Licences")),
        case!(
            "PUT",
            "/v2/quotes/{quoteId}/sections",
            "",
            r#"{"sections":[{"id":"6f1d3c52-0a57-4c1e-9d0b-6d2c5f6f1a01","name":"Licences","order":1,"lineItems":[{"lineItemId":"6f1d3c52-0a57-4c1e-9d0b-6d2c5f6f1a01","order":2}]}]}"#,
            SECTIONS,
            |c| c.quotes().replace_sections(ID, &sections())
        ),
        case!("GET", "/v2/quotes/{quoteId}/access-list", "", "", r#"{"accessList":[]}"#, |c| c
            .quotes()
            .access_list(ID)),
        case!("POST", "/v2/quotes/{quoteId}/access-list", "", r#"[{"email":"a@example.com"}]"#, LIST, |c| c
            .quotes()
            .add_access(ID, &[NewAccessListEntry::new("a@example.com")])),
        case!("DELETE", "/v2/quotes/{quoteId}/access-list/{accessListEntryId}", "", "", NOTHING, |c| c
            .quotes()
            .remove_access(ID, ID)),
        case!("GET", "/v2/quotes/{quoteId}/attachments", "downloadZip=true", "", "PK", |c| c
            .quote_attachments()
            .download_all(ID))
        .wanting("application/zip"),
        case!("POST", "/v2/quotes/{quoteId}/attachments", "", FILES, LIST, |c| c
            .quote_attachments()
            .add(ID, &[file()]))
        .sending(MULTIPART),
        case!("PUT", "/v2/quotes/{quoteId}/attachments", "", UPDATES, LIST, |c| c
            .quote_attachments()
            .update(ID, &updates())),
        case!("POST", "/v2/quotes/{quoteId}/attachments/shared", "", COPIES, LIST, |c| c
            .quote_attachments()
            .add_from_library(ID, &[ID])),
        case!("GET", "/v2/quotes/{quoteId}/attachments/{attachmentId}", "", "", RECORD, |c| c
            .quote_attachments()
            .get(ID, ID)),
        case!("GET", "/v2/quotes/{quoteId}/attachments/{attachmentId}", "download=true", "", "%PDF", |c| c
            .quote_attachments()
            .download(ID, ID))
        .wanting("application/pdf"),
        case!("DELETE", "/v2/quotes/{quoteId}/attachments/{attachmentId}", "", "", NOTHING, |c| c
            .quote_attachments()
            .delete(ID, ID)),
        case!("GET", "/v2/quote-attachments", "", "", LIST, |c| c.quote_attachments().library()),
        case!("POST", "/v2/quote-attachments", "", FILES, LIST, |c| c
            .quote_attachments()
            .add_to_library(&[file()]))
        .sending(MULTIPART),
        case!("PUT", "/v2/quote-attachments", "", UPDATES, LIST, |c| c
            .quote_attachments()
            .update_library(&updates())),
        case!("POST", "/v2/quote-attachments/shared", "", COPIES, LIST, |c| c
            .quote_attachments()
            .copy_to_library(&[ID])),
        case!("GET", "/v2/quote-attachments/{attachmentId}", "", "", RECORD, |c| c
            .quote_attachments()
            .get_from_library(ID)),
        case!("GET", "/v2/quote-attachments/{attachmentId}", "download=true", "", "%PDF", |c| c
            .quote_attachments()
            .download_from_library(ID))
        .wanting("application/pdf"),
        case!("PATCH", "/v2/quote-attachments/{attachmentId}", "", FILE, RECORD, |c| c
            .quote_attachments()
            .replace_in_library(ID, &file()))
        .sending(MULTIPART),
        case!("DELETE", "/v2/quote-attachments/{attachmentId}", "", "", NOTHING, |c| c
            .quote_attachments()
            .delete_from_library(ID)),
        case!("GET", "/v2/quote-preferences", "", "", "{}", |c| c.quote_preferences().get()),
        case!(
            "PUT",
            "/v2/quote-preferences",
            "",
            r#"{"daysToExpire":30,"introMessage":"Hi","termsAndDisclaimers":"None"}"#,
            "{}",
            |c| c.quote_preferences().update(&UpdateQuotePreferences::new(30, "Hi", "None"))
        ),
        case!(
            "POST",
            "/v2/quote-preferences/attachments",
            "",
            r#"{"attachments":["6f1d3c52-0a57-4c1e-9d0b-6d2c5f6f1a01"]}"#,
            LIST,
            |c| c.quote_preferences().add_attachments(&[ID])
        ),
        case!("DELETE", "/v2/quote-preferences/attachments/{attachmentId}", "", "", NOTHING, |c| c
            .quote_preferences()
            .remove_attachment(ID)),
    ]
}
