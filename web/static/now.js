/* The guard's desk: one key takes the alarm, a click shows a picture large. Rule: without it every link still leads on. */
"use strict";
(() => {
  const dialog = document.getElementById("large");
  const isTyping = (target) => target.closest("input, textarea, select, [contenteditable], [role=textbox]");

  document.addEventListener("keydown", (event) => {
    if (event.key !== "a" || !("keysOn" in document.body.dataset) || event.isComposing || event.repeat) return;
    if (event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target) || document.querySelector("dialog[open]")) return;
    document.querySelector("[data-take]")?.click();
  });

  let links = [];
  let at = -1;
  const paged = [...(dialog?.querySelectorAll("[data-large-step]") ?? [])];

  function step(by) {
    if (links[at + by]) show(links[at + by]);
  }
  for (const button of paged) button.addEventListener("click", () => step(Number(button.dataset.largeStep)));
  dialog?.addEventListener("keydown", (event) => {
    const by = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
    if (!by || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    step(by);
  });

  function show(link) {
    at = links.indexOf(link);
    dialog.querySelector("[data-large-at]").textContent = `${at + 1} / ${links.length}`;
    for (const button of paged) button.disabled = !links[at + Number(button.dataset.largeStep)];
    const image = dialog.querySelector("img");
    const wrong = dialog.querySelector("[data-large-wrong]");
    image.hidden = wrong.hidden = true;
    dialog.querySelector("p").textContent = image.alt = link.dataset.caption;
    image.onload = () => { image.hidden = false; };
    image.onerror = () => { wrong.hidden = false; };
    image.src = link.dataset.large;
    if (!dialog.open) dialog.showModal();
  }
  document.addEventListener("click", (event) => {
    const link = event.target.closest("a[data-large]");
    if (!link || !dialog || event.button || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    links = [...(link.closest(".shots, .feed") ?? document).querySelectorAll("a[data-large]")];
    show(link);
  });
  /* A timer that runs is counted down by the room's clock, which the bar brings along. */
  let anchor = "";
  let ahead = 0;
  setInterval(() => {
    const told = document.getElementById("alarms")?.dataset.now;
    if (told && told !== anchor) {
      anchor = told;
      ahead = Number(told) - Date.now();
    }
    for (const one of document.querySelectorAll("[data-until]")) {
      const left = Math.max(0, Math.ceil((Number(one.dataset.until) - Date.now() - ahead) / 1000));
      if (one.textContent !== `${left} s`) one.textContent = `${left} s`;
    }
  }, 250);
  document.addEventListener("error", (event) => {
    event.target.closest?.(".thumb")?.classList.add("gone");
  }, true);
})();
