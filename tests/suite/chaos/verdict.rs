//! The verdict: what must hold at the end, however bad the evening was.
//!
//! The truth is that of the twins. Spotify reports what was heard for longer than 30 s; a play whose track stands in the
//! list just before or after it, with nothing listed in between, is a repeat and counts as that row (rule 3 of the
//! design: nothing tells it from a repeat). Get Streams is the only witness of an end, so what begins in the last
//! seconds of a stream may be taken for later than it, and what plays just after the end for earlier.

use super::log::FOLLOWED_WITHIN;
use super::page::Page;
use super::records::{Gap, Row};
use super::stage::{REPORTED, Stage};
use super::witness::Witness;
use airlog::base::clock::Instant;
use airlog::twins::{StreamDay, TruePlay, score, truth};
use chrono::TimeDelta;
use serde_json::Value;
use std::time::Duration;

/// How far a row may be from the play that it stands for.
const NEAR: TimeDelta = TimeDelta::seconds(5);
/// How well the end of a stream is known, a long absence aside.
const END: TimeDelta = TimeDelta::seconds(5);
/// Twitch says in whole seconds when a stream began.
const BEGINNING: TimeDelta = TimeDelta::milliseconds(1_100);
/// What is heard for less does not count.
const MOMENT: TimeDelta = TimeDelta::milliseconds(500);
/// What an absence may last without a gap: then a file may be missing.
const NOTICED: TimeDelta = TimeDelta::seconds(3);

/// What the evening amounts to.
#[derive(Debug, Default, Clone)]
pub struct Tally {
    pub heard: usize,
    pub listed: usize,
    pub lost: Vec<String>,
    pub doubled: Vec<String>,
    pub gaps: usize,
    /// How many plays were shown in time before a kill, so that they had to outlive it.
    pub promises: usize,
    /// How many starts say how soon streams are followed.
    pub timed: usize,
    /// Whatever else is not as it must be.
    pub wrong: Vec<String>,
}

impl Tally {
    pub fn is_clean(&self) -> bool {
        self.lost.is_empty() && self.doubled.is_empty() && self.wrong.is_empty()
    }
}

/// Looks at everything once.
pub async fn look(stage: &Stage, witnesses: &[Witness]) -> Tally {
    let records = stage.records().await;
    let mut tally = Tally { wrong: stage.log().complaints.clone(), ..Tally::default() };
    let open = records.open_ends().await;
    if !open.is_empty() {
        tally.wrong.push(format!("open although all is over: {open:?}"));
    }
    for login in ["ann", "bob", "cat"] {
        let (rows, gaps) = (records.rows(login).await, records.gaps(login).await);
        tally.listed += rows.len();
        tally.gaps += gaps.len();
        if login == "cat" {
            files(stage, &rows, &gaps, &mut tally);
        } else {
            music(stage, login, &rows, &mut tally);
        }
        promises(stage, login, &rows, witnesses, &mut tally);
        pages(stage, login, &rows, witnesses, &mut tally).await;
    }
    follows(stage, &mut tally);
    tally
}

/// What was heard on air, and what was on shortly after: each with whether it must be listed.
fn plays(stage: &Stage, login: &str) -> Vec<(TruePlay, bool)> {
    let bobs = stage.bobs.lock().expect("spans").clone();
    let spans = match login {
        "ann" => vec![stage.span],
        _ => bobs.iter().map(|(from, to)| (*from, to.unwrap_or(stage.span.1))).collect(),
    };
    let day = StreamDay { streams: spans.clone(), ..stage.ann.clone() };
    let plays = stage.station.twins.with(|world, now| truth(world.heard(login, now), &day));
    let late = |play: &TruePlay| {
        spans.iter().any(|(_, to)| *to - END <= play.started_at && play.started_at < *to + END)
    };
    let early = |play: &TruePlay| {
        spans.iter().any(|(from, _)| *from - BEGINNING < play.ended_at && play.started_at < *from)
    };
    let reported = |play: &TruePlay| play.on_air > REPORTED * 6 / 5 && !late(play);
    plays
        .into_iter()
        .filter(|play| play.on_air > Duration::ZERO || late(play) || early(play))
        .map(|play| {
            let must = reported(&play);
            (play, must)
        })
        .collect()
}

