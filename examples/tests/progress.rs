//! Progress on a terminal: it moves with every record that is written, and while none comes.

#![allow(clippy::unwrap_used, clippy::panic, missing_docs, reason = "a failed unwrap is a failed test")]

#[path = "../export_columns.rs"]
mod export_columns;
#[path = "../export_rate.rs"]
mod export_rate;
#[path = "../export_writer.rs"]
#[allow(dead_code, reason = "what only the example needs")]
mod export_writer;
#[path = "../sync/progress.rs"]
mod sync_progress;

use std::io;
use std::sync::Mutex;
use std::sync::mpsc::{Receiver, Sender, channel};
use std::time::{Duration, Instant};

use export_writer::Writer;
use indicatif::{ProgressDrawTarget, TermLike};
use provider_core::{Customer, EntityKind};
use provider_sync::{KindReport, SyncEvent, SyncObserver as _};
use sync_progress::Bars;

/// A terminal that hands on each line that is drawn on it.
#[derive(Debug)]
struct Terminal(Mutex<Sender<String>>);

impl Terminal {
    fn hand_on(&self, text: &str) -> io::Result<()> {
        if !text.trim().is_empty() {
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

/// What is drawn on it.
struct Drawn(Receiver<String>);

fn terminal() -> (ProgressDrawTarget, Drawn) {
    let (hand, drawn) = channel();
    (ProgressDrawTarget::term_like(Box::new(Terminal(Mutex::new(hand)))), Drawn(drawn))
}

impl Drawn {
    /// Waits for a line with this in it.
    fn shows(&self, wanted: &str) -> String {
        let until = Instant::now() + Duration::from_secs(60);
        let mut last = String::new();
        while let Ok(line) = self.0.recv_timeout(until.saturating_duration_since(Instant::now())) {
            if line.contains(wanted) {
                return line;
            }
            last = line;
        }
        panic!("{wanted} was never shown, and in the end it was: {last}");
    }
}

struct Scene {
    writer: Writer,
    drawn: Drawn,
    _folder: tempfile::TempDir,
}

fn scene() -> Scene {
    let folder = tempfile::tempdir().unwrap();
    let (target, drawn) = terminal();
    let file = folder.path().join("customers.ndjson");
    let writer = Writer::drawing(Some(&file), false, EntityKind::Customer, target).unwrap();
    Scene { writer, drawn, _folder: folder }
}

impl Scene {
    fn shows(&self, wanted: &str) -> String {
        self.drawn.shows(wanted)
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

fn counted(kind: EntityKind, listed: u64, created: u64, unchanged: u64) -> KindReport {
    let mut report = KindReport::new(kind);
    (report.listed, report.created, report.unchanged) = (listed, created, unchanged);
    report
}

#[test]
fn a_sync_has_a_bar_for_each_kind() {
    let (target, drawn) = terminal();
    let bars = Bars::drawing(target);
    // How many there will be is not known the first time.
    bars.event(&SyncEvent::Begun { kind: EntityKind::Customer, expected: None });
    bars.event(&SyncEvent::Page(counted(EntityKind::Customer, 200, 200, 0)));
    let line = drawn.shows("200 changed, 0 as they were");
    assert!(line.starts_with("customers"), "{line}");
    bars.event(&SyncEvent::Ended(counted(EntityKind::Customer, 250, 250, 0)));
    drawn.shows("250 changed, 0 as they were");
    // The next kind has a bar of its own, and the first one stays.
    bars.event(&SyncEvent::Begun { kind: EntityKind::InvoiceLine, expected: Some(10) });
    bars.event(&SyncEvent::Page(counted(EntityKind::InvoiceLine, 4, 1, 3)));
    let line = drawn.shows("1 changed, 3 as they were");
    assert!(line.starts_with("invoice lines") && line.contains("4/10"), "{line}");
    assert!(drawn.shows("250 changed").starts_with("customers"));
    // There are fewer than the last time: what there is is everything.
    bars.event(&SyncEvent::Ended(counted(EntityKind::InvoiceLine, 8, 1, 7)));
    let line = drawn.shows("8/8");
    assert!(line.contains("1 changed, 7 as they were"), "{line}");
    bars.end();
}

#[test]
fn where_nobody_looks_no_bar_is_made() {
    let bars = Bars::drawing(ProgressDrawTarget::hidden());
    bars.event(&SyncEvent::Begun { kind: EntityKind::Customer, expected: Some(10) });
    assert!(!format!("{bars:?}").contains("Customer"), "{bars:?}");
}
