//! The table of the documentation is the list in the code.

use std::fmt::Write as _;

use streamone_client::api::ENDPOINTS;

const BEGIN: &str = "<!-- endpoints: begin -->\n";
const END: &str = "<!-- endpoints: end -->";

fn table() -> String {
    let mut out = String::from("\n| method | path | call |\n|---|---|---|\n");
    for endpoint in ENDPOINTS.concat() {
        writeln!(out, "| {} | `{}` | `{}` |", endpoint.method, endpoint.path, endpoint.call).unwrap();
    }
    out.push('\n');
    out
}

#[test]
fn the_coverage_table_is_what_the_code_has() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../docs/streamone.md");
    let text = std::fs::read_to_string(path).unwrap();
    let (_, rest) = text.split_once(BEGIN).expect("the table's beginning");
    let (found, _) = rest.split_once(END).expect("the table's end");
    assert_eq!(found, table(), "put this between the marks of docs/streamone.md:\n{}", table());
}
