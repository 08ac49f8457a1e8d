// A survey on a web page: takes over from the form that works without scripts, seals the answers, sends them, and shows
// what became of them. No cookie, no storage; half a survey leaves only where that was agreed to.
(function () {
  "use strict";
  const Amana = window.Amana;
  const place = document.getElementById("take");
  // Without WebCrypto (a page over plain HTTP) the form stays as it is: it works.
  if (!place || !Amana.envelope.able) return;
  const told = JSON.parse(place.dataset.told);
  const DOOR = "/v1/surveys/answers";
  const PATIENCE_MS = 20000;
  const pause = (ms) => new Promise((done) => setTimeout(done, ms));
  let asked = null;
  let left = null;
  let done = false;

  const refusal = (message) => Object.assign(new Error("refused"), { told: message });
  const refused = (code) => refusal({ ar: Amana.words.ar.refused.replace("{code}", code), en: Amana.words.en.refused.replace("{code}", code) });

  async function ask(address, options) {
    const headers = Object.assign({ "Accept-Language": asked.language }, options.headers);
    const answer = await fetch(address, Object.assign({}, options, { headers: headers, credentials: "omit" }));
    const body = await answer.json().catch(() => null);
    return { ok: answer.ok, body: body };
  }

  // Sent again under the same number, what had arrived already is kept once.
  async function send(submission) {
    const sealed = await Amana.envelope.seal(submission, told.key);
    const { ok, body } = await ask(DOOR, { method: "POST", headers: { "Content-Type": "application/jose" }, body: sealed });
    if (!ok) throw refusal(body && body.message ? { ar: body.message, en: body.message } : null);
    const code = Object.keys(body.refused).map((name) => body.refused[name])[0];
    if (code) throw refused(code);
  }

  async function become(id) {
    const until = Date.now() + PATIENCE_MS;
    for (let wait = 150; Date.now() < until; wait = Math.min(wait * 1.5, 1500)) {
      await pause(wait);
      const { ok, body } = await ask(DOOR + "/" + id, {}).catch(() => ({ ok: false }));
      if (ok && body.state !== "waiting") return body;
    }
    return { state: "waiting", receipt: null };
  }

  async function submit(submission) {
    await send(submission);
    const found = await become(submission.id);
    if (found.state === "refused") {
      // What was refused stays with its number; mended, it goes as another.
      asked.id = Amana.envelope.number();
      throw refused(found.code);
    }
    left = null;
    done = true;
    opening.forEach((one) => (one.hidden = true));
    asked.finish(found.receipt ? told.receipt[asked.language].replace("TOKEN", found.receipt) : null, found.state === "waiting");
    size();
  }

  // ---- what is left of a survey somebody left ----

  async function prepare(shown) {
    opening.forEach((one) => (one.hidden = shown.at > 0));
    left = null;
    const submission = asked && asked.unfinished();
    if (submission) left = await Amana.envelope.seal(submission, told.key);
  }

  window.addEventListener("pagehide", () => {
    if (left && asked.agreed && !asked.sent) navigator.sendBeacon(DOOR, new Blob([left], { type: "application/jose" }));
  });
  // Come back to, a page whose half was sent begins anew, so that nobody counts twice.
  window.addEventListener("pageshow", (event) => event.persisted && left && location.reload());

  // ---- the page around it ----

  function turned(language) {
    const root = document.documentElement;
    root.lang = language;
    root.dir = language === "ar" ? "rtl" : "ltr";
    document.title = told.titles[language];
    document.querySelectorAll("[data-ar]").forEach((one) => (one.textContent = one.dataset[language]));
    document.querySelectorAll("[data-href-ar]").forEach((one) => (one.href = one.dataset["href" + (language === "ar" ? "Ar" : "En")]));
    other.lang = language === "ar" ? "en" : "ar";
    other.textContent = language === "ar" ? "English" : "العربية";
    history.replaceState(null, "", told.addresses[language]);
    size();
  }

  // A frame tells the page around it how tall it is and that somebody is done, and nothing else.
  function size() {
    if (window.parent !== window) window.parent.postMessage({ amanaSurvey: document.body.offsetHeight, done: done }, "*");
  }

  const opening = document.querySelectorAll(".opening");
  const other = document.getElementById("other-language");
  asked = Amana.runner.mount(place, {
    form: told.form, language: document.documentElement.lang, way: told.way, shop: told.shop, full: told.full,
    gpc: Boolean(navigator.globalPrivacyControl) && told.gpc, policyAddress: told.policy, codeAddress: told.code,
    held: Amana.adopted(place), opened: true, onSubmit: submit, onLanguage: turned, onSection: prepare,
  });
  other.addEventListener("click", (event) => {
    event.preventDefault();
    asked.setLanguage(asked.language === "ar" ? "en" : "ar");
  });
  if (window.parent !== window && window.ResizeObserver) new ResizeObserver(size).observe(document.body);
  document.documentElement.dataset.taking = "ready";
})();
