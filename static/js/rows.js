// Rows and year tables: add and delete rows without a new page; a block from a spreadsheet fills the cells; means are echoed.
"use strict";
(() => {
  function changed(place) {
    const none = document.querySelector(`[data-no-rows="${place.id}"]`);
    if (none) none.hidden = place.children.length > 0;
    place.dispatchEvent(new Event("input", { bubbles: true }));
  }

  function nextNumber(list) {
    const used = [...list.querySelectorAll("[name]")].map((control) => Number(control.name.match(/-(\d+)(-|$)/)?.[1] ?? -1));
    return Math.max(-1, ...used) + 1;
  }

  function add(list) {
    const blank = document.getElementById(`${list.id}_row`);
    const holder = document.createElement("template");
    holder.innerHTML = blank.innerHTML.replaceAll("__n__", nextNumber(list));
    const row = holder.content.firstElementChild;
    list.append(row);
    row.dispatchEvent(new Event("kczg:added", { bubbles: true }));
    row.querySelector("input, select, textarea")?.focus();
    changed(list);
    kczg.announce(kczg.t("添加了一行，现有{n}行", { n: list.children.length }));
  }

  function remove(row) {
    const list = row.parentElement;
    const near = row.nextElementSibling || row.previousElementSibling;
    const goal = near?.querySelector("input, select, textarea") || document.querySelector(`[data-add-row="${list.id}"]`);
    row.remove();
    goal?.focus();
    changed(list);
    kczg.announce(kczg.t("删除了一行，现有{n}行", { n: list.children.length }));
  }

  document.addEventListener("click", (event) => {
    const adder = event.target.closest("[data-add-row]");
    const remover = event.target.closest("[data-rows] [name=remove_row]");
    if (!adder && !remover) return;
    event.preventDefault();
    if (adder) add(document.getElementById(adder.dataset.addRow));
    else remove(remover.closest(".row"));
  });

  // Figures as people type them: full-width digits and points, commas for thousands.
  function figure(text) {
    const plain = text.normalize("NFKC").replaceAll(/[,，\s]/g, "");
    return /^-?\d+(\.\d+)?$/.test(plain) ? Number(plain) : NaN;
  }

  // The server computes the mean that counts; this only echoes it while figures are typed.
  function echoMean(row) {
    const place = row.querySelector("[data-mean]");
    if (!place) return;
    const values = [...row.querySelectorAll("[data-year]")].map((input) => figure(input.value));
    const whole = values.every((value) => !Number.isNaN(value));
    const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
    place.textContent = whole ? mean.toLocaleString("zh-CN", { maximumFractionDigits: 2, useGrouping: false }) : "—";
  }

  document.addEventListener("input", (event) => {
    if (event.target.matches?.("[data-year]")) echoMean(event.target.closest("tr"));
  });

  document.addEventListener("paste", (event) => {
    const cell = event.target.closest?.("[data-year]");
    const text = event.clipboardData?.getData("text/plain") ?? "";
    if (!cell || !/[\t\n]/.test(text.trim())) return;
    event.preventDefault();
    const rows = [...cell.closest("table").querySelectorAll("tbody tr")].map((row) => [...row.querySelectorAll("[data-year]")]);
    const top = rows.findIndex((row) => row.includes(cell));
    const left = rows[top].indexOf(cell);
    text.replaceAll("\r", "").trimEnd().split("\n").forEach((line, down) => {
      line.split("\t").forEach((value, right) => {
        const goal = rows[top + down]?.[left + right];
        if (!goal) return;
        goal.value = value.trim();
        changed(goal);
      });
    });
  });
})();
