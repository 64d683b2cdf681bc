//! The matrix as a table in docs/reliability.md.

use std::fmt::Write as _;
use std::fs;
use std::path::Path;

use provider_core::{Advice, Error};
use provider_testkit::fault::WireFault;

const BEGIN: &str = "<!-- fault matrix: begin -->";
const END: &str = "<!-- fault matrix: end -->";

/// What one fault led to.
pub(crate) struct Row {
    pub(crate) fault: WireFault,
    pub(crate) applied: bool,
    pub(crate) read: Error,
    pub(crate) write: Error,
    pub(crate) survived: bool,
}

fn advice(error: &Error) -> String {
    match error.advice() {
        Advice::Never => "never again".to_owned(),
        Advice::After(wait) => format!("after {} s", wait.as_secs()),
        Advice::Backoff => "later".to_owned(),
        Advice::AfterReconcile => "reconcile first".to_owned(),
        Advice::AfterReauth => "new credentials first".to_owned(),
        other => format!("{other:?}"),
    }
}

fn cell(error: &Error) -> String {
    let attempts = error.attempts();
    let times = if attempts == 1 { "1 attempt".to_owned() } else { format!("{attempts} attempts") };
    format!("{}, {}, {}, {times}", error.kind(), error.delivery(), advice(error))
}

fn render(rows: &[Row]) -> String {
    let mut out = String::new();
    out.push_str("| Fault | Write applied | Read that meets it once | Read that meets it always | Write |\n");
    out.push_str("|---|---|---|---|---|\n");
    for row in rows {
        writeln!(
            out,
            "| {} | {} | {} | {} | {} |",
            row.fault,
            if row.applied { "yes" } else { "no" },
            if row.survived { "answered" } else { "error" },
            cell(&row.read),
            cell(&row.write),
        )
        .unwrap();
    }
    out
}

/// Holds the table in the documentation against what happened, or writes it when asked.
pub(crate) fn check(rows: &[Row]) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/reliability.md");
    let text = fs::read_to_string(&path).expect("docs/reliability.md");
    let (before, rest) = text.split_once(BEGIN).expect("the table's first marker");
    let (shown, after) = rest.split_once(END).expect("the table's second marker");
    let wanted = format!("\n\n{}\n", render(rows));
    if std::env::var_os("UPDATE_DOCS").is_some() {
        fs::write(&path, format!("{before}{BEGIN}{wanted}{END}{after}")).unwrap();
        return;
    }
    assert_eq!(shown, wanted, "docs/reliability.md is out of date; UPDATE_DOCS=1 writes it");
}