fn music(stage: &Stage, login: &str, rows: &[Row], tally: &mut Tally) {
    let (plays, must): (Vec<TruePlay>, Vec<bool>) = plays(stage, login).into_iter().unzip();
    let starts: Vec<(&str, Instant)> = rows.iter().map(|(_, uri, start)| (uri.as_str(), *start)).collect();
    let paired = score::pair(&plays, &starts, NEAR);
    tally.heard += plays.iter().filter(|play| play.on_air > Duration::ZERO).count();
    for (place, play) in plays.iter().enumerate() {
        if must[place] && paired[place].is_none() && !is_repeat(&plays, &paired, place) {
            tally.lost.push(format!("{login}: {} at {}, {:?}", play.uri, play.started_at, play.on_air));
        }
    }
    let standing: Vec<usize> = paired.iter().flatten().copied().collect();
    for (place, (_, uri, start)) in rows.iter().enumerate().filter(|(place, _)| !standing.contains(place)) {
        let heard = heard(stage, login, uri);
        let rows: Vec<Instant> = rows.iter().filter(|row| row.1 == *uri).map(|row| row.2).collect();
        let alone = rows.iter().filter(|other| (**other - *start).abs() <= NEAR).count() == 1;
        if !alone || !heard.iter().any(|span| is_marginal(stage, *span, *start)) {
            let row = format!("{login}: row {place}, {uri} at {start}");
            tally.doubled.push(format!("{row}; of rows {rows:?}, heard {heard:?}"));
        }
    }
    if !standing.is_sorted() {
        tally
            .wrong
            .push(format!("{login}'s rows are not in the order in which they were heard: {standing:?}"));
    }
}

/// Whether a row that begins at `start` was heard, though the truth does not count it: for a moment only, in which a look
/// came, or until a moment before a stream whose beginning Twitch tells in whole seconds.
fn is_marginal(stage: &Stage, (from, to): (Instant, Instant), start: Instant) -> bool {
    let mut begins: Vec<Instant> = stage.bobs.lock().expect("spans").iter().map(|(from, _)| *from).collect();
    begins.push(stage.span.0);
    let over = |begin: Instant| from < begin && to > begin - BEGINNING && (start - begin).abs() < BEGINNING;
    let moment = to - from < MOMENT && (start - from).abs() < BEGINNING;
    moment || begins.into_iter().any(over)
}

/// When this was heard, on air or not.
fn heard(stage: &Stage, login: &str, uri: &str) -> Vec<(Instant, Instant)> {
    stage.station.twins.with(|world, now| {
        let all = world.heard(login, now).iter().filter(|play| play.item.uri().as_deref() == Some(uri));
        all.map(|play| (play.started_at, play.ended_at)).collect()
    })
}

/// Whether the row before or after stands for the same track.
fn is_repeat(plays: &[TruePlay], paired: &[Option<usize>], place: usize) -> bool {
    let same =
        |found: Option<(usize, &TruePlay)>| found.is_some_and(|(_, play)| play.uri == plays[place].uri);
    let listed = |(place, _): &(usize, &TruePlay)| paired[*place].is_some();
    let all = || plays.iter().enumerate();
    same(all().take(place).rfind(listed)) || same(all().skip(place + 1).find(listed))
}

