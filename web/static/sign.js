/* Passkeys: signing in, making one, signing a command. Rule: what is signed is shown first, all of it. */
"use strict";
(() => {
  const { say, post, postForm, showWrong } = ironroom;

  function lacks() {
    if (!window.isSecureContext) return say("no_secure");
    const known = window.PublicKeyCredential;
    return known?.parseRequestOptionsFromJSON && known.prototype.toJSON ? "" : say("no_passkeys");
  }
  function reason(error) {
    if (error.name === "InvalidStateError") return say("known");
    return error.name === "SecurityError" ? say("no_secure") : say("cancelled");
  }
  /* Ask for a passkey; answers {credential} or {error}. */
  async function shown(options) {
    if (lacks()) return { error: lacks() };
    try {
      const publicKey = PublicKeyCredential.parseRequestOptionsFromJSON(options.publicKey ?? options);
      return { credential: (await navigator.credentials.get({ publicKey })).toJSON() };
    } catch (error) {
      return { error: reason(error) };
    }
  }
  async function made(options) {
    if (lacks()) return { error: lacks() };
    try {
      const publicKey = PublicKeyCredential.parseCreationOptionsFromJSON(options.publicKey ?? options);
      return { credential: (await navigator.credentials.create({ publicKey })).toJSON() };
    } catch (error) {
      return { error: reason(error) };
    }
  }
  async function busy(button, work) {
    if (button?.getAttribute("aria-busy")) return;
    button?.setAttribute("aria-busy", "true");
    try {
      await work();
    } finally {
      button?.removeAttribute("aria-busy");
    }
  }

  /* Signing in: begin, ask, finish; any of the three may say why not. */
  async function signIn(button) {
    const wrong = document.querySelector("[data-passkey-wrong]");
    showWrong(wrong, "");
    const begun = await post("/sign-in/options");
    const got = begun.ok ? await shown(begun.body.options) : { error: begun.body.error };
    if (got.error) return showWrong(wrong, got.error);
    const told = { handle: begun.body.handle, credential: got.credential, next: button.dataset.passkey };
    const done = await post("/sign-in/passkey", told);
    return done.ok ? location.assign(done.body.next) : showWrong(wrong, done.body.error);
  }
  async function make(form) {
    const wrong = form.querySelector("[data-make-wrong]");
    const typed = Object.fromEntries(new FormData(form));
    showWrong(wrong, "");
    const begun = await post(`${form.dataset.make}/begin`, typed);
    const got = begun.ok ? await made(begun.body.options) : { error: begun.body.error };
    if (got.error) return showWrong(wrong, got.error);
    const done = await post(`${form.dataset.make}/finish`, { ...typed, handle: begun.body.handle, credential: got.credential });
    return done.ok ? location.assign(done.body.next ?? location.href) : showWrong(wrong, done.body.error);
  }

  /* Signing a command. */
  const dialog = document.getElementById("sign");
  let pending = null;
  function show(command) {
    pending = command;
    dialog.querySelector("[data-sign-code]").textContent = command.code;
    const list = dialog.querySelector("[data-sign-text]");
    list.replaceChildren(...command.rows.flatMap(([name, value]) => [cell("dt", name), cell("dd", value)]));
    dialog.querySelector("[data-sign-said]").textContent = command.said;
    dialog.querySelector("[data-sign-bytes]").textContent = command.bytes;
    showWrong(dialog.querySelector("[data-sign-compare]"), command.compare);
    dialog.querySelector("[data-sign-people]").textContent = command.hint;
    dialog.querySelector("details").open = false;
    showWrong(dialog.querySelector("[data-sign-wrong]"), "");
    dialog.showModal();
    dialog.querySelector("[data-sign-go]").focus();
  }
  function cell(tag, text) {
    const made = document.createElement(tag);
    made.textContent = text;
    return made;
  }
  /* What is wrong with a field is said beside it. */
  function fieldsWrong(form, texts) {
    form.querySelectorAll("[data-field-wrong]").forEach((text) => {
      text.parentElement.querySelector("[aria-invalid]")?.removeAttribute("aria-invalid");
      text.remove();
    });
    const fields = Object.entries(texts).map(([name, text]) => [form.querySelector(`[name="${CSS.escape(name)}"]:not([type=hidden])`), text]).filter(([field]) => field);
    fields.forEach(([field, text]) => {
      const said = cell("p", text);
      said.className = "wrong";
      said.dataset.fieldWrong = "";
      (field.closest(".field, fieldset") ?? field.parentElement).append(said);
      if (field.type !== "checkbox") field.setAttribute("aria-invalid", "true");
    });
    fields[0]?.[0].focus();
  }
  async function begin(form) {
    const wrong = form.querySelector("[data-form-wrong]");
    showWrong(wrong ?? { textContent: "" }, "");
    const answer = await postForm(form);
    fieldsWrong(form, answer.ok ? {} : answer.body.fields ?? {});
    if (answer.ok) show({ ...answer.body, form, isMine: true });
    else showWrong(wrong, answer.body.error);
  }
  async function beginWaiting(button) {
    const answer = await post(`/sign/${encodeURIComponent(button.dataset.signWaiting)}/options`, { next: button.dataset.next });
    if (answer.ok) show(answer.body);
    else ironroom.toast(answer.body.error, "alarm");
  }
  async function go() {
    const wrong = dialog.querySelector("[data-sign-wrong]");
    showWrong(wrong, "");
    const got = await shown(pending.options);
    if (got.error) return showWrong(wrong, got.error);
    const { command, handle, next, done } = pending;
    const answer = await post(`/sign/${encodeURIComponent(command)}`, { handle, credential: got.credential, next, done });
    if (!answer.ok) return showWrong(wrong, answer.body.error);
    if (pending.form?.dataset.draft) sessionStorage.removeItem(`draft:${document.body.dataset.person}:${pending.form.dataset.draft}`);
    pending = null;
    return answer.body.code && !answer.body.waits ? reveal(answer.body) : location.assign(answer.body.next);
  }
  /* A code that is shown once; the screen goes on when it was handed over. */
  function reveal(told) {
    const once = document.getElementById("once");
    once.querySelector("[data-once-code]").textContent = told.code;
    once.addEventListener("cancel", (event) => event.preventDefault());
    once.addEventListener("close", () => location.assign(told.next), { once: true });
    dialog.close();
    once.showModal();
  }
  dialog?.addEventListener("close", () => {
    if (pending?.isMine) post(`/sign/${encodeURIComponent(pending.command)}/withdraw`);
    pending = null;
    dialog.querySelector("[data-sign-code]").textContent = ""; // nobody compares the code of a command before
  });

  document.addEventListener("submit", (event) => {
    const form = event.target;
    const work = "sign" in form.dataset ? begin : "make" in form.dataset ? make : null;
    if (!work) return;
    event.preventDefault();
    busy(event.submitter, () => work(form));
  });
  document.addEventListener("click", (event) => {
    const passkey = event.target.closest("[data-passkey]");
    if (passkey) busy(passkey, () => signIn(passkey));
    const waiting = event.target.closest("[data-sign-waiting]");
    if (waiting) busy(waiting, () => beginWaiting(waiting));
    const signs = event.target.closest("[data-sign-go]");
    if (signs) busy(signs, go);
  });
  const missing = lacks();
  if (missing) showWrong(document.querySelector("[data-passkey-wrong]"), missing);
})();
