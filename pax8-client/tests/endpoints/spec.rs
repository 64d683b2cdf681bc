//! The vendor's own OpenAPI files as judge. They are read from the folder that `VENDOR_SPECS` names and are
//! never part of this project; without the folder the judgement is skipped, visibly.

use std::collections::BTreeSet;
use std::path::PathBuf;

use serde_json::{Value, json};

use super::all;
use super::case::Case;
use super::recorder::Sent;
use super::schema::{faults, resolve};

/// The files, and what stands before their paths.
const FILES: [(&str, &str); 5] = [
    ("pax8-partner-endpoints-openapi.json", "/v1"),
    ("pax8-quoting-endpoints-openapi.json", ""),
    ("pax8-webhooks-api-openapi.json", "/api/v2"),
    ("pax8-vendor-provisioning-endpoints-openapi.json", "/v2"),
    ("pax8-vendor-usage-endpoints-openapi.json", "/v2/usage"),
];

/// Where the files contradict themselves or the live API, and what the client does about it. A line that
/// no longer matches anything fails the test.
const TOLERATED: [(&str, &str); 8] = [
    (".companyId: is missing", "order lines must not carry the company, although `required` names it"),
    ("?sort=", "the enum holds bare fields where the text requires a direction"),
    ("?page: is not declared", "usage lines are paged, although the parameters are not declared"),
    ("?size: is not declared", "usage lines are paged, although the parameters are not declared"),
    ("?query: is required", "webhook logs declare an object as a required query parameter"),
    ("?status=draft,changes_requested", "the enum holds single states where the text takes a list"),
    ("?download=true", "a boolean whose only allowed value is text"),
    ("?downloadZip=true", "a boolean whose only allowed value is text"),
];

fn folder() -> Option<PathBuf> {
    let folder = PathBuf::from(std::env::var_os("VENDOR_SPECS")?);
    [folder.join("pax8"), folder].into_iter().find(|folder| folder.join(FILES[0].0).is_file())
}

fn read(folder: &std::path::Path, file: &str) -> Value {
    serde_json::from_str(&std::fs::read_to_string(folder.join(file)).unwrap()).unwrap()
}

/// The operation of a case, with the file it stands in.
fn operation<'a>(specs: &'a [(Value, &str)], case: &Case) -> (&'a Value, &'a Value) {
    let found = specs.iter().find_map(|(root, prefix)| {
        let path = case.template.strip_prefix(prefix)?;
        let operation = root["paths"].get(path)?.get(case.method.to_ascii_lowercase())?;
        Some((root, operation))
    });
    found.unwrap_or_else(|| panic!("{} is in none of the files", case.name()))
}

fn judge(root: &Value, operation: &Value, case: &Case, sent: &Sent) -> Vec<String> {
    let mut out = Vec::new();
    let parameters: Vec<_> =
        operation["parameters"].as_array().into_iter().flatten().map(|one| resolve(root, one)).collect();
    let pairs = sent.pairs();
    for (name, value) in &pairs {
        let Some(parameter) = parameters.iter().find(|one| one["in"] == "query" && one["name"] == **name)
        else {
            out.push(format!("?{name}: is not declared"));
            continue;
        };
        let schema = resolve(root, &parameter["schema"]);
        let typed = match schema["type"].as_str() {
            Some("integer" | "number" | "boolean") => {
                serde_json::from_str(value).unwrap_or_else(|_| json!(value))
            }
            _ => json!(value),
        };
        out.extend(faults(root, schema, &typed, &format!("?{name}={value}")));
    }
    for parameter in parameters.iter().filter(|one| one["in"] == "query" && one["required"] == true) {
        let name = parameter["name"].as_str().unwrap();
        if !pairs.iter().any(|(sent, _)| sent == name) {
            out.push(format!("?{name}: is required"));
        }
    }
    let content = &resolve(root, &operation["requestBody"])["content"];
    match (sent.body.is_empty(), content.as_object()) {
        (true, None) => {}
        (true, Some(_)) => out.push("a body is missing".to_owned()),
        (false, None) => out.push("no body is declared".to_owned()),
        (false, Some(content)) if case.content_type == "application/json" => {
            let body: Value = serde_json::from_str(&sent.body).unwrap();
            out.extend(faults(root, &content["application/json"]["schema"], &body, "body"));
        }
        (false, Some(content)) => assert!(content.contains_key("multipart/form-data"), "{}", case.name()),
    }
    out
}

