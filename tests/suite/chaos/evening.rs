//! An evening lived through: music and troubles come as planned, the program is started again whenever it ends, and
//! witnesses watch.

use super::plan::{Entry, Line, Trouble, Weather};
use super::verdict::{Rules, Verdict};
use super::witness::{Ear, Witness};
use crate::house::program::Program;
use crate::house::station::Station;
use crate::house::wire::Wire;
use airlog::base::clock::{Clock as _, Instant, SystemClock};
use airlog::twins::{Act, Deed, Fault, FaultKind, Mix, StreamDay, Times, TruePlay, truth};
use chrono::TimeDelta;
use futures_util::FutureExt as _;
use serde_json::Value;
use std::collections::HashSet;
use std::time::Duration;
use tokio::time::sleep;
use tokio_util::task::AbortOnDropHandle;

/// How many times faster than life.
pub const TIMES: i32 = 20;
/// What viewers have seen for longer is stored, as long as the database takes it.
const STORED_WITHIN: Duration = Duration::from_secs(1);
/// How long a database that was in trouble gets until this can be expected again.
const RECOVERY: Duration = Duration::from_secs(3);
/// Frames that are on their way when the program dies arrive within this.
const ON_THE_WAY: Duration = Duration::from_millis(300);

/// The evening, as far as it has come.
pub struct Evening {
    pub station: Station,
    pub day: StreamDay,
    pub witnesses: Vec<Witness>,
    pub tally: Tally,
    rules: Rules,
    wires: Wires,
    program: Option<Program>,
    follow: Option<Follow>,
    /// Holds the lock of a database that is a file.
    lock: Option<sqlx::SqliteConnection>,
    /// When the database was last in trouble.
    trouble_at: Option<tokio::time::Instant>,
    /// When the next minute is over, where somebody wants to know how it goes.
    next_word: Option<Instant>,
}

/// What is counted on the way.
#[derive(Debug, Default)]
pub struct Tally {
    pub kills: usize,
    /// How long it took after each start until the stream was followed.
    pub follows: Vec<Duration>,
    /// What viewers had seen for a second and was not stored when the program was killed.
    pub unstored: Vec<String>,
    /// How often the program ended by itself.
    pub falls: usize,
    /// Memory in KiB and open files of the program's last life, each minute.
    pub weights: Vec<(u64, usize)>,
}

impl Tally {
    /// What the last life needed after its first minute, and at its end.
    pub fn weights(&self) -> Option<((u64, usize), (u64, usize))> {
        Some((*self.weights.first()?, *self.weights.last()?))
    }
}

struct Wires {
    spotify: Wire,
    twitch: Wire,
    viewers: Wire,
}

/// Waits until the stream is followed after a start.
struct Follow {
    since: tokio::time::Instant,
    /// Whether something else held it up.
    is_disturbed: bool,
    waiting: AbortOnDropHandle<Duration>,
}

/// One thing that happens.
#[derive(Debug, Clone)]
enum Step {
    Does(Deed),
    Begins(Trouble, Duration),
    Ends(Trouble),
}

impl Evening {
    /// An evening of that length that begins in a moment.
    pub async fn begins(mut station: Station, seed: u64, length: Duration) -> Self {
        let reported_from = Duration::from_millis(1_500);
        station.twins.with(|world, _| {
            world.history_rules.least_heard = reported_from;
            world.history_rules.keeps_skipped = true;
        });
        let wires = Wires {
            spotify: Wire::to(station.twins.addr()).await,
            twitch: Wire::to(station.twins.addr()).await,
            viewers: Wire::to(station.addr).await,
        };
        let through = |url: String, wire: &Wire, twins: std::net::SocketAddr| {
            url.replace(&twins.to_string(), &wire.addr().to_string())
        };
        let twins = station.twins.addr();
        station.set("SPOTIFY__API_URL", through(station.twins.spotify_api_url(), &wires.spotify, twins));
        station.set(
            "SPOTIFY__ACCOUNTS_URL",
            through(station.twins.spotify_accounts_url(), &wires.spotify, twins),
        );
        station.set("TWITCH__API_URL", through(station.twins.twitch_api_url(), &wires.twitch, twins));
        station.set("TWITCH__ID_URL", through(station.twins.twitch_id_url(), &wires.twitch, twins));
        station.set("TRACKING__REQUEST_TIMEOUT", "1s");
        station.set("LIMITS__REQUESTS_PER_MINUTE", 0);
        station.set("LOG__FILTER", std::env::var("AIRLOG_CHAOS_LOG").unwrap_or_else(|_| "off".to_owned()));
        station.has_streamer("ann").await;
        let ears = [Ear::Socket, Ear::Socket, Ear::SocketOfStream, Ear::Events];
        let witnesses = ears.map(|ear| Witness::watches(wires.viewers.addr(), ear)).into();
        let start = SystemClock.now() + TimeDelta::seconds(18);
        let length = TimeDelta::from_std(length).expect("a length");
        let mut day = StreamDay::slice(seed, &Mix::standard(), start, length, TIMES);
        // The music ends with the stream: how late an end can be noticed is another story.
        let end = day.streams[0].1;
        day.acts.retain(|(at, _)| *at <= end);
        day.acts.push((end, Deed::StopPlayer));
        let rules = Rules { reported_from, near: TimeDelta::seconds(6) };
        let tally = Tally::default();
        let (program, follow, lock, trouble_at, next_word) = (None, None, None, None, None);
        Self { station, day, witnesses, tally, rules, wires, program, follow, lock, trouble_at, next_word }
    }

