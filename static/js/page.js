// Every page: clocks, one answer to one press, links of the error summary, words of file fields.
"use strict";
// The seconds left come from the server; the clock of this machine only measures how long the page has been open.
kczg.each("[data-clock]", (place) => {
  const atLoad = Number(place.dataset.clock);
  const loaded = performance.now();
  const show = () => {
    const minutes = Math.max(Math.floor((atLoad - (performance.now() - loaded) / 1000) / 60), 0);
    const parts = { d: Math.floor(minutes / 1440), h: Math.floor(minutes / 60), m: minutes % 60 };
    let words = "还剩{m}分钟";
    if (minutes >= 3 * 1440) words = "还剩{d}天";
    else if (minutes >= 1440) [words, parts.h] = ["还剩{d}天{h}小时", parts.h % 24];
    else if (minutes >= 60) words = "还剩{h}小时{m}分钟";
    else if (minutes === 0) words = "已截止";
    place.textContent = kczg.t(words, parts);
  };
  if (atLoad > 0) setInterval(show, 30000);
});
// A second press within three seconds sends nothing. The server is safe without this; it saves people a needless answer.
document.addEventListener("submit", (event) => {
  const form = event.target;
  const now = performance.now();
  if (event.defaultPrevented) return;
  if (now - Number(form.dataset.sentAt || -3000) < 3000) event.preventDefault();
  else form.dataset.sentAt = now;
});
window.addEventListener("pageshow", (event) => {
  if (event.persisted) document.querySelectorAll("form[data-sent-at]").forEach((form) => delete form.dataset.sentAt);
});
// A link of the error summary puts the cursor into the field, not only the field into view.
document.addEventListener("click", (event) => {
  const link = event.target.closest(".summary a[href^='#']");
  const goal = link && document.getElementById(decodeURIComponent(link.hash.slice(1)));
  if (!goal) return;
  event.preventDefault();
  if (goal.tabIndex < 0) goal.tabIndex = -1;
  goal.focus({ preventScroll: true });
  (goal.closest(".field") || goal).scrollIntoView({ block: "start" });
});
// The seconds that a code still holds; read aloud only where the person goes to them.
kczg.each("[data-seconds]", (place) => {
  const ends = performance.now() + Number(place.dataset.seconds) * 1000;
  setInterval(() => (place.textContent = Math.max(Math.round((ends - performance.now()) / 1000), 0)), 1000);
});
// A browser names its file button in its own language, which need not be the page's. The field itself stays and is only unseen.
kczg.each("input[type=file]", (input) => {
  if (input.classList.contains("hide-visually") || input.closest("[data-files]")) return;
  const several = () => [...input.files].map((file) => file.name).join("、");
  const name = kczg.make("span", { class: "muted" }, kczg.t("未选择文件"));
  const button = kczg.make("label", { class: "btn", for: input.id }, kczg.t("选择文件"));
  input.classList.add("hide-visually");
  input.after(kczg.make("span", { class: "file" }, button, name));
  input.addEventListener("change", () => (name.textContent = several() || kczg.t("未选择文件")));
});
