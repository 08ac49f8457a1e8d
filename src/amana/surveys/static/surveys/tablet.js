// The tablet in a shop: waits for somebody, asks one survey, seals and keeps the answers, and forgets who was there.
(function (root) {
  "use strict";
  const Amana = root.Amana;
  const { make } = Amana.widgets;
  const { blocked, faces, head, notice, show } = Amana.screens;
  const IDLE_MS = 30000;
  const WARNED_MS = 10000;
  const LOOK_MS = 30000;
  // So much room must be left before anybody is asked: ten answers of the largest sort.
  const ROOM = 20000000;
  const frame = document.getElementById("tablet");
  const told = JSON.parse(frame.dataset.told);
  const place = document.getElementById("place");
  const tablet = new Amana.sync.Tablet(told.software);
  const first = document.documentElement.lang === "en" ? "en" : "ar";
  const other = (language) => (language === "ar" ? "en" : "ar");
  let state = "";
  let idle = null;
  let outdated = false;

  const say = (language, key, parts) => Amana.screens.say(language, key, parts);

  // ---- nobody is there ----

  async function blockedBy() {
    if (tablet.device.revoked) return "revoked";
    if (tablet.stale()) return "stale";
    if (!tablet.told.forms.length) return "closed";
    return (await Amana.store.room(ROOM)) ? null : "full";
  }

  async function rest() {
    if (!tablet.device) return enrol(first);
    const why = await blockedBy();
    if (state === "asking") return null;
    if (state === "rest:" + why) return null;
    state = "rest:" + why;
    if (idle) idle.stop();
    const foot = button("btn quiet", say(first, "status"), () => status(first));
    if (why) {
      const again = why === "revoked" ? button("btn", say(first, "enrol_anew"), () => enrol(first)) : null;
      return show(place, first, blocked(why), make("div", { class: "rest-foot" }, again, foot));
    }
    return show(place, first, attract(), make("div", { class: "rest-foot" }, foot));
  }

  function attract() {
    const sides = ["ar", "en"].map((language) => {
      const title = make(language === first ? "h1" : "h2", {}, say(language, "welcome"));
      const start = button("btn start", say(language, "start"), () => begin(language));
      return make("section", { lang: language, dir: language === "ar" ? "rtl" : "ltr", class: "side" },
        title, make("p", { class: "lead" }, say(language, "invite")), start);
    });
    const name = make("p", { class: "where" }, told.brand[first] + " · " + tablet.told.shop.name[first]);
    return make("div", { class: "attract" }, name, faces(), make("div", { class: "sides" }, ...sides));
  }

  function button(kind, text, pressed) {
    const made = make("button", { type: "button", class: kind }, text);
    made.addEventListener("click", pressed);
    return made;
  }

  // ---- somebody is there ----

  function begin(language) {
    state = "asking";
    const forms = tablet.told.forms;
    Amana.kiosk.fill();
    watch(() => language);
    if (forms.length === 1) ask(forms[0], language);
    else choose(forms, language);
  }

  function choose(forms, language) {
    Amana.kiosk.enter(() => {});
    const choices = forms.map((form) => button("btn quiet wide", form.title[language], () => ask(form, language)));
    const top = head(tablet, told, language, () => choose(forms, other(language)), Amana.kiosk.anew);
    watch(() => language);
    show(place, language, top, make("h1", {}, say(language, "which")), make("div", { class: "choices" }, ...choices));
  }

  // Looks whether somebody is still there; what may be kept of half a survey is kept before all is cleared.
  function watch(language, half) {
    if (idle) idle.stop();
    const left = document.getElementById("leaving");
    idle = new Amana.kiosk.Idle({
      all: IDLE_MS,
      warned: WARNED_MS,
      asking: left,
      onNear: (seconds) => Amana.screens.count(left, language(), digits(seconds, language()), () => idle.stir()),
      onBack: () => (left.hidden = true),
      onOver: () => Promise.resolve(half ? half() : null).then(Amana.kiosk.anew, Amana.kiosk.anew),
    });
  }

  const digits = (number, language) => Amana.widgets.written(number, tablet.told ? tablet.told.shop.country : "AE", language);

  function ask(form, language) {
    const body = make("div", { class: "asking" });
    const turn = () => asked.setLanguage(other(asked.language));
    let finished = false;
    const top = (spoken) => head(tablet, told, spoken, turn, finished ? null : () => over(asked));
    let bar = top(language);
    show(place, language, bar, body);
    const asked = Amana.runner.mount(body, {
      form: form, language: language, way: "tablet", shop: tablet.told.shop.slug, policyAddress: told.policy, languages: false,
      full: form.full, farewell: (spoken) => button("btn", say(spoken, "done"), Amana.kiosk.anew),
      onSubmit: async (submission) => {
        await keep(submission);
        finished = true;
        if (known(submission)) asked.code = null;
        asked.finish(null, false);
        close(asked, submission);
        turned(asked.language);
        tablet.sync();
      },
      onLanguage: (spoken) => {
        turned(spoken);
        bar.querySelector(".switch").focus();
        Amana.screens.turn(spoken);
        if (finished) close(asked, null);
      },
    });
    function turned(spoken) {
      const fresh = top(spoken);
      bar.replaceWith(fresh);
      bar = fresh;
    }
    Amana.kiosk.enter(() => (asked.ending ? null : asked.backward()));
    watch(() => asked.language, () => half(asked));
  }

  async function keep(submission) {
    try {
      await tablet.keep(submission);
    } catch (failure) {
      throw Object.assign(new Error("not kept"), { told: { ar: say("ar", "not_kept"), en: say("en", "not_kept") } });
    }
  }

  // Whoever said who they are, or allowed something, needs no code to do so later.
  function known(submission) {
    const telling = Object.values(submission.answers).some((one) => one && typeof one === "object" && (one.name || one.email || one.mobile));
    return telling || submission.permissions.some((one) => one.includes(":"));
  }

  function close(asked, submission) {
    const parts = asked.element.querySelector(".done");
    const language = asked.language;
    if (asked.code && told.code) {
      const where = make("bdi", { dir: "ltr" }, told.host + told.code[language]);
      parts.querySelector(".code").append(make("p", {}, say(language, "code_page") + " ", where));
    }
    if (submission) asked.told = !asked.code;
    if (asked.told) parts.append(make("p", { class: "muted" }, asked.say("confirm")));
    parts.append(make("p", { class: "muted" }, say(language, "private")), button("btn", say(language, "done"), Amana.kiosk.anew));
  }

  async function half(asked) {
    const submission = asked.unfinished();
    asked.destroy();
    if (submission) await tablet.keep(submission);
  }

  function over(asked) {
    half(asked).then(Amana.kiosk.anew, Amana.kiosk.anew);
  }

  // The policy is read on this screen: a link would lead away from it.
  document.addEventListener("click", (event) => {
    const link = event.target.closest && event.target.closest("a[href]");
    if (!link) return;
    event.preventDefault();
    const language = document.documentElement.lang;
    if (link.getAttribute("href") === told.policy[language]) notice(frame, place, language, told.policy[language]);
  });

  // ---- for those who work here ----

  function enrol(language, failure) {
    state = "enrol";
    const code = root.location.hash.slice(1);
    if (code) root.history.replaceState(null, "", root.location.pathname);
    const input = make("input", { type: "text", id: "code", dir: "ltr", maxlength: 20, autocapitalize: "characters", autocomplete: "off", spellcheck: "false" });
    input.value = code;
    const error = make("p", { class: "error", id: "code-error", role: "alert" }, failure || "");
    const send = make("button", { type: "submit", class: "btn" }, say(language, "enrol_send"));
    const form = make("form", { class: "card enrol", novalidate: true, autocomplete: "off" },
      make("label", { for: "code" }, say(language, "enrol_code")), input, error, send);
    const settle = (text, busy) => {
      error.textContent = text;
      if (text) input.setAttribute("aria-describedby", "code-error");
      send.disabled = busy;
      send.textContent = say(language, busy ? "enrol_sending" : "enrol_send");
    };
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      if (input.value.replace(/\W/g, "").length < 8) return settle(say(language, "enrol_empty"), false);
      settle("", true);
      return enrolled(input.value, language).catch((problem) => settle(problem.told || say(language, "enrol_offline"), false));
    });
    show(place, language, head(tablet, told, language, () => enrol(other(language))),
      make("h1", {}, say(language, "enrol")), make("p", { class: "lead" }, say(language, "enrol_more")), form);
  }

  async function enrolled(code, language) {
    await tablet.enrol(code, language);
    await tablet.sync();
    Amana.screens.announce(say(language, "enrol_welcome", { shop: tablet.told.shop.name[language] }));
    state = "";
    await rest();
  }

  async function status(language, note) {
    state = "status";
    const facts = await Amana.screens.facts(tablet, language, digits);
    const sent = () => say(language, tablet.problem ? "not_sent" : "sent", { why: why(language) });
    const send = () => tablet.sync().then(() => status(language, sent()));
    const again = () => Amana.store.again().then(send);
    const refused = await Amana.screens.refused(told, language, digits);
    show(place, language, head(tablet, told, language, () => status(other(language))),
      make("h1", {}, say(language, "status")), facts, refused, make("p", { role: "status" }, note || ""),
      make("div", { class: "row" }, button("btn", say(language, "send_now"), send),
        refused ? button("btn quiet", say(language, "send_again"), again) : null,
        button("btn quiet", say(language, "close"), () => { state = ""; rest(); })),
      make("p", { class: "muted small" }, say(language, "sealed_note")));
    watch(() => language);
  }

  function why(language) {
    const problem = tablet.problem;
    if (!problem) return "";
    const known = told.refusals[problem.code];
    return known ? known[language] : problem.status ? problem.message : say(language, "no_network");
  }

  // ---- the start ----

  // A new page is taken while nobody is there, never in the middle of an answer.
  function renew() {
    if (outdated && state.indexOf("rest:") === 0) root.location.replace(root.location.pathname);
    else if (state.indexOf("rest:") === 0) rest();
  }

  async function cached() {
    const worker = root.navigator.serviceWorker;
    const had = Boolean(worker.controller);
    worker.addEventListener("controllerchange", () => {
      outdated = had;
      renew();
    });
    for (const scope of told.scopes) await worker.register(told.worker, { scope: scope });
  }

  async function start() {
    if (!Amana.envelope.able || !root.indexedDB || !root.navigator.serviceWorker) {
      show(place, first, blocked("unable"));
      return;
    }
    Amana.kiosk.guard(frame);
    cached().catch(() => {});
    await tablet.load();
    tablet.onChange = renew;
    await rest();
    tablet.sync();
    root.addEventListener("online", () => tablet.sync());
    setInterval(renew, LOOK_MS);
    document.addEventListener("visibilitychange", Amana.kiosk.wake);
    Amana.kiosk.wake();
    frame.dataset.ready = "yes";
  }

  Amana.tablet = tablet;
  start();
})(window);
