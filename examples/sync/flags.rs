//! The command line.

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand};
use provider_sync::reconcile::Month;
use provider_sync::{Decision, LocalKey};

/// Keeps tables of an application in step with a distributor, by a plan.
#[derive(Debug, Parser)]
pub(crate) struct Flags {
    #[command(subcommand)]
    pub(crate) verb: Option<Verb>,
    /// The plan: TOML, or JSON where the name ends in .json.
    #[arg(long, global = true)]
    pub(crate) plan: Option<PathBuf>,
    /// Where runs keep what they need to remember.
    #[arg(long, global = true, default_value = "sqlite:sync.db")]
    pub(crate) db: String,
    /// The application's database; wins over the plan's.
    #[arg(long, global = true)]
    pub(crate) target: Option<String>,
    /// JSON for machines.
    #[arg(long, global = true)]
    pub(crate) json: bool,
    /// Let so many records of a kind be removed in this run.
    #[arg(long, global = true, value_name = "N")]
    pub(crate) allow_removals: Option<u64>,
    /// End between two kinds once so many seconds have passed; the next run goes on.
    #[arg(long, global = true, value_name = "SECONDS")]
    pub(crate) slice: Option<u64>,
    /// How many seconds to wait for another run on the same account.
    #[arg(long, global = true, value_name = "SECONDS", default_value_t = 120)]
    pub(crate) wait: u64,
    /// Compare every row with what was written there.
    #[arg(long, global = true)]
    pub(crate) heal: bool,
    /// Append the first passwords of new tenants to this file, which only you can read. Without it they are sealed in
    /// `--db` by PROVIDER_TOKEN_KEY, for `credentials`.
    #[arg(long, global = true, value_name = "FILE")]
    pub(crate) credentials: Option<PathBuf>,
    /// Only this connection.
    #[arg(long, global = true, value_name = "C")]
    pub(crate) connection: Option<String>,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Verb {
    /// Bring the application in step (the command where none is named).
    Run,
    /// Say what is wrong with the plan, without asking the distributor anything.
    Check,
    /// Show what a run would do; nothing is written anywhere.
    Preview,
    /// Print the SQL of the tables that the plan names.
    Tables {
        /// Make a new database with them. One that is there is left alone.
        #[arg(long)]
        create: bool,
    },
    /// Show what waits for a person.
    Queue {
        /// As CSV, for a spreadsheet and for `resolve --file`.
        #[arg(long)]
        csv: bool,
    },
    /// Say what is to become of something that waits.
    Resolve(Resolve),
    /// Show how every connection stands.
    Status,
    /// Compare what was ordered, invoiced and billed in a month. Nothing is written but what is asked for.
    Reconcile(Reconcile),
    /// Show the first passwords of new tenants that are sealed in `--db`, once: they are forgotten then.
    Credentials,
    /// Work on a connection again: the next run does.
    Enable,
    /// Stop working on a connection, until it is enabled.
    Disable {
        /// Who says so; without it, the name that you are signed in with here.
        #[arg(long, value_name = "NAME")]
        by: Option<String>,
    },
    /// Send the letters that are due, through the mail server of `PROVIDER_SMTP_URL`. Each run does it too.
    Deliver,
}

/// A month, and how it is shown.
#[derive(Debug, Args)]
pub(crate) struct Reconcile {
    /// The month, as 2026-10; the last one that has ended where none is named.
    #[arg(long, value_name = "YYYY-MM")]
    pub(crate) period: Option<Month>,
    /// Every row as CSV, into this file.
    #[arg(long, value_name = "FILE")]
    pub(crate) csv: Option<PathBuf>,
    /// A page for people, into this file.
    #[arg(long, value_name = "FILE")]
    pub(crate) html: Option<PathBuf>,
}

/// A person's word.
#[derive(Debug, Args)]
pub(crate) struct Resolve {
    /// What `queue` shows.
    pub(crate) id: Option<String>,
    /// It is this record of the application.
    #[arg(long, value_name = "KEY", group = "word")]
    link: Option<String>,
    /// It is a new one.
    #[arg(long, group = "word")]
    create: bool,
    /// Leave it out.
    #[arg(long, group = "word")]
    ignore: bool,
    /// The distributor's value holds.
    #[arg(long, group = "word")]
    take_remote: bool,
    /// The application's value holds.
    #[arg(long, group = "word")]
    take_local: bool,
    /// The command took effect, and made this.
    #[arg(long, value_name = "ID", group = "word")]
    happened: Option<String>,
    /// The command never took effect.
    #[arg(long, group = "word")]
    never_happened: bool,
    /// Try once more.
    #[arg(long, group = "word")]
    retry: bool,
    /// Decide many: a CSV file with the columns `id` and `decision`, such as `link 12`.
    #[arg(long)]
    pub(crate) file: Option<PathBuf>,
    /// Who decides; without it, the name that you are signed in with here.
    #[arg(long, value_name = "NAME")]
    pub(crate) by: Option<String>,
}

impl Resolve {
    pub(crate) fn decision(&self) -> Option<Decision> {
        let flags = [
            (self.create, Decision::Create),
            (self.ignore, Decision::Ignore),
            (self.take_remote, Decision::TakeRemote),
            (self.take_local, Decision::TakeLocal),
            (self.never_happened, Decision::NeverHappened),
            (self.retry, Decision::Retry),
        ];
        let link = self.link.as_ref().map(|key| Decision::Link(LocalKey::new(key.as_str())));
        let happened = || self.happened.clone().map(Decision::Happened);
        link.or_else(happened).or_else(|| flags.into_iter().find(|(set, _)| *set).map(|(_, word)| word))
    }
}

/// A word as it stands in a file.
pub(crate) fn decision(text: &str) -> Option<Decision> {
    let (word, about) = text.trim().split_once(' ').unwrap_or((text.trim(), ""));
    let about = about.trim();
    Some(match (word, about) {
        ("link", key) if !key.is_empty() => Decision::Link(LocalKey::new(key)),
        ("happened", id) if !id.is_empty() => Decision::Happened(id.to_owned()),
        ("create", "") => Decision::Create,
        ("ignore", "") => Decision::Ignore,
        ("take-remote", "") => Decision::TakeRemote,
        ("take-local", "") => Decision::TakeLocal,
        ("never-happened", "") => Decision::NeverHappened,
        ("retry", "") => Decision::Retry,
        _ => return None,
    })
}
