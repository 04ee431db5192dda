// On the wall nobody reloads: the board and its sentence are fetched again every few minutes.
const PERIOD = 5 * 60 * 1000;
const PARTS = ["#wall-board", ".lead"];

async function renew() {
  if (document.hidden) return;
  try {
    const response = await fetch(location.href, { credentials: "same-origin", cache: "no-store" });
    if (response.redirected || !response.ok) return;
    const fresh = new DOMParser().parseFromString(await response.text(), "text/html");
    for (const part of PARTS) {
      const found = fresh.querySelector(part);
      if (found) document.querySelector(part)?.replaceWith(found);
    }
  } catch {
    // The next turn tries again; the board keeps what it shows.
  }
}

setInterval(renew, PERIOD);
