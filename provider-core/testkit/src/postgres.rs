//! A PostgreSQL server for one test: in a temporary folder, on a free port, as an ordinary user. It ends with
//! the process that started it, however that ends.
//!
//! ```no_run
//! use provider_testkit::postgres::Server;
//!
//! # fn main() -> std::io::Result<()> {
//! if let Some(server) = Server::start(&[("max_connections", "10")])? {
//!     println!("{}", server.address("postgres"));
//! }
//! # Ok(())
//! # }
//! ```

use std::env;
use std::fs;
use std::io::{self, BufRead as _, BufReader, Write as _};
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};

/// Set to `required` where a test without a server is to fail, and not to be left out.
pub const SETTING: &str = "PROVIDER_POSTGRES";

const SCRIPT: &str = include_str!("postgres/serve.sh");
/// Of the user `postgres`, over TCP.
const PASSWORD: &str = "postgres-password";
const TRIES: usize = 5;

/// A server that runs, until it is dropped.
#[derive(Debug)]
pub struct Server {
    shell: Child,
    orders: Option<ChildStdin>,
    answers: BufReader<ChildStdout>,
    folder: String,
    programs: PathBuf,
    port: u16,
}

impl Server {
    /// Starts one with these settings of `postgresql.conf`. `None`, with a word on standard output, where PostgreSQL is
    /// not installed.
    ///
    /// # Errors
    /// When it does not start, or when it is not installed and has to be ([`SETTING`]).
    pub fn start(settings: &[(&str, &str)]) -> io::Result<Option<Self>> {
        let Some(programs) = programs() else {
            let missing = "no PostgreSQL on this machine (programs `initdb` and `postgres`)";
            if env::var(SETTING).is_ok_and(|value| value == "required") {
                return Err(io::Error::new(
                    io::ErrorKind::NotFound,
                    format!("{missing}, and {SETTING} requires it"),
                ));
            }
            println!("skipped: {missing}");
            return Ok(None);
        };
        let mut tried = 0;
        loop {
            // Somebody else may take the port in between.
            match Self::start_on(free_port()?, &programs, settings) {
                Err(_) if tried + 1 < TRIES => tried += 1,
                started => return started.map(Some),
            }
        }
    }

