//! What the streamer does not want in the list: what was heard in a pause, and what is to be ignored.

use super::*;

impl Evening {
    /// The streamer did not want to be followed.
    fn paused(mut self, from: i64, to: Option<i64>) -> Self {
        let gap = Gap::opened(&stream(), at(from), Reason::Paused);
        self.record.gaps.push(Gap { to: to.map(at), ..gap });
        self
    }

    fn ignored(mut self, name: &str, second: i64) -> Self {
        let Track { uri, duration_ms, .. } = track(name);
        let ignored = Ignored { stream_id: stream().id, uri, duration_ms, started_at: at(second) };
        self.record.plays.push(Known::ignored(&stream(), &ignored));
        self.record.plays.sort_by_key(|known| known.play.started_at);
        self
    }

    /// The list without what was ignored.
    fn listed(&self) -> Vec<(&str, i64)> {
        self.list().into_iter().filter(|(name, _)| !name.is_empty()).collect()
    }
}

#[test]
fn what_was_heard_in_a_pause_stays_out_whichever_way_it_is_stamped() {
    let heard = [("m", 0), ("n", 120), ("o", 277), ("p", 471), ("q", 702)];
    let ends = heard.map(|(name, start)| (name, start + length(name)));
    for reports in [heard, ends] {
        let evening = noticed(&[("m", 0), ("q", 702)]).paused(110, Some(700)).reported(&reports);
        let evening = evening.heals_to(&[("m", 0), ("q", 702)]);
        assert!(!evening.record.gaps[0].healed, "a pause is never healed");
    }
}

#[test]
fn a_pause_that_lasts_forbids_what_comes_and_heals_what_was() {
    let evening = noticed(&[("m", 0)]).paused(400, None);
    let reports = [("m", 0), ("n", 120), ("o", 277), ("p", 471), ("q", 702)];
    evening.reported(&reports).heals_to(&[("m", 0), ("n", 120), ("o", 277)]);
}

#[test]
fn a_clock_that_is_wrong_tells_nothing_of_a_pause() {
    for skew in [-5, 5] {
        let reports = [("a", 0), ("b", 200), ("c", 401)].map(|(name, second)| (name, second + skew));
        let evening = noticed(&[("a", 0), ("d", 900)]).paused(400, Some(590)).reported(&reports);
        evening.heals_to(&[("a", 0), ("b", 200 + skew), ("d", 900)]);
    }
}

#[test]
fn what_plays_on_after_a_pause_is_one_play() {
    let evening = noticed(&[("a", 0), ("b", 400), ("c", 520)]).paused(200, Some(400));
    evening.reported(&[("a", 0), ("b", 320), ("c", 520)]).heals_to(&[("a", 0), ("b", 400), ("c", 520)]);
    let evening = noticed(&[("a", 0), ("b", 400), ("c", 520)]).paused(200, Some(400));
    evening.reported(&[("a", 200), ("b", 520), ("c", 720)]).heals_to(&[("a", 0), ("b", 400), ("c", 520)]);
}

#[test]
fn what_was_ignored_is_not_brought_back() {
    for stamps in [[0, 200, 400], [200, 400, 600]] {
        let reports = [("a", stamps[0]), ("b", stamps[1]), ("c", stamps[2])];
        let mut evening = noticed(&[("a", 0), ("c", 400)]).ignored("b", 200).reported(&reports);
        assert_eq!(evening.heal(), Healed::default());
        assert_eq!(evening.listed(), [("a", 0), ("c", 400)]);
    }
}

#[test]
fn one_ignored_play_stands_for_one_report_only() {
    let reports = [("a", 0), ("b", 200), ("c", 400), ("b", 600)];
    let mut evening = noticed(&[("a", 0), ("c", 400)]).ignored("b", 200).reported(&reports);
    evening.heal();
    assert_eq!(evening.listed(), [("a", 0), ("c", 400), ("b", 600)]);
}

#[test]
fn what_no_look_saw_and_a_rule_names_is_remembered_and_not_listed() {
    let reports = [("a", 0), ("no b", 200), ("c", 400)];
    let mut evening = noticed(&[("a", 0), ("c", 400)]).gap(150, 410).reported(&reports);
    let healed = evening.heal();
    let starts: Vec<Instant> = healed.ignored.iter().map(|ignored| ignored.started_at).collect();
    assert_eq!((healed.added.len(), starts), (0, vec![at(200)]));
    assert!(evening.record.gaps[0].healed, "it is known what was heard");
    assert_eq!(evening.listed(), [("a", 0), ("c", 400)]);
    // The rule is gone: what it kept out stays out.
    let later = [("a", 0), ("c", 400)];
    let report = Report { track: track("no b"), played_at: at(200), is_ignored: false };
    let mut evening = evening.reported(&later);
    evening.reports.push(report);
    assert_eq!(evening.heal(), Healed::default());
}
