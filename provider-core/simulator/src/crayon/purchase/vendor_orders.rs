//! Orders at Google and Facebook, and the news of the portal.

use crate::crayon::engine::call::{Answer, Outcome};
use crate::crayon::engine::dates::{self, Form};
use crate::crayon::engine::failure::ErrorAnswer;
use crate::crayon::engine::json::{Json, object};
use crate::crayon::engine::query::int as int_param;
use crate::crayon::engine::route::{get, post};
use crate::crayon::engine::shape::{Kind, date, int, list, shape, text};
use crate::crayon::state::{Call, Route};

shape!(
    VENDOR_LINE,
    "OrderLine",
    [
        int("PublisherId"),
        int("AgreementId"),
        int("ProductVariantId"),
        text("Sku"),
        int("Quantity").required(),
    ]
);
shape!(
    GOOGLE_ORDER,
    "GoogleOrder",
    [
        text("ContactName"),
        text("ContactEmail"),
        text("ConsumerContactName"),
        text("ConsumerFullLegalName"),
        text("ConsumerContactEmail"),
        int("OrganizationId").required(),
        int("InvoiceProfileId").required(),
        date("SubscriptionStartDate"),
        text("DomainName").required(),
        text("ConsumerCountry"),
        text("ConsumerStreetAddress"),
        text("ConsumerCity"),
        text("ConsumerState"),
        text("ConsumerZipCode"),
        text("ConsumerPhoneNumber"),
        text("PrimaryAdminName"),
        text("PrimaryAdminUserName"),
        list("Lines", &Kind::Object(&VENDOR_LINE)).required(),
    ]
);
shape!(
    FACEBOOK_ORDER,
    "FacebookOrder",
    [
        text("ContactName"),
        text("ContactEmail"),
        text("ConsumerContactName"),
        text("ConsumerFullLegalName"),
        text("ConsumerContactEmail"),
        int("OrganizationId").required(),
        int("InvoiceProfileId").required(),
        date("SubscriptionStartDate"),
        text("ConsumerSignupEmail").required(),
        list("Lines", &Kind::Object(&VENDOR_LINE)).required(),
    ]
);

pub(crate) const ROUTES: &[Route] = &[
    post("googleorders/checkout", checkout).body(&GOOGLE_ORDER),
    post("facebookorders/checkout", checkout).body(&FACEBOOK_ORDER),
    get("blogitems", news).query(&[int_param("count"), int_param("organizationId")]),
];

fn checkout(call: &mut Call<'_>) -> Outcome {
    let organization = call.accessible(call.body.get("OrganizationId").int().unwrap_or_default())?;
    let profile =
        call.body.get("InvoiceProfileId").int().and_then(|id| call.state.directory.profiles.get(id));
    if profile.and_then(|row| row.get("Organization").id()) != Some(organization) {
        return Err(ErrorAnswer::rule(
            "InvoiceProfileNotFound",
            "The organization has no such invoice profile.",
        ));
    }
    let lines = call.body.get("Lines").items();
    if lines.is_empty()
        || lines.iter().any(|line| line.get("Quantity").int().is_none_or(|quantity| quantity < 1))
    {
        return Err(ErrorAnswer::rule("QuantityOutOfRange", "An order has lines of at least one piece."));
    }
    call.state.orders.placed_directly();
    Ok(Answer::empty())
}

fn news(call: &mut Call<'_>) -> Outcome {
    let organization = call.query.filter("organizationId");
    organization.map(|id| call.accessible(id)).transpose()?;
    let count = call.query.int("count").unwrap_or(6).clamp(0, 12);
    let items: Vec<Json> = (0..count)
        .map(|number| {
            object! {
                "Title": format!("Sample news {}", number + 1),
                "Author": "Example Editor",
                "Description": "Nothing happened.",
                "Image": Json::Null,
                "Link": format!("https://news.example.com/{}", number + 1),
                "PublicationDate": dates::write(call.state.started - chrono::TimeDelta::days(number), Form::Zulu),
            }
        })
        .collect();
    let total = items.len();
    Ok(call.collection(items, total, &[]))
}