    fn start_on(port: u16, programs: &Path, settings: &[(&str, &str)]) -> io::Result<Self> {
        let mut command = as_ordinary_user()?;
        command.args(["sh", "-c", SCRIPT, "serve"]).arg(programs).arg(port.to_string()).arg(PASSWORD);
        for (name, value) in settings {
            command.args(["-c", &format!("{name}={value}")]);
        }
        let mut shell =
            command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::inherit()).spawn()?;
        let (orders, answers) = (shell.stdin.take(), shell.stdout.take());
        let answers = BufReader::new(answers.ok_or_else(|| io::Error::other("no answers"))?);
        let (folder, programs) = (String::new(), programs.to_owned());
        let mut server = Self { shell, orders, answers, folder, programs, port };
        server.folder = server.answer()?;
        match server.answer()?.as_str() {
            "started" => Ok(server),
            other => Err(io::Error::other(format!("the server did not start: {other}"))),
        }
    }

    /// The address of a database over a local socket; no password is asked for.
    #[must_use]
    pub fn address(&self, database: &str) -> String {
        format!("postgres://postgres@{}:{}/{database}", self.folder.replace('/', "%2F"), self.port)
    }

    /// The address of a database over TCP, with a password.
    #[must_use]
    pub fn address_over_tcp(&self, database: &str) -> String {
        format!("postgres://postgres:{PASSWORD}@127.0.0.1:{}/{database}", self.port)
    }

    /// Where it listens on 127.0.0.1.
    #[must_use]
    pub fn port(&self) -> u16 {
        self.port
    }

    /// The folder that everything of it is in.
    #[must_use]
    pub fn folder(&self) -> &Path {
        Path::new(&self.folder)
    }

    /// Carries out SQL as the superuser, and answers what `psql` prints of it.
    ///
    /// # Errors
    /// What the server says against it.
    pub fn sql(&self, sql: &str) -> io::Result<String> {
        let answer = Command::new(self.programs.join("psql"))
            .args(["-X", "-q", "-A", "-t", "-v", "ON_ERROR_STOP=1", "-U", "postgres", "-d", "postgres"])
            .args(["-h", &self.folder, "-p", &self.port.to_string(), "-c", sql])
            .output()?;
        if answer.status.success() {
            Ok(String::from_utf8_lossy(&answer.stdout).trim_end().to_owned())
        } else {
            Err(io::Error::other(String::from_utf8_lossy(&answer.stderr).into_owned()))
        }
    }

    /// Stops it as a crash does: what was not on the disk yet is lost.
    ///
    /// # Errors
    /// When it has ended before.
    pub fn fall(&mut self) -> io::Result<()> {
        self.order("fall", "fallen")
    }

    /// Starts it again after [`fall`](Self::fall).
    ///
    /// # Errors
    /// When it does not start.
    pub fn rise(&mut self) -> io::Result<()> {
        self.order("rise", "started")
    }

    fn order(&mut self, order: &str, wanted: &str) -> io::Result<()> {
        let orders = self.orders.as_mut().ok_or_else(|| io::Error::other("the server is gone"))?;
        writeln!(orders, "{order}")?;
        match self.answer()? {
            answer if answer == wanted => Ok(()),
            answer => Err(io::Error::other(format!("{order}: {answer}"))),
        }
    }

    fn answer(&mut self) -> io::Result<String> {
        let mut line = String::new();
        if self.answers.read_line(&mut line)? == 0 {
            return Err(io::Error::other("the server has ended"));
        }
        Ok(line.trim_end().to_owned())
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // The script waits for orders, and tidies up when there are no more.
        drop(self.orders.take());
        let _ = self.shell.wait();
    }
}

fn free_port() -> io::Result<u16> {
    Ok(TcpListener::bind(("127.0.0.1", 0))?.local_addr()?.port())
}

/// The folder with the newest programs.
fn programs() -> Option<PathBuf> {
    let there =
        |folder: &PathBuf| ["initdb", "postgres"].iter().all(|program| folder.join(program).is_file());
    let path = env::var_os("PATH").unwrap_or_default();
    if let Some(found) = env::split_paths(&path).find(there) {
        // Where they are in truth, their siblings are too.
        let real = fs::canonicalize(found.join("initdb")).ok()?;
        return real.parent().map(Path::to_owned);
    }
    // Debian keeps them beside the path, in a folder for each version.
    let versions =
        fs::read_dir("/usr/lib/postgresql").ok()?.flatten().map(|version| version.path().join("bin"));
    let number = |folder: &PathBuf| {
        let version = folder.parent().and_then(Path::file_name).and_then(|name| name.to_str());
        version.and_then(|version| version.parse::<u32>().ok())
    };
    versions.filter(there).max_by_key(number)
}

/// `initdb` refuses to work for root.
fn as_ordinary_user() -> io::Result<Command> {
    let id = |of: &[&str]| -> io::Result<Option<String>> {
        let answer = Command::new("id").args(of).stderr(Stdio::null()).output()?;
        let number = String::from_utf8_lossy(&answer.stdout).trim().to_owned();
        Ok(answer.status.success().then_some(number))
    };
    if id(&["-u"])?.as_deref() != Some("0") {
        return Ok(Command::new("env"));
    }
    for user in ["postgres", "nobody"] {
        if let (Some(user), Some(group)) = (id(&["-u", user])?, id(&["-g", user])?) {
            let mut command = Command::new("setpriv");
            command.arg(format!("--reuid={user}")).arg(format!("--regid={group}")).arg("--clear-groups");
            return Ok(command);
        }
    }
    Err(io::Error::other("there is no ordinary user to start PostgreSQL as"))
}
