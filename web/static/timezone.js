// Tells where the browser lives: in links and forms that begin a login, and as a button where a form asks for a zone.

const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;

for (const place of zone ? document.querySelectorAll("[data-timezone]") : []) {
  if (place instanceof HTMLInputElement) {
    place.value = zone;
  } else {
    const url = new URL(place.href);
    if (url.pathname === "/auth/twitch") url.searchParams.set("timezone", zone);
    place.href = url;
  }
}
