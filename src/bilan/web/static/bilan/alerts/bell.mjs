// The bell in the top bar: how many notices were not read, without a reload.
import { gettext } from "../i18n.mjs";

const PERIOD = Math.max(1, Number(document.body.dataset.livePeriod ?? 10)) * 1000;

export function mount(bell) {
  const count = bell.querySelector("[data-count]");
  const label = bell.querySelector("[data-label]");
  const ask = async () => {
    if (document.hidden) return;
    try {
      const response = await fetch(bell.dataset.src, { headers: { Accept: "application/json" }, credentials: "same-origin", cache: "no-store" });
      if (!response.ok) return;
      const { unread, newest } = await response.json();
      count.textContent = unread > 99 ? "99+" : String(unread);
      count.hidden = !unread;
      label.textContent = unread ? gettext("%(n)s notices not read", { n: unread }) : gettext("Notices");
      bell.title = unread ? newest : gettext("Notices");
    } catch {
      // The page itself tells when the server is not reached.
    }
  };
  setInterval(ask, PERIOD);
  document.addEventListener("visibilitychange", ask);
}
