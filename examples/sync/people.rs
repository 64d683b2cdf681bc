//! What waits for a person, and what that person says.

use std::io::Write;

use provider_examples::{Failure, this_person};
use provider_sync::{
    Decision, Pending, QueueQuery, SqliteStore, SyncStore, TableTarget, Target, resolve_all,
};

use super::decisions::{self, Word};
use super::flags::{Flags, Resolve};
use super::place::{Read, of_opening_store, of_store, once_open};
use super::print;
use super::pull::failure;

pub(crate) async fn store(flags: &Flags) -> Result<SqliteStore, Failure> {
    SqliteStore::open_existing(&flags.db).await.map_err(|error| of_opening_store(&flags.db, &error))
}

pub(crate) async fn queue(flags: &Flags, as_csv: bool) -> Result<(), Failure> {
    let mut query = QueueQuery::default();
    query.connection.clone_from(&flags.connection);
    let waiting = store(flags).await?.queue(&query).await.map_err(|error| once_open(of_store(&error)))?;
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

/// The words on the command line, or of a file.
fn words(resolve: &Resolve) -> Result<Vec<Word>, Failure> {
    match (&resolve.file, &resolve.id, resolve.decision()) {
        (Some(file), None, None) => decisions::read(file),
        (None, Some(id), Some(decision)) => {
            Ok(vec![Word { line: None, id: id.parse().map_err(Failure::Usage)?, decision }])
        }
        (None, Some(_), None) => {
            let words = "--link KEY, --create, --ignore, --take-remote, --take-local, --happened ID, --never-happened or --retry";
            Err(Failure::Usage(format!("say what is to become of it: {words}")))
        }
        _ => Err(Failure::Usage("name one id and a decision, or a --file of them".to_owned())),
    }
}

/// The application, where a plan says what its records are: to look whether those that are linked to are there.
async fn target(flags: &Flags, words: &[Word]) -> Result<Option<TableTarget>, Failure> {
    if flags.plan.is_none() || !words.iter().any(|word| matches!(word.decision, Decision::Link(_))) {
        return Ok(None);
    }
    let read = Read::from(flags)?;
    let target = TableTarget::open(&read.url(flags)?, &read.plan).await;
    target.map(Some).map_err(|error| read.unopened(flags, &error))
}

pub(crate) async fn resolve(flags: &Flags, resolve: &Resolve) -> Result<(), Failure> {
    let words = words(resolve)?;
    let who = match &resolve.by {
        Some(name) => name.clone(),
        None => this_person()?,
    };
    let (store, target) = (store(flags).await?, target(flags, &words).await?);
    let target = target.as_ref().map(|target| target as &dyn Target);
    let said: Vec<_> = words.iter().map(|word| (word.id.clone(), word.decision.clone())).collect();
    let refused = resolve_all(&store, target, &said, &who).await.map_err(failure)?;
    match (&resolve.file, refused.first()) {
        (_, None) if flags.json => print::json(&serde_json::json!({ "decided": words.len() })),
        (_, None) => Ok(writeln!(std::io::stdout(), "{} decided; the next run does it.", words.len())?),
        (None, Some((_, error))) => Err(of_store(error)),
        (Some(file), Some(_)) => {
            let line = |at: usize| words.get(at).and_then(|word| word.line).unwrap_or_default();
            let lines: Vec<_> =
                refused.iter().map(|(at, error)| format!("line {}: {error}", line(*at))).collect();
            let (file, lines) = (file.display(), lines.join("\n"));
            Err(Failure::Check(format!("--file: {file}: nothing was decided:\n{lines}")))
        }
    }
}

pub(crate) async fn status(flags: &Flags) -> Result<(), Failure> {
    let all = store(flags).await?.status().await.map_err(|error| once_open(of_store(&error)))?;
    if flags.json { print::json(&all) } else { print::status(&all) }
}
