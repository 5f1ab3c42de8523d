//! A pair of tokens, and when it is to be renewed. Pure.

use crate::base::clock::Instant;
use crate::clients::oauth::Granted;
use chrono::TimeDelta;
use secrecy::SecretString;

/// How long before an access token ends it is renewed.
pub(super) const AHEAD: TimeDelta = TimeDelta::minutes(5);

/// A pair, open.
#[derive(Debug, Clone)]
pub(super) struct Tokens {
    pub(super) client_id: String,
    pub(super) access: SecretString,
    pub(super) refresh: SecretString,
    pub(super) expires_at: Option<Instant>,
    /// When the access token is to be renewed.
    pub(super) renew_at: Option<Instant>,
}

impl Tokens {
    pub(super) fn is_due(&self, now: Instant) -> bool {
        self.renew_at.is_some_and(|at| at <= now)
    }

    /// What these become by a renewal; without a new refresh token the old one stays valid. Tokens that live so briefly
    /// that they would be due at once are renewed half-way.
    pub(super) fn renewed(self, new: Granted, now: Instant) -> Self {
        let life = TimeDelta::from_std(new.expires_in).unwrap_or(TimeDelta::MAX);
        let refresh = new.refresh_token.unwrap_or(self.refresh);
        let expires_at = now.checked_add_signed(life);
        let renew_at = expires_at.map(|at| at - AHEAD.min(life / 2));
        Self { client_id: self.client_id, access: new.access_token, refresh, expires_at, renew_at }
    }
}

/// When an access token that ends then is to be renewed.
pub(super) fn renewed_before(expires_at: Instant) -> Instant {
    expires_at - AHEAD
}

#[cfg(test)]
mod tests {
    use super::*;
    use chrono::DateTime;
    use secrecy::ExposeSecret as _;
    use std::time::Duration;

    fn at(second: i64) -> Instant {
        DateTime::from_timestamp(1_795_204_800 + second, 0).expect("an instant")
    }

    fn granted(seconds: u64, refresh_token: Option<&str>) -> Granted {
        let (refresh_token, expires_in) = (refresh_token.map(Into::into), Duration::from_secs(seconds));
        Granted { access_token: "new".into(), refresh_token, expires_in, scopes: Vec::new() }
    }

    fn old() -> Tokens {
        let (access, refresh) = ("old".into(), "kept".into());
        Tokens { client_id: "app".into(), access, refresh, expires_at: None, renew_at: None }
    }

    #[test]
    fn an_hour_is_renewed_five_minutes_before_its_end() {
        let tokens = old().renewed(granted(3_600, None), at(0));
        assert!(!tokens.is_due(at(3_299)) && tokens.is_due(at(3_300)));
        assert!(!old().is_due(at(0)), "nobody knows when it ends");
    }

    #[test]
    fn a_token_that_lives_for_a_moment_is_not_due_at_once() {
        let tokens = old().renewed(granted(10, None), at(0));
        assert!(!tokens.is_due(at(4)) && tokens.is_due(at(5)));
    }

    #[test]
    fn without_a_new_refresh_token_the_old_one_stays() {
        let refresh = |given| old().renewed(granted(60, given), at(0)).refresh;
        assert_eq!(refresh(None).expose_secret(), "kept");
        assert_eq!(refresh(Some("new")).expose_secret(), "new");
    }
}
