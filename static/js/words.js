// Words: what scripts say, in both languages, and the small things that scripts share. Chinese is the key, as in the templates.
"use strict";
window.kczg = (() => {
  const english = {
    "已写{n}字": "{n} characters",
    "，还差{n}字": ", {n} to go",
    "，超出{n}字": ", {n} over",
    "正在保存…": "Saving…",
    "已自动保存（{time}）": "Autosaved ({time})",
    "网络已断开，内容留在本页，恢复后自动保存": "Offline. The text stays on this page and is saved when the connection is back",
    "暂时无法保存，内容仍在本页，稍后自动重试": "Saving does not work just now. The text stays on this page and is tried again",
    "登录已过期，重新登录后继续保存": "The session has ended. Log in again to go on saving",
    "重新登录": "Log in",
    "选择保留哪一份": "Choose which one to keep",
    "我的": "Mine",
    "{by}的": "By {by}",
    "保留我的": "Keep mine",
    "保留{by}的": "Keep the one by {by}",
    "（空）": "(empty)",
    "添加了一行，现有{n}行": "Row added, now {n}",
    "删除了一行，现有{n}行": "Row deleted, now {n}",
    "输入名称或代码查找": "Type a name or a code to search",
    "没有符合的结果，换个词再查": "Nothing found, try another word",
    "有{n}个结果，用上下键选择": "{n} results, choose with the arrow keys",
    "暂时无法查找，稍后再试": "The search does not answer, try again later",
    "去掉{name}": "Remove {name}",
    "已选{name}": "{name} chosen",
    "已去掉{name}": "{name} removed",
    "排队中，稍后读取": "Queued; to be read soon",
    "正在读取扫描件": "Reading the scan",
    "已读取": "Read",
    "未能读取扫描件": "The scan could not be read",
    "排队中，稍后生成文件": "Queued, the file is made shortly",
    "正在生成文件": "The file is being made",
    "文件已生成": "The file is ready",
    "未能生成文件": "The file could not be made",
    "还剩{d}天": "{d} days left",
    "还剩{d}天{h}小时": "{d} d {h} h left",
    "还剩{h}小时{m}分钟": "{h} h {m} min left",
    "还剩{m}分钟": "{m} min left",
    "选择文件": "Choose a file",
    "未选择文件": "No file chosen",
    "已截止": "Closed",
  };
  const inEnglish = document.documentElement.lang === "en";
  return {
    english,
    t(key, parts = {}) {
      const words = inEnglish ? english[key] : key;
      return words.replace(/\{(\w+)\}/g, (_, name) => parts[name]);
    },
    // An element with attributes and children; text stays text.
    make(tag, attributes = {}, ...children) {
      const element = document.createElement(tag);
      for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
      element.append(...children);
      return element;
    },
    // Runs setup on each match now, and again on what htmx brings in.
    each(selector, setup) {
      const run = (root) => {
        if (root.matches?.(selector)) setup(root);
        root.querySelectorAll(selector).forEach(setup);
      };
      document.addEventListener("DOMContentLoaded", () => run(document));
      document.addEventListener("htmx:load", (event) => run(event.detail.elt));
      document.addEventListener("kczg:added", (event) => run(event.target));
    },
    // Says something to screen readers without moving the focus.
    announce(words) {
      let place = document.getElementById("announcer");
      if (!place) {
        place = kczg.make("div", { id: "announcer", class: "hide-visually", role: "status" });
        document.querySelector("main").append(place);
      }
      place.textContent = words;
    },
  };
})();
