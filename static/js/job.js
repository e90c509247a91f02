// Jobs: shows how far the worker is, then the file's link or what was read. Without script there is 刷新进度.
"use strict";
kczg.each("[data-job-url]", (card) => {
  const reads = card.dataset.jobReads !== undefined;
  const words = reads
    ? { queued: "排队中，稍后读取", running: "正在读取扫描件", done: "已读取", failed: "未能读取扫描件" }
    : { queued: "排队中，稍后生成文件", running: "正在生成文件", done: "文件已生成", failed: "未能生成文件" };
  const at = (name) => card.querySelector(name);
  let wait = 1000;
  const show = (job) => {
    const text = job.error || job.words || kczg.t(words[job.state]);
    if (at("[data-job-words]").textContent !== text) at("[data-job-words]").textContent = text;
    at("progress").max = job.total || 1;
    at("progress").value = job.done || 0;
    at("[data-job-count]").textContent = job.total ? `${job.done}/${job.total}` : "";
    card.dataset.state = job.state;
    if (job.state !== "done" && job.state !== "failed") return false;
    // What was read stands on the page itself.
    if (reads && job.state === "done") location.reload();
    at(".meter").hidden = true;
    at("[data-job-again]").hidden = job.state === "done";
    if (job.url) {
      at("[data-job-link]").href = job.url;
      at("[data-job-link]").hidden = false;
    }
    return true;
  };
  const ask = async () => {
    try {
      const answer = await fetch(card.dataset.jobUrl, { headers: { Accept: "application/json", "X-Background": "1" } });
      if (answer.ok && show(await answer.json())) return;
      // The right to see it was lost, or it is gone: the page itself says so when it is opened again.
      if (answer.status >= 400 && answer.status < 500) return;
    } catch {
      wait = 10000;
    }
    wait = Math.min(wait * 1.3, 10000);
    setTimeout(ask, wait);
  };
  if (card.dataset.state === "done" || card.dataset.state === "failed") return;
  at("[data-job-again]").hidden = true;
  setTimeout(ask, wait);
});
