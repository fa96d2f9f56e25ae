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

  function show(link) {
    const image = dialog.querySelector("img");
    const wrong = dialog.querySelector("[data-large-wrong]");
    image.hidden = wrong.hidden = true;
    dialog.querySelector("p").textContent = image.alt = link.dataset.caption;
    image.onload = () => { image.hidden = false; };
    image.onerror = () => { wrong.hidden = false; };
    image.src = link.dataset.large;
    dialog.showModal();
  }
  document.addEventListener("click", (event) => {
    const link = event.target.closest("a[data-large]");
    if (!link || !dialog || event.button || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    show(link);
  });
  document.addEventListener("error", (event) => {
    event.target.closest?.(".thumb")?.classList.add("gone");
  }, true);
})();
