/* Commands: time that runs out, and lists that are narrowed. Rule: counts what the room said, never a clock. */
"use strict";
(() => {
  const seen = new WeakMap();
  function count() {
    document.querySelectorAll("[data-left]").forEach((place) => {
      const said = place.dataset.left;
      if (seen.get(place)?.said !== said) seen.set(place, { said, at: performance.now() });
      const left = Math.max(0, Math.ceil(Number(said) - (performance.now() - seen.get(place).at) / 1000));
      place.textContent = `${Math.floor(left / 60)}:${String(left % 60).padStart(2, "0")}`;
      if (!left) place.closest(".command")?.querySelectorAll("button").forEach((button) => { button.disabled = true; });
    });
  }
  count();
  setInterval(count, 1000);
  document.addEventListener("input", (event) => {
    const list = document.getElementById(event.target.dataset?.narrow ?? "");
    const wanted = event.target.value.toLowerCase();
    list?.querySelectorAll(".check").forEach((line) => { line.hidden = !line.textContent.toLowerCase().includes(wanted); });
  });
})();
