//! The process that orders, and is killed: this binary as a child of itself.

use std::io::Write as _;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use chrono::TimeDelta;
use provider_core::{Delivery, Provider, Receipt, Services, WriteOptions};
use serde::{Deserialize, Serialize};

use crate::connection::{Ahead, Distributor, connect, store};
use crate::intent::Intent;

pub(crate) const DISTRIBUTOR: &str = "PROVIDER_SOAK_DISTRIBUTOR";
pub(crate) const STORE: &str = "PROVIDER_SOAK_STORE";
/// How far the time of all is ahead of the machine's, and this process's own ahead of that, in seconds.
pub(crate) const AHEAD: &str = "PROVIDER_SOAK_AHEAD";
pub(crate) const SKEW: &str = "PROVIDER_SOAK_SKEW";
pub(crate) const MARK: &str = "> ";

/// Orders under way at once in one process.
const LANES: usize = 3;

/// What a worker says, one line each.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) enum Said {
    Ready,
    Begun(usize),
    Claimed(usize, Receipt),
    Failed { index: usize, unknown: bool, kind: String, message: String },
    Ended,
}

fn say(said: &Said) {
    let mut out = std::io::stdout().lock();
    writeln!(out, "{MARK}{}", serde_json::to_string(said).unwrap()).unwrap();
    out.flush().unwrap();
}

#[test]
fn as_a_child() {
    let Ok(name) = std::env::var(DISTRIBUTOR) else { return };
    let distributor = Distributor::ALL.into_iter().find(|one| one.name() == name).unwrap();
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
    runtime.block_on(work(distributor));
}

async fn work(distributor: Distributor) {
    let set = |name: &str| std::env::var(name).unwrap();
    let seconds = |name: &str| TimeDelta::seconds(set(name).parse().unwrap());
    let store = store(&set(STORE), seconds(AHEAD)).await;
    let services: Services = store.services().with_clock(Ahead::by(seconds(AHEAD) + seconds(SKEW)));
    let provider = connect(distributor, |name| std::env::var(name).ok(), &services);
    // The wishes come first, then nothing.
    let wanted: Vec<Intent> =
        std::io::stdin().lines().map(|line| serde_json::from_str(&line.unwrap()).unwrap()).collect();
    let queue = Arc::new(Mutex::new(wanted.into_iter()));
    say(&Said::Ready);
    let lanes: Vec<_> = (0..LANES)
        .map(|_| {
            let (queue, provider) = (Arc::clone(&queue), Arc::clone(&provider));
            tokio::spawn(async move {
                loop {
                    let next = queue.lock().unwrap().next();
                    let Some(intent) = next else { return };
                    carry_out(&*provider, intent).await;
                }
            })
        })
        .collect();
    for lane in lanes {
        lane.await.unwrap();
    }
    provider.close().await.unwrap();
    say(&Said::Ended);
}

async fn carry_out(provider: &dyn Provider, intent: Intent) {
    say(&Said::Begun(intent.index));
    let options = WriteOptions::new(intent.key).deadline(Duration::from_secs(20));
    match provider.execute(&intent.command, &options).await {
        Ok(receipt) => say(&Said::Claimed(intent.index, receipt)),
        Err(error) => say(&Said::Failed {
            index: intent.index,
            unknown: matches!(error.delivery(), Delivery::Unknown | Delivery::Applied),
            kind: format!("{:?}", error.kind()),
            message: error.to_string(),
        }),
    }
}
