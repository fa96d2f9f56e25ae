/* The desk's camera: a still goes to the console, which says what it saw. Rule: it runs only while it is shown.

   A seat that has used it once has it on when a face is wanted: Space takes the picture while no field is
   being filled in. Whoever stops it has it off until they switch it on again. Leaving the page ends it. */
"use strict";
(() => {
  const own = JSON.parse(document.getElementById("visitor-words").textContent);
  const say = (word) => own[word] ?? ironroom.say(word);
  const texts = {
    NotAllowedError: "camera_denied", SecurityError: "camera_denied", NotFoundError: "camera_none",
    OverconstrainedError: "camera_none", NotReadableError: "camera_busy", AbortError: "camera_busy",
  };
  const USED = "camera-used";
  const face = document.querySelector("[data-camera=issue-photo]") ?? document.querySelector("[data-camera=photo]");
  let stream = null, view = null, button = null, asked = 0;

  function stop() {
    asked += 1;
    stream?.getTracks().forEach((track) => track.stop());
    if (view) {
      view.hidden = true;
      view.querySelector("video").srcObject = null;
    }
    stream = view = null;
  }
  function wrong(text) {
    const line = view?.querySelector("[data-camera-wrong]");
    if (line) ironroom.showWrong(line, text);
  }
  async function start(opener, focus = true) {
    stop();
    const mine = asked;
    button = opener;
    view = document.querySelector(`[data-view="${opener.dataset.camera}"]`);
    view.hidden = false;
    wrong("");
    const video = view.querySelector("video");
    try {
      const got = await navigator.mediaDevices.getUserMedia({ video: { width: { ideal: 1280 }, height: { ideal: 720 } } });
      if (mine !== asked) return got.getTracks().forEach((track) => track.stop()); // left or stopped meanwhile
      stream = got;
      stream.getTracks().forEach((track) => track.addEventListener("ended", () => { if (stream === got) gone(); }));
      video.srcObject = stream;
      await video.play();
      localStorage.setItem(USED, "1");
      if (focus) video.focus();
    } catch (error) {
      if (mine === asked) wrong(say(texts[error.name] ?? "camera_none"));
    }
  }
  function gone() {
    stream = null;
    wrong(say("camera_none"));
  }
  async function wake() {
    if (!face || stream || document.hidden || localStorage.getItem(USED) !== "1") return;
    if (face.form?.elements.photo?.value || face.closest("details:not([open])")) return;
    const state = await navigator.permissions?.query({ name: "camera" }).then((found) => found.state, () => "");
    if (state === "granted" && !stream) await start(face, false); // nobody is asked without having pressed anything
  }
  async function still() {
    const video = view.querySelector("video");
    const canvas = document.createElement("canvas");
    canvas.width = video.videoWidth;
    canvas.height = video.videoHeight;
    canvas.getContext("2d").drawImage(video, 0, 0);
    return new Promise((done) => canvas.toBlob(done, "image/jpeg", 0.92));
  }
  async function upload(url, blob) {
    const body = new FormData();
    body.append("picture", blob, "picture.jpg");
    const headers = { Accept: "application/json", "X-Ironroom-Mark": document.body.dataset.mark ?? "" };
    try {
      const answer = await fetch(url, { method: "POST", credentials: "same-origin", headers, body });
      const told = await answer.json().catch(() => ({}));
      return answer.ok ? told : { error: told.error ?? say("refused") };
    } catch {
      return { error: say("unreachable") };
    }
  }
  async function shoot() {
    if (!stream || view.dataset.busy) return;
    view.dataset.busy = "1";
    const shown = view;
    const told = await upload(button.dataset.url, await still());
    delete shown.dataset.busy;
    if (told.error) return wrong(told.error);
    const opener = button;
    stop();
    return opener.dispatchEvent(new CustomEvent("ironroom:seen", { bubbles: true, detail: told }));
  }
  document.addEventListener("click", (event) => {
    const opener = event.target.closest("[data-camera]");
    if (opener) return stream && opener === button ? shoot() : start(opener);
    if (event.target.closest("[data-shoot]")) shoot();
    if (event.target.closest("[data-stop]")) close();
  });
  function close() {
    if (button === face) localStorage.removeItem(USED);
    stop();
    button?.focus();
  }
  const isFree = (one) => one.tagName === "VIDEO" || one === document.body || one.id === "main";
  document.addEventListener("keydown", (event) => {
    const isVideo = event.target.tagName === "VIDEO";
    if (event.isComposing || event.repeat || event.ctrlKey || event.altKey || event.metaKey || !stream) return;
    if (event.key === " " && isFree(event.target) && (isVideo || "keysOn" in document.body.dataset) && !document.querySelector("dialog[open]")) {
      event.preventDefault();
      shoot();
    } else if (isVideo && event.key === "Enter") {
      event.preventDefault();
      shoot();
    } else if (isVideo && event.key === "Escape") {
      close();
    }
  });
  document.addEventListener("change", async (event) => {
    const input = event.target.closest("[data-upload]");
    if (!input?.files.length) return;
    const told = await upload(input.dataset.upload, input.files[0]);
    if (told.error) ironroom.toast(told.error, "warn");
    else input.dispatchEvent(new CustomEvent("ironroom:seen", { bubbles: true, detail: told }));
  });
  document.addEventListener("toggle", ({ target }) => {
    if (target.open && target.contains(face)) wake();
    if (!target.open && view && target.contains(view)) stop(); // it runs only while it is shown
  }, true);
  document.addEventListener("ironroom:photographed", () => { if (button === face) stop(); });
  document.addEventListener("visibilitychange", () => (document.hidden ? stop() : wake()));
  addEventListener("pagehide", stop);
  addEventListener("pageshow", wake);
})();
