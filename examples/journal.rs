//! Shows what was sent and never settled, and settles it by a person's decision.
//!
//! ```sh
//! cargo run --example journal -- list [--key KEY] [--db sqlite:PATH] [--json]
//! cargo run --example journal -- show --key KEY
//! cargo run --example journal -- settle --key KEY --happened ID [--by NAME]
//! cargo run --example journal -- settle --key KEY --never-happened [--by NAME]
//! cargo run --example journal -- move --kind pax8 --origin https://api.pax8.com --from CLIENT --to CLIENT
//! ```
//!
//! `settle` asks the distributor first where its variables are set, and settles nothing that contradicts what is
//! certain there; `--unasked` takes the person's word alone.
//!
//! The store is the one that `PROVIDER_STORE` names, or the default one of the examples that write. First call
//! again with the key: that looks the order up at the distributor. What is left then is for a person, who looks
//! in the distributor's portal.

mod journal_print;

use std::collections::BTreeSet;

use clap::{ArgGroup, Args, Parser, Subcommand};
use provider_core::info::AccountKey;
use provider_core::journal::Settlement;
use provider_core::{Attempt, Error, ErrorKind, IdempotencyKey, journal};
use provider_examples::{Connections, Exit, Failure, Kind, StorePlace, settlement, this_person};
use provider_store::Store;

/// Shows what was sent and never settled, and settles it by a person's decision.
#[derive(Parser)]
struct Flags {
    #[command(subcommand)]
    action: Action,
}

#[derive(Subcommand)]
enum Action {
    /// Everything that may have been sent and was never settled, the oldest first.
    List(List),
    /// All that is known of one key, what has ended included.
    Show(Show),
    /// Settles an open key by a person's decision: it happened, or it never did.
    Settle(Settle),
    /// Moves the keys of an API client to the one that replaced it.
    Move(Move),
}

#[derive(Args)]
struct Place {
    /// The store, as sqlite:PATH or postgres://…; without it, the one that PROVIDER_STORE names.
    #[arg(long, value_name = "URL")]
    db: Option<String>,
    /// JSON for machines.
    #[arg(long)]
    json: bool,
}

#[derive(Args)]
struct List {
    /// Only what is open under this key.
    #[arg(long)]
    key: Option<IdempotencyKey>,
    #[command(flatten)]
    place: Place,
}

#[derive(Args)]
struct Show {
    /// The key that the command was sent under.
    #[arg(long)]
    key: IdempotencyKey,
    #[command(flatten)]
    place: Place,
}

#[derive(Args)]
#[command(group(ArgGroup::new("word").required(true).args(["happened", "never_happened"])))]
struct Settle {
    /// The key that the command was sent under.
    #[arg(long)]
    key: IdempotencyKey,
    /// It happened: the id of the order, or of the customer that was made. For an order whose lines became
    /// orders of their own, once for each line, and `none` for a line that did not happen.
    #[arg(long, value_name = "ID")]
    happened: Vec<String>,
    /// It never happened: the next call with the key sends it.
    #[arg(long)]
    never_happened: bool,
    /// Do not ask the distributor first whether it shows the contrary.
    #[arg(long)]
    unasked: bool,
    /// Who decides; without it, the name that you are signed in with here.
    #[arg(long, value_name = "NAME")]
    by: Option<String>,
    #[command(flatten)]
    place: Place,
}

#[derive(Args)]
struct Move {
    /// The distributor: crayon, pax8 or streamone.
    #[arg(long)]
    kind: String,
    /// The address of its API, such as https://api.pax8.com.
    #[arg(long)]
    origin: String,
    /// The account as the journal knows it: at Pax8 the id of the API client that was replaced.
    #[arg(long)]
    from: String,
    /// The account as it is now.
    #[arg(long)]
    to: String,
    #[command(flatten)]
    place: Place,
}

#[tokio::main]
async fn main() -> Exit {
    Exit::of(run(Flags::parse().action)).await
}

async fn run(action: Action) -> Result<(), Failure> {
    match action {
        Action::List(flags) => {
            let open = open_attempts(&look(&flags.place).await?, flags.key.as_ref()).await?;
            Ok(journal_print::list(&open, flags.place.json)?)
        }
        Action::Show(flags) => {
            let entries = look(&flags.place).await?.entries(&flags.key).await?;
            if entries.is_empty() {
                return Err(Failure::Check(format!("nothing is known of the key {}", flags.key)));
            }
            Ok(journal_print::show(&entries, flags.place.json)?)
        }
        Action::Settle(flags) => settle(flags).await,
        Action::Move(flags) => {
            let account =
                |name: &str| AccountKey::new(&*flags.kind, flags.origin.trim_end_matches('/'), name);
            let store = look(&flags.place).await?;
            let moved = store.journal().move_account(&account(&flags.from), &account(&flags.to)).await?;
            Ok(journal_print::moved(moved, flags.place.json)?)
        }
    }
}

async fn look(place: &Place) -> Result<Store, Failure> {
    let named = match &place.db {
        Some(address) => StorePlace::of_flag(address.clone()),
        None => StorePlace::from_env()?,
    };
    named.open_to_look().await
}

async fn open_attempts(store: &Store, key: Option<&IdempotencyKey>) -> Result<Vec<Attempt>, Failure> {
    let open = store.journal().open_attempts(None).await?;
    Ok(open.into_iter().filter(|attempt| key.is_none_or(|key| attempt.key == *key)).collect())
}

/// Where it can be asked what came of an attempt, if anywhere.
async fn asked(open: &[Attempt], unasked: bool) -> Result<Option<Connections>, Failure> {
    let account = open.first().and_then(|attempt| attempt.account.as_ref());
    let Some(kind) = account.and_then(|account| account.kind.parse::<Kind>().ok()) else { return Ok(None) };
    if unasked {
        return Ok(None);
    }
    let connections = Connections::configured(kind).await?;
    if connections.is_none() {
        eprintln!("{kind} is not asked what it shows: set {} for that.", kind.variables());
    }
    Ok(connections)
}

async fn settle(flags: Settle) -> Result<(), Failure> {
    if flags.by.as_ref().is_some_and(|name| name.trim().is_empty()) {
        return Err(Failure::Usage("--by: name the person whose word it is".to_owned()));
    }
    let store = look(&flags.place).await?;
    let open = open_attempts(&store, Some(&flags.key)).await?;
    let settlement = match open.first() {
        Some(attempt) => settlement(attempt, &flags.happened)?,
        // The journal says what is wrong: unknown, or settled before.
        None => Settlement::NotApplied,
    };
    let who = flags.by.map_or_else(this_person, Ok)?;
    match asked(&open, flags.unasked).await? {
        Some(connections) => {
            let provider = connections.one()?;
            journal::settle(provider, &*store.journal(), &flags.key, settlement, &who).await?;
            connections.close().await?;
        }
        None => store.journal().settle(&flags.key, settlement, &who).await?,
    }
    // Of the same key in another account there may be an entry too.
    let accounts: BTreeSet<_> = open.into_iter().map(|attempt| attempt.account).collect();
    let entries = store.entries(&flags.key).await?;
    let settled = entries.iter().find(|entry| accounts.contains(&entry.attempt.account));
    let settled = settled.ok_or_else(|| Error::new(ErrorKind::Internal, "the settled entry is gone"))?;
    Ok(journal_print::settled(settled, flags.place.json)?)
}
