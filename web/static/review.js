/* Review and sign-off: what was on the screen, and its keys. Rule: a row counts when it was seen for a second. */
"use strict";
(() => {
  const SEEN_MS = 1000;
  const rows = [...document.querySelectorAll("[data-n][data-shows]")];
  const timers = new Map();
  const due = new Set();
  let sending = 0;
  let at = -1;

  async function send() {
    sending = 0;
    const few = [...due].slice(0, 200);
    few.forEach((n) => due.delete(n));
    const answer = await ironroom.post("/review/seen", { seen: few, standing: Boolean(form) });
    if (!answer.ok) {
      few.forEach((n) => due.add(n));
      sending = setTimeout(send, 3000);
      return;
    }
    few.forEach(tick);
    if (form) stands(answer.body);
    if (due.size) sending = setTimeout(send, 50);
  }
  function tick(n) {
    const row = document.querySelector(`[data-n="${n}"]`);
    if (!row || row.classList.contains("was-seen")) return;
    row.classList.add("was-seen");
    const badge = row.querySelector("[data-tick] .badge");
    const stamp = document.querySelector("[data-seen-badge]");
    if (badge && stamp) badge.replaceWith(stamp.content.cloneNode(true));
  }
  /* What a signature would hold, as the console has worked it out: the button says what is signed. */
  const form = document.getElementById("sign-off");
  let told = null;
  function say(part, number) {
    const place = form.querySelector(`[data-${part}-part]`);
    place.hidden = !number;
    place.querySelector(`[data-${part}-count]`).textContent = String(number);
  }
  function stands(now) {
    told = now;
    const own = form.querySelector("[data-with-own]");
    const count = own.checked ? now.with_own : now.count;
    form.querySelector("[data-seen-count]").textContent = String(count);
    form.querySelector("[data-sign-seen]").disabled = !count;
    say("own", now.own);
    say("later", now.later);
    say("unseen", document.querySelectorAll("[data-shows]:not(.was-seen)").length);
  }
  form?.querySelector("[data-with-own]").addEventListener("change", () => {
    if (told) return stands(told);
    return ironroom.post("/review/seen", { seen: [], standing: true }).then((answer) => answer.ok && stands(answer.body));
  });
  form?.querySelector("[data-to-unseen]").addEventListener("click", (event) => {
    const next = rows.findIndex((row) => !row.classList.contains("was-seen"));
    if (next < 0) return;
    event.preventDefault();
    move(next - at);
    rows[next].scrollIntoView({ block: "center" });
  });
  function saw(row) {
    timers.delete(row);
    if (document.visibilityState !== "visible") return;
    due.add(Number(row.dataset.n));
    sending ||= setTimeout(send, 250);
  }
  const watch = new IntersectionObserver((changes) => changes.forEach(({ target: said, isIntersecting }) => {
    const target = said.closest("[data-n]");
    clearTimeout(timers.get(target));
    timers.delete(target);
    if (isIntersecting && !target.classList.contains("was-seen")) timers.set(target, setTimeout(() => saw(target), SEEN_MS));
  }), { threshold: 0.9 });
  const begin = () => rows.map((row) => row.querySelector("[data-said]") ?? row).forEach((said) => { watch.unobserve(said); watch.observe(said); });
  begin();
  document.addEventListener("visibilitychange", begin);

  /* Keys: J and K go through the rows, X marks an exception, S signs, T types a date, arrows step. */
  const isTyping = (target) => target.closest("input, textarea, select, [contenteditable]");
  function move(by) {
    if (!rows.length) return;
    rows[at]?.classList.remove("current");
    at = Math.min(Math.max(at + by, 0), rows.length - 1);
    rows[at].classList.add("current");
    rows[at].scrollIntoView({ block: "nearest" });
    rows[at].querySelector("[data-open-row]")?.focus({ preventScroll: true });
  }
  function except() {
    const box = document.getElementById("exception");
    const dialog = document.getElementById("exception-dialog");
    if (box) {
      box.checked = true;
      document.getElementById("f-text")?.focus();
    } else if (dialog && rows[at]) {
      const form = dialog.querySelector("form");
      form.action = form.dataset.action.replace("/0/", `/${rows[at].dataset.n}/`);
      dialog.querySelector("[data-exception-n]").textContent = rows[at].dataset.n;
      dialog.showModal();
      dialog.querySelector("#x-text").focus();
    }
  }
  function jump() {
    const field = document.querySelector("[data-jump]");
    field?.focus();
    field?.select();
  }
  const keys = {
    j: () => move(1),
    k: () => move(-1),
    x: except,
    s: () => document.querySelector("[data-sign-seen]")?.click(),
    t: () => jump(),
  };
  /* Where the lanes are wider than the screen they begin at the moment that was asked for, or at the newest mark. */
  const lanes = document.querySelector("svg.timeline");
  if (lanes && lanes.parentElement.scrollWidth > lanes.parentElement.clientWidth) {
    const box = lanes.parentElement;
    const from = lanes.getBoundingClientRect();
    const ends = [...lanes.querySelectorAll(".mark")].map((mark) => mark.getBoundingClientRect().right - from.left);
    const middle = new URLSearchParams(location.search).has("at") || !ends.length ? from.width / 2 : Math.max(...ends);
    box.scrollLeft = middle - box.clientWidth / 2;
  }
  let afterG = 0;
  document.addEventListener("keydown", (event) => {
    if (!("keysOn" in document.body.dataset) || event.isComposing || event.ctrlKey || event.metaKey || event.altKey) return;
    if (isTyping(event.target) || document.querySelector("dialog[open]")) return;
    const wasG = performance.now() < afterG;
    afterG = event.key === "g" ? performance.now() + 1500 : 0;
    if (wasG || event.target.closest(".scroll[tabindex]")) return;
    const name = (event.shiftKey && event.key.startsWith("Arrow") ? "Shift+" : "") + event.key;
    const step = event.key.startsWith("Arrow") ? document.querySelector(`[data-step="${name}"]`) : null;
    const work = step ? () => step.click() : event.shiftKey ? null : keys[event.key];
    if (!work) return;
    event.preventDefault();
    work();
  });
})();
