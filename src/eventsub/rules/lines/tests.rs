//! Stories of connections, told without any.

use super::*;
use chrono::DateTime;

const RETRY: Backoff = Backoff { first: Duration::from_secs(1), most: Duration::from_mins(2) };

fn lines() -> Lines {
    Lines::new(RETRY)
}

fn welcome(session: &str) -> Frame {
    Frame::Welcome { session: session.into(), keepalive: Duration::from_secs(10) }
}

fn said(id: &str, is_revocation: bool) -> Frame {
    let message = serde_json::from_str(r#"{"subscription":{"type":"stream.online"}}"#);
    Frame::Notification(Notification {
        id: id.into(),
        sent: DateTime::from_timestamp(0, 0).expect("an instant"),
        is_revocation,
        message,
    })
}

/// Effects in short: `open 1 home 0ms`, `subscribe 1 s1 0ms`, `take m1`, `hang up 1`, `reconcile`, `subscribed`.
fn told(effects: Vec<Effect>) -> Vec<String> {
    effects
        .into_iter()
        .map(|effect| match effect {
            Effect::Open(line, Address::Home, wait) => format!("open {line} home {}ms", wait.as_millis()),
            Effect::Open(line, Address::Given(url), wait) => {
                format!("open {line} {url} {}ms", wait.as_millis())
            }
            Effect::HangUp(line) => format!("hang up {line}"),
            Effect::Subscribe(line, session, wait) => {
                format!("subscribe {line} {session} {}ms", wait.as_millis())
            }
            Effect::Take(said) => format!("take {}", said.id),
            Effect::Reconcile => "reconcile".into(),
            Effect::Show(Standing::Trouble(trouble)) => trouble.code().into(),
            Effect::Show(standing) => format!("{standing:?}").to_lowercase(),
            Effect::GiveUp => "give up".into(),
        })
        .collect()
}

/// Dice of 1.0: waits without jitter.
fn step(lines: &mut Lines, input: Input) -> Vec<String> {
    told(lines.step(input, 1.0))
}

/// Lines of which the first lives, with session `s1`.
fn living() -> Lines {
    let mut lines = lines();
    lines.step(Input::Start, 1.0);
    lines.step(Input::Heard(1, welcome("s1")), 1.0);
    lines.step(Input::Subscribed(1, Ok(())), 1.0);
    lines.step(Input::Heard(1, Frame::Keepalive), 1.0);
    lines
}

#[test]
fn a_welcome_is_answered_by_subscribing_and_then_twitch_is_asked_who_is_live() {
    let mut lines = lines();
    assert_eq!(step(&mut lines, Input::Start), ["open 1 home 0ms", "connecting"]);
    assert_eq!(step(&mut lines, Input::Heard(1, welcome("s1"))), ["subscribe 1 s1 0ms"]);
    assert_eq!(step(&mut lines, Input::Subscribed(1, Ok(()))), ["reconcile", "subscribed"]);
    assert_eq!(step(&mut lines, Input::Heard(1, said("m1", false))), ["take m1"]);
}

#[test]
fn a_move_keeps_the_old_line_until_the_new_one_is_welcomed_and_hears_both() {
    let mut lines = living();
    let moving = step(&mut lines, Input::Heard(1, Frame::Reconnect("wss://there".into())));
    assert_eq!(moving, ["open 2 wss://there 0ms"]);
    assert_eq!(step(&mut lines, Input::Heard(1, said("m1", false))), ["take m1"]);
    assert_eq!(step(&mut lines, Input::Heard(2, welcome("s1"))), ["hang up 1", "subscribed"]);
    assert_eq!(step(&mut lines, Input::Heard(1, said("m2", false))), ["take m2"], "what was under way");
    assert_eq!(step(&mut lines, Input::Heard(2, said("m3", false))), ["take m3"]);
    assert!(step(&mut lines, Input::Ended(1, End::Closed(None))).is_empty());
}

#[test]
fn a_move_that_fails_begins_anew_beside_the_old_line_and_never_at_that_address_again() {
    let mut lines = living();
    lines.step(Input::Heard(1, Frame::Reconnect("wss://there".into())), 1.0);
    let failed = step(&mut lines, Input::Ended(2, End::Closed(Some(4007))));
    assert_eq!(failed, ["open 3 home 500ms"], "what is shown stays: the old line lives");
    assert_eq!(step(&mut lines, Input::Ended(1, End::Closed(Some(4004)))), ["connecting"]);
    assert_eq!(step(&mut lines, Input::Heard(3, welcome("s3"))), ["subscribe 3 s3 0ms"]);
    assert_eq!(step(&mut lines, Input::Subscribed(3, Ok(()))), ["reconcile", "subscribed"]);
}

#[test]
fn a_move_from_a_line_that_died_meanwhile_has_twitch_asked() {
    let mut lines = living();
    lines.step(Input::Heard(1, Frame::Reconnect("wss://there".into())), 1.0);
    assert_eq!(step(&mut lines, Input::Ended(1, End::Silent)), ["connecting"]);
    assert_eq!(step(&mut lines, Input::Heard(2, welcome("s1"))), ["reconcile", "subscribed"]);
}

#[test]
fn each_close_code_leads_to_a_new_line_soon_or_later() {
    for (code, wait) in [
        (Some(1001), 500),
        (Some(4000), 1_000),
        (Some(4001), 1_000),
        (Some(4002), 1_000),
        (Some(4003), 1_000),
        (Some(4004), 500),
        (Some(4005), 500),
        (Some(4006), 500),
        (Some(4007), 500),
        (Some(4999), 1_000),
        (None, 1_000),
    ] {
        let ended = step(&mut living(), Input::Ended(1, End::Closed(code)));
        assert_eq!(ended, [format!("open 2 home {wait}ms"), "connecting".into()], "{code:?}");
    }
    assert_eq!(step(&mut living(), Input::Ended(1, End::Silent))[0], "open 2 home 500ms");
}

#[test]
fn failures_in_a_row_wait_longer_and_longer_and_are_shown() {
    let mut lines = lines();
    lines.step(Input::Start, 1.0);
    let mut waits = Vec::new();
    for line in 1..=9 {
        let ended = step(&mut lines, Input::Ended(line, End::Unopened));
        waits.push(ended[0].split(' ').next_back().expect("a wait").to_owned());
        assert_eq!(ended[1], if line == 1 { "connecting" } else { "twitch_down" });
    }
    let doubled =
        ["1000ms", "2000ms", "4000ms", "8000ms", "16000ms", "32000ms", "64000ms", "120000ms", "120000ms"];
    assert_eq!(waits, doubled);
}

#[test]
fn a_line_that_lives_for_a_while_earns_a_quick_try_and_one_that_only_subscribes_does_not() {
    let mut lines = living();
    for line in 1..4 {
        lines.step(Input::Ended(line, End::Silent), 1.0);
        lines.step(Input::Heard(line + 1, welcome("s")), 1.0);
        lines.step(Input::Subscribed(line + 1, Ok(())), 1.0);
    }
    assert_eq!(step(&mut lines, Input::Ended(4, End::Silent))[0], "open 5 home 8000ms");
    lines.step(Input::Heard(5, welcome("s")), 1.0);
    lines.step(Input::Subscribed(5, Ok(())), 1.0);
    lines.step(Input::Heard(5, Frame::Keepalive), 1.0);
    assert_eq!(step(&mut lines, Input::Ended(5, End::Silent))[0], "open 6 home 500ms");
}

#[test]
fn waits_are_spread() {
    let opened = told(living().step(Input::Ended(1, End::Silent), 0.0));
    assert_eq!(opened[0], "open 2 home 0ms");
    let opened = told(living().step(Input::Ended(1, End::Closed(Some(4000))), 0.0));
    assert_eq!(opened[0], "open 2 home 500ms");
}

#[test]
fn what_cannot_be_subscribed_now_is_tried_again_on_the_same_line() {
    let mut lines = lines();
    lines.step(Input::Start, 1.0);
    lines.step(Input::Heard(1, welcome("s1")), 1.0);
    let refused = || Input::Subscribed(1, Err(Refusal::Again(Trouble::TooMany)));
    assert_eq!(step(&mut lines, refused()), ["subscribe 1 s1 1000ms", "too_many"]);
    assert_eq!(step(&mut lines, refused()), ["subscribe 1 s1 2000ms", "too_many"]);
    assert_eq!(step(&mut lines, Input::Heard(1, said("m1", false))), ["take m1"], "it hears already");
    assert_eq!(step(&mut lines, Input::Subscribed(1, Ok(()))), ["reconcile", "subscribed"]);
}

#[test]
fn a_session_that_twitch_does_not_know_is_left_for_a_new_one() {
    let mut lines = lines();
    lines.step(Input::Start, 1.0);
    lines.step(Input::Heard(1, welcome("s1")), 1.0);
    let dead = step(&mut lines, Input::Subscribed(1, Err(Refusal::Dead)));
    assert_eq!(dead, ["hang up 1", "open 2 home 1000ms", "connecting"]);
    assert!(step(&mut lines, Input::Subscribed(1, Ok(()))).is_empty(), "it is nobody's any more");
}

#[test]
fn a_lost_grant_ends_it_all_at_once() {
    let mut lines = living();
    lines.step(Input::Heard(1, Frame::Reconnect("wss://there".into())), 1.0);
    let lost = step(&mut lines, Input::Subscribed(1, Err(Refusal::GrantLost)));
    assert_eq!(lost, ["hang up 1", "hang up 2", "grant_lost", "give up"]);
    assert!(step(&mut lines, Input::Ended(1, End::Closed(None))).is_empty(), "and nothing begins again");
    assert!(step(&mut lines, Input::Ended(2, End::Closed(None))).is_empty());
}

#[test]
fn a_revocation_is_taken_shown_and_subscribed_anew_also_in_the_middle_of_a_move() {
    let mut lines = living();
    let revoked = step(&mut lines, Input::Heard(1, said("m1", true)));
    assert_eq!(revoked, ["take m1", "subscribe 1 s1 1000ms", "revoked"]);
    lines.step(Input::Heard(1, Frame::Reconnect("wss://there".into())), 1.0);
    let moved = step(&mut lines, Input::Heard(2, welcome("s1")));
    assert_eq!(moved, ["hang up 1", "subscribe 2 s1 0ms"]);
    assert_eq!(step(&mut lines, Input::Subscribed(2, Ok(()))), ["reconcile", "subscribed"]);
}

#[test]
fn a_line_that_is_moved_before_it_lives_is_begun_anew() {
    let mut lines = lines();
    lines.step(Input::Start, 1.0);
    lines.step(Input::Heard(1, welcome("s1")), 1.0);
    let moved = step(&mut lines, Input::Heard(1, Frame::Reconnect("wss://there".into())));
    assert_eq!(moved, ["hang up 1", "open 2 home 1000ms", "connecting"]);
}

#[test]
fn being_asked_to_move_while_moving_changes_nothing() {
    let mut lines = living();
    lines.step(Input::Heard(1, Frame::Reconnect("wss://there".into())), 1.0);
    assert!(step(&mut lines, Input::Heard(1, Frame::Reconnect("wss://elsewhere".into()))).is_empty());
    assert_eq!(step(&mut lines, Input::Heard(2, welcome("s1"))), ["hang up 1", "subscribed"]);
    let next = step(&mut lines, Input::Heard(2, Frame::Reconnect("wss://elsewhere".into())));
    assert_eq!(next, ["open 3 wss://elsewhere 0ms"]);
}

mod properties {
    use super::*;
    use proptest::prelude::*;
    use std::collections::BTreeSet;

    /// A world that answers in any order: which inputs are possible, chosen by a number.
    fn input(open: &BTreeSet<Line>, choice: usize, line: usize) -> Option<Input> {
        let line = *open.iter().nth(line % open.len().max(1))?;
        Some(match choice {
            0..=2 => Input::Heard(line, welcome("s")),
            3..=5 => Input::Subscribed(line, Ok(())),
            6 => Input::Subscribed(line, Err(Refusal::Again(Trouble::TwitchDown))),
            7 => Input::Subscribed(line, Err(Refusal::Dead)),
            8 => Input::Heard(line, Frame::Reconnect("wss://there".into())),
            9 => Input::Heard(line, said("m", true)),
            10 => Input::Heard(line, Frame::Keepalive),
            11 => Input::Ended(line, End::Closed(Some(4007))),
            _ => Input::Ended(line, End::Silent),
        })
    }

    proptest! {
        /// Whatever happens, there is always a line that lives or comes, and never more than three at Twitch.
        #[test]
        fn somebody_always_listens_or_is_about_to(steps in prop::collection::vec((0..14_usize, 0..3_usize), 0..200)) {
            let mut lines = lines();
            let (mut open, mut leaving) = (BTreeSet::new(), BTreeSet::new());
            let mut effects = lines.step(Input::Start, 0.5);
            for (choice, line) in steps {
                for effect in effects.drain(..) {
                    match effect {
                        Effect::Open(line, ..) => drop(open.insert(line)),
                        Effect::HangUp(line) => drop(leaving.insert(line)),
                        Effect::GiveUp => prop_assert!(false, "no grant was lost"),
                        _ => {}
                    }
                }
                open.retain(|line| !leaving.contains(line));
                prop_assert!(lines.live.is_some() || lines.coming.is_some());
                let known = [lines.live.as_ref().map(|one| one.line), lines.coming.as_ref().map(|one| one.line)];
                prop_assert_eq!(&open, &known.into_iter().flatten().collect::<BTreeSet<_>>());
                if let Some(input) = input(&open, choice, line) {
                    if let Input::Ended(line, _) = &input {
                        open.remove(line);
                    }
                    effects = lines.step(input, 0.5);
                }
            }
        }
    }
}
