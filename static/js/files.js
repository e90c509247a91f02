// Files: sent at once with progress, 取消 and 重试; each line then waits for its check. Without script the form's 上传 sends them.
"use strict";
Object.assign(kczg.english, {
    "正在上传{name}": "Uploading {name}",
    "取消": "Cancel",
    "重试": "Try again",
    "移除": "Remove",
    "已取消上传{name}": "Upload of {name} cancelled",
    "已删除{name}": "{name} deleted",
    "网络已断开，未能上传": "Offline, not uploaded",
    "暂时无法上传，稍后重试": "Uploading does not work just now, try again later",
    "文件{now} MB，超过{limit} MB，降低扫描分辨率后重新上传": "The file has {now} MB, more than {limit} MB. Scan it at a lower resolution and upload it again",
    "文件是空的": "The file is empty",
    "最多{n}个文件，删除不需要的再上传": "{n} files at most. Delete one first",
});
kczg.each("[data-files]", (box) => {
  const input = box.querySelector("input[type=file]");
  const list = box.querySelector("[data-files-list]");
  const control = box.dataset.files;
  const most = Number(box.dataset.most);
  const mostBytes = Number(box.dataset.mostBytes);
  const megabytes = (bytes) => String(Math.round((bytes / 1048576) * 10) / 10);
  const token = () => /(?:^|; )(?:__Host-)?csrf=([^;]+)/.exec(document.cookie)?.[1] ?? "";

  // Files go by themselves, so the form sends none a second time; the field stays native and is only unseen.
  input.removeAttribute("name");
  input.classList.add("hide-visually");
  box.querySelector("[data-files-button]").remove();

  const full = () => {
    input.disabled = list.children.length >= most;
    input.closest(".files-add").hidden = input.disabled;
  };
  const changed = () => {
    full();
    box.dispatchEvent(new Event("input", { bubbles: true }));
    // Saved now, so that a file that was taken out no longer counts when the next one is sent.
    box.dispatchEvent(new Event("focusout", { bubbles: true }));
  };
  const lineOf = (html) => {
    const holder = document.createElement("template");
    holder.innerHTML = html;
    return holder.content.firstElementChild;
  };
  const focusNear = (line) => {
    const near = line.nextElementSibling || line.previousElementSibling;
    return near?.querySelector("button") || input;
  };

  function wait(line) {
    if (!line.dataset.stateUrl) return;
    let pause = 1000;
    const again = () => setTimeout(ask, (pause = Math.min(pause * 1.3, 10000)));
    const ask = async () => {
      if (!line.isConnected) return;
      try {
        const url = `${line.dataset.stateUrl}?control=${encodeURIComponent(control)}`;
        const answer = await fetch(url, { headers: { Accept: "application/json" } });
        if (answer.status >= 400 && answer.status < 500) return;
        const json = answer.ok ? await answer.json() : { state: "checking" };
        if (json.state === "checking") return again();
        const hadFocus = line.contains(document.activeElement);
        const fresh = lineOf(json.html);
        line.replaceWith(fresh);
        if (hadFocus) fresh.querySelector("button").focus();
        kczg.announce(json.message);
      } catch {
        again();
      }
    };
    setTimeout(ask, pause);
  }

  function send(file) {
    const line = kczg.make("li", { class: "files-entry" });
    list.append(line);
    full();
    start(file, line);
  }

  function start(file, line) {
    const request = new XMLHttpRequest();
    const progress = kczg.make("progress", { max: "100", value: "0", "aria-label": kczg.t("正在上传{name}", { name: file.name }) });
    const cancel = kczg.make("button", { type: "button", class: "btn btn-small" }, kczg.t("取消"), kczg.make("span", { class: "hide-visually" }, file.name));
    const percent = kczg.make("span", { class: "muted small nowrap" }, "0%");
    line.classList.remove("is-refused");
    line.replaceChildren(kczg.make("span", { class: "files-name" }, file.name), progress, percent, cancel);
    cancel.addEventListener("click", () => {
      request.abort();
      leave(line, "已取消上传{name}", file.name);
    });
    const failed = (words, mayRetry) => refuse(file, line, words, mayRetry);
    request.upload.addEventListener("progress", (event) => {
      if (!event.lengthComputable) return;
      progress.value = Math.round((event.loaded / event.total) * 100);
      percent.textContent = `${progress.value}%`;
    });
    request.addEventListener("error", () => failed(kczg.t("网络已断开，未能上传"), true));
    request.addEventListener("load", () => {
      let json = {};
      try {
        json = JSON.parse(request.responseText);
      } catch {
        // A page instead of JSON: the words below say what can be said.
      }
      if (request.status !== 201) {
        const words = [json.message, json.hint].filter(Boolean).join("。");
        return failed(words || kczg.t("暂时无法上传，稍后重试"), request.status >= 500 || request.status === 401 || !words);
      }
      const fresh = lineOf(json.html);
      line.replaceWith(fresh);
      changed();
      wait(fresh);
      kczg.announce(json.message);
    });
    const tooBig = { now: megabytes(file.size), limit: megabytes(mostBytes) };
    if (!file.size) return failed(kczg.t("文件是空的"), false);
    if (file.size > mostBytes) return failed(kczg.t("文件{now} MB，超过{limit} MB，降低扫描分辨率后重新上传", tooBig), false);
    const body = new FormData();
    body.append("control", control);
    body.append("file", file);
    request.open("POST", box.dataset.address);
    request.setRequestHeader("Accept", "application/json");
    request.setRequestHeader("X-CSRFToken", token());
    request.send(body);
    kczg.announce(kczg.t("正在上传{name}", { name: file.name }));
  }

  function refuse(file, line, words, mayRetry) {
    const name = () => kczg.make("span", { class: "hide-visually" }, file.name);
    const button = (word, act) => {
      const made = kczg.make("button", { type: "button", class: "btn btn-small" }, kczg.t(word), name());
      made.addEventListener("click", act);
      return made;
    };
    line.classList.add("is-refused");
    line.replaceChildren(
      kczg.make("span", { class: "files-name" }, file.name),
      kczg.make("span", { class: "error" }, words),
      ...(mayRetry ? [button("重试", () => start(file, line))] : []),
      button("移除", () => leave(line, "已删除{name}", file.name)),
    );
    kczg.announce(`${file.name} ${words}`);
  }

  function leave(line, words, name) {
    const goal = focusNear(line);
    line.remove();
    changed();
    goal.focus();
    kczg.announce(kczg.t(words, { name }));
  }

  list.addEventListener("click", (event) => {
    const button = event.target.closest("[name=remove_file]");
    if (!button) return;
    event.preventDefault();
    const line = button.closest("li");
    leave(line, "已删除{name}", line.querySelector(".files-name").textContent);
  });
  input.addEventListener("change", () => {
    const room = most - list.children.length;
    [...input.files].slice(0, room).forEach(send);
    if (input.files.length > room) kczg.announce(kczg.t("最多{n}个文件，删除不需要的再上传", { n: most }));
    input.value = "";
  });
  [...list.children].forEach(wait);
  full();
});
