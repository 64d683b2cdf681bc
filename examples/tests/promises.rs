//! What docs/security.md, docs/reliability.md and docs/two-way.md promise is held by the tests that they name: each is
//! there, in the file that is named with it.
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    missing_docs,
    reason = "a failed unwrap is a failed test"
)]

use std::fs;
use std::path::{Path, PathBuf};

/// The sources of the workspace by their paths, with `/`.
fn sources() -> Vec<(String, String)> {
    fn walk(root: &Path, folder: &Path, found: &mut Vec<(String, String)>) {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            let hidden = path.file_name().is_some_and(|name| name.to_string_lossy().starts_with('.'));
            if path.is_dir() {
                if !hidden && path != root.join("target") {
                    walk(root, &path, found);
                }
            } else if path.extension().is_some_and(|extension| extension == "rs") {
                let name = path.strip_prefix(root).unwrap().to_string_lossy().replace('\\', "/");
                found.push((name, fs::read_to_string(&path).unwrap()));
            }
        }
    }
    let mut found = Vec::new();
    walk(&root(), &root(), &mut found);
    found
}

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

/// The name of a test: a sentence.
fn is_test(word: &str) -> bool {
    let plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_';
    word.chars().all(plain) && word.matches('_').count() >= 3
}

/// What is wrong with the names in a guide, and how many tests it names.
fn judge(text: &str, sources: &[(String, String)]) -> (Vec<String>, usize) {
    let (mut wrong, mut named) = (Vec::new(), 0);
    // A file stands for what follows it, up to the end of its paragraph, point or row.
    for part in text.split("\n\n").flat_map(|part| part.split("\n- ")).flat_map(|part| part.split("\n| ")) {
        let mut files: Vec<&(String, String)> = Vec::new();
        for word in part.split('`').skip(1).step_by(2) {
            if word.ends_with(".rs") {
                let ending = format!("/{word}");
                files = sources.iter().filter(|(path, _)| path == word || path.ends_with(&ending)).collect();
                if files.is_empty() {
                    wrong.push(format!("there is no file {word}"));
                }
            } else if is_test(word) {
                named += 1;
                let function = format!("fn {word}(");
                if files.is_empty() {
                    wrong.push(format!("{word} is named without its file"));
                } else if !files.iter().any(|(_, source)| source.contains(&function)) {
                    wrong.push(format!("{word} is not in {}", files[0].0));
                }
            }
        }
    }
    (wrong, named)
}

#[test]
fn every_test_that_a_promise_names_is_there() {
    let sources = sources();
    for guide in ["docs/security.md", "docs/reliability.md", "docs/two-way.md"] {
        let (wrong, named) = judge(&fs::read_to_string(root().join(guide)).unwrap(), &sources);
        assert!(wrong.is_empty(), "{guide}:\n{}", wrong.join("\n"));
        assert!(named >= 20, "{guide} names {named} tests only");
    }
}

#[test]
fn a_name_that_is_gone_is_noticed() {
    let sources = [("a/tests/b.rs".to_owned(), "fn it_is_so_here() {}".to_owned())];
    for (text, problems) in [
        ("so (`a/tests/b.rs`: `it_is_so_here`)", 0),
        ("so (`tests/b.rs`,\n`it_is_so_here`, `request_id`)", 0),
        ("so (`c.rs`: `it_is_so_here`)", 2),
        ("so (`b.rs`: `it_was_so_here`)", 1),
        ("so (`b.rs`)\n\nnot so: `it_is_so_here`", 1),
    ] {
        assert_eq!(judge(text, &sources).0.len(), problems, "{text}");
    }
}
