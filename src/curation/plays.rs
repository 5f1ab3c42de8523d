//! Single plays: hiding, restoring, correcting and adding them. Doing it twice changes nothing.

use super::model::{Correction, Listed, Missed, Refused, Title};
use super::{Curation, Inner, rules, store, told};
use crate::accounts::User;
use crate::audit::{By, Deed};
use crate::base::id::PlayId;
use crate::hub::Track;
use crate::retention::{border, erased_before};
use anyhow::Context as _;

impl Curation {
    /// Hides a play. It stays where it is stored, so that it never comes back by itself.
    ///
    /// # Errors
    /// [`Refused::Unknown`], or what the database says.
    pub async fn hide(&self, user: &User, by: &By, id: PlayId) -> anyhow::Result<()> {
        let (user, by) = (user.clone(), by.clone());
        self.does(user.id, async move |inner| {
            let play = inner.play(user.id, id).await?;
            if !play.is_hidden() {
                inner.take_out(user.id, &[id], None).await;
                inner.note(&user, &by, Deed::TrackHidden, &told(&play)).await;
            }
            Ok(())
        })
        .await
    }

    /// Shows a play again, and gives it as it is now.
    ///
    /// # Errors
    /// [`Refused`], or what the database says.
    pub async fn restore(&self, user: &User, by: &By, id: PlayId) -> anyhow::Result<Listed> {
        let (user, by) = (user.clone(), by.clone());
        self.does(user.id, async move |inner| {
            let before = inner.play(user.id, id).await?;
            if !before.is_hidden() {
                return Ok(before);
            }
            inner.settled(user.id).await?;
            let restored = store::restore(&inner.parts.db, user.id, id, inner.now()).await;
            let play = restored.context("restoring a play")?.ok_or(Refused::Unknown)?;
            inner.bring_back(user.id, std::slice::from_ref(&play)).await;
            inner.note(&user, &by, Deed::TrackRestored, &told(&play)).await;
            Ok(play)
        })
        .await
    }

    /// Gives a play another title, and gives it as it is now.
    ///
    /// # Errors
    /// [`Refused`], or what the database says.
    pub async fn correct(
        &self,
        user: &User,
        by: &By,
        id: PlayId,
        correction: Correction,
    ) -> anyhow::Result<Listed> {
        let (user, by) = (user.clone(), by.clone());
        self.does(user.id, async move |inner| {
            let play = inner.play(user.id, id).await?;
            let before = Title::of(&play.track);
            let title = rules::corrected(&before, &correction)?;
            if title == before {
                return Ok(play);
            }
            // What waits would be stored with its old title.
            inner.settled(user.id).await?;
            let db = &inner.parts.db;
            let corrected = store::correct(db, user.id, id, (&title, &before), inner.now()).await;
            let play = corrected.context("correcting a play")?.ok_or(Refused::Unknown)?;
            inner.parts.hub.correct(user.id, &play.track).await;
            inner.parts.writer.revisions().bump(user.id);
            inner.note(&user, &by, Deed::TrackCorrected, &told(&play)).await;
            Ok(play)
        })
        .await
    }

    /// Adds a track that was missed. Gives the play, and whether it is new: the same track of the same time is the same
    /// play.
    ///
    /// # Errors
    /// [`Refused`], or what the database says.
    pub async fn add(&self, user: &User, by: &By, missed: Missed) -> anyhow::Result<(Listed, bool)> {
        let (user, by) = (user.clone(), by.clone());
        self.does(user.id, async move |inner| {
            let track = inner.missed(&user, &missed).await?;
            let (db, now) = (&inner.parts.db, inner.now());
            let ghost = store::ghost(db, user.id).await.context("reading whether ghost mode is on")?;
            let is_new = store::add(db, user.id, &track, ghost.map(|ghost| ghost.act), now).await;
            let is_new = is_new.context("adding a play")?;
            let play =
                store::same(db, user.id, &track).await.context("reading a play")?.ok_or(Refused::TooOld)?;
            if is_new {
                inner.parts.hub.add(user.id, &play.track).await;
                inner.note(&user, &by, Deed::TrackAdded, &told(&play)).await;
            } else if play.is_hidden() && ghost.is_none_or(|ghost| play.hidden_act != Some(ghost.act)) {
                return Err(Refused::Removed.into());
            }
            Ok((play, is_new))
        })
        .await
    }
}

impl Inner {
    async fn missed(&self, user: &User, missed: &Missed) -> anyhow::Result<Track> {
        let now = self.now();
        let erased = erased_before(&self.parts.db, user.id).await.context("reading what is deleted")?;
        let border = border(user.timezone, user.retention_days, now).max(erased);
        Ok(rules::added(user.id, missed, border, now)?)
    }
}
