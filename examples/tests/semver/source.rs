//! A reading of Rust sources that is good enough to find public records and the crates in public signatures.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

/// A package and where it is.
pub(crate) struct Package {
    pub(crate) name: &'static str,
    folder: &'static str,
}

/// Everything that a program may depend on.
pub(crate) const PACKAGES: &[Package] = &[
    Package { name: "provider-core", folder: "provider-core" },
    Package { name: "provider-http", folder: "provider-core/http" },
    Package { name: "provider-store", folder: "provider-core/store" },
    Package { name: "provider-sync", folder: "provider-core/sync" },
    Package { name: "provider-testkit", folder: "provider-core/testkit" },
    Package { name: "provider-simulator", folder: "provider-core/simulator" },
    Package { name: "crayon-client", folder: "crayon-client" },
    Package { name: "pax8-client", folder: "pax8-client" },
    Package { name: "streamone-client", folder: "streamone-client" },
];

impl Package {
    /// The crates that it depends on and that are not of this workspace.
    fn foreign(&self) -> BTreeSet<String> {
        let manifest = fs::read_to_string(root().join(self.folder).join("Cargo.toml")).unwrap();
        let (_, rest) = manifest.split_once("[dependencies]\n").unwrap();
        let lines = rest.lines().take_while(|line| !line.starts_with('['));
        let names = lines.filter_map(|line| line.split(['.', ' ']).next());
        let names = names.filter(|name| !name.is_empty() && !name.starts_with('#'));
        let ours = |name: &&str| PACKAGES.iter().any(|package| package.name == *name);
        names.filter(|name| !ours(name)).map(|name| name.replace('-', "_")).collect()
    }
}

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap()
}

/// One file, without comments, texts and tests.
pub(crate) struct Source {
    pub(crate) path: String,
    code: String,
}

/// A public struct.
pub(crate) struct Record {
    pub(crate) name: String,
    pub(crate) all_public: bool,
    pub(crate) non_exhaustive: bool,
}

fn files(folder: &Path, found: &mut Vec<PathBuf>) {
    let mut entries: Vec<_> = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    entries.sort();
    for path in entries {
        let name = path.file_name().unwrap().to_str().unwrap();
        if path.is_dir() {
            if name != "tests" {
                files(&path, found);
            }
        } else if name.ends_with(".rs") && name != "tests.rs" && !name.ends_with("_tests.rs") {
            found.push(path);
        }
    }
}

/// The code of a file: comments and what is within quotes become blanks, and tests at its end are cut off.
fn code_of(text: &str) -> String {
    let text = text.split("#[cfg(test)]\nmod tests {").next().unwrap();
    let mut code = String::with_capacity(text.len());
    for line in text.lines() {
        let mut rest = line;
        // A comment may stand behind code; no path or type has two slashes.
        if let Some(at) = rest.find("//") {
            rest = &rest[..at];
        }
        let mut quoted = false;
        let mut escaped = false;
        for char in rest.chars() {
            if quoted {
                quoted = escaped || char != '"';
                escaped = !escaped && char == '\\';
            } else if char == '"' {
                quoted = true;
                code.push(' ');
            } else {
                code.push(char);
            }
        }
        code.push('\n');
    }
    code
}

/// What stands between the brackets that open first in `text`.
fn within(text: &str, open: char, close: char) -> &str {
    let Some(start) = text.find(open) else { return "" };
    let mut depth = 0;
    for (at, char) in text[start..].char_indices() {
        if char == open {
            depth += 1;
        } else if char == close {
            depth -= 1;
            if depth == 0 {
                return &text[start + 1..start + at];
            }
        }
    }
    ""
}

/// Whole words of a text, with `::` as part of them.
fn words(text: &str) -> impl Iterator<Item = &str> {
    text.split(|char: char| !(char.is_alphanumeric() || char == '_' || char == ':'))
        .map(|word| word.trim_matches(':'))
        .filter(|word| !word.is_empty())
}

