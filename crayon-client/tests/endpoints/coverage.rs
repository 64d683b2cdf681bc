//! The table of endpoints in the guide, and that every one of them is called.

use std::path::Path;

use crayon_client::api::{ENDPOINTS, Endpoint};

use super::{calls, recorder};

/// The table of endpoints.
pub(crate) fn endpoints() -> impl Iterator<Item = &'static Endpoint> {
    ENDPOINTS.iter().flat_map(|group| group.iter())
}

/// True when a path that was sent fits a template.
pub(crate) fn fits(template: &str, path: &str) -> bool {
    let (template, path): (Vec<_>, Vec<_>) = (template.split('/').collect(), path.split('/').collect());
    template.len() == path.len() && template.iter().zip(&path).all(|(t, p)| t.starts_with('{') || t == p)
}

#[tokio::test]
async fn every_endpoint_is_called_by_the_tests() {
    let (client, recorder) = recorder::client();
    let cases = calls::all(&client, &recorder).await;
    for known in endpoints() {
        let case = cases.iter().find(|case| case.call == known.call);
        let case = case.unwrap_or_else(|| panic!("{} is not called", known.call));
        let [sent] = case.sent.as_slice() else { panic!("{} sent {:?}", known.call, case.sent) };
        assert_eq!(sent.method, known.method, "{}", known.call);
        assert!(fits(known.path, &sent.path), "{} went to {}", known.call, sent.path);
    }
}

/// The row of the table that a request is for: of several on one path, the first.
pub(crate) fn endpoint(method: &str, path: &str) -> &'static Endpoint {
    let fitting = endpoints().filter(|known| known.method == method && fits(known.path, path));
    fitting.min_by_key(|known| known.path.matches('{').count()).unwrap_or_else(|| panic!("{method} {path}"))
}

fn table() -> String {
    let mut table = String::from("| Method | Path | Call on `CrayonClient` |\n|---|---|---|\n");
    table.push_str(
        "| POST | `/api/v1/connect/token` | by itself, before the first call and before a token ends |\n",
    );
    for known in endpoints() {
        let note = if known.deprecated { " (replaced by the vendor)" } else { "" };
        table.push_str(&format!("| {} | `{}` | `{}`{note} |\n", known.method, known.path, known.call));
    }
    table
}

const BEGIN: &str = "<!-- endpoints: written by the test `the_guide_lists_every_endpoint` -->\n";
const END: &str = "<!-- endpoints end -->";

/// With `UPDATE_DOCS=1` it writes the table instead of comparing it.
#[test]
fn the_guide_lists_every_endpoint() {
    let guide = Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs/crayon.md");
    let text = std::fs::read_to_string(&guide).unwrap();
    let (before, rest) = text.split_once(BEGIN).expect("the guide marks where the table begins");
    let (written, after) = rest.split_once(END).expect("the guide marks where the table ends");
    if std::env::var_os("UPDATE_DOCS").is_some() {
        std::fs::write(&guide, format!("{before}{BEGIN}{}{END}{after}", table())).unwrap();
        return;
    }
    assert_eq!(written, table(), "run this test with UPDATE_DOCS=1 to write the table");
}
