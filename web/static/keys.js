/* Single keys. Rule: they rest while somebody types, while an input method composes, and where they are off. */
"use strict";
(() => {
  const isOn = () => "keysOn" in document.body.dataset;
  const isTyping = (target) => target.closest("input, textarea, select, [contenteditable], [role=textbox]");
  let waits = 0;

  function go(letter) {
    const way = document.querySelector(`[data-go="${CSS.escape(letter)}"]`);
    if (way) location.assign(way.href);
  }
  document.addEventListener("keydown", (event) => {
    if (!isOn() || event.isComposing || event.keyCode === 229) return;
    if (event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target) || document.querySelector("dialog[open]")) return;
    const wasWaiting = performance.now() < waits;
    waits = 0;
    if (wasWaiting && event.key.length === 1) return go(event.key);
    if (event.key === "g") {
      waits = performance.now() + 1500;
    } else if (event.key === "?") {
      event.preventDefault();
      document.getElementById("sheet")?.showModal();
    } else if (event.key === "/") {
      const field = document.querySelector("[data-search]");
      if (field) {
        event.preventDefault();
        field.focus();
        field.select?.();
      }
    }
  });
})();
