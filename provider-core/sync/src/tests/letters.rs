//! What letters say, word for word. `UPDATE_LETTERS=1` writes them anew.

use chrono::{DateTime, Utc};
use provider_core::EntityKind;

use crate::notify::{Alert, AlertKind, SettingToFix, StopCause, StopReason};
use crate::plan::Mailbox;

fn at(time: &str) -> DateTime<Utc> {
    time.parse().unwrap()
}

fn letter(about: AlertKind, cause: StopCause) -> Alert {
    let stopped = about == AlertKind::Stopped;
    Alert {
        id: "0123456789abcdef0123456789abcdef".to_owned(),
        about,
        connection: "pax8".to_owned(),
        recipient: Mailbox("billing@example.com".to_owned()),
        cause,
        last_good: Some(at("2026-11-20T08:00:00Z")),
        stopped_at: at("2026-11-21T09:15:00Z"),
        next_probe: stopped.then(|| at("2026-11-21T09:30:00Z")),
        written_at: if stopped { at("2026-11-21T09:15:00Z") } else { at("2026-11-21T11:00:00Z") },
    }
}

fn secret() -> SettingToFix {
    SettingToFix::new("Client secret", "PAX8_CLIENT_SECRET")
        .found_in("Pax8 portal: your name at the top right, Integrations, new integration")
}

fn letters() -> Vec<(&'static str, Alert)> {
    use AlertKind::{Stopped, WorksAgain};
    let cause = |reason, message: &str, setting: Option<SettingToFix>| {
        StopCause::new(reason, message).with_setting(setting)
    };
    let refused = "5 runs in a row failed; the last one because of this: the distributor refused PAX8_CLIENT_ID and \
                   PAX8_CLIENT_SECRET (invalid_client): make a new integration";
    let lost = "the credentials need a new value: the distributor refused the stored successor of \
                STREAMONE_REFRESH_TOKEN, so it has expired, was revoked or was used elsewhere";
    let token = SettingToFix::new("Refresh token", "STREAMONE_REFRESH_TOKEN")
        .found_in("Settings, Users, edit the integration user, OAuth credentials, Request New Credentials");
    let down = "5 runs in a row failed; the last one because of this: api.example.com: connection refused";
    let endpoint = SettingToFix::new("Endpoint URL", "PAX8_BASE_URL")
        .found_in("Only if the distributor has moved; otherwise wait until it is back");
    let gone = "the plan no longer fits: 13:41: kinds[0].fields[2].local: the application has no `phone`; there is \
                name, number";
    let mut never = letter(Stopped, cause(StopReason::Runs, "5 runs in a row failed; throttled", None));
    (never.last_good, never.connection) = (None, "a name\r\nBcc: all@example.com".to_owned());
    vec![
        ("credentials", letter(Stopped, cause(StopReason::Credentials, lost, Some(token)))),
        ("secret", letter(Stopped, cause(StopReason::Runs, refused, Some(secret())))),
        (
            "right",
            letter(
                Stopped,
                cause(
                    StopReason::Right,
                    "subscriptions can no longer be listed: not yours",
                    Some(SettingToFix::right(EntityKind::Subscription, "kinds[2]")),
                ),
            ),
        ),
        (
            "plan",
            letter(
                Stopped,
                cause(StopReason::Plan, gone, Some(SettingToFix::of_plan("kinds[0].fields[2].local"))),
            ),
        ),
        ("outage", letter(Stopped, cause(StopReason::Runs, down, Some(endpoint)))),
        ("nothing", never),
        ("works_again", letter(WorksAgain, cause(StopReason::Runs, refused, Some(secret())))),
    ]
}

#[test]
fn letters_say_what_to_change_word_for_word() {
    for (name, alert) in letters() {
        let text = format!("Subject: {}\n\n{}", alert.subject(), alert.text());
        let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR"))
            .join("src/tests/letters")
            .join(format!("{name}.txt"));
        if std::env::var_os("UPDATE_LETTERS").is_some() {
            std::fs::create_dir_all(path.parent().unwrap()).unwrap();
            std::fs::write(&path, &text).unwrap();
        }
        let known = std::fs::read_to_string(&path).unwrap_or_default();
        assert_eq!(text, known, "{name}: run the test with UPDATE_LETTERS=1 where this is meant");
    }
}

#[test]
fn a_letter_holds_one_subject_and_no_line_of_anybody_else() {
    let evil = "x\r\nBcc: all@example.com\u{0}\u{7f}";
    let setting = SettingToFix::new(evil, "a\nb").found_in("c\r\nd");
    let mut alert =
        letter(AlertKind::Stopped, StopCause::new(StopReason::Setting, evil).with_setting(Some(setting)));
    alert.connection = evil.to_owned();
    for alert in [alert.clone(), Alert { about: AlertKind::WorksAgain, ..alert }] {
        assert!(!alert.subject().contains(char::is_control), "{:?}", alert.subject());
        let text = alert.text();
        assert!(text.lines().all(|line| !line.starts_with("Bcc") && line.chars().count() < 700), "{text}");
        assert!(!text.contains(|c: char| c.is_control() && c != '\n'), "{text:?}");
    }
}

#[test]
fn a_long_message_is_cut() {
    let alert = letter(AlertKind::Stopped, StopCause::new(StopReason::Setting, "long ".repeat(5000)));
    assert!(alert.text().len() < 2000);
}
