//! SQL of somebody's leaving: in one step they are nobody here any more, and what they left behind waits to be deleted.

use crate::accounts::User;
use crate::base::clock::Instant;
use crate::db::{Db, DbError, on};
use crate::retention::FOR_GOOD;

/// What went when somebody left.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Departure {
    /// Kinds, as the answer and the page name them, and how many there were of each. What is many is still going.
    pub deleted: Vec<(&'static str, u64)>,
    /// Whether the house was theirs.
    pub was_owner: bool,
}

/// What another person's log calls somebody who has left.
const SOMEBODY: &str = "someone who left";
/// And by which id.
const NOBODY: &str = "00000000-0000-0000-0000-000000000000";

/// Their names are free from now on, and no login at Twitch begins with `~`.
const VANISH: &str = "
    UPDATE users SET leaving_at = $2, updated_at = $2, enabled = FALSE, visibility = 'private', twitch_id = '~' || id,
        login = '~' || id, name = '~', timezone = 'UTC', retention_days = NULL, delay_seconds = 0, after_leaving = NULL
    WHERE id = $1 AND leaving_at IS NULL";
/// Nothing of them is stored any more, whenever it began.
const WISH: &str = "
    INSERT INTO erasures (user_id, before_at) VALUES ($1, $2)
    ON CONFLICT (user_id) DO UPDATE SET before_at = excluded.before_at, done_at = NULL";

/// What is counted, and goes later.
const MANY: [(&str, &str); 4] = [
    ("plays", "SELECT COUNT(*) FROM stream_tracks WHERE user_id = $1"),
    ("streams", "SELECT COUNT(*) FROM streams WHERE user_id = $1"),
    ("gaps", "SELECT COUNT(*) FROM gaps WHERE user_id = $1"),
    (
        "ignored_plays",
        "SELECT COUNT(*) FROM ignored_plays JOIN streams ON streams.id = ignored_plays.stream_id
        WHERE streams.user_id = $1",
    ),
];

/// A client id that nobody else uses needs no rest any more. `$2` is the house's own.
const DROP_CLIENTS: &str = "
    DELETE FROM spotify_clients WHERE client_id <> $2 AND client_id IN (
        SELECT client_id FROM spotify_links WHERE user_id = $1
        UNION SELECT client_id FROM spotify_apps WHERE user_id = $1
    ) AND client_id NOT IN (
        SELECT client_id FROM spotify_links WHERE user_id <> $1
        UNION SELECT client_id FROM spotify_apps WHERE user_id <> $1
        UNION SELECT client_id FROM instance_apps)";

/// What goes at once.
const FEW: [(&str, &str); 19] = [
    ("logins", "DELETE FROM logins WHERE user_id = $1"),
    ("consents", "DELETE FROM auth_flows WHERE user_id = $1"),
    ("spotify_links", "DELETE FROM spotify_links WHERE user_id = $1"),
    ("spotify_apps", "DELETE FROM spotify_apps WHERE user_id = $1"),
    ("twitch_grants", "DELETE FROM twitch_grants WHERE user_id = $1"),
    ("former_names", "DELETE FROM former_logins WHERE user_id = $1"),
    ("decisions", "DELETE FROM overrides WHERE user_id = $1"),
    ("ignore_rules", "DELETE FROM ignore_rules WHERE user_id = $1"),
    ("on_air", "DELETE FROM air_evidence WHERE user_id = $1"),
    ("moderators", "DELETE FROM moderators WHERE user_id = $1"),
    ("keys", "DELETE FROM api_keys WHERE user_id = $1"),
    ("overlay_keys", "DELETE FROM overlay_keys WHERE user_id = $1"),
    ("overlay_presets", "DELETE FROM overlay_presets WHERE user_id = $1"),
    ("audit", "DELETE FROM audit WHERE user_id = $1"),
    ("acts", "DELETE FROM acts WHERE user_id = $1"),
    ("alerts", "DELETE FROM alert_targets WHERE user_id = $1"),
    ("troubles", "DELETE FROM troubles WHERE user_id = $1"),
    (
        "failures",
        "DELETE FROM session_crashes WHERE stream_id IN (SELECT id FROM streams WHERE user_id = $1)",
    ),
    ("owner", "DELETE FROM owner WHERE user_id = $1"),
];
const NOTE_OWNER: &str = "INSERT INTO former_owners (left_at) VALUES ($1) ON CONFLICT DO NOTHING";

