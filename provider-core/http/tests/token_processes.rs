//! Single-use refresh tokens with eight processes, kill -9 and a distributor that notices every replay.
//!
//! Each process renews again and again through the real manager, file store and transport, and notes its
//! steps. Some are killed exactly where they stand, at steps chosen by a seed; some at a random moment. What
//! the distributor saw is then compared with what the processes noted: a token was sent twice only where the
//! store held a mark for it, and each chain that was lost was lost to a kill between rotation and save.
//!
//! `TOKEN_SOAK=n` makes it n times as long, `TOKEN_SEED=n` chooses other kills. The schedule of the operating
//! system stays its own, so a seed repeats the choices, not the run.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::print_stdout,
    reason = "a failed unwrap is a failed test; the counts are the point of it"
)]

mod token_worker;

use std::collections::{HashMap, HashSet};
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::sync::Mutex;
use std::time::Duration;

use provider_core::token::TokenStore as _;
use provider_http::token::FileTokenStore;
use provider_simulator::streamone::{ExchangeOutcome, TokenExchange};
use provider_simulator::{Handle, Simulator, StreamOne};
use secrecy::ExposeSecret as _;
use token_worker::{FINISHED, KILL, LOST, Orders, hash, key, mixed, work};
use tokio::io::{AsyncBufReadExt as _, BufReader};
use tokio::process::{Child, Command};

const NAME: &str = "eight_processes_survive_kill_9_without_a_replay";
const PROCESSES: u64 = 8;
const WISHES: u64 = 400;
const LAST_WISHES: u64 = 2;

fn setting(name: &str, default: u64) -> u64 {
    std::env::var(name).map_or(default, |text| text.parse().unwrap())
}

#[test]
fn eight_processes_survive_kill_9_without_a_replay() {
    if let Some(orders) = Orders::from_env() {
        return work(&orders);
    }
    let soak = setting("TOKEN_SOAK", 1);
    let limit = Duration::from_secs(180 * soak);
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().unwrap();
    let run = runtime.block_on(async { tokio::time::timeout(limit, Run::whole(soak)).await });
    let (run, exchanges) = run.unwrap();
    run.account(&exchanges);
}

/// How one process ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum End {
    Finished,
    Lost,
    Killed,
}

#[derive(Debug)]
struct Run {
    directory: tempfile::TempDir,
    streamone: Handle<StreamOne>,
    seed: u64,
    credentials: Mutex<Credentials>,
    /// Progress files with the end of their process.
    lives: Mutex<Vec<(PathBuf, End)>>,
}

/// What the operator has configured last, and which losses it answers.
#[derive(Debug, Default)]
struct Credentials {
    first: String,
    lost: HashSet<String>,
}

impl Run {
    async fn whole(soak: u64) -> (Self, Vec<TokenExchange>) {
        let seed = setting("TOKEN_SEED", 1);
        let simulator = Simulator::builder().seed(seed).customers(1).start().await.unwrap();
        let streamone = simulator.streamone();
        // The harshest reading of the vendor's silence: a replay ends the chain for everybody.
        streamone.set_reuse_revokes_family(true);
        let run = Self {
            directory: tempfile::tempdir().unwrap(),
            seed,
            credentials: Mutex::new(Credentials {
                first: streamone.refresh_token(),
                ..Credentials::default()
            }),
            lives: Mutex::default(),
            streamone,
        };
        let wishes = WISHES / PROCESSES * soak;
        let workers = (0..PROCESSES).map(|worker| run.fulfil(worker, wishes, true));
        futures_util::future::join_all(workers).await;
        // The last kill may have cost a chain whose access token is still good, so that nobody noticed. The
        // first wish may take that one up; the second needs the chain.
        run.fulfil(PROCESSES, LAST_WISHES, false).await;
        let last = run.stored_refresh_token().await;
        assert!(run.streamone.is_current(&last), "the stored chain is alive at the end");
        let exchanges = run.streamone.exchanges();
        (run, exchanges)
    }

    /// Starts process after process until the wishes of this worker are fulfilled.
    async fn fulfil(&self, worker: u64, wishes: u64, kills: bool) {
        let mut done = 0;
        for life in 0.. {
            if done == wishes {
                break;
            }
            let progress = self.directory.path().join(format!("{worker}-{life}.log"));
            let seed = mixed(self.seed ^ worker.rotate_left(16) ^ (life << 1));
            let orders = Orders {
                endpoint: format!("{}/oauth/token", self.streamone.base_url()),
                tokens: self.directory.path().join("tokens"),
                progress: progress.clone(),
                first: self.credentials.lock().unwrap().first.clone(),
                wishes: wishes - done,
                seed: kills.then_some(seed),
            };
            let end = self.live(&orders).await;
            done += steps(&progress).iter().filter(|(step, _)| step == "wish").count() as u64;
            self.lives.lock().unwrap().push((progress, end));
        }
    }

