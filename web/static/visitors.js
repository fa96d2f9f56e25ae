/* The visitor desk by keyboard: Enter goes on, a document is judged at once, a host is found by initials. */
"use strict";
(() => {
  const own = JSON.parse(document.getElementById("visitor-words").textContent);
  const say = (word) => own[word] ?? ironroom.say(word);
  const byId = (id) => document.getElementById(id);
  const form = byId("visit");
  const number = byId("f-document");

  /* What is wrong stands beside its field. */
  function tell(of, wrong = {}, error = "") {
    of.querySelectorAll("[data-field]").forEach((box) => {
      const text = wrong[box.dataset.field] ?? "";
      const line = box.querySelector("[data-wrong]");
      box.classList.toggle("bad", Boolean(text));
      if (line) ironroom.showWrong(line, text);
    });
    const places = [...of.querySelectorAll("[data-field]")].map((box) => box.dataset.field);
    const rest = Object.entries(wrong).filter(([name]) => !places.includes(name)).map(([, text]) => text);
    const line = of.querySelector("[data-form-wrong]");
    if (line) ironroom.showWrong(line, [error, ...rest].filter(Boolean).join(" "));
    of.querySelectorAll("details:not([open]):has(.bad)").forEach((part) => { part.open = true; }); // nothing that is wrong is hidden
    of.querySelector(".bad input:not([type=hidden]), .bad select")?.focus();
  }

  /* On a phone a part of the form is its head until it is wanted, and the head says what is in it. */
  const parts = [...(form?.querySelectorAll("details.part") ?? [])];
  const narrow = matchMedia("(max-width: 40rem)");
  function fold() {
    parts.forEach((part) => { part.open = !narrow.matches || part.querySelector(".bad") !== null; });
  }
  function told(part) {
    const shown = [...part.querySelectorAll("input:not([type=hidden], [type=file]), select")].filter(isThere).map((field) => {
      if (field.type === "checkbox") return field.checked ? field.labels[0].textContent : "";
      if (field.tagName === "SELECT") return field.value ? field.selectedOptions[0].textContent : "";
      return field.value.replace("T", field.type === "datetime-local" ? " " : "T");
    });
    return shown.map((text) => text.trim()).filter(Boolean).join(" · ");
  }
  function summed() {
    parts.forEach((part) => { part.querySelector("[data-told]").textContent = told(part); });
  }
  /* Whether a field counts now; one in a part that is folded does. */
  function isThere(field) {
    return [field, field.closest("[data-field]")].every((one) => !one || (!one.closest("[hidden]") && getComputedStyle(one).display !== "none"));
  }
  function go(field) {
    const part = field?.closest("details.part");
    if (part) part.open = true;
    field?.focus();
  }
  narrow.addEventListener("change", fold);
  form?.addEventListener("input", summed);
  form?.addEventListener("toggle", summed, true);
  document.addEventListener("DOMContentLoaded", summed); // when a draft has been brought back
  fold();

  /* Forms are sent without leaving the page, so that nothing typed is lost by a refusal. */
  document.addEventListener("submit", async (event) => {
    const sent = event.target;
    if (!("desk" in sent.dataset)) return;
    event.preventDefault();
    if (sent.dataset.busy) return;
    sent.dataset.busy = "1";
    const body = new FormData(sent, event.submitter);
    tell(sent); // what was wrong the last time is no answer to this time
    event.submitter?.setAttribute("aria-busy", "true");
    const headers = { Accept: "application/json" };
    try {
      const answer = await fetch(sent.action, { method: "POST", credentials: "same-origin", headers, body });
      const told = (answer.headers.get("Content-Type") ?? "").startsWith("application/json") ? await answer.json() : {};
      if (answer.ok && told.next) return location.assign(told.next);
      sessionStorage.removeItem("draft-sent");
      if (answer.status === 401) told.error ??= say("signed_out");
      tell(sent, told.wrong, told.error ?? (told.wrong ? "" : say("refused")));
    } catch {
      sessionStorage.removeItem("draft-sent");
      tell(sent, {}, say("unreachable"));
    } finally {
      delete sent.dataset.busy;
      event.submitter?.removeAttribute("aria-busy");
    }
  });

  /* The lists are live and the visit beside them is not: it may hold what somebody types. It says so. */
  document.addEventListener("htmx:after:swap", () => {
    const open = byId("chosen");
    const now = open && byId("lists")?.querySelector(`[data-visit="${CSS.escape(open.dataset.visit)}"]`);
    if (open) open.querySelector("[data-changed]").hidden = !now || now.dataset.status === open.dataset.status;
  });

  /* Who leaves: Enter says what the cursor stands on, and goes on to what was not said yet, at last to the button. */
  byId("check-out")?.addEventListener("keydown", (event) => {
    const field = event.target;
    if (event.key !== "Enter" || event.isComposing || !field.matches("[type=radio]")) return;
    event.preventDefault();
    field.checked = true;
    const unsaid = [...field.form.querySelectorAll("fieldset")].find((box) => !box.querySelector(":checked"));
    const note = field.form.elements.reason;
    const next = unsaid?.querySelector("input") ?? (note.offsetParent && !note.value ? note : field.form.querySelector("button.primary"));
    next.focus();
  });

  /* Enter goes on to the next field; on a button it does what the button says. */
  document.addEventListener("keydown", (event) => {
    const field = event.target;
    if (event.key !== "Enter" || event.isComposing || event.keyCode === 229 || event.defaultPrevented) return;
    if (!field.form || !["visit", "issue"].includes(field.form.id) || !field.matches("input:not([type=file]), select")) return;
    event.preventDefault();
    if (field === number) return judge();
    return onward(field);
  });
  function onward(field) {
    const all = [...field.form.elements].filter((one) => one.matches("input:not([type=hidden], [type=file]), select, button.primary, button[data-camera=photo]") && isThere(one) && !(one.dataset.camera && form.elements.photo.value));
    const rest = all.slice(all.indexOf(field) + 1);
    const isEnough = field.name.startsWith("locker") && !field.value.trim(); // no more devices
    go(rest.find((one) => !isEnough || one.closest("fieldset") !== field.closest("fieldset")));
  }

  /* The document. */
  let judged = "";
  async function judge(kind = byId("f-document_kind").value) {
    const typed = number.value.trim();
    if (!typed) return onward(number);
    const spelled = `${kind} ${typed}`;
    if (judged === spelled) return onward(number);
    judged = spelled;
    hide("guest", "awaited", "blocked");
    const { ok, body } = await ironroom.post(number.dataset.lookUp, { document: typed, kind });
    if (judged !== spelled) return;
    if (!ok) {
      judged = "";
      return tell(form, { document: body.error });
    }
    tell(form);
    mask(body.masked);
    byId("f-document_kind").value = body.kind;
    judged = `${body.kind} ${typed}`;
    byId("blocked").hidden = !body.blocked;
    if (body.blocked) return byId("again").focus();
    if (body.open.length) return announced(body.open);
    if (body.guest) return ask(body.guest);
    return byId("f-name").focus();
  }
  const hide = (...ids) => ids.forEach((id) => { byId(id).hidden = true; });
  function mask(text) {
    number.hidden = Boolean(text);
    byId("masked").hidden = byId("again").hidden = !text;
    byId("masked").textContent = text;
  }
  function announced(visits) {
    byId("awaited").hidden = false;
    byId("awaited-links").replaceChildren(...visits.map(({ url, text }) => {
      const link = document.createElement("a");
      Object.assign(link, { href: url, textContent: text, className: "button primary" });
      return link;
    }));
    byId("awaited-links").firstChild.focus();
  }
  let guest = null;
  function ask(found) {
    guest = found;
    byId("guest").hidden = false;
    byId("guest-shown").textContent = found.shown.filter(Boolean).join(" · ");
    byId("guest-photo").hidden = !found.photo;
    if (found.photo) byId("guest-photo").src = found.photo;
    byId("guest-yes").focus();
  }
  function takeOver() {
    Object.entries(guest.fields).forEach(([name, value]) => {
      const field = form.elements[name];
      if (field && value) field.value = name === "host" ? guest.host : value;
    });
    form.querySelectorAll("[name=areas]").forEach((box) => { box.checked = guest.areas.includes(box.value) || box.checked; });
    byId("photo-kept").hidden = !guest.fields.photo;
    if (guest.fields.photo) document.dispatchEvent(new Event("ironroom:photographed"));
    hide("guest");
    form.dispatchEvent(new Event("input", { bubbles: true }));
    const gap = ["name", "host", "purpose"].find((name) => !form.elements[name].value);
    go(gap ? form.elements[gap] : form.querySelector(".bar.sticky button.primary"));
  }
  function typeAgain() {
    judged = number.value = "";
    mask("");
    hide("guest", "awaited", "blocked");
    number.focus();
  }
  number?.addEventListener("blur", () => { if (number.value.trim()) judge(); });
  byId("f-document_kind")?.addEventListener("change", () => { if (number.value.trim()) judge(); });
  byId("again")?.addEventListener("click", typeAgain);
  byId("guest-yes")?.addEventListener("click", takeOver);
  byId("guest-no")?.addEventListener("click", () => { hide("guest"); byId("f-name").focus(); });
  document.addEventListener("click", (event) => {
    if (event.target.closest("[data-clear]")) sessionStorage.removeItem(`draft:${document.body.dataset.person}:visitor`);
  });

  /* What the camera saw. */
  document.addEventListener("ironroom:seen", (event) => {
    const told = event.detail;
    if (told.next) return location.assign(told.next);
    if (told.digest) return photographed(event.target, told.digest);
    number.value = told.document;
    byId("f-document_kind").value = told.document_kind;
    const name = byId("f-name");
    if (!name.value) name.value = told.name;
    ironroom.toast(say(told.expired ? "document_expired" : told.names_alike ? "compare_name" : "doubt_name"), told.expired ? "alarm" : "warn");
    return judge(told.document_kind);
  });
  function photographed(source, digest) {
    const box = source.closest("[data-field]");
    box.querySelector("[name=photo]").value = digest;
    box.querySelector(".good-line").hidden = false;
    box.classList.remove("bad");
    ironroom.showWrong(box.querySelector("[data-wrong]"), "");
    box.querySelector("[type=file]").value = "";
    (source.form.elements.instruction_given ?? source).focus();
  }

  /* A person by a few letters: the list under the field. */
  document.querySelectorAll("[data-hosts]").forEach((field) => {
    const list = byId(field.getAttribute("aria-controls"));
    let at = -1, found = [], asked = 0;
    function close() {
      list.hidden = true;
      field.setAttribute("aria-expanded", "false");
      field.removeAttribute("aria-activedescendant");
    }
    function mark(next) {
      at = next;
      [...list.children].forEach((one, n) => one.setAttribute("aria-selected", String(n === at)));
      if (at >= 0) field.setAttribute("aria-activedescendant", list.children[at].id);
    }
    function choose(n) {
      field.value = found[n].value;
      entitled(field, found[n].doors);
      close();
      field.dispatchEvent(new Event("input", { bubbles: true }));
      close();
    }
    async function look() {
      const mine = ++asked;
      const answer = await fetch(`${field.dataset.hosts}?q=${encodeURIComponent(field.value)}`, { headers: { Accept: "application/json" } }).catch(() => null);
      if (!answer?.ok || mine !== asked || document.activeElement !== field) return;
      found = (await answer.json()).hosts;
      if (mine !== asked) return;
      list.replaceChildren(...found.map((one, n) => option(one, n)));
      list.hidden = !found.length;
      field.setAttribute("aria-expanded", String(!list.hidden));
      mark(found.length ? 0 : -1);
    }
    function option(one, n) {
      const item = document.createElement("li");
      const more = document.createElement("span");
      item.id = `${list.id}-${n}`;
      item.setAttribute("role", "option");
      more.textContent = one.department;
      item.append(one.name, more);
      item.addEventListener("mousedown", (event) => { event.preventDefault(); choose(n); });
      return item;
    }
    field.addEventListener("input", (event) => { if (event.isTrusted && field.value.trim()) look(); else close(); });
    field.addEventListener("blur", () => { asked += 1; close(); });
    field.addEventListener("keydown", (event) => {
      if (event.isComposing || list.hidden) return;
      if (event.key === "ArrowDown" || event.key === "ArrowUp") {
        event.preventDefault();
        mark((at + (event.key === "ArrowDown" ? 1 : found.length - 1)) % found.length);
      } else if (event.key === "Enter" && at >= 0) {
        choose(at);
      } else if (event.key === "Escape") {
        close();
      }
    });
  });
  /* Areas that the host may not enter cannot be ticked for their visitor. */
  function entitled(field, doors) {
    if (field.name !== "host") return;
    field.form.querySelectorAll("[name=areas]").forEach((box) => {
      box.disabled = doors !== null && !box.dataset.doors.split(" ").some((door) => doors.includes(door));
      if (box.disabled) box.checked = false;
    });
  }

  /* After a pass: print it, and the cursor is at the next of the group, or where the next visitor begins. */
  const print = byId("print-pass");
  print?.focus();
  print?.addEventListener("click", () => setTimeout(() => (byId("next-pass") ?? number)?.focus(), 0));
})();
