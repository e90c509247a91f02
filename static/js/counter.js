// Texts with a limit: counts 字 as the server does, says what is missing or too much, never cuts.
"use strict";
// The same set as nominations/rules/counting.py; \s is spelled out so that both sides mean the same characters.
const UNCOUNTED = /[\t\n\v\f\r \u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000\u200b-\u200d\u2060\ufeff]/g;

function countCharacters(text) {
  return [...text.replace(UNCOUNTED, "")].length;
}

if (typeof document !== "undefined") {
  kczg.each("[data-max], [data-min]", (area) => {
    const least = Number(area.dataset.min || 0);
    const most = Number(area.dataset.max || Infinity);
    const place = document.getElementById(`${area.id}_counter`);
    if (!place || area.dataset.counted) return;
    area.dataset.counted = "yes";
    const limits = place.textContent;
    let later = 0;
    const show = () => {
      const n = countCharacters(area.value);
      let words = kczg.t("已写{n}字", { n });
      if (n > most) words += kczg.t("，超出{n}字", { n: n - most });
      else if (n < least) words += kczg.t("，还差{n}字", { n: least - n });
      place.textContent = n ? `${words}（${limits}）` : limits;
      place.classList.toggle("is-over", n > most);
      place.classList.toggle("is-short", n > 0 && n < least);
      return words;
    };
    const changed = (event) => {
      if (event.isComposing) return;
      const words = show();
      clearTimeout(later);
      later = setTimeout(() => kczg.announce(words), 1000);
    };
    area.addEventListener("input", changed);
    area.addEventListener("compositionend", changed);
    show();
  });
}

if (typeof module !== "undefined") module.exports = { countCharacters };
