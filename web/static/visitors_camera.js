/* The desk's camera: a still goes to the console, which says what it saw. Rule: it runs only while it is shown. */
"use strict";
(() => {
  const own = JSON.parse(document.getElementById("visitor-words").textContent);
  const say = (word) => own[word] ?? ironroom.say(word);
  const texts = {
    NotAllowedError: "camera_denied", NotFoundError: "camera_none", NotReadableError: "camera_busy", OverconstrainedError: "camera_none",
  };
  let stream = null, view = null, button = null;

  function stop() {
    stream?.getTracks().forEach((track) => track.stop());
    if (view) view.hidden = true;
    stream = view = null;
  }
  function wrong(text) {
    const line = view?.querySelector("[data-camera-wrong]");
    if (line) ironroom.showWrong(line, text);
  }
  async function start(opener) {
    stop();
    button = opener;
    view = document.querySelector(`[data-view="${opener.dataset.camera}"]`);
    view.hidden = false;
    wrong("");
    const video = view.querySelector("video");
    try {
      stream = await navigator.mediaDevices.getUserMedia({ video: { width: { ideal: 1280 }, height: { ideal: 720 } } });
      video.srcObject = stream;
      await video.play();
      video.focus();
    } catch (error) {
      wrong(say(texts[error.name] ?? "camera_none"));
    }
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
    if (opener) start(opener);
    if (event.target.closest("[data-shoot]")) shoot();
    if (event.target.closest("[data-stop]")) {
      stop();
      button?.focus();
    }
  });
  document.addEventListener("keydown", (event) => {
    if (event.target.tagName !== "VIDEO" || event.isComposing) return;
    if (event.key === " " || event.key === "Enter") {
      event.preventDefault();
      shoot();
    } else if (event.key === "Escape") {
      stop();
      button?.focus();
    }
  });
  document.addEventListener("change", async (event) => {
    const input = event.target.closest("[data-upload]");
    if (!input?.files.length) return;
    const told = await upload(input.dataset.upload, input.files[0]);
    if (told.error) ironroom.toast(told.error, "warn");
    else input.dispatchEvent(new CustomEvent("ironroom:seen", { bubbles: true, detail: told }));
  });
  addEventListener("pagehide", stop);
})();
