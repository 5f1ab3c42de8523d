// What the rules of all overlays have in common.

/** How long the last track stays when the server, or the link to Spotify, is gone. */
export const KEPT = 30_000;

/** When each play of a snapshot was told, as far as can be reckoned: nothing tells of pauses, and the streamer's delay is in it. */
export function told({ at, now_playing: now, tracks }) {
  const behind = now ? Math.max(0, at - now.progress_ms - Date.parse(now.track.started_at)) : 0;
  return tracks.map((track) => ({ track, at: Math.min(at, Date.parse(track.started_at) + behind) }));
}
