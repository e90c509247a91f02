// Picker: a combobox before a select (or on a text field) whose choices the server finds by name or code.
"use strict";
(() => {
  const PAUSE = 200; // milliseconds of quiet before a search is sent
  const label = (entry) => (entry.code ? `${entry.name}+${entry.code}` : entry.name);

  class Picker {
    constructor(source) {
      this.source = source;
      this.select = source.options ? source : null;
      this.found = [];
      this.active = -1;
      this.input = this.select ? this.besideSelect() : source;
      this.list = kczg.make("ul", { class: "picker-list", role: "listbox", id: `${this.input.id}_list`, hidden: "" });
      this.list.setAttribute("aria-label", kczg.t("输入名称或代码查找"));
      const roles = { role: "combobox", "aria-autocomplete": "list", "aria-expanded": "false", "aria-controls": this.list.id, autocomplete: "off" };
      for (const [name, value] of Object.entries(roles)) this.input.setAttribute(name, value);
      const box = kczg.make("div", { class: "picker" });
      this.input.before(box);
      box.append(this.input, this.list);
      this.listen();
      this.showChosen();
    }

    // The combobox takes the select's id, so that its label and the links of the error summary find it.
    besideSelect() {
      const input = kczg.make("input", { type: "text", id: this.select.id, class: "input", placeholder: kczg.t("输入名称或代码查找") });
      for (const name of ["aria-describedby", "aria-invalid", "aria-label"]) {
        if (this.select.hasAttribute(name)) input.setAttribute(name, this.select.getAttribute(name));
      }
      this.select.id += "_chosen";
      this.select.hidden = true;
      this.select.required = false;
      this.chosen = kczg.make("ul", { class: "picker-chosen" });
      this.select.before(this.chosen, input);
      this.select.closest(".field")?.querySelector("[data-search-page]")?.setAttribute("hidden", "");
      return input;
    }

    listen() {
      this.input.addEventListener("input", (event) => event.isComposing || this.later());
      this.input.addEventListener("compositionend", () => this.later());
      this.input.addEventListener("keydown", (event) => this.key(event));
      this.input.addEventListener("blur", () => this.close());
      this.list.addEventListener("mousedown", (event) => event.preventDefault());
      this.list.addEventListener("click", (event) => {
        const option = event.target.closest("[role=option]");
        if (option) this.choose(Number(option.dataset.at));
      });
      // What is typed to search is not an answer: it must not start a save.
      if (this.select) this.input.addEventListener("change", (event) => event.stopPropagation());
    }

    later() {
      clearTimeout(this.timer);
      this.timer = setTimeout(() => this.search(), PAUSE);
    }

    async search() {
      const words = this.input.value.trim();
      this.asked?.abort();
      if (!words) return this.close();
      this.asked = new AbortController();
      const address = new URL(this.source.dataset.searchUrl, location.href);
      address.searchParams.set("q", words);
      if (this.source.dataset.levels) address.searchParams.set("levels", this.source.dataset.levels);
      try {
        const answer = await fetch(address, { headers: { Accept: "application/json" }, signal: this.asked.signal });
        if (!answer.ok) throw new Error(answer.status);
        this.show(await answer.json());
      } catch (error) {
        if (error.name !== "AbortError") this.tell(kczg.t("暂时无法查找，稍后再试"));
      }
      return null;
    }

    show(found) {
      this.found = found;
      if (!found.length) return this.tell(kczg.t("没有符合的结果，换个词再查"));
      this.list.replaceChildren(...found.map((entry, at) => {
        const option = kczg.make("li", { role: "option", id: `${this.list.id}_${at}`, "aria-selected": "false", "data-at": at }, label(entry));
        if (entry.path) option.append(kczg.make("small", {}, entry.path));
        if (entry.choosable === false) option.setAttribute("aria-disabled", "true");
        return option;
      }));
      this.open();
      kczg.announce(kczg.t("有{n}个结果，用上下键选择", { n: found.length }));
      return null;
    }

    tell(words) {
      this.found = [];
      this.list.replaceChildren(kczg.make("li", { role: "option", "aria-disabled": "true", "aria-selected": "false", "data-at": -1 }, words));
      this.open();
      kczg.announce(words);
    }

    open() {
      this.list.hidden = false;
      this.input.setAttribute("aria-expanded", "true");
      this.mark(-1);
    }

    close() {
      this.list.hidden = true;
      this.input.setAttribute("aria-expanded", "false");
      this.mark(-1);
    }

    mark(at) {
      this.active = at;
      [...this.list.children].forEach((option, n) => option.setAttribute("aria-selected", String(n === at)));
      if (at < 0) return this.input.removeAttribute("aria-activedescendant");
      this.input.setAttribute("aria-activedescendant", this.list.children[at].id);
      return this.list.children[at].scrollIntoView({ block: "nearest" });
    }

    key(event) {
      if (event.isComposing) return;
      const last = this.found.length - 1;
      const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
      if (step && this.list.hidden) this.later();
      else if (step && last >= 0) this.mark((this.active + step + last + 1 + (this.active < 0 && step < 0 ? 1 : 0)) % (last + 1));
      else if (event.key === "Enter" && (this.select || !this.list.hidden)) this.choose(this.active);
      else if (event.key === "Escape" && !this.list.hidden) this.close();
      else return;
      event.preventDefault();
    }

    choose(at) {
      const entry = this.found[at];
      if (!entry || entry.choosable === false) return;
      this.close();
      if (!this.select) {
        this.input.value = entry.name;
        const goal = document.getElementById(this.source.dataset.codeInto);
        if (goal) goal.value = entry.code;
        this.changed(this.input);
        return;
      }
      if (!this.select.multiple) [...this.select.options].forEach((option) => (option.selected = false));
      const known = [...this.select.options].find((option) => option.value === String(entry.code));
      const option = known ?? new Option(label(entry), entry.code);
      if (!known) this.select.add(option);
      option.selected = true;
      this.input.value = "";
      this.showChosen();
      this.changed(this.select);
      kczg.announce(kczg.t("已选{name}", { name: option.text }));
    }

    drop(option) {
      option.selected = false;
      if (!this.select.multiple) this.select.selectedIndex = [...this.select.options].findIndex((o) => o.value === "");
      this.showChosen();
      this.changed(this.select);
      this.input.focus();
      kczg.announce(kczg.t("已去掉{name}", { name: option.text }));
    }

    showChosen() {
      if (!this.select) return;
      const chosen = [...this.select.selectedOptions].filter((option) => option.value !== "");
      this.chosen.replaceChildren(...chosen.map((option) => {
        const words = kczg.t("去掉{name}", { name: option.text });
        const button = kczg.make("button", { type: "button", class: "btn btn-link btn-small", "aria-label": words }, "✕");
        button.addEventListener("click", () => this.drop(option));
        return kczg.make("li", {}, option.text, button);
      }));
    }

    changed(place) {
      place.dispatchEvent(new Event("input", { bubbles: true }));
      place.dispatchEvent(new Event("change", { bubbles: true }));
    }
  }

  kczg.each("[data-search-url]", (source) => {
    if (source.dataset.picker) return;
    source.dataset.picker = "on";
    new Picker(source);
  });
})();