    /// Lives through the stream. The program dies just before its end and comes back after it.
    pub async fn passes(&mut self, plan: &[Entry]) {
        let (start, end) = self.day.streams[0];
        let last = end - TimeDelta::seconds(1);
        self.starts();
        for (at, step) in self.steps(plan, start) {
            if at > last && self.program.is_some() {
                self.waits_until(last).await;
                self.is_killed().await;
            }
            self.waits_until(at).await;
            self.takes(step).await;
        }
        sleep(Duration::from_secs(1)).await;
        self.clears_up().await;
        self.starts();
    }

    /// What happens, in order. Troubles end before the stream does.
    fn steps(&self, plan: &[Entry], start: Instant) -> Vec<(Instant, Step)> {
        let last = self.day.streams[0].1 - TimeDelta::seconds(4);
        let mut steps: Vec<(Instant, Step)> =
            self.day.acts.iter().map(|(at, deed)| (*at, Step::Does(deed.clone()))).collect();
        for entry in plan {
            let ends = start + entry.at + entry.lasts;
            if ends < last {
                steps.push((start + entry.at, Step::Begins(entry.trouble, entry.lasts)));
                steps.push((ends, Step::Ends(entry.trouble)));
            }
        }
        steps.sort_by_key(|(at, _)| *at);
        steps
    }

    /// Waits, and starts the program again if it has ended by itself, as a service manager does.
    async fn waits_until(&mut self, at: Instant) {
        loop {
            let left = (at - SystemClock.now()).to_std().unwrap_or_default();
            if left.is_zero() {
                return;
            }
            sleep(left.min(Duration::from_millis(100))).await;
            self.says_a_word();
            if self.program.as_mut().is_some_and(Program::has_ended) {
                self.tally.falls += 1;
                self.starts();
            }
        }
    }

    /// Has the evening tell each minute how it goes.
    pub fn says_how_it_goes(&mut self) {
        self.next_word = Some(self.day.streams[0].0);
    }

    fn says_a_word(&mut self) {
        let now = SystemClock.now();
        let Some(due) = self.next_word.filter(|due| *due <= now) else { return };
        self.next_word = Some(due + TimeDelta::minutes(1));
        let weight = self.program.as_ref().and_then(Program::weight);
        self.tally.weights.extend(weight);
        let (kib, files) = weight.unwrap_or_default();
        let minutes = (due - self.day.streams[0].0).num_minutes();
        let Tally { kills, unstored, .. } = &self.tally;
        let listed = self.witnesses[0].ids().len();
        println!(
            "soak: {minutes:>3} min · {listed} listed · {kills} kills · {} unstored · {kib} KiB · {files} files",
            unstored.len()
        );
    }

    /// The table at the end of a long evening.
    pub fn says_how_it_went(&self, seed: u64, verdict: &Result<Verdict, String>) {
        let Tally { kills, follows, unstored, falls, .. } = &self.tally;
        println!("soak: seed {seed}");
        match verdict {
            Ok(verdict) => print!("{verdict}"),
            Err(wrong) => println!("{wrong}"),
        }
        println!(
            "kills            {kills:>8}  {falls} ends of its own, {} not stored in time",
            unstored.len()
        );
        println!("followed after   {:>8?}  at worst", follows.iter().max().unwrap_or(&Duration::ZERO));
        let returns: Vec<_> = self.witnesses.iter().map(Witness::returns).collect();
        println!("returns          {returns:?}  (whole, gone on with) of each witness");
        if let Some(((first, files), (last, last_files))) = self.tally.weights() {
            println!("memory           {first:>8} KiB at the start of the last life, {last} KiB at its end");
            println!("open files       {files:>8} at the start of the last life, {last_files} at its end");
        }
    }

