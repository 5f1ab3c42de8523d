//! Temporary until merged.
use super::model::Track;
pub fn row(track: &Track) -> String {
    track.id.to_string()
}
