//! What the audience of a stream reads in an overlay.

catalogue! {
    /// What an overlay is called in itself, where that is shown.
    pub(crate) OnStream { playing: String, paused: String, tracks: String }
}
