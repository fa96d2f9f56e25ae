/* What was typed survives a controller that is away, in this tab alone. Rule: never secrets, never across a sign-out. */
"use strict";
(() => {
  const person = document.body.dataset.person;
  const isError = "error" in document.body.dataset;
  const key = (form) => `draft:${person}:${form.dataset.draft}`;
  const kept = (field) => field.name && !["password", "file", "hidden", "submit"].includes(field.type) && !("private" in field.dataset);
  const isChoice = (field) => field.type === "checkbox" || field.type === "radio";
  const fields = (form) => [...form.elements].filter(kept);

  const isFilled = (field) => (field.type === "file" ? field.files.length > 0 : Boolean(field.value));
  const isSecret = (field) => field.name && (["password", "file"].includes(field.type) || "private" in field.dataset);
  /* Of what is not kept it is kept that there was something: whoever comes back is told to give it again. */
  function keep(form) {
    const values = fields(form).map((field) => [field.name, isChoice(field) ? field.checked : field.value, field.value]);
    const rest = [...form.elements].some((field) => isSecret(field) && isFilled(field));
    sessionStorage.setItem(key(form), JSON.stringify({ values, rest }));
  }
  function bringBack(form) {
    const text = sessionStorage.getItem(key(form));
    if (!text || form.querySelector(".wrong:not([hidden])")) return;
    const { values, rest } = JSON.parse(text);
    let changed = false;
    fields(form).forEach((field) => {
      const found = values.find(([name, , value]) => name === field.name && (!isChoice(field) || value === field.value));
      if (!found) return;
      const before = isChoice(field) ? field.checked : field.value;
      if (isChoice(field)) field.checked = found[1];
      else field.value = found[1];
      changed ||= before !== found[1];
    });
    if (changed || rest) ironroom.toast(ironroom.say(rest ? "kept_some" : "kept"), rest ? "warn" : "note");
  }
  function forget() {
    const sent = sessionStorage.getItem("draft-sent");
    sessionStorage.removeItem("draft-sent");
    if (!sent || isError) return;
    const form = [...document.querySelectorAll("form[data-draft]")].find((one) => key(one) === sent);
    if (!form?.querySelector(".wrong:not([hidden])")) sessionStorage.removeItem(sent);
  }
  function forgetOthers() {
    Object.keys(sessionStorage).filter((name) => name.startsWith("draft:") && !name.startsWith(`draft:${person}:`))
      .forEach((name) => sessionStorage.removeItem(name));
  }
  try {
    forget();
    if (person) forgetOthers();
    document.querySelectorAll("form[data-draft]").forEach(bringBack);
  } catch {
    sessionStorage.clear(); // somebody's extension or an older page left what is no draft
  }
  document.addEventListener("input", (event) => {
    const form = event.target.form;
    if (form?.dataset.draft) keep(form);
  });
  document.addEventListener("submit", (event) => {
    if (event.target.dataset.draft) {
      keep(event.target);
      sessionStorage.setItem("draft-sent", key(event.target));
    }
    if ("leave" in event.target.dataset) sessionStorage.clear();
  });
})();