    async fn live(&self, orders: &Orders) -> End {
        let mut child = Command::new(std::env::current_exe().unwrap())
            .args(["--exact", NAME, "--nocapture", "--test-threads=1"])
            .envs(orders.to_env())
            .stdout(Stdio::piped())
            .kill_on_drop(true)
            .spawn()
            .unwrap();
        let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
        // One life in three ends at a moment that has nothing to do with its steps.
        let fuse = orders.seed.map(|seed| mixed(seed ^ 0xf05e)).filter(|fuse| fuse.is_multiple_of(3));
        let fuse = fuse.map(|fuse| Duration::from_millis(40 + (fuse >> 8) % 700));
        let burnt = async {
            match fuse {
                Some(fuse) => tokio::time::sleep(fuse).await,
                None => std::future::pending().await,
            }
        };
        let speech = async {
            while let Some(line) = lines.next_line().await.unwrap() {
                if line.contains(KILL) {
                    return End::Killed;
                }
                if line.contains(FINISHED) {
                    return End::Finished;
                }
                if let Some((_, token)) = line.split_once(LOST) {
                    self.request_new_credentials(token);
                    return End::Lost;
                }
            }
            panic!("a worker ended without a word: {}", orders.progress.display())
        };
        let end = tokio::select! {
            end = speech => end,
            () = burnt => End::Killed,
        };
        match end {
            End::Killed => kill(&mut child).await,
            End::Finished | End::Lost => assert!(child.wait().await.unwrap().success()),
        }
        end
    }

    /// What a person does when told that the chain is lost, once for each loss.
    fn request_new_credentials(&self, lost: &str) {
        let mut credentials = self.credentials.lock().unwrap();
        if credentials.lost.insert(lost.to_owned()) {
            credentials.first = self.streamone.issue_refresh_token();
        }
    }

    async fn stored_refresh_token(&self) -> String {
        let store = FileTokenStore::new(self.directory.path().join("tokens"));
        let stored = store.load(&key()).await.unwrap().unwrap();
        let record: serde_json::Value = serde_json::from_str(stored.value.expose_secret()).unwrap();
        record.get("refresh_token").unwrap().as_str().unwrap().to_owned()
    }

