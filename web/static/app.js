/* What every page can do: say words, send, open and close, wait for the controller.
   Rule: text goes into the page as text; no string ever becomes markup. */
"use strict";
const ironroom = (() => {
  const words = JSON.parse(document.getElementById("words").textContent);
  const say = (word, at = "") => (words[word] ?? word).replace("{at}", at);

  function toast(text, tone = "note") {
    const line = document.createElement("p");
    line.className = `toast ${tone}`;
    line.textContent = text;
    document.getElementById("toasts").append(line);
    leave(line);
  }
  function leave(line) {
    line.addEventListener("click", () => line.remove());
    if (!line.classList.contains("alarm")) setTimeout(() => line.remove(), 9000);
  }
  async function send(url, options) {
    const headers = { Accept: "application/json", "X-Ironroom-Mark": document.body.dataset.mark ?? "", ...options.headers };
    try {
      const answer = await fetch(url, { method: "POST", credentials: "same-origin", ...options, headers });
      const isJson = (answer.headers.get("Content-Type") ?? "").startsWith("application/json");
      const body = isJson ? await answer.json() : {};
      if (!answer.ok && !body.error) body.error = say(answer.status === 401 ? "signed_out" : answer.status === 503 ? "unreachable" : "refused");
      return { ok: answer.ok, status: answer.status, body };
    } catch {
      return { ok: false, status: 0, body: { error: say("unreachable") } };
    }
  }
  const post = (url, told = {}) => send(url, { body: JSON.stringify(told), headers: { "Content-Type": "application/json" } });
  const postForm = (form) => send(form.action, { body: new FormData(form) });

  function showWrong(place, text) {
    if (!place) return toast(text, "alarm");
    place.textContent = text;
    place.hidden = !text;
  }
  return { say, toast, post, postForm, showWrong, leave };
})();
window.ironroom = ironroom;

document.querySelectorAll("[data-toast]").forEach(ironroom.leave);

document.addEventListener("click", (event) => {
  const opener = event.target.closest("[data-open]");
  if (opener) document.getElementById(opener.dataset.open)?.showModal();
  const closer = event.target.closest("[data-close]");
  if (closer) closer.closest("dialog")?.close();
  if (event.target.closest("[data-back]")) history.back();
  if (event.target.closest("[data-print]")) print();
  document.querySelectorAll("details[data-menu][open]").forEach((menu) => {
    if (!menu.contains(event.target)) menu.open = false;
  });
});
document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  document.querySelectorAll("details[data-menu][open]").forEach((menu) => {
    menu.open = false;
    menu.querySelector("summary").focus();
  });
});

/* A second click on a slow day is the same click. */
document.addEventListener("submit", (event) => {
  const form = event.target;
  if (!form.matches("[data-once]")) return;
  if (form.dataset.sent) event.preventDefault();
  form.dataset.sent = "1";
  form.querySelectorAll("button:not([type=button])").forEach((button) => button.setAttribute("aria-busy", "true"));
});
addEventListener("pageshow", () => {
  document.querySelectorAll("[data-sent]").forEach((form) => {
    delete form.dataset.sent;
    form.querySelectorAll("[aria-busy]").forEach((button) => button.removeAttribute("aria-busy"));
  });
});

/* A page that waits for the controller asks for it, and goes on by itself where nothing had been sent. */
(function wait() {
  const how = document.body.dataset.waits;
  if (!how) return;
  setTimeout(async () => {
    const answers = await fetch("/alive").then((answer) => answer.ok, () => false);
    if (answers && how === "page") return location.reload();
    const line = document.querySelector("[data-waiting]");
    if (answers && line) line.textContent = ironroom.say("answers_again");
    return wait();
  }, 2000);
})();

/* What the browser fetches by itself keeps nobody signed in; what fails leaves the old picture, which says so. */
document.addEventListener("htmx:config:request", (event) => {
  const { ctx } = event.detail;
  if (["live", "load", "every"].includes(ctx.sourceEvent?.type)) ctx.request.headers["X-Ironroom-Quiet"] = "1";
  if (ctx.request.method !== "GET") ctx.request.headers["X-Ironroom-Mark"] = document.body.dataset.mark ?? "";
});
document.addEventListener("htmx:response:error", (event) => {
  const { status } = event.detail.ctx.response;
  if (status === 401) document.dispatchEvent(new CustomEvent("ironroom:signed-out"));
});
