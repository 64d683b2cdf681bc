//! Where things are: the plan, the connection, the application's database and the store.

use std::sync::Arc;

use provider_core::{EntityKind, Provider};
use provider_examples::{Connections, Failure, Kind};
use provider_sync::{
    CheckedPlan, Direction, KindScope, PlanProblems, SmtpNotifier, SqliteStore, StoreError, StoreErrorKind,
    SyncPlan, SyncStore as _, TableTarget, TargetError, TargetErrorKind,
};

use super::flags::{Flags, Verb};
use super::letters;
use super::print;
use super::simulated::Simulated;

/// A plan that was read.
#[derive(Clone)]
pub(crate) struct Read {
    pub(crate) plan: SyncPlan,
    file: String,
}

/// Everything that a run needs but its store.
pub(crate) struct Ready {
    pub(crate) connections: Connections,
    pub(crate) provider: Arc<dyn Provider>,
    pub(crate) target: TableTarget,
    pub(crate) plan: CheckedPlan,
    /// Whether anything goes to the distributor.
    pub(crate) pushes: bool,
}

/// Why no run can be made.
pub(crate) enum Unfit {
    Plan(PlanProblems),
    Target(TargetError),
}

/// What tables that were there a moment ago fail with.
pub(crate) fn of_target(error: &TargetError) -> Failure {
    let text = format!("--target: {error}");
    match error.kind {
        TargetErrorKind::Locked
        | TargetErrorKind::Full
        | TargetErrorKind::Unreachable
        | TargetErrorKind::Unanswered => Failure::Check(text),
        _ => Failure::Usage(text),
    }
}

/// A file that is not there was named wrongly; a server may be restarted at the moment.
fn of_opening(url: &str, error: &TargetError) -> Failure {
    match of_target(error) {
        Failure::Check(text) if error.kind == TargetErrorKind::Unreachable && !is_on_a_server(url) => {
            Failure::Usage(text)
        }
        other => other,
    }
}

fn is_on_a_server(url: &str) -> bool {
    url.trim_start().to_ascii_lowercase().starts_with("postgres")
}

/// What fails once everything was opened was not named wrongly.
pub(crate) fn once_open(failure: Failure) -> Failure {
    match failure {
        Failure::Usage(text) => Failure::Check(text),
        other => other,
    }
}

pub(crate) fn of_store(error: &StoreError) -> Failure {
    let text = format!("--db: {error}");
    match error.kind {
        StoreErrorKind::Locked
        | StoreErrorKind::Full
        | StoreErrorKind::Fenced
        | StoreErrorKind::OtherAccount
        | StoreErrorKind::Stale => Failure::Check(text),
        _ => Failure::Usage(text),
    }
}

/// The same of a store that is being opened, as of tables: a server may be restarted at the moment.
pub(crate) fn of_opening_store(url: &str, error: &StoreError) -> Failure {
    match of_store(error) {
        Failure::Usage(text) if error.kind == StoreErrorKind::Unreachable && is_on_a_server(url) => {
            Failure::Check(text)
        }
        other => other,
    }
}

/// A line for each, and for machines that asked what is wrong, all of them as JSON.
fn wrong_plan(flags: &Flags, file: &str, problems: &PlanProblems) -> Failure {
    if flags.json
        && matches!(flags.verb, Some(Verb::Check))
        && let Err(unsaid) = print::problems(file, problems)
    {
        return unsaid;
    }
    Failure::Usage(problems.in_file(file))
}

impl Read {
    pub(crate) fn from(flags: &Flags) -> Result<Self, Failure> {
        let path = flags.plan.as_deref();
        let path = path.ok_or_else(|| Failure::Usage("--plan: name the file of the plan".to_owned()))?;
        let file = path.display().to_string();
        let text = std::fs::read_to_string(path).map_err(|error| {
            let why = match error.kind() {
                std::io::ErrorKind::InvalidData => "it is no text in UTF-8".to_owned(),
                _ => error.to_string(),
            };
            Failure::Usage(format!("--plan: {file}: {why}"))
        })?;
        let json = path.extension().is_some_and(|ending| ending.eq_ignore_ascii_case("json"));
        let read = if json { SyncPlan::from_json(&text) } else { SyncPlan::from_toml(&text) };
        match read {
            Ok(plan) => Ok(Self { plan, file }),
            Err(problems) => Err(wrong_plan(flags, &file, &problems)),
        }
    }

    pub(crate) fn wrong(&self, problems: &PlanProblems) -> Failure {
        Failure::Usage(problems.in_file(&self.file))
    }

    /// A plan whose keys find nothing of what earlier runs have tied. `why` begins with the key.
    pub(crate) fn moved(&self, flags: &Flags, why: &str) -> Failure {
        let (path, message) = why.split_once(": ").unwrap_or(("", why));
        wrong_plan(flags, &self.file, &self.plan.problem(path, message))
    }

    /// Why a run was refused: with its place in the file, where that is a key of the plan.
    pub(crate) fn placed(&self, why: &str) -> String {
        match why.split_once(": ") {
            Some((path, message)) if path.starts_with("kinds[") => {
                self.plan.problem(path, message).in_file(&self.file)
            }
            _ => why.to_owned(),
        }
    }

