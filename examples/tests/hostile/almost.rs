//! Answers that are JSON but for one record.

use provider_core::{CustomerQuery, ProviderExt as _};

use crate::wire::{Login, Vendor, Wire, connect};

/// Three customers, of which the second has this name and ends with this.
fn listed(vendor: Vendor, name: &str, end: &str) -> String {
    let (before, after) = match vendor {
        Vendor::Crayon => (r#"{"Items":["#, r#"],"TotalHits":3}"#),
        Vendor::Pax8 => {
            (r#"{"content":["#, r#"],"page":{"size":200,"totalElements":3,"totalPages":1,"number":0}}"#)
        }
        Vendor::StreamOne => (r#"{"customers":["#, "]}"),
    };
    let customer = |at: u32, name: &str, end: &str| match vendor {
        Vendor::Crayon => format!(r#"{{"Id":{at},"Name":"{name}"{end}}}"#),
        Vendor::Pax8 => format!(r#"{{"id":"{at}","name":"{name}","status":"Active"{end}}}"#),
        Vendor::StreamOne => {
            format!(r#"{{"name":"accounts/1/customers/{at}","customerOrganization":"{name}"{end}}}"#)
        }
    };
    let customers = [customer(1, "Bakery", ""), customer(2, name, end), customer(3, "Harbor", "")];
    format!("{before}{}{after}", customers.join(","))
}

/// The names that come, and why others do not.
async fn names(vendor: Vendor, body: String) -> (Vec<String>, Vec<String>) {
    let provider = connect(vendor, Wire::always(body), &Login::default());
    let mut customers = provider.customers(CustomerQuery::default());
    let (mut names, mut bad) = (Vec::new(), Vec::new());
    while let Some(customer) = customers.next().await {
        match customer {
            Ok(customer) => names.push(customer.name),
            Err(error) if error.is_item() => bad.push(error.to_string()),
            Err(error) => panic!("{vendor:?}: {error}"),
        }
    }
    (names, bad)
}

#[tokio::test]
async fn what_is_clear_is_read_and_what_is_not_costs_its_record() {
    for vendor in Vendor::ALL {
        for (name, end, read) in [
            ("Pier\tLtd", "", Some("Pier\tLtd")),
            ("Pier\r\nLtd", "", Some("Pier\r\nLtd")),
            ("Pier\u{1}", "", Some("Pier\u{1}")),
            ("Pier", ",", Some("Pier")),
            ("Pier", r#","zzOdd":NaN"#, Some("Pier")),
            ("Pier", r#","zzOdd":[1,-Infinity,]"#, Some("Pier")),
            (r"Pier \& Sons", "", None),
            (r"Pier \x41", "", None),
            (r"Pier \u12", "", None),
        ] {
            let (names, bad) = names(vendor, listed(vendor, name, end)).await;
            let expected: Vec<&str> = ["Bakery"].into_iter().chain(read).chain(["Harbor"]).collect();
            assert_eq!(names, expected, "{vendor:?} {name:?} {end}: {bad:?}");
            assert_eq!(bad.len(), usize::from(read.is_none()), "{vendor:?} {name:?} {end}: {bad:?}");
        }
    }
}
