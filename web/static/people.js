/* The form of a person: every door makes single ones needless, long lists are narrowed. */
"use strict";
(() => {
  function settle(every) {
    const list = document.getElementById(every.dataset.every);
    list.setAttribute("aria-disabled", String(every.checked));
    list.querySelectorAll("input").forEach((one) => { one.disabled = every.checked; });
  }
  const all = () => document.querySelectorAll("[data-every]").forEach(settle);
  all();
  window.addEventListener("load", all);
  document.addEventListener("input", (event) => {
    if (event.target.dataset?.every) settle(event.target);
    const list = document.getElementById(event.target.dataset?.narrow ?? "");
    const wanted = event.target.value.toLowerCase();
    list?.querySelectorAll(".check").forEach((line) => { line.hidden = !line.textContent.toLowerCase().includes(wanted); });
  });
})();