/// The names that `use` brings in, each with its path: `Decimal` is `rust_decimal::Decimal`.
fn imports(code: &str) -> BTreeMap<String, String> {
    fn walk(prefix: &str, tree: &str, found: &mut BTreeMap<String, String>) {
        let tree = tree.trim();
        if let Some(brace) = tree.find('{') {
            let prefix = format!("{prefix}{}", tree[..brace].trim());
            let (mut depth, mut start) = (0, 0);
            let inner = within(tree, '{', '}');
            for (at, char) in inner.char_indices() {
                match char {
                    '{' => depth += 1,
                    '}' => depth -= 1,
                    ',' if depth == 0 => {
                        walk(&prefix, &inner[start..at], found);
                        start = at + 1;
                    }
                    _ => {}
                }
            }
            walk(&prefix, &inner[start..], found);
        } else if !tree.is_empty() {
            let (path, alias) = tree.split_once(" as ").unwrap_or((tree, ""));
            let path = format!("{prefix}{}", path.trim());
            let name = if alias.is_empty() { path.rsplit("::").next().unwrap() } else { alias.trim() };
            found.insert(name.to_owned(), path.trim_end_matches("::self").to_owned());
        }
    }
    let mut found = BTreeMap::new();
    for statement in code.split(';') {
        let Some((before, tree)) = statement.rsplit_once("use ") else { continue };
        if before.trim_end().is_empty() || before.ends_with(['\n', ' ']) {
            walk("", tree, &mut found);
        }
    }
    found
}

impl Source {
    pub(crate) fn code(&self) -> &str {
        &self.code
    }

    pub(crate) fn of(package: &Package) -> Vec<Self> {
        let mut found = Vec::new();
        files(&root().join(package.folder).join("src"), &mut found);
        let read = |path: PathBuf| Self {
            code: code_of(&fs::read_to_string(&path).unwrap()),
            path: path.strip_prefix(root()).unwrap().display().to_string(),
        };
        found.into_iter().map(read).collect()
    }

    /// The public structs with named or numbered members. Those that `records!` and `query!` make are
    /// `non_exhaustive` by these macros, which their own packages test.
    pub(crate) fn records(&self) -> Vec<Record> {
        let mut records = Vec::new();
        for (at, _) in self.code.match_indices("pub struct ") {
            // Within a macro call, or a macro itself.
            let line = self.code[..at].rfind('\n').map_or(0, |end| end + 1);
            if line != at {
                continue;
            }
            let rest = &self.code[at + "pub struct ".len()..];
            let name: String =
                rest.chars().take_while(|char| char.is_alphanumeric() || *char == '_').collect();
            let end = rest.find(['{', ';', '(']).unwrap_or(rest.len());
            let members = match rest[end..].chars().next() {
                Some('{') => within(&rest[end..], '{', '}'),
                Some('(') => within(&rest[end..], '(', ')'),
                _ => continue,
            };
            let mut public = 0;
            let mut private = 0;
            for line in
                members.lines().map(str::trim).filter(|line| !line.is_empty() && !line.starts_with('#'))
            {
                if line.starts_with("pub ") {
                    public += 1;
                } else if line.contains(": ") || line.contains("pub(") || !rest[end..].starts_with('{') {
                    private += 1;
                }
            }
            let attributes: String =
                self.code[..at].lines().rev().take_while(|line| !line.is_empty() && *line != "}").collect();
            let non_exhaustive = attributes.contains("non_exhaustive");
            records.push(Record { name, all_public: public > 0 && private == 0, non_exhaustive });
        }
        records
    }

    /// The types of other crates in public signatures and public members.
    pub(crate) fn foreign_names(&self, package: &Package) -> BTreeSet<String> {
        let foreign = package.foreign();
        let imports = imports(&self.code);
        let mut names = BTreeSet::new();
        for (at, _) in self.code.match_indices("pub ") {
            let before = self.code[..at].chars().next_back();
            if before.is_some_and(|char| char != '\n' && char != ' ') {
                continue;
            }
            for word in words(&signature(&self.code[at + "pub ".len()..])) {
                let first = word.split("::").next().unwrap();
                let path = match imports.get(first) {
                    Some(path) => word.replacen(first, path, 1),
                    None => word.to_owned(),
                };
                let Some((of, _)) = path.split_once("::") else { continue };
                let name = path.rsplit("::").find(|part| part.starts_with(char::is_uppercase));
                if let (true, Some(name)) = (foreign.contains(of), name) {
                    names.insert(format!("{of}::{name}"));
                }
            }
        }
        names
    }
}

/// What a public item shows of itself; `item` is the code behind its `pub`.
fn signature(item: &str) -> String {
    if item.starts_with("use ") || item.starts_with("mod ") || item.starts_with("struct ") {
        // The members of a struct are items of their own here.
        return String::new();
    }
    if item.starts_with("trait ") || item.starts_with("enum ") {
        let body = within(&item[item.find('{').unwrap_or(item.len())..], '{', '}');
        let lines = body.lines().filter(|line| line.contains("fn ") || line.contains('('));
        return lines.collect::<Vec<_>>().join("\n");
    }
    let end = item.find(['{', ';', '=']).unwrap_or(item.len());
    // A member ends with its line, a function with its body.
    match item.find(",\n") {
        Some(comma) if !item[..comma].contains('(') => item[..end.min(comma)].to_owned(),
        _ => item[..end].to_owned(),
    }
}
