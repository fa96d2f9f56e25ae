/* The alarm's sound, and the window's title. Rule: a screen that cannot sound says so. */
"use strict";
(() => {
  const button = document.getElementById("sound");
  const title = document.title;
  let audio = null;
  let beat = 0;
  let flash = 0;

  const canSound = () => audio?.state === "running";
  function show() {
    if (button) button.hidden = canSound();
  }
  async function wake() {
    try {
      audio ??= new AudioContext();
      await audio.resume();
    } catch {
      audio = null;
    }
    show();
    if (beat) tone();
  }
  function tone() {
    if (!canSound()) return;
    [880, 660].forEach((hertz, at) => {
      const voice = audio.createOscillator();
      const level = audio.createGain();
      const start = audio.currentTime + at * 0.28;
      voice.frequency.value = hertz;
      voice.type = "triangle";
      level.gain.setValueAtTime(0, start);
      level.gain.linearRampToValueAtTime(0.5, start + 0.02);
      level.gain.setValueAtTime(0.5, start + 0.22);
      level.gain.linearRampToValueAtTime(0, start + 0.26);
      voice.connect(level).connect(audio.destination);
      voice.start(start);
      voice.stop(start + 0.28);
    });
  }
  function alarm(isLoud) {
    if (isLoud === Boolean(beat)) return;
    clearInterval(beat);
    clearInterval(flash);
    beat = flash = 0;
    document.title = title;
    if (!isLoud) return;
    tone();
    beat = setInterval(tone, 1200);
    let isOdd = false;
    flash = setInterval(() => {
      isOdd = !isOdd;
      document.title = isOdd ? `● ${ironroom.say("alarm")}` : title;
    }, 1000);
  }
  function look() {
    const bar = document.getElementById("alarms");
    alarm(Number(bar?.dataset.loud ?? 0) > 0);
  }
  ironroom.alarm = alarm;
  ["pointerdown", "keydown"].forEach((kind) => addEventListener(kind, () => !canSound() && wake(), { capture: true }));
  document.addEventListener("click", async (event) => {
    if (!event.target.closest("[data-sound-test]")) return;
    await wake();
    tone();
    document.querySelector("[data-sound-state]").textContent = ironroom.say(canSound() ? "sound_on" : "sound_off");
  });
  document.addEventListener("htmx:after:swap", look);
  look();
  wake();
})();
