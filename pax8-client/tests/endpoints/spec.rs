//! The vendor's own OpenAPI files. They are read from the folder that `VENDOR_SPECS` names and are never part
//! of this project; without the folder what needs them is skipped, visibly.

use std::collections::{BTreeMap, BTreeSet};
use std::io::Write as _;
use std::path::{Path, PathBuf};

use serde_json::Value;
use url::Url;

/// The files, and the audience of the token that their operations take.
const FILES: [(&str, Option<&str>); 6] = [
    ("pax8-authentication-openapi.json", None),
    ("pax8-partner-endpoints-openapi.json", Some("https://api.pax8.com")),
    ("pax8-quoting-endpoints-openapi.json", Some("https://api.pax8.com")),
    ("pax8-webhooks-api-openapi.json", Some("https://api.pax8.com")),
    ("pax8-vendor-provisioning-endpoints-openapi.json", Some("api://provisioning")),
    ("pax8-vendor-usage-endpoints-openapi.json", Some("api://usage")),
];
const METHODS: [&str; 5] = ["get", "post", "put", "patch", "delete"];

/// One of the files.
struct File {
    root: Value,
    /// What its server address has before its paths.
    prefix: String,
    audience: Option<&'static str>,
}

/// All six files.
pub(crate) struct Specs(Vec<File>);

/// An operation, and what a path says for its placeholders.
pub(crate) struct Found<'a> {
    pub(crate) root: &'a Value,
    pub(crate) operation: &'a Value,
    /// The whole template below the origin.
    pub(crate) template: String,
    pub(crate) placeholders: BTreeMap<&'a str, &'a str>,
    pub(crate) audience: Option<&'static str>,
}

impl Specs {
    /// The files, or `None` and a word on stderr.
    pub(crate) fn load() -> Option<Self> {
        let Some(folder) = folder() else {
            // Not `eprintln!`, whose output a passing test hides.
            let line = b"SKIPPED: VENDOR_SPECS names no folder with the vendor's OpenAPI files\n";
            std::io::stderr().write_all(line).unwrap();
            return None;
        };
        Some(Self(FILES.iter().map(|(name, audience)| File::read(&folder, name, *audience)).collect()))
    }

    /// The operation that a request calls: of several templates that fit, the most literal one.
    pub(crate) fn find<'a>(&'a self, method: &str, path: &'a str) -> Option<Found<'a>> {
        let fitting = self.0.iter().flat_map(|file| {
            let operations = file.operations().filter(move |(one, ..)| one.eq_ignore_ascii_case(method));
            operations.filter_map(move |(_, template, operation)| {
                let placeholders = fit(template, path.strip_prefix(file.prefix.as_str())?)?;
                Some(Found {
                    root: &file.root,
                    operation,
                    template: format!("{}{template}", file.prefix),
                    placeholders,
                    audience: file.audience,
                })
            })
        });
        fitting.min_by_key(|found| found.placeholders.len())
    }

    /// The methods and whole templates of all operations.
    pub(crate) fn declared(&self) -> BTreeSet<(String, String)> {
        let of = |file: &File| -> Vec<_> {
            let named = |(method, path, _): (&str, &str, &Value)| {
                (method.to_ascii_uppercase(), format!("{}{path}", file.prefix))
            };
            file.operations().map(named).collect()
        };
        self.0.iter().flat_map(of).collect()
    }
}

impl File {
    fn read(folder: &Path, name: &str, audience: Option<&'static str>) -> Self {
        let root: Value = serde_json::from_str(&std::fs::read_to_string(folder.join(name)).unwrap()).unwrap();
        let server: Url = root["servers"][0]["url"].as_str().unwrap().parse().unwrap();
        Self { prefix: server.path().trim_end_matches('/').to_owned(), root, audience }
    }

    fn operations(&self) -> impl Iterator<Item = (&str, &str, &Value)> {
        self.root["paths"].as_object().unwrap().iter().flat_map(|(path, methods)| {
            let known = |(method, _): &(&String, &Value)| METHODS.contains(&method.as_str());
            let operations = methods.as_object().unwrap().iter().filter(known);
            operations.map(move |(method, operation)| (method.as_str(), path.as_str(), operation))
        })
    }
}

fn folder() -> Option<PathBuf> {
    let required = std::env::var_os("VENDOR_SPECS_REQUIRED").is_some();
    let named = std::env::var_os("VENDOR_SPECS").map(PathBuf::from);
    let found = named.and_then(|folder| {
        [folder.join("pax8"), folder].into_iter().find(|folder| folder.join(FILES[0].0).is_file())
    });
    assert!(found.is_some() || !required, "VENDOR_SPECS names no folder with the vendor's files");
    found
}

/// What a path says for the placeholders of a template, if it fits.
fn fit<'a>(template: &'a str, path: &'a str) -> Option<BTreeMap<&'a str, &'a str>> {
    let (template, path): (Vec<_>, Vec<_>) = (template.split('/').collect(), path.split('/').collect());
    if template.len() != path.len() {
        return None;
    }
    let mut placeholders = BTreeMap::new();
    for (wanted, given) in template.into_iter().zip(path) {
        match wanted.strip_prefix('{').and_then(|rest| rest.strip_suffix('}')) {
            Some(name) if !given.is_empty() => {
                placeholders.insert(name, given);
            }
            None if wanted == given => {}
            _ => return None,
        }
    }
    Some(placeholders)
}

/// Follows references.
pub(crate) fn resolve<'a>(root: &'a Value, mut value: &'a Value) -> &'a Value {
    while let Some(reference) = value["$ref"].as_str() {
        value = root.pointer(reference.trim_start_matches('#')).expect("a reference that leads somewhere");
    }
    value
}