#[tokio::test]
async fn every_request_fits_the_vendors_openapi() {
    let Some(folder) = folder() else {
        eprintln!("skipped: VENDOR_SPECS names no folder with the vendor's OpenAPI files");
        return;
    };
    let specs: Vec<_> = FILES.iter().map(|(file, prefix)| (read(&folder, file), *prefix)).collect();
    let mut used = BTreeSet::new();
    let mut violations = Vec::new();
    for case in all() {
        let (root, operation) = operation(&specs, &case);
        let sent = case.send(&case.answer).await.unwrap();
        for fault in judge(root, operation, &case, &sent) {
            match TOLERATED.iter().position(|(known, _)| fault.contains(known)) {
                Some(at) => {
                    used.insert(at);
                }
                None => violations.push(format!("{}: {fault}", case.name())),
            }
        }
    }
    assert!(violations.is_empty(), "{violations:#?}");
    let idle: Vec<_> =
        TOLERATED.iter().enumerate().filter(|(at, _)| !used.contains(at)).map(|(_, one)| one.0).collect();
    assert!(idle.is_empty(), "tolerated for nothing: {idle:?}");
}

#[tokio::test]
async fn the_files_and_the_table_list_the_same_operations() {
    let Some(folder) = folder() else {
        eprintln!("skipped: VENDOR_SPECS names no folder with the vendor's OpenAPI files");
        return;
    };
    let mut declared = BTreeSet::from([("POST".to_owned(), "/v1/token".to_owned())]);
    for (file, prefix) in FILES {
        for (path, methods) in read(&folder, file)["paths"].as_object().unwrap() {
            for method in methods.as_object().unwrap().keys() {
                if ["get", "post", "put", "patch", "delete"].contains(&method.as_str()) {
                    declared.insert((method.to_ascii_uppercase(), format!("{prefix}{path}")));
                }
            }
        }
    }
    let listed =
        pax8_client::coverage::ENDPOINTS.iter().map(|one| (one.method.to_owned(), one.path.to_owned()));
    assert_eq!(declared, listed.collect());
}

#[tokio::test]
async fn every_example_of_the_vendor_is_read() {
    let Some(folder) = folder() else {
        eprintln!("skipped: VENDOR_SPECS names no folder with the vendor's OpenAPI files");
        return;
    };
    let specs: Vec<_> = FILES.iter().map(|(file, prefix)| (read(&folder, file), *prefix)).collect();
    let mut read = 0;
    let mut violations = Vec::new();
    for case in all() {
        let (root, operation) = operation(&specs, &case);
        for (status, response) in operation["responses"].as_object().unwrap() {
            if !status.starts_with('2') || case.accept != "application/json" {
                continue;
            }
            for content in
                resolve(root, response)["content"].as_object().into_iter().flatten().map(|(_, one)| one)
            {
                let single = content.get("example").into_iter();
                let several = content["examples"].as_object().into_iter().flatten();
                for example in single.chain(several.map(|(_, one)| &resolve(root, one)["value"])) {
                    read += 1;
                    if let Err(error) = case.send(&example.to_string()).await {
                        violations.push(format!("{}: {error}", case.name()));
                    }
                }
            }
        }
    }
    assert!(violations.is_empty(), "{violations:#?}");
    assert!(read > 10, "only {read} examples were found");
}