/// Files are never reported. Each is listed once at most, in order, and one that is not was played in a declared gap.
fn files(stage: &Stage, rows: &[Row], gaps: &[Gap], tally: &mut Tally) {
    let files = stage.files.lock().expect("files").clone();
    tally.heard += files.len();
    let place = |row: &Row| files.iter().position(|(title, _)| row.1.contains(&format!(":{title}:")));
    let listed: Vec<Option<usize>> = rows.iter().map(place).collect();
    for pair in listed.windows(2).filter(|pair| pair[0] >= pair[1]) {
        tally.doubled.push(format!("cat: file {:?} after {:?}", pair[1], pair[0]));
    }
    for (number, (title, from)) in files.iter().enumerate() {
        let to = files.get(number + 1).map_or(stage.span.1, |(_, next)| *next);
        let inside = stage.span.0 + NOTICED < *from && to < stage.span.1 - END;
        let declared = gaps.iter().any(|(begins, ends)| *begins < to && ends.is_none_or(|ends| ends > *from));
        if inside && !listed.contains(&Some(number)) && !declared {
            tally.wrong.push(format!("cat: {title} from {from} to {to} is neither listed nor in a gap"));
        }
    }
}

/// What was shown a second before a kill, while the database answered, is still there.
fn promises(stage: &Stage, login: &str, rows: &[Row], witnesses: &[Witness], tally: &mut Tally) {
    let log = stage.log();
    for witness in witnesses.iter().filter(|witness| witness.login == login) {
        for (id, shown) in witness.shown() {
            let by = log.stored_by(shown.at);
            let first = log.kills.iter().find(|kill| **kill >= shown.since);
            let Some(kill) = first.filter(|kill| **kill >= by) else { continue };
            tally.promises += 1;
            if !rows.iter().any(|row| row.0 == id || (row.1 == shown.uri && login != "cat")) {
                let before = *kill - shown.at;
                tally
                    .wrong
                    .push(format!("{login}: {} was shown {before:?} before a kill and is lost", shown.uri));
            }
        }
    }
}

/// Every page says what the API says, and the API what the database holds.
async fn pages(stage: &Stage, login: &str, rows: &[Row], witnesses: &[Witness], tally: &mut Tally) {
    let Some(today) = day(stage, login, "today").await else {
        return tally.wrong.push(format!("{login}: the API does not answer"));
    };
    let api = Page::of(&today);
    let stored: Vec<&String> = rows.iter().filter(|row| is_of(row.2, &api.date)).map(|row| &row.0).collect();
    let listed = api.rows();
    if !listed.iter().map(|(_, id, _)| id).eq(stored.iter().copied()) {
        tally.wrong.push(format!(
            "{login}: the API lists {} plays, the database {}",
            listed.len(),
            stored.len()
        ));
    }
    for (number, witness) in witnesses.iter().enumerate().filter(|(_, witness)| witness.login == login) {
        let page = witness.page();
        if page.rows() != listed
            || page.holes() != api.holes()
            || page.live != api.live
            || page.date != api.date
        {
            tally.wrong.push(format!(
                "{login}: viewer {number} ({:?}, came {} times) sees {} plays and {} holes, the API {} and {}",
                witness.door, witness.comings(), page.rows().len(), page.holes().len(), listed.len(), api.holes().len(),
            ));
        }
    }
}

fn is_of(start: Instant, date: &Value) -> bool {
    date.as_str().is_some_and(|date| start.date_naive().to_string() == date)
}

async fn day(stage: &Stage, login: &str, date: &str) -> Option<Value> {
    let url = format!("http://{}/api/v1/streamers/{login}/tracks?date={date}", stage.station.addr);
    let http = airlog::clients::http_client(Duration::from_secs(5)).ok()?;
    serde_json::from_str(&http.get(url).send().await.ok()?.text().await.ok()?).ok()
}

/// Whoever was on air is followed again soon after each start.
fn follows(stage: &Stage, tally: &mut Tally) {
    let log = stage.log();
    let timed =
        log.lives.iter().enumerate().filter_map(|(number, life)| Some((number, life, log.followed(life)?)));
    for (number, life, took) in timed {
        tally.timed += 1;
        if took > FOLLOWED_WITHIN {
            tally.wrong.push(format!("{:?} were followed {took:?} after start {number}", life.on_air));
        }
    }
}
