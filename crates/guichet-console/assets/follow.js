// Keeps what is marked `data-live` as it is by now: on an event about it the page is asked for once more, and
// what changed is put in its place.
import { open } from "./stream.js";

/// At most so often.
const PAUSE_MS = 1_000;

const replace = (text) => {
  const fresh = new DOMParser().parseFromString(text, "text/html");
  for (const part of document.querySelectorAll("[data-live][id]")) {
    const other = fresh.getElementById(part.id);
    if (!other || other.isEqualNode(part)) continue;
    // Whoever is about to press or copy something there is left alone.
    const chosen = getSelection();
    const isChosen = !chosen.isCollapsed && part.contains(chosen.anchorNode);
    if (part.contains(document.activeElement) || isChosen) continue;
    const scrolled = [...part.querySelectorAll("[tabindex]")].map((it) => [it.scrollLeft, it.scrollTop]);
    part.replaceWith(document.adoptNode(other));
    other.querySelectorAll("[tabindex]").forEach((it, at) => {
      if (scrolled[at]) [it.scrollLeft, it.scrollTop] = scrolled[at];
    });
  }
};

// `data-every-s`: what has no events of its own is looked at so often, for as long as the page says so.
export const follow = (part) => {
  const server = part.dataset.follow, everyS = Number(part.dataset.everyS);
  let busy = false, again = false;
  const refresh = async () => {
    if (busy || document.hidden) return void (again = true);
    busy = true;
    again = false;
    try {
      const answer = await fetch(location.href.split("#")[0]);
      if (answer.redirected) return location.reload();
      if (answer.ok) replace(await answer.text());
    } catch {
      // The stream says so, and asks again when it is there.
    }
    setTimeout(() => { busy = false; if (again) refresh(); }, PAUSE_MS);
  };
  document.addEventListener("visibilitychange", () => { if (!document.hidden && again) refresh(); });
  if (everyS) {
    const timer = setInterval(() => {
      if (document.querySelector("[data-every-s]")) refresh(); else clearInterval(timer);
    }, everyS * 1_000);
    return;
  }
  open(server ? { server } : {}, { open: refresh, log: refresh });
};
