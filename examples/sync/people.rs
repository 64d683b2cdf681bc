//! What waits for a person, and what that person says.

use std::io::Write;

use provider_examples::{Failure, this_person};
use provider_sync::{Decision, Pending, PendingId, QueueQuery, SqliteStore, SyncStore};

use super::flags::{Flags, Resolve, decision};
use super::place::of_store;
use super::print;

pub(crate) async fn store(flags: &Flags) -> Result<SqliteStore, Failure> {
    SqliteStore::open_existing(&flags.db).await.map_err(|error| of_store(&error))
}

pub(crate) async fn queue(flags: &Flags, as_csv: bool) -> Result<(), Failure> {
    let mut query = QueueQuery::default();
    query.connection.clone_from(&flags.connection);
    let waiting = store(flags).await?.queue(&query).await.map_err(|error| of_store(&error))?;
    if as_csv {
        return csv(&waiting);
    }
    if flags.json { print::json(&waiting) } else { print::queue(&waiting) }
}

/// The last column is for the person.
fn csv(waiting: &[Pending]) -> Result<(), Failure> {
    let mut out = csv::Writer::from_writer(std::io::stdout().lock());
    let head = ["id", "connection", "kind", "type", "subject", "name", "reason", "candidates", "decision"];
    out.write_record(head).map_err(std::io::Error::other)?;
    for pending in waiting {
        let (name, reason) = print::about(pending);
        let decided = pending.decision.as_ref().map(ToString::to_string).unwrap_or_default();
        let row = [
            pending.id.to_string(),
            pending.connection.clone(),
            pending.kind.to_string(),
            pending.why.to_string(),
            pending.subject.clone(),
            name,
            reason,
            print::candidates(pending).join(" "),
            decided,
        ];
        out.write_record(row).map_err(std::io::Error::other)?;
    }
    Ok(out.flush()?)
}

/// Decisions from a file: whatever has none is passed over.
fn decisions(path: &std::path::Path) -> Result<Vec<(String, Decision)>, Failure> {
    let wrong = |what: String| Failure::Usage(format!("--file: {}: {what}", path.display()));
    let mut file = csv::Reader::from_path(path).map_err(|error| wrong(error.to_string()))?;
    let head = file.headers().map_err(|error| wrong(error.to_string()))?.clone();
    let column = |name: &str| head.iter().position(|known| known.trim() == name);
    let (Some(id), Some(word)) = (column("id"), column("decision")) else {
        return Err(wrong("it needs the columns `id` and `decision`".to_owned()));
    };
    let mut all = Vec::new();
    for row in file.records() {
        let row = row.map_err(|error| wrong(error.to_string()))?;
        let line = row.position().map_or(0, csv::Position::line);
        let text = row.get(word).unwrap_or_default().trim();
        if text.is_empty() {
            continue;
        }
        let decided = decision(text).ok_or_else(|| wrong(format!("line {line}: `{text}` is no decision")))?;
        all.push((row.get(id).unwrap_or_default().trim().to_owned(), decided));
    }
    Ok(all)
}

pub(crate) async fn resolve(flags: &Flags, resolve: &Resolve) -> Result<(), Failure> {
    let all = match (&resolve.file, &resolve.id, resolve.decision()) {
        (Some(file), None, None) => decisions(file)?,
        (None, Some(id), Some(decision)) => vec![(id.clone(), decision)],
        (None, Some(_), None) => {
            let words = "--link KEY, --create, --ignore, --take-remote, --take-local, --happened ID, --never-happened or --retry";
            return Err(Failure::Usage(format!("say what is to become of it: {words}")));
        }
        _ => return Err(Failure::Usage("name one id and a decision, or a --file of them".to_owned())),
    };
    let who = match &resolve.by {
        Some(name) => name.clone(),
        None => this_person()?,
    };
    let store = store(flags).await?;
    let (mut done, mut refused) = (0, Vec::new());
    for (id, decision) in all {
        let id: PendingId = id.parse().map_err(Failure::Usage)?;
        match store.decide(&id, &decision, &who).await {
            Ok(()) => done += 1,
            Err(error) => refused.push(error),
        }
    }
    writeln!(std::io::stdout(), "{done} decided; the next run does it.")?;
    match refused.split_first() {
        None => Ok(()),
        Some((only, [])) if done == 0 => Err(of_store(only)),
        Some(_) => {
            let lines: Vec<_> = refused.iter().map(ToString::to_string).collect();
            Err(Failure::Check(lines.join("\n")))
        }
    }
}

pub(crate) async fn status(flags: &Flags) -> Result<(), Failure> {
    let all = store(flags).await?.status().await.map_err(|error| of_store(&error))?;
    if flags.json { print::json(&all) } else { print::status(&all) }
}