    async fn takes(&mut self, step: Step) {
        match step {
            Step::Does(deed) => self.station.twins.perform(&Act::of("ann", deed)),
            Step::Begins(trouble, lasts) => self.suffers(trouble, lasts).await,
            Step::Ends(trouble) => self.recovers(trouble).await,
        }
    }

    async fn suffers(&mut self, trouble: Trouble, lasts: Duration) {
        match trouble {
            Trouble::Killed => self.is_killed().await,
            Trouble::Restarted => self.is_restarted().await,
            Trouble::Frozen => self.freezes().await,
            Trouble::RateLimit => self.breaks(Fault::rate_limit(1 + lasts.as_secs())),
            Trouble::Status(status) => self.breaks(lasting(FaultKind::Status(status), lasts)),
            Trouble::Nonsense => self.breaks(lasting(FaultKind::Nonsense, lasts)),
            Trouble::Hang => self.breaks(lasting(FaultKind::Hang, lasts)),
            Trouble::Wire(line, weather) => spoil(self.wires.of(line), weather).await,
            Trouble::Database => self.loses_database().await,
            Trouble::LocalFile => {
                let millis = 2_000 + u64::try_from(lasts.as_millis()).expect("seconds");
                self.station.twins.perform(&Act::of("ann", Deed::Local { millis }));
            }
        }
    }

    async fn recovers(&mut self, trouble: Trouble) {
        match trouble {
            Trouble::Killed if self.program.is_none() => self.starts(),
            Trouble::Frozen => self.tell_program("CONT").await,
            Trouble::Wire(line, _) => mend(self.wires.of(line)),
            Trouble::Database => self.finds_database(),
            _ => {}
        }
    }

    fn starts(&mut self) {
        self.notes_follow();
        self.tally.weights.clear();
        self.program = Some(self.station.serves());
        let since = tokio::time::Instant::now();
        let waiting = AbortOnDropHandle::new(tokio::spawn(self.station.is_following()));
        let is_disturbed = self.lock.is_some() || SystemClock.now() < self.day.streams[0].0;
        self.follow = Some(Follow { since, is_disturbed, waiting });
    }

    /// How long it took to follow the stream, if nothing else held that up.
    fn notes_follow(&mut self) {
        let Some(follow) = self.follow.take().filter(|follow| !follow.is_disturbed) else { return };
        let waited = follow.since.elapsed();
        match follow.waiting.now_or_never() {
            Some(took) => self.tally.follows.push(took.expect("no panic")),
            // It was not given the time.
            None if waited < Duration::from_secs(3) => {}
            None => self.tally.follows.push(waited),
        }
    }

    /// Killed in the middle of things: what viewers had seen must be there.
    async fn is_killed(&mut self) {
        let Some(program) = self.program.take() else { return };
        self.notes_follow();
        let calm = self.lock.is_none() && self.trouble_at.is_none_or(|at| at.elapsed() > RECOVERY);
        let seen = if calm { self.seen() } else { HashSet::new() };
        program.gets_killed().await;
        self.tally.kills += 1;
        sleep(ON_THE_WAY).await;
        let stored: HashSet<String> = self.station.stored_ids().await.into_iter().collect();
        let still: HashSet<String> = self.witnesses.iter().flat_map(Witness::ids).collect();
        let unstored = seen.into_iter().filter(|id| still.contains(id) && !stored.contains(id));
        self.tally.unstored.extend(unstored);
    }

    fn seen(&self) -> HashSet<String> {
        self.witnesses.iter().flat_map(|witness| witness.seen_for(STORED_WITHIN)).collect()
    }

    async fn is_restarted(&mut self) {
        let Some(program) = self.program.take() else { return };
        self.notes_follow();
        // Frozen or with a lock in its way it may be late, or say that something was left undone.
        let calm = self.lock.is_none();
        program.hears("CONT").await;
        let code = program.ends_on("TERM").await;
        assert!(code == Some(0) || !calm, "a graceful stop ended with {code:?}");
        self.starts();
    }

    async fn freezes(&mut self) {
        if let Some(follow) = &mut self.follow {
            follow.is_disturbed = true;
        }
        self.tell_program("STOP").await;
    }

