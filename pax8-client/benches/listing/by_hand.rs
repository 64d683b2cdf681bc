//! The loop that somebody writes without an SDK: one page after the other, typed, nothing proven.

use bytes::Bytes;
use chrono::{DateTime, Utc};
use http::Request;
use provider_http::{HttpOptions, ProxySetting, ReqwestTransport, Transport as _};
use serde::Deserialize;
use url::Url;

use crate::Digest;
use crate::server::PAGE;

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Envelope {
    content: Vec<Company>,
    page: Numbers,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Numbers {
    total_pages: u64,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Company {
    id: String,
    name: String,
    address: Option<Address>,
    phone: Option<String>,
    website: Option<String>,
    external_id: Option<String>,
    bill_on_behalf_of_enabled: Option<bool>,
    self_service_allowed: Option<bool>,
    order_approval_required: Option<bool>,
    status: Option<String>,
    updated_date: Option<DateTime<Utc>>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Address {
    street: Option<String>,
    street2: Option<String>,
    city: Option<String>,
    state_or_province: Option<String>,
    postal_code: Option<String>,
    country: Option<String>,
}

pub(crate) struct ByHand {
    transport: ReqwestTransport,
    base: Url,
}

impl ByHand {
    pub(crate) fn new(base: Url) -> Self {
        let options = HttpOptions::default().proxy(ProxySetting::None);
        Self { transport: ReqwestTransport::new(&options).unwrap(), base }
    }

    pub(crate) async fn list(&self) -> Digest {
        let mut digest = Digest::default();
        let mut number = 0;
        loop {
            let mut url = self.base.join("/v1/companies").unwrap();
            url.set_query(Some(&format!("page={number}&size={PAGE}")));
            let request = Request::get(url.as_str()).header("authorization", "Bearer token");
            let request = request.body(Bytes::new()).unwrap();
            let answer = self.transport.send(request).await.unwrap();
            assert!(answer.status().is_success());
            let bytes = answer.into_body().collect().await.unwrap();
            let envelope: Envelope = serde_json::from_slice(&bytes).unwrap();
            for company in envelope.content {
                company.take_into(&mut digest);
            }
            number += 1;
            if number >= envelope.page.total_pages {
                return digest;
            }
        }
    }
}

impl Company {
    fn take_into(&self, digest: &mut Digest) {
        let address = self.address.as_ref();
        let part = |get: fn(&Address) -> &Option<String>| address.and_then(|a| get(a).as_deref());
        let flag = |flag: Option<bool>| flag.map(|yes| if yes { "yes" } else { "no" });
        let texts = [
            Some(self.id.as_str()),
            Some(self.name.as_str()),
            self.phone.as_deref(),
            self.website.as_deref(),
            self.external_id.as_deref(),
            flag(self.bill_on_behalf_of_enabled),
            flag(self.self_service_allowed),
            flag(self.order_approval_required),
            part(|a| &a.street),
            part(|a| &a.street2),
            part(|a| &a.city),
            part(|a| &a.state_or_province),
            part(|a| &a.postal_code),
            part(|a| &a.country),
        ];
        digest.take(texts, self.status.as_deref() == Some("Active"), self.updated_date);
    }
}
