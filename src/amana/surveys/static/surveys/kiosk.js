// A screen that strangers share: it notices when nobody is there, and leaves nothing of the one before to the next.
(function (root) {
  "use strict";
  const Amana = (root.Amana = root.Amana || {});
  const LOOK_MS = 250;
  const SIGNS = ["pointerdown", "pointermove", "touchstart", "keydown", "input", "wheel"];
  const TYPED = "input:not([type=radio]):not([type=checkbox]), textarea, select";

  // Watches for signs of somebody: `onNear(seconds)` while the end is near, `onBack()` when somebody is there again,
  // `onOver()` at the end. Times are in ms, by a clock that nobody sets. `asking` is where it is asked whether somebody
  // is there: a finger on it must find it still there when it is lifted.
  class Idle {
    constructor(options) {
      this.options = options;
      this.near = false;
      this.stirred = (event) => options.asking.contains(event.target) || this.stir();
      SIGNS.forEach((sign) => document.addEventListener(sign, this.stirred, { capture: true, passive: true }));
      this.since = performance.now();
      this.timer = setInterval(() => this.look(), LOOK_MS);
    }

    stir() {
      this.since = performance.now();
      if (this.near) this.options.onBack();
      this.near = false;
    }

    look() {
      const left = this.options.all - (performance.now() - this.since);
      if (left <= 0) {
        this.stop();
        this.options.onOver();
      } else if (left <= this.options.warned) {
        this.near = true;
        this.options.onNear(Math.ceil(left / 1000));
      }
    }

    stop() {
      clearInterval(this.timer);
      SIGNS.forEach((sign) => document.removeEventListener(sign, this.stirred, { capture: true }));
    }
  }

  // No browser may keep or offer what was typed here: fields have no names it could know again, and ask for no help.
  function shield(field) {
    if (field.dataset.shielded) return;
    field.dataset.shielded = "1";
    field.setAttribute("autocomplete", "off");
    field.setAttribute("autocorrect", "off");
    field.setAttribute("autocapitalize", "off");
    field.setAttribute("spellcheck", "false");
    if (field.type === "file") field.setAttribute("capture", "environment");
    else field.setAttribute("name", "f" + Amana.envelope.number());
  }

  function guard(place) {
    const all = () => place.querySelectorAll(TYPED).forEach(shield);
    new MutationObserver(all).observe(place, { childList: true, subtree: true });
    all();
    // What is copied here would wait for the next visitor.
    ["copy", "cut", "contextmenu", "dragstart"].forEach((name) => place.addEventListener(name, (event) => event.preventDefault()));
  }

  // ---- going back, and beginning anew ----

  let leaving = null;
  let within = false;

  // While somebody answers, "back" goes a page of the survey back and never away from it.
  function enter(onBack) {
    if (!within) root.history.pushState("asked", "");
    within = true;
    root.onpopstate = () => {
      if (leaving) {
        leave();
      } else {
        root.history.pushState("asked", "");
        onBack();
      }
    };
  }

  function leave() {
    root.location.replace(leaving);
  }

  // Loads the page anew in place of this one, so that neither memory, nor history, nor the back button holds anything.
  function anew() {
    if (leaving) return;
    leaving = root.location.pathname;
    if (!within) {
      leave();
      return;
    }
    setTimeout(leave, 400);
    root.history.back();
  }

  function fill() {
    const page = document.documentElement;
    if (document.fullscreenElement || !page.requestFullscreen) return;
    const asked = page.requestFullscreen({ navigationUI: "hide" });
    if (asked && asked.catch) asked.catch(() => {});
  }

  // The screen of a tablet that waits for somebody stays on, where the browser can do that.
  async function wake() {
    if (!root.navigator.wakeLock || document.visibilityState !== "visible") return;
    await root.navigator.wakeLock.request("screen").catch(() => {});
  }

  Amana.kiosk = { Idle, guard, enter, anew, fill, wake };
})(window);
