// Autosave: nothing typed is lost. Sends what changed, a second after the last change and at the latest ten while typing.
// The protocol stands in docs/developers/look.md.
"use strict";
(() => {
  const QUIET = 1000; // milliseconds after the last change
  const LATEST = 10000; // milliseconds after the first change that is not saved yet
  const RETRY = [3000, 6000, 12000, 30000];
  const KEEPALIVE_MOST = 60000; // bytes; browsers refuse a larger body for a request that outlives its page

  // Logging in again changes the token, so the cookie is read each time rather than the hidden field.
  const token = () => /(?:^|; )(?:__Host-)?csrf=([^;]+)/.exec(document.cookie)?.[1] ?? "";
  const controls = (question) =>
    [...question.querySelectorAll("[name]")].filter((c) => !c.disabled && !/^(file|submit|button|reset)$/.test(c.type));
  const pairs = (question) =>
    controls(question).flatMap((c) => {
      if (/^(checkbox|radio)$/.test(c.type) && !c.checked) return [];
      if (c.multiple && c.options) return [...c.selectedOptions].map((option) => [c.name, option.value]);
      return [[c.name, c.value]];
    });
  const serial = (question) => JSON.stringify(pairs(question));
  const asText = (question) =>
    controls(question).flatMap((c) => {
      if (/^(checkbox|radio)$/.test(c.type)) return c.checked ? [c.labels[0]?.textContent.trim() ?? c.value] : [];
      return c.options ? [...c.selectedOptions].map((option) => option.text) : [c.value];
    }).join("\n");

  class Autosave {
    constructor(form) {
      this.form = form;
      this.version = form.dataset.version;
      this.status = document.querySelector("[data-save-status]");
      this.saved = new Map(this.questions().map((q) => [q.dataset.question, serial(q)]));
      this.held = new Set(); // questions whose two texts wait for a choice
      this.since = this.timer = this.failures = 0;
      this.running = null;
      this.leaving = this.reload = this.behind = false;
      for (const kind of ["input", "change", "compositionend"]) form.addEventListener(kind, (e) => this.changed(e));
      form.addEventListener("focusout", (event) => event.target.closest("[data-question]") && this.save());
      form.addEventListener("submit", (event) => this.submitted(event));
      window.addEventListener("pagehide", () => this.save());
      window.addEventListener("pageshow", () => (this.leaving = false));
      window.addEventListener("online", () => this.save());
      document.addEventListener("visibilitychange", () => this.save());
      window.addEventListener("beforeunload", (event) => {
        if (!this.leaving && this.failures && this.unsaved().length) event.preventDefault();
      });
    }

    questions() {
      return [...this.form.querySelectorAll("[data-question]")];
    }

    unsaved() {
      return this.questions().filter(
        (q) => !this.held.has(q.dataset.question) && serial(q) !== this.saved.get(q.dataset.question),
      );
    }

    changed(event) {
      if (event.isComposing) return;
      this.leaving = false;
      const now = Date.now();
      this.since ||= now;
      this.plan(Math.max(Math.min(QUIET, this.since + LATEST - now), 0));
    }

    plan(wait) {
      clearTimeout(this.timer);
      this.timer = setTimeout(() => this.save(), wait);
    }

    // The version must be the newest when the whole form is posted, so a save that is under way ends first.
    async submitted(event) {
      clearTimeout(this.timer);
      this.leaving = true;
      if (!this.running) return;
      event.preventDefault();
      const button = event.submitter;
      await this.running;
      clearTimeout(this.timer);
      this.leaving = true;
      this.form.requestSubmit(button);
    }

    save() {
      if (this.leaving) return null;
      if (this.running) {
        this.again = true;
        return this.running;
      }
      const changed = this.unsaved();
      if (!changed.length) return null;
      clearTimeout(this.timer);
      this.again = false;
      this.running = this.send(changed).finally(() => {
        this.running = null;
        if (this.again && !this.failures) this.save();
      });
      return this.running;
    }

    async send(changed) {
      const body = new URLSearchParams([["version", this.version]]);
      const sent = new Map();
      for (const question of changed) {
        body.append("changed", question.dataset.question);
        for (const [name, value] of pairs(question)) body.append(name, value);
        sent.set(question.dataset.question, serial(question));
      }
      this.say(kczg.t("正在保存…"));
      this.since = 0;
      const text = body.toString();
      try {
        const answer = await fetch(this.form.dataset.autosaveUrl, {
          method: "POST",
          body: text,
          keepalive: text.length < KEEPALIVE_MOST,
          headers: {
            Accept: "application/json",
            "Content-Type": "application/x-www-form-urlencoded;charset=UTF-8",
            "X-CSRFToken": token(),
          },
        });
        await this.answered(answer, sent);
      } catch {
        this.failed(kczg.t("网络已断开，内容留在本页，恢复后自动保存"));
      }
    }

    async answered(answer, sent) {
      const json = answer.headers.get("Content-Type")?.includes("json") ? await answer.json() : {};
      if (answer.ok && json.version !== undefined) return this.kept(json, sent);
      if (answer.status === 409) return this.conflict(json);
      if (answer.status >= 500) return this.failed(json.message || kczg.t("暂时无法保存，内容仍在本页，稍后自动重试"));
      // A page instead of JSON is the login page; csrf: the token is an ended session's.
      if (answer.status === 401 || json.code === "csrf" || !json.message) return this.signedOut();
      return this.refused(json);
    }

    // Once others have saved what this page doesn't show, a post of the whole form must not pass for newer than that:
    // its number stays the one that was read, so that the server compares each answer.
    take(version) {
      this.version = this.form.dataset.version = version;
      if (this.form.elements.version && !this.behind) this.form.elements.version.value = version;
      const now = token();
      if (now) document.getElementsByName("csrfmiddlewaretoken").forEach((field) => (field.value = now));
    }

    kept(json, sent) {
      this.failures = 0;
      this.take(json.version);
      sent.forEach((value, question) => this.saved.set(question, value));
      for (const [id, text] of Object.entries(json.outputs ?? {})) {
        const output = document.getElementById(id);
        if (output) output.textContent = text;
      }
      this.say(kczg.t("已自动保存（{time}）", { time: json.saved_at }));
      if (this.reload && !this.held.size) {
        this.leaving = true;
        location.reload();
      }
    }

    failed(words) {
      this.say(words, "is-late");
      this.plan(RETRY[Math.min(this.failures++, RETRY.length - 1)]);
    }

    signedOut() {
      const next = encodeURIComponent(location.pathname + location.search);
      const link = kczg.make("a", { href: `/login/?next=${next}`, target: "_blank", rel: "noopener" }, kczg.t("重新登录"));
      this.say(`${kczg.t("登录已过期，重新登录后继续保存")} `, "is-late", link);
      this.plan(RETRY[Math.min(this.failures++, RETRY.length - 1)]);
    }

    // The season closed, the form was taken away: no use in trying again until something is typed.
    refused(json) {
      this.say([json.message, json.hint].filter(Boolean).join("。"), "is-refused");
    }

    conflict(json) {
      const { version, by, theirs } = json.details;
      this.behind = true;
      this.take(version);
      for (const [name, text] of Object.entries(theirs)) {
        const question = this.questions().find((q) => q.dataset.question === name);
        if (question && serial(question) !== this.saved.get(name)) this.compare(question, by, text);
      }
      if (this.held.size) this.say(json.message, "is-late");
      this.again = true;
    }

    compare(question, by, theirs) {
      const name = question.dataset.question;
      this.held.add(name);
      question.querySelector(".compare")?.remove();
      const box = kczg.make("div", { class: "compare", role: "group", "aria-label": kczg.t("选择保留哪一份") });
      const side = (title, text, word, choose) => {
        const button = kczg.make("button", { type: "button", class: "btn btn-small" }, word);
        button.addEventListener("click", () => {
          box.remove();
          this.held.delete(name);
          choose();
          (controls(question)[0] ?? question).focus();
          this.save();
        });
        const words = kczg.make("p", { class: "prewrap" }, text || kczg.t("（空）"));
        return kczg.make("div", {}, kczg.make("h2", {}, title), words, button);
      };
      const mine = () => this.saved.set(name, null);
      box.append(
        side(kczg.t("我的"), asText(question), kczg.t("保留我的"), mine),
        side(kczg.t("{by}的", { by }), theirs, kczg.t("保留{by}的", { by }), () => this.takeTheirs(question, theirs)),
      );
      question.append(box);
    }

    // A text is put into its field; what has several controls is read anew from the server once all is saved.
    takeTheirs(question, theirs) {
      const all = controls(question);
      if (all.length === 1 && /^(text|textarea|email|tel|url|date|month|search)$/.test(all[0].type)) {
        all[0].value = theirs;
        this.saved.set(question.dataset.question, serial(question));
        all[0].dispatchEvent(new Event("input", { bubbles: true }));
        return;
      }
      this.saved.set(question.dataset.question, serial(question));
      this.reload = true;
      if (!this.held.size && !this.unsaved().length) {
        this.leaving = true;
        location.reload();
      }
    }

    say(words, tone = "", link = "") {
      if (!this.status) return;
      this.status.className = `save-status ${tone}`.trim();
      this.status.replaceChildren(words, link);
    }
  }

  kczg.each("form[data-autosave-url]", (form) => new Autosave(form));

  // Who else writes here: the open page says so now and then, until nobody has touched it for ten minutes.
  kczg.each("[data-present-url]", (place) => {
    let touched = Date.now();
    for (const kind of ["keydown", "pointerdown"]) document.addEventListener(kind, () => (touched = Date.now()));
    setInterval(async () => {
      if (document.hidden || Date.now() - touched > 600000) return;
      const headers = { Accept: "application/json", "X-CSRFToken": token(), "X-Background": "1" };
      const answer = await fetch(place.dataset.presentUrl, { method: "POST", headers }).catch(() => null);
      const { words } = answer?.ok ? await answer.json().catch(() => ({})) : {};
      // A live region written anew is read anew: only news are written.
      if (words !== undefined && place.textContent !== words) place.textContent = words;
    }, 30000);
  });
})();
