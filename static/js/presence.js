// Presence: says now and then that this page is open, and tells who else writes. It asks for nothing while nobody is at the page.
"use strict";
kczg.each("[data-present-url]", (place) => {
  const EVERY = 30000; // milliseconds; the server remembers for 75 seconds
  const IDLE = 600000; // after so long without a key or a touch the session may end as it would without us
  const token = () => /(?:^|; )(?:__Host-)?csrf=([^;]+)/.exec(document.cookie)?.[1] ?? "";
  let active = performance.now();
  for (const kind of ["keydown", "pointerdown", "input"]) {
    document.addEventListener(kind, () => (active = performance.now()), { passive: true });
  }
  const report = async () => {
    if (document.hidden || performance.now() - active > IDLE) return;
    try {
      const headers = { Accept: "application/json", "X-CSRFToken": token() };
      const answer = await fetch(place.dataset.presentUrl, { method: "POST", headers });
      if (!answer.ok || !answer.headers.get("Content-Type")?.includes("json")) return;
      const { words } = await answer.json();
      // A live region that is written anew is read anew: only news are written.
      if (place.textContent !== words) place.textContent = words;
    } catch {
      // Offline: autosave tells so.
    }
  };
  setInterval(report, EVERY);
});
