//! A mail server on this machine, which does with letters what it is told.

use std::collections::BTreeSet;
use std::io::{BufRead as _, BufReader, Write as _};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Mutex, MutexGuard};

/// What it took, and what it does not take.
#[derive(Debug, Default)]
pub(crate) struct Post {
    pub(crate) letters: Vec<String>,
    /// Nobody is let in: the answer repeats what was said.
    pub(crate) refuses_passwords: bool,
    /// It knows none of these.
    pub(crate) unknown: BTreeSet<String>,
    /// The mailboxes of these are full.
    pub(crate) full: BTreeSet<String>,
}

/// The mail server.
#[derive(Debug)]
pub(crate) struct Sink {
    pub(crate) url: String,
    state: Arc<Mutex<Post>>,
}

impl Sink {
    pub(crate) fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let url = format!("smtp://{}", listener.local_addr().unwrap());
        let state: Arc<Mutex<Post>> = Arc::default();
        let own = Arc::clone(&state);
        std::thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let _ = talk(stream, &own);
            }
        });
        Self { url, state }
    }

    pub(crate) fn state(&self) -> MutexGuard<'_, Post> {
        self.state.lock().unwrap()
    }

    pub(crate) fn letters(&self) -> Vec<String> {
        self.state().letters.clone()
    }

    /// What one person has, in order, as it is read: long lines are broken in letters.
    pub(crate) fn letters_to(&self, person: &str) -> Vec<String> {
        let to = format!("To: {person}");
        let own = |letter: &String| letter.lines().any(|line| line == to);
        self.letters().into_iter().filter(own).map(|letter| letter.replace("=\n", "")).collect()
    }
}

/// The answer to who a letter is for.
fn recipient(line: &str, state: &Mutex<Post>) -> &'static [u8] {
    let person = line.trim_start_matches("RCPT TO:<").trim_end_matches('>');
    let state = state.lock().unwrap();
    if state.unknown.contains(person) {
        return b"550 5.1.1 nobody here\r\n";
    }
    if state.full.contains(person) {
        return b"452 4.2.2 full\r\n";
    }
    b"250 fine\r\n"
}

fn talk(stream: TcpStream, state: &Mutex<Post>) -> std::io::Result<()> {
    let (mut lines, mut stream) = (BufReader::new(stream.try_clone()?).lines(), stream);
    stream.write_all(b"220 ready\r\n")?;
    while let Some(line) = lines.next().transpose()? {
        let repeated = format!("535 5.7.8 not {line}\r\n");
        let answer: &[u8] = match line.split(' ').next().unwrap_or_default() {
            "EHLO" => b"250-sink\r\n250-AUTH PLAIN LOGIN\r\n250 8BITMIME\r\n",
            "AUTH" if state.lock().unwrap().refuses_passwords => repeated.as_bytes(),
            "AUTH" => b"235 welcome\r\n",
            "RCPT" => recipient(&line, state),
            "DATA" => {
                stream.write_all(b"354 go on\r\n")?;
                let mut text = String::new();
                while let Some(line) = lines.next().transpose()?.filter(|line| line != ".") {
                    text.push_str(&line);
                    text.push('\n');
                }
                state.lock().unwrap().letters.push(text);
                b"250 taken\r\n"
            }
            "QUIT" => b"221 bye\r\n",
            _ => b"250 fine\r\n",
        };
        stream.write_all(answer)?;
    }
    Ok(())
}
