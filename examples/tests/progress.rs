//! Progress on a terminal: it moves with every record that is written, and while none comes.

#![allow(clippy::unwrap_used, clippy::panic, missing_docs, reason = "a failed unwrap is a failed test")]

#[path = "../export_columns.rs"]
mod export_columns;
#[path = "../export_rate.rs"]
mod export_rate;
#[path = "../export_writer.rs"]
#[allow(dead_code, reason = "what only the example needs")]
mod export_writer;

use std::io;
use std::sync::Mutex;
use std::sync::mpsc::{Receiver, Sender, channel};
use std::time::{Duration, Instant};

use export_writer::Writer;
use indicatif::{ProgressDrawTarget, TermLike};
use provider_core::{Customer, EntityKind};

/// A terminal that hands on each line that is drawn on it.
#[derive(Debug)]
struct Terminal(Mutex<Sender<String>>);

impl Terminal {
    fn hand_on(&self, text: &str) -> io::Result<()> {
        if text.contains(" of ") {
            // Nobody listens any more at the end of a test.
            let _ = self.0.lock().unwrap().send(text.trim().to_owned());
        }
        Ok(())
    }
}

impl TermLike for Terminal {
    fn width(&self) -> u16 {
        100
    }

    fn move_cursor_up(&self, _: usize) -> io::Result<()> {
        Ok(())
    }

    fn move_cursor_down(&self, _: usize) -> io::Result<()> {
        Ok(())
    }

    fn move_cursor_right(&self, _: usize) -> io::Result<()> {
        Ok(())
    }

    fn move_cursor_left(&self, _: usize) -> io::Result<()> {
        Ok(())
    }

    fn write_line(&self, text: &str) -> io::Result<()> {
        self.hand_on(text)
    }

    fn write_str(&self, text: &str) -> io::Result<()> {
        self.hand_on(text)
    }

    fn clear_line(&self) -> io::Result<()> {
        Ok(())
    }

    fn flush(&self) -> io::Result<()> {
        Ok(())
    }
}

struct Scene {
    writer: Writer,
    drawn: Receiver<String>,
    _folder: tempfile::TempDir,
}

fn scene() -> Scene {
    let folder = tempfile::tempdir().unwrap();
    let (hand, drawn) = channel();
    let target = ProgressDrawTarget::term_like(Box::new(Terminal(Mutex::new(hand))));
    let file = folder.path().join("customers.ndjson");
    let writer = Writer::drawing(Some(&file), false, EntityKind::Customer, target).unwrap();
    Scene { writer, drawn, _folder: folder }
}

impl Scene {
    /// Waits for a line with this in it.
    fn shows(&self, wanted: &str) -> String {
        let until = Instant::now() + Duration::from_secs(60);
        let mut last = String::new();
        while let Ok(line) = self.drawn.recv_timeout(until.saturating_duration_since(Instant::now())) {
            if line.contains(wanted) {
                return line;
            }
            last = line;
        }
        panic!("{wanted} was never shown, and in the end it was: {last}");
    }

    fn write(&mut self, records: usize, declared: Option<u64>) {
        for at in 0..records {
            self.writer.write(&Customer::new(at.to_string(), "Example Bakery"), declared).unwrap();
        }
    }
}

#[test]
fn the_bar_moves_with_every_record() {
    let mut scene = scene();
    for at in 1..=3 {
        scene.write(1, Some(25));
        let line = scene.shows(&format!("{at} of 25"));
        assert!(!line.contains("/s") || line.contains("records/s"), "{line}");
    }
    // Without a number that was declared it counts all the same.
    let mut scene = self::scene();
    scene.write(4, None);
    scene.shows("4 of ");
}

#[test]
fn the_bar_moves_while_nothing_comes() {
    let mut scene = scene();
    scene.write(2, Some(25));
    let first = scene.shows("2 of 25");
    let spinner = |line: &str| line.chars().next();
    // It is drawn anew by itself, and another picture each time.
    let moved = (0..100).map(|_| scene.shows("2 of 25")).any(|line| spinner(&line) != spinner(&first));
    assert!(moved, "it stands still: {first}");
}

#[test]
fn a_further_list_comes_on_top_of_what_is_written() {
    // Lines are listed document by document: what one declares is not the whole.
    let mut scene = scene();
    scene.writer.begin();
    scene.write(3, Some(3));
    scene.shows("3 of 3");
    scene.writer.begin();
    scene.write(1, Some(5));
    scene.shows("4 of 8");
}
