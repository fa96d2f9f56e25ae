/* News from the log, and whether this screen is still true. Rule: silence is said within seven seconds. */
"use strict";
(() => {
  if (!("liveOn" in document.body.dataset)) return;
  const PATIENCE = 6500;
  const AWAY = ["silent", "full", "rights"]; // why the controller does not answer (outage.py)
  const banner = document.getElementById("stale");
  const link = document.getElementById("link");
  const clock = document.getElementById("clock");
  const spelled = hours(clock.dataset.zone);
  let anchor = clock.dataset.now;
  let ahead = Number(anchor) - Date.now();
  let heard = performance.now();
  let since = Date.now();
  let state = "good";
  let source = null;
  const due = new Set();
  let timer = 0;

  function hours(zone) {
    const form = { hour: "2-digit", minute: "2-digit", second: "2-digit", hourCycle: "h23" };
    try {
      return new Intl.DateTimeFormat("en-GB", { ...form, timeZone: zone });
    } catch {
      return new Intl.DateTimeFormat("en-GB", form);
    }
  }
  const room = (at) => spelled.format(at + ahead);

  function become(next) {
    if (next === state) return;
    const wasGood = state === "good";
    state = next;
    if (state === "good") {
      banner.hidden = true;
      refresh(["*"]);
    } else {
      if (wasGood) since = Date.now() - (performance.now() - heard);
      banner.textContent = ironroom.say(state, room(since));
      banner.hidden = false;
    }
    document.body.classList.toggle("is-stale", state !== "good");
    link.classList.toggle("bad", state !== "good");
    link.lastElementChild.textContent = state === "good" ? link.dataset.good : link.dataset.bad;
  }

  function matches(wanted, kinds) {
    return wanted.split(/\s+/).some((one) => one === "*" || kinds.some((kind) =>
      kind === "*" || kind === one || (one.endsWith("*") && kind.startsWith(one.slice(0, -1)))));
  }
  function refresh(kinds) {
    kinds.forEach((kind) => due.add(kind));
    timer ||= setTimeout(() => {
      const now = [...due];
      due.clear();
      timer = 0;
      document.querySelectorAll("[data-live]").forEach((part) => {
        if (matches(part.dataset.live, now)) part.dispatchEvent(new CustomEvent("live"));
      });
    }, 120);
  }

  function hear(told) {
    heard = performance.now();
    if (told && "answers" in told) become(told.answers ? "good" : told.why);
    else if (!AWAY.includes(state)) become("good");
  }
  function listen() {
    source = new EventSource("/stream");
    source.addEventListener("tick", (event) => hear(JSON.parse(event.data)));
    source.addEventListener("entries", (event) => {
      const told = JSON.parse(event.data);
      hear();
      refresh(told.missed ? ["*"] : told.kinds);
      document.dispatchEvent(new CustomEvent("ironroom:entries", { detail: told }));
    });
    source.onerror = () => {
      become("lost");
      if (source.readyState === EventSource.CLOSED) askWhy();
    };
  }
  /* The browser gives up a stream that was refused: because nobody is signed in, or because all places are taken. */
  async function askWhy() {
    const status = await fetch("/signed-in", { headers: { "X-Ironroom-Quiet": "1" } }).then((answer) => answer.status, () => 0);
    if (status === 401) return signedOut();
    return setTimeout(listen, 3000);
  }
  function signedOut() {
    source?.close();
    become("signed_out");
    const way = document.createElement("a");
    way.href = `/sign-in?next=${encodeURIComponent(location.pathname + location.search)}`;
    way.textContent = ironroom.say("sign_in");
    banner.append(" ", way);
  }
  document.addEventListener("ironroom:signed-out", signedOut);

  /* The bar brings the room's clock along whenever it is fetched. */
  function anchored() {
    const told = document.getElementById("alarms")?.dataset.now;
    if (!told || told === anchor) return;
    anchor = told;
    ahead = Number(told) - Date.now();
  }
  function look() {
    anchored();
    clock.textContent = room(Date.now());
    if (state !== "signed_out" && performance.now() - heard > PATIENCE) become("stale");
  }
  look();
  setInterval(look, 500);
  document.addEventListener("visibilitychange", look);
  addEventListener("pagehide", () => source?.close());
  addEventListener("pageshow", (event) => event.persisted && listen());
  listen();
})();
