/* What was typed survives a controller that is away, in this tab alone. Rule: never secrets, never across a sign-out. */
"use strict";
(() => {
  const person = document.body.dataset.person;
  const isError = "error" in document.body.dataset;
  const key = (form) => `draft:${person}:${form.dataset.draft}`;
  const kept = (field) => field.name && !["password", "file", "hidden", "submit"].includes(field.type) && !("private" in field.dataset);
  const isChoice = (field) => field.type === "checkbox" || field.type === "radio";
  const fields = (form) => [...form.elements].filter(kept);

  function keep(form) {
    const values = fields(form).map((field) => [field.name, isChoice(field) ? field.checked : field.value, field.value]);
    sessionStorage.setItem(key(form), JSON.stringify(values));
  }
  function bringBack(form) {
    const text = sessionStorage.getItem(key(form));
    if (!text || form.querySelector(".wrong:not([hidden])")) return;
    const values = JSON.parse(text);
    let changed = false;
    fields(form).forEach((field) => {
      const found = values.find(([name, , value]) => name === field.name && (!isChoice(field) || value === field.value));
      if (!found) return;
      const before = isChoice(field) ? field.checked : field.value;
      if (isChoice(field)) field.checked = found[1];
      else field.value = found[1];
      changed ||= before !== found[1];
    });
    if (changed) ironroom.toast(ironroom.say("kept"));
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
    if (event.target.dataset.draft) sessionStorage.setItem("draft-sent", key(event.target));
    if ("leave" in event.target.dataset) sessionStorage.clear();
  });
})();
