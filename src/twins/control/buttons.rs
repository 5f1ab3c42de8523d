//! The buttons of the control page: each carries an act as JSON.

use crate::twins::act::{Act, Deed};
use crate::twins::world::{BroadcastKind, Endpoint, Fault, FaultKind, RetryAfter, Rotation, Times};

/// One button.
pub(super) struct Button {
    pub(super) label: &'static str,
    /// The act, as JSON.
    pub(super) act: String,
}

/// Buttons that belong together.
pub(super) struct Group {
    /// Rarely needed: folded away.
    pub(super) rare: bool,
    pub(super) title: &'static str,
    /// What to know before pressing; may be empty.
    pub(super) hint: &'static str,
    pub(super) buttons: Vec<Button>,
}

/// Why the buttons that end tracking stand apart.
const LASTING: &str = "The server obeys and stops looking for that long; “All well again” does not shorten it. A limit \
    is the app's, so it stops everybody. A revoked link only the server's owner can make anew. To undo all \
    this, start the demo again.";

/// All that a person can do.
pub(super) fn groups(login: &str) -> Vec<Group> {
    let group = |title, rare, deeds: Vec<(&'static str, Deed)>| Group {
        rare,
        title,
        hint: "",
        buttons: deeds.into_iter().map(|(label, deed)| button(login, label, deed)).collect(),
    };
    vec![
        group("Stream", false, stream()),
        group("Player", false, player()),
        group("Instead of music", false, interludes()),
        group("Link", true, link()),
        group("Trouble", true, trouble()),
        Group { hint: LASTING, ..group("Trouble that ends tracking", true, lasting_trouble()) },
    ]
}

fn button(login: &str, label: &'static str, deed: Deed) -> Button {
    Button { label, act: serde_json::to_string(&Act::of(login, deed)).unwrap_or_default() }
}

fn stream() -> Vec<(&'static str, Deed)> {
    vec![
        ("Go live", Deed::GoLive { kind: BroadcastKind::Live }),
        ("Go offline", Deed::GoOffline),
        ("Start a rerun", Deed::GoLive { kind: BroadcastKind::Rerun }),
        ("Change the title", Deed::UpdateChannel),
        ("Revoke subscriptions", Deed::RevokeSubscriptions),
        ("Revoke Twitch", Deed::RevokeTwitch),
    ]
}

fn player() -> Vec<(&'static str, Deed)> {
    vec![
        ("Play something", Deed::PlayAny),
        ("Queue something", Deed::QueueAny),
        ("Skip", Deed::Skip),
        ("Pause", Deed::Pause),
        ("Resume", Deed::Resume),
        ("Back to the start", Deed::Seek { millis: 0 }),
        ("Close player", Deed::StopPlayer),
        ("Lose device", Deed::LoseDevice),
    ]
}

fn interludes() -> Vec<(&'static str, Deed)> {
    vec![
        ("Ad, 30 s", Deed::Ad { millis: 30_000 }),
        ("Podcast, 30 min", Deed::Episode { millis: 1_800_000 }),
        ("Local file, 3 min", Deed::Local { millis: 180_000 }),
        ("Unknown", Deed::Unknown),
        ("Private session", Deed::Private { on: true }),
        ("End private session", Deed::Private { on: false }),
    ]
}

fn link() -> Vec<(&'static str, Deed)> {
    vec![
        ("Expire token", Deed::ExpireToken),
        ("Rotate refresh tokens", Deed::Rotate { rotation: Rotation::Always }),
        ("Keep refresh tokens", Deed::Rotate { rotation: Rotation::Never }),
    ]
}

fn trouble() -> Vec<(&'static str, Deed)> {
    let always = |kind| Deed::Fault(Fault::new(kind));
    vec![
        ("Rate limit, 30 s", Deed::Fault(Fault::rate_limit(30))),
        ("500, once", Deed::Fault(Fault::new(FaultKind::Status(500)).once())),
        ("500", always(FaultKind::Status(500))),
        ("502", always(FaultKind::Status(502))),
        ("Timeout", always(FaultKind::Hang)),
        ("Nonsense", always(FaultKind::Nonsense)),
        ("A web page", always(FaultKind::Html)),
        ("Refresh fails", Deed::Fault(Fault::new(FaultKind::Status(503)).at(Endpoint::RefreshGrant))),
        ("All well again", Deed::ClearFaults),
    ]
}

/// The server looks again after minutes, hours, or never.
fn lasting_trouble() -> Vec<(&'static str, Deed)> {
    let day = FaultKind::QuotaExceeded(RetryAfter::Seconds(86_236));
    vec![
        ("Revoke link (ends tracking)", Deed::RevokeLink),
        (
            "Rate limit, no header (minutes)",
            Deed::Fault(Fault::new(FaultKind::RateLimited(RetryAfter::Absent)).once()),
        ),
        ("Rate limit, 1 h", Deed::Fault(Fault::rate_limit(3_600))),
        ("Quota, 1 day", Deed::Fault(Fault::new(day).times(Times::Millis(86_236_000)))),
        ("Premium required (1 h)", Deed::Fault(Fault::new(FaultKind::PremiumRequired))),
        ("Not on the list (1 h)", Deed::Fault(Fault::new(FaultKind::NotAllowListed))),
    ]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_button_carries_an_act_that_reads_back_as_it_was_written() {
        let deeds = [stream(), player(), interludes(), link(), trouble(), lasting_trouble()].concat();
        let buttons = groups("ann").into_iter().flat_map(|group| group.buttons);
        for ((label, deed), button) in deeds.into_iter().zip(buttons) {
            let act: Act = serde_json::from_str(&button.act).expect(label);
            assert_eq!((button.label, act), (label, Act::of("ann", deed)));
        }
    }
}