    /// Compares what the distributor saw with what the processes noted.
    fn account(&self, exchanges: &[TokenExchange]) {
        let lives = self.lives.lock().unwrap();
        let lost = self.credentials.lock().unwrap().lost.clone();
        let ends = |wanted: End| lives.iter().filter(|(_, end)| *end == wanted).count();
        // How often a mark for a repetition was stored for sure; none where a kill fell on its writing.
        let mut recoveries: HashMap<String, u32> = HashMap::new();
        let mut marked_kills: HashMap<String, u32> = HashMap::new();
        let mut sent_kills: HashMap<String, u32> = HashMap::new();
        let mut wishes = 0;
        for (progress, end) in lives.iter() {
            let life = Life::read(progress);
            wishes += life.wishes;
            for (token, stored) in life.recoveries {
                *recoveries.entry(token).or_default() += u32::from(stored);
            }
            if let (End::Killed, Some(open)) = (*end, life.open) {
                let kills = if open.sent { &mut sent_kills } else { &mut marked_kills };
                *kills.entry(open.token).or_default() += 1;
            }
        }
        let rotated: HashSet<&str> = exchanges
            .iter()
            .filter(|exchange| exchange.outcome == ExchangeOutcome::Rotated)
            .map(|exchange| exchange.presented_sha256.as_str())
            .collect();
        let replayed: Vec<&TokenExchange> =
            exchanges.iter().filter(|exchange| exchange.outcome == ExchangeOutcome::Replayed).collect();
        let mut sent: HashMap<&str, u32> = HashMap::new();
        for exchange in exchanges {
            *sent.entry(&exchange.presented_sha256).or_default() += 1;
        }
        let between = sent_kills
            .iter()
            .filter(|(token, _)| rotated.contains(token.as_str()))
            .map(|(_, n)| n)
            .sum::<u32>();
        let (mut to_one_kill, mut to_two_kills) = (0, 0);
        for token in &lost {
            let kills = |of: &HashMap<String, u32>| of.get(token).copied().unwrap_or(0);
            if rotated.contains(token.as_str()) {
                assert!(kills(&sent_kills) >= 1, "{token} was rotated and lost without a kill in between");
                to_one_kill += 1;
            } else {
                // The store cannot tell a repetition that was about to be sent from one that was.
                assert!(kills(&sent_kills) + kills(&marked_kills) >= 2, "{token} was lost without two kills");
                to_two_kills += 1;
            }
        }
        let unmarked =
            replayed.iter().filter(|exchange| !recoveries.contains_key(&exchange.presented_sha256)).count();
        println!(
            "seed {}: {wishes} wishes fulfilled by {} processes, {} of them killed; {} rotations; \
             {} tokens sent again under a mark, {} of these replays; {unmarked} other replays; \
             {between} kills between rotation and save; {to_one_kill} grants lost to those, \
             {to_two_kills} to two kills around one token",
            self.seed,
            lives.len(),
            ends(End::Killed),
            rotated.len(),
            recoveries.len(),
            replayed.len(),
        );
        assert_eq!(wishes, WISHES * setting("TOKEN_SOAK", 1) + LAST_WISHES);
        assert_eq!(unmarked, 0, "every replay was a marked repetition");
        assert!(recoveries.values().all(|times| *times <= 1), "no token is marked for repetition twice");
        for (token, times) in sent {
            let allowed = 1 + u32::from(recoveries.contains_key(token));
            assert!(times <= allowed, "{token} was sent {times} times");
        }
        assert!(to_one_kill <= between, "{to_one_kill} grants lost to {between} kills");
        assert!(ends(End::Killed) >= 10, "too few kills to prove anything");
        assert!(between >= 1 && !recoveries.is_empty(), "the dangerous window was never hit");
    }
}

async fn kill(child: &mut Child) {
    child.start_kill().unwrap();
    child.wait().await.unwrap();
}

fn steps(progress: &Path) -> Vec<(String, String)> {
    let text = std::fs::read_to_string(progress).unwrap_or_default();
    let split = |line: &str| line.split_once(' ').map(|(step, token)| (step.to_owned(), token.to_owned()));
    text.lines().map(|line| split(line).unwrap()).collect()
}

/// What a progress file tells of one process.
#[derive(Debug, Default)]
struct Life {
    wishes: u64,
    /// Marks for a repetition, and whether they were stored for sure.
    recoveries: Vec<(String, bool)>,
    /// The token whose exchange had begun and was not saved.
    open: Option<Open>,
}

#[derive(Debug)]
struct Open {
    token: String,
    sent: bool,
}

impl Life {
    fn read(progress: &Path) -> Self {
        let mut life = Self::default();
        for (step, token) in steps(progress) {
            match step.as_str() {
                "wish" => life.wishes += 1,
                // From here on the mark may be stored, noted or not.
                "mark:before" => life.open = Some(Open { token, sent: false }),
                "recovery:before" => {
                    life.recoveries.push((token.clone(), false));
                    life.open = Some(Open { token, sent: false });
                }
                "post:before" => life.open = Some(Open { token, sent: true }),
                "save:after" | "refuse:after" => life.open = None,
                "recovery:after" => life.recoveries.push((token, true)),
                "leased" | "mark:after" | "post:after" | "save:before" | "refuse:before" => {}
                other => panic!("unknown step {other}"),
            }
        }
        life
    }
}

#[test]
fn a_life_is_read_from_its_steps() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("life.log");
    let token = hash("R1");
    let steps = ["leased -", "mark:before T", "mark:after T", "post:before T", "post:after T"];
    for (count, sent) in [(1, None), (2, Some(false)), (3, Some(false)), (4, Some(true)), (5, Some(true))] {
        let text: String =
            steps.iter().take(count).map(|step| format!("{}\n", step.replace('T', &token))).collect();
        std::fs::write(&path, &text).unwrap();
        let life = Life::read(&path);
        assert_eq!(life.open.as_ref().map(|open| open.sent), sent, "{text}");
        assert!(life.open.is_none_or(|open| open.token == token));
        std::fs::write(&path, format!("{text}save:before X\nsave:after X\nwish -\n")).unwrap();
        let life = Life::read(&path);
        assert!(life.open.is_none() && life.wishes == 1);
    }
}