/// What others have of them. `$1` is our id, `$2` Twitch's, `$3` the login.
const DROP_ROLES: &str = "
    DELETE FROM moderators WHERE twitch_id = $2 OR (twitch_id IS NULL AND (login = $3
        OR login IN (SELECT login FROM former_logins WHERE user_id = $1)))";
const DROP_DEVICES: &str = "DELETE FROM device_logins WHERE user_id = $1 OR login = $2";
const FORGET_ACTOR: &str = "UPDATE audit SET actor_id = $2, actor_name = $3 WHERE actor_id = $1";
/// A name that is somebody else's by now stays theirs.
const FORGET_NAME: &str = "
    UPDATE audit SET about = $4 WHERE deed IN ('moderator_named', 'moderator_removed')
        AND (LOWER(about) = $2 OR about = $3 OR about IN (SELECT login FROM former_logins WHERE user_id = $1))
        AND NOT EXISTS (SELECT 1 FROM moderators WHERE moderators.user_id = audit.user_id
            AND moderators.login = LOWER(audit.about) AND moderators.twitch_id IS NOT NULL)";

/// Has somebody leave: they are nobody here any more, nothing more of them is stored, and what is many waits to be
/// deleted. `house_app` is the house's own client id at Spotify. None when they have left already. Must not be dropped
/// half-way: a cancelled `begin` leaves an open transaction behind.
///
/// # Errors
/// Fails when the database does, and says what it says; then nothing has happened.
pub async fn depart(
    db: &Db,
    user: &User,
    house_app: &str,
    now: Instant,
) -> Result<Option<Departure>, DbError> {
    let id = user.id.to_string();
    on!(db, pool => {
        let mut tx = pool.begin().await?;
        let vanished = sqlx::query(VANISH).bind(&id).bind(now).execute(&mut *tx).await?;
        if vanished.rows_affected() == 0 {
            return Ok(None);
        }
        sqlx::query(WISH).bind(&id).bind(FOR_GOOD).execute(&mut *tx).await?;
        let mut deleted = Vec::new();
        for (kind, sql) in MANY {
            let count: i64 = sqlx::query_scalar(sql).bind(&id).fetch_one(&mut *tx).await?;
            deleted.push((kind, u64::try_from(count).unwrap_or_default()));
        }
        let roles = sqlx::query(DROP_ROLES).bind(&id).bind(&user.twitch_id).bind(&user.login);
        deleted.push(("roles", roles.execute(&mut *tx).await?.rows_affected()));
        sqlx::query(DROP_DEVICES).bind(&id).bind(&user.login).execute(&mut *tx).await?;
        sqlx::query(FORGET_ACTOR).bind(&id).bind(NOBODY).bind(SOMEBODY).execute(&mut *tx).await?;
        let name = sqlx::query(FORGET_NAME).bind(&id).bind(&user.login).bind(&user.name).bind(SOMEBODY);
        name.execute(&mut *tx).await?;
        sqlx::query(DROP_CLIENTS).bind(&id).bind(house_app).execute(&mut *tx).await?;
        for (kind, sql) in FEW {
            let done = sqlx::query(sql).bind(&id).execute(&mut *tx).await?;
            deleted.push((kind, done.rows_affected()));
        }
        let was_owner = deleted.last().is_some_and(|(_, owned)| *owned > 0);
        if was_owner {
            sqlx::query(NOTE_OWNER).bind(now).execute(&mut *tx).await?;
        }
        tx.commit().await?;
        deleted.retain(|(_, count)| *count > 0);
        Ok(Some(Departure { deleted, was_owner }))
    })
}
