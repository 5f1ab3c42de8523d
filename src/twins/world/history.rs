//! What Spotify remembers of an evening: recently-played. It is late, it is short, and it leaves things out.

use super::item::{Heard, ItemKind};
use crate::base::clock::Instant;
use std::time::Duration;

/// Which instant `played_at` is: documented only as "when played", seen both ways.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stamp {
    /// When the play began.
    Start,
    /// When it was over.
    End,
}

/// How this world's recently-played behaves.
#[derive(Debug, Clone, Copy)]
pub struct HistoryRules {
    /// Plays heard for no longer than this are left out (30 s).
    pub least_heard: Duration,
    /// How long after its end a play is reported (at once).
    pub delay: Duration,
    /// Whether a play that was cut short is reported (no).
    pub keeps_skipped: bool,
    /// Which instant is reported (the start).
    pub stamp: Stamp,
    /// How many plays in a thousand are never reported at all (none).
    pub lost: u32,
    /// How many plays are kept (50).
    pub depth: usize,
}

impl Default for HistoryRules {
    fn default() -> Self {
        Self {
            least_heard: Duration::from_secs(30),
            delay: Duration::ZERO,
            keeps_skipped: false,
            stamp: Stamp::Start,
            lost: 0,
            depth: 50,
        }
    }
}

impl HistoryRules {
    /// Whether Spotify will ever tell of this play: catalogue tracks only, not private, heard long enough.
    #[must_use]
    pub fn keeps(&self, play: &Heard) -> bool {
        matches!(play.item.kind, ItemKind::Track(_))
            && !play.private
            && play.heard > self.least_heard
            && (self.keeps_skipped || !play.skipped)
            && !self.loses(play)
    }

    /// Always the same plays are lost, spread by the millisecond they began at.
    fn loses(&self, play: &Heard) -> bool {
        const SPREAD: i64 = 7_919;
        let lot = (play.started_at.timestamp_millis() % 1_000_003 * SPREAD).rem_euclid(1_000);
        lot < i64::from(self.lost)
    }

    /// The `played_at` of a play.
    #[must_use]
    pub fn played_at(&self, play: &Heard) -> Instant {
        match self.stamp {
            Stamp::Start => play.started_at,
            Stamp::End => play.ended_at,
        }
    }
}

/// Which part of the history is asked for; both bounds are exclusive.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Window {
    /// The newest.
    Newest,
    /// Played after this instant.
    After(Instant),
    /// Played before this instant.
    Before(Instant),
}

/// One page of recently-played.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Page {
    /// Plays with their `played_at`, newest first.
    pub plays: Vec<(Instant, Heard)>,
    /// Whether older plays are left.
    pub more: bool,
}

/// The plays of `all` (oldest first) that Spotify tells at `now`: newest first, `limit` at most. After an
/// instant these are the oldest that follow it, so that paging forwards leaves nothing out.
pub(super) fn page(all: &[Heard], rules: &HistoryRules, window: Window, limit: usize, now: Instant) -> Page {
    let told = |play: &&Heard| rules.keeps(play) && play.ended_at + rules.delay <= now;
    let mut known: Vec<_> =
        all.iter().filter(told).map(|play| (rules.played_at(play), play.clone())).collect();
    known.drain(..known.len().saturating_sub(rules.depth));
    known.retain(|(at, _)| match window {
        Window::Newest => true,
        Window::After(bound) => *at > bound,
        Window::Before(bound) => *at < bound,
    });
    let surplus = known.len().saturating_sub(limit);
    let mut plays = match window {
        Window::After(_) => known.split_off(0).into_iter().take(limit).collect(),
        _ => known.split_off(surplus),
    };
    plays.reverse();
    Page { plays, more: surplus > 0 }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::twins::world::{Cue, TrackRef, World};
    use chrono::DateTime;

    fn at(seconds: i64) -> Instant {
        DateTime::from_timestamp(1_795_204_800 + seconds, 0).expect("an instant")
    }

    fn secs(n: u64) -> Duration {
        Duration::from_secs(n)
    }

    /// Ann plays three tracks of a minute each from second 0.
    fn evening() -> World {
        let mut world = World::new(1);
        let cues: Vec<Cue> = (0..3).map(|n| Cue::lasting(TrackRef(n), secs(60))).collect();
        world.play_all("ann", &cues, at(0));
        world
    }

    fn titles(page: &Page) -> Vec<&str> {
        page.plays.iter().map(|(_, play)| play.item.kind.name()).collect()
    }

    #[test]
    fn history_is_newest_first_and_leaves_out_what_spotify_leaves_out() {
        let mut world = evening();
        world.skip("ann", at(100));
        world.play_local("ann", "Demo", "Me", secs(60), at(120));
        world.start_episode("ann", "Episode", secs(60), at(180));
        world.play("ann", Cue::lasting(TrackRef(7), secs(20)), at(240));
        world.play("ann", Cue::lasting(TrackRef(8), secs(60)), at(270));
        world.set_private("ann", true, at(275));
        world.look("ann", at(331));
        world.set_private("ann", false, at(332));
        world.play("ann", Cue::lasting(TrackRef(9), secs(60)), at(340));
        let ninth = world.catalogue.track(TrackRef(9)).name.clone();
        let page = world.history("ann", Window::Newest, 20, at(400));
        assert_eq!(titles(&page), [ninth.as_str(), "Slow Harbour"]);
        assert_eq!(page.plays[0].0, at(340));
    }

    #[test]
    fn history_can_stamp_the_end_come_late_and_keep_skipped_tracks() {
        let mut world = evening();
        world.history_rules.stamp = Stamp::End;
        world.history_rules.delay = secs(600);
        world.history_rules.keeps_skipped = true;
        world.skip("ann", at(100));
        assert!(world.history("ann", Window::Newest, 20, at(650)).plays.is_empty());
        assert_eq!(world.history("ann", Window::Newest, 20, at(660)).plays[0].0, at(60));
        assert_eq!(world.history("ann", Window::Newest, 20, at(700)).plays[0].0, at(100));
    }

    #[test]
    fn history_is_paged_both_ways_without_leaving_anything_out() {
        let mut world = World::new(1);
        (0..10).for_each(|n| world.queue("ann", Cue::lasting(TrackRef(n), secs(60)), at(0)));
        let stamps = |page: &Page| {
            page.plays.iter().map(|(at, _)| (*at - self::at(0)).num_minutes()).collect::<Vec<_>>()
        };
        let newest = world.history("ann", Window::Newest, 3, at(600));
        assert_eq!((stamps(&newest), newest.more), (vec![9, 8, 7], true));
        let older = world.history("ann", Window::Before(at(420)), 50, at(600));
        assert_eq!((stamps(&older), older.more), ((0..7).rev().collect(), false));
        let after = world.history("ann", Window::After(at(120)), 3, at(600));
        assert_eq!((stamps(&after), after.more), (vec![5, 4, 3], true));
    }
}
