//! What a session does when the rules decide: it arms, looks, tells, and hands on to be stored.

use super::{Follower, spawn};
use crate::base::clock::Instant;
use crate::base::mishap::Place;
use crate::hub;
use crate::live::budget::{Allowance, Rest};
use crate::live::gaps::Gap;
use crate::live::hide::Hide;
use crate::live::look::Glance;
use crate::live::model::Play;
use crate::live::public;
use crate::live::rules::Effect;
use tokio_util::task::AbortOnDropHandle;
use tracing::Instrument as _;

impl Follower {
    /// After a rest that sessions share they come back one after the other.
    pub(super) fn allowance(&self) -> Allowance {
        let allowance = self.tools.budgets.allowance(&self.link.client_id);
        Allowance { rests_until: allowance.rests_until.map(|at| at + self.spread), ..allowance }
    }

    pub(super) fn perform_all(&mut self, effects: Vec<Effect>) {
        for effect in effects {
            self.perform(effect);
        }
    }

    fn perform(&mut self, effect: Effect) {
        match effect {
            Effect::Arm { epoch, at } => self.arm(epoch, at),
            Effect::Look => self.look = Some(self.begin_look()),
            Effect::TellPlay(play) => self.kept = self.tell_play(&play),
            Effect::TellNow(now) => {
                self.tell(hub::Event::NowPlaying { now_playing: now.as_ref().map(public::now_playing) });
            }
            Effect::Persist(play) => self.persist(play),
            Effect::Ignore(play) => self.tools.writer.push_ignored(play),
            Effect::Gap(gap) => self.gap(gap),
            Effect::Jump(jump) => self.tools.writer.push_jump(jump),
            Effect::Cool(rest) => self.cool(rest),
            Effect::Stop => self.over = Some("the Spotify link is lost or gone"),
        }
    }

    /// Arms the one timer anew.
    fn arm(&mut self, epoch: u64, at: Instant) {
        let wait = (at - self.tools.clock.now()).to_std().unwrap_or_default();
        self.timer.as_mut().reset(tokio::time::Instant::now() + wait);
        self.armed = Some(epoch);
    }

    /// Looks in a task of its own, which is given up for a newer one.
    fn begin_look(&self) -> AbortOnDropHandle<Glance> {
        let (eye, link, streamer) = (self.tools.eye.clone(), self.link.clone(), self.streamer.clone());
        let (mishaps, span) = (self.tools.mishaps.clone(), tracing::info_span!("look", %streamer));
        let look = async move {
            mishaps.pass(Place::Look, &streamer);
            eye.look(&link).await
        };
        spawn(look.instrument(span))
    }

    /// Gives the play if it is not told, because ghost mode keeps it back.
    fn tell_play(&self, play: &Play) -> Option<hub::Kept> {
        tracing::info!(streamer = %self.streamer, track = %play.track.name, artists = %play.track.artists.join(", "), "new track");
        self.tools.metrics.play_noticed();
        let added = hub::Event::TrackAdded { track: public::track(play) };
        let kept = self.topic.offer(&[added], self.tools.clock.now()).pop();
        self.tools.mishaps.pass(Place::Told, &self.streamer);
        kept
    }

    fn persist(&mut self, play: Play) {
        match self.kept.take().filter(|kept| kept.play == play.id) {
            Some(kept) => {
                let hide = Hide::by_ghost(play.user_id, kept.act, self.tools.clock.now());
                self.tools.writer.push_hidden(play, hide);
            }
            None => self.tools.writer.push(play),
        }
    }

    fn tell(&self, event: hub::Event) {
        self.topic.publish(&[event], self.tools.clock.now());
    }

    /// What a gap that has just closed hides is worth asking for.
    fn gap(&self, gap: Gap) {
        self.tell(hub::Event::Gap { gap: public::gap(&gap) });
        let (stream, hides) = (gap.stream_id, gap.to.is_some() && !gap.healed);
        self.tools.writer.push_gap(gap);
        if hides {
            self.tools.healer.soon(stream);
        }
    }

    fn cool(&self, rest: Rest) {
        let (client_id, Rest { until, limit }) = (&self.link.client_id, rest);
        tracing::warn!(streamer = %self.streamer, %client_id, %until, ?limit, "Spotify asks us to wait");
        self.tools.budgets.rest(client_id, rest);
    }
}