    /// The distributor that the plan is for.
    pub(crate) fn kind(&self, flags: &Flags) -> Result<Kind, Failure> {
        self.plan.connection.parse().map_err(|accepted: String| {
            let known = format!("`{}` is no connection here: {accepted}", self.plan.connection);
            wrong_plan(flags, &self.file, &self.plan.problem("connection", known))
        })
    }

    pub(crate) fn url(&self, flags: &Flags) -> Result<String, Failure> {
        let of_plan = || self.plan.target.as_ref().map(|target| target.url.clone());
        flags.target.clone().or_else(of_plan).ok_or_else(|| {
            Failure::Usage(
                "--target: the plan does not say where the tables are: name them, as sqlite:PATH or postgres://…"
                    .to_owned(),
            )
        })
    }

    /// Tables that cannot be opened. An address that stands in the plan is a mistake of the plan.
    pub(crate) fn unopened(&self, flags: &Flags, error: &TargetError) -> Failure {
        let url = match self.url(flags) {
            Ok(url) => url,
            Err(failure) => return failure,
        };
        match of_opening(&url, error) {
            Failure::Usage(_) if flags.target.is_none() => {
                wrong_plan(flags, &self.file, &self.plan.problem("target.url", error.to_string()))
            }
            other => other,
        }
    }

    fn unfit(&self, flags: &Flags, unfit: &Unfit) -> Failure {
        match unfit {
            Unfit::Plan(problems) => wrong_plan(flags, &self.file, problems),
            Unfit::Target(error) => self.unopened(flags, error),
        }
    }

    /// Checks the plan against the connection and the tables.
    pub(crate) async fn ready(self, flags: &Flags) -> Result<Ready, Failure> {
        let (read, found) = self.checked(flags).await?;
        found.map_err(|unfit| read.unfit(flags, &unfit))
    }

    /// The same before a run: a plan that fitted yesterday and fits no more stops the connection, tables that cannot be
    /// opened count as a run that failed, and people are told.
    pub(crate) async fn ready_to_run(
        self,
        flags: &Flags,
        notifier: Option<&SmtpNotifier>,
    ) -> Result<Ready, Failure> {
        let (read, found) = self.checked(flags).await?;
        match found {
            Ok(ready) => Ok(ready),
            Err(unfit) => {
                if let Err(untold) = letters::no_run(flags, &read.plan, &unfit, notifier).await {
                    eprintln!("Nobody could be told of this: {untold}");
                }
                Err(read.unfit(flags, &unfit))
            }
        }
    }

    /// Whether commands of earlier runs are open still. A store that cannot be used is told by whoever works with it.
    async fn has_sent(&self, flags: &Flags) -> bool {
        let Ok(store) = SqliteStore::open_existing(&flags.db).await else { return false };
        for kind in [EntityKind::Customer, EntityKind::Subscription] {
            let scope = KindScope::new(self.plan.connection.clone(), kind);
            if store.open_intents(&scope).await.is_ok_and(|open| !open.is_empty()) {
                return true;
            }
        }
        false
    }

    async fn checked(self, flags: &Flags) -> Result<(Self, Result<Ready, Unfit>), Failure> {
        let kind = self.kind(flags)?;
        let target = match TableTarget::open(&self.url(flags)?, &self.plan).await {
            Ok(target) => target,
            Err(error) => return Ok((self, Err(Unfit::Target(error)))),
        };
        // Whoever pushes needs the journal, and so does what was sent before a plan only pulls.
        let pushes = self.plan.active().any(|(_, kind)| kind.direction != Direction::Pull);
        let connections = if pushes || self.has_sent(flags).await {
            Connections::open_to_write(kind).await?
        } else {
            Connections::open(Some(kind)).await?
        };
        let mut provider = Arc::clone(connections.one()?);
        if connections.simulator().is_some() {
            provider = Arc::new(Simulated::new(provider));
        }
        let ready = self.plan.check(&*provider, &target);
        let ready = ready.map(|plan| Ready { connections, provider, target, plan, pushes });
        Ok((self, ready.map_err(Unfit::Plan)))
    }
}

/// Prints the SQL of the tables that a plan names, or makes a new database with them.
pub(crate) async fn tables(flags: &Flags, create: bool) -> Result<(), Failure> {
    let read = Read::from(flags)?;
    let url = read.url(flags)?;
    let wrong = |error| read.unopened(flags, &error);
    let sql = TableTarget::sql_for(&url, &read.plan).map_err(wrong)?.join("\n");
    if !create {
        return print::say(&sql);
    }
    let made = TableTarget::create(&url, &read.plan).await.map_err(wrong)?;
    // The address of a server may hold a password.
    let place = if is_on_a_server(&url) { "the database" } else { url.trim_start_matches("sqlite:") };
    if made {
        print::say(&format!("Made these tables in {place}:\n{sql}"))
    } else if is_on_a_server(&url) {
        Err(Failure::Check(
            "there is a table of the plan in the database already: everything is left as it is".to_owned(),
        ))
    } else {
        Err(Failure::Check(format!("{place} is there already, and left as it is")))
    }
}