    async fn tell_program(&self, signal: &str) {
        if let Some(program) = &self.program {
            program.hears(signal).await;
        }
    }

    async fn loses_database(&mut self) {
        if let Some(follow) = &mut self.follow {
            follow.is_disturbed = true;
        }
        self.trouble_at = Some(tokio::time::Instant::now());
        match self.station.database_wire() {
            Some(wire) => wire.cut().await,
            // It may be locked already, or by the program just then.
            None => self.lock = self.lock.take().or(self.station.locks_database().await),
        }
    }

    fn finds_database(&mut self) {
        self.lock = None;
        self.trouble_at = Some(tokio::time::Instant::now());
        self.station.database_wire().into_iter().for_each(Wire::mend);
    }

    fn breaks(&self, fault: Fault) {
        self.station.twins.perform(&Act::of("ann", Deed::Fault(fault)));
    }

    async fn clears_up(&mut self) {
        self.finds_database();
        for line in [Line::Spotify, Line::Twitch, Line::Viewers] {
            mend(self.wires.of(line));
        }
        self.station.twins.perform(&Act::of("ann", Deed::ClearFaults));
        self.tell_program("CONT").await;
    }

    /// Waits until the list is what was heard, the stream is closed and everybody has the same; or says what is wrong.
    pub async fn ends(&mut self, patience: Duration) -> Result<Verdict, String> {
        let deadline = tokio::time::Instant::now() + patience;
        loop {
            sleep(Duration::from_millis(250)).await;
            let wrong = match self.conclusion().await {
                Ok(verdict) => return Ok(verdict),
                Err(wrong) => wrong,
            };
            if tokio::time::Instant::now() > deadline {
                return Err(wrong);
            }
        }
    }

    async fn conclusion(&self) -> Result<Verdict, String> {
        let day = self.station.day("ann").await.ok_or("nobody answers")?;
        let rows = day["tracks"].as_array().ok_or("no tracks")?.clone();
        let gaps = day["gaps"].as_array().ok_or("no gaps")?.clone();
        let verdict = self.rules.judge(&self.truth(), &rows, &gaps);
        let ids: Vec<String> = rows.iter().map(|row| crate::house::text(&row["id"])).collect();
        let apart = self.witnesses.iter().filter(|witness| witness.ids() != ids).count();
        let open = gaps.iter().filter(|gap| gap["to"] == Value::Null).count();
        let stored = self.station.stored_ids().await;
        let checks = [
            (day["live"] == false, "the stream is still on air"),
            (verdict.is_clean(), "the list is not what was heard"),
            (open == 0, "a gap is still open"),
            (apart == 0, "witnesses differ from the list"),
            (stored == ids, "what is stored differs from the list"),
        ];
        match checks.iter().find(|(is_right, _)| !is_right) {
            None => Ok(verdict),
            Some((_, wrong)) => {
                Err(format!("{wrong}\n{verdict}\n{apart} witnesses differ, {} stored", stored.len()))
            }
        }
    }

    /// What was heard on air.
    fn truth(&self) -> Vec<TruePlay> {
        let mut plays = self.station.twins.with(|world, now| truth(world.heard("ann", now), &self.day));
        plays.retain(|play| play.on_air > Duration::ZERO);
        plays
    }

    /// Ends the program in order.
    pub async fn closes(mut self) {
        self.notes_follow();
        let program = self.program.take().expect("a running program");
        assert_eq!(program.ends_on("TERM").await, Some(0));
        drop(self.witnesses);
        self.station.twins.stop().await;
    }
}

impl Wires {
    fn of(&self, line: Line) -> &Wire {
        match line {
            Line::Spotify => &self.spotify,
            Line::Twitch => &self.twitch,
            Line::Viewers => &self.viewers,
        }
    }
}

fn lasting(kind: FaultKind, lasts: Duration) -> Fault {
    Fault::new(kind).times(Times::Millis(u64::try_from(lasts.as_millis()).expect("seconds")))
}

async fn spoil(wire: &Wire, weather: Weather) {
    match weather {
        Weather::Cut => wire.cut().await,
        Weather::Stalled => wire.stall(),
        Weather::HalfOpen => wire.half_open(),
        Weather::Late => wire.slows(Duration::from_millis(150)),
        Weather::Lossy => wire.breaks(100),
    }
}

fn mend(wire: &Wire) {
    wire.mend();
    wire.slows(Duration::ZERO);
    wire.breaks(0);
}
