// Tells the retailer's own server what is read on this page: nothing that the published notice does not list, no cookie,
// and no identifier before the visitor allows one. Comments and spaces are taken out before it is served.
//
//   <script async src="https://HOST/amana.js" data-key="WRITE_KEY"></script>
//   (window.amana = window.amana || []).push(amana => amana.track("Products Searched", { query, results }))
//   <a href="https://HOST/ar/sign-in?return=https%3A%2F%2FSHOP%2F" data-amana-sign-in>
((window, document, navigator, location, history, storage) => {
  // The server writes here which categories of consent Global Privacy Control stops under the running policy.
  const stopped = STOPPED_BY_GPC;
  const script = document.currentScript;
  const address = new URL("v1/batch", script.src).href;
  // A page that crashes loses no more than this.
  const heartbeat = 15000;
  let choices, person, handover, view, page, place, campaign, told, seen, reported, sequence, since, timer;

  // crypto.randomUUID does not exist on pages without TLS.
  const random = () => Array.from(crypto.getRandomValues(new Uint32Array(4)), part => part.toString(36)).join("");

  // Reading storage throws where the browser's settings forbid it.
  const guarded = act => {
    try {
      return act();
    } catch (refused) {}
  };

  const send = (type, event, properties) => {
    const context = { page, campaign, handover, locale: navigator.language };
    const message = { type, event, properties, context, messageId: random(), timestamp: new Date() };
    if (choices) context.consent = { categoryPreferences: choices };
    if (person) message.anonymousId = person;
    const body = JSON.stringify({ writeKey: script.dataset.key, batch: [message], sentAt: new Date() });
    // Text needs no preflight, and a beacon outlives its page; a full queue refuses it.
    navigator.sendBeacon(address, body) ||
      fetch(address, { method: "POST", body, keepalive: true, credentials: "omit", mode: "no-cors" }).catch(() => 0);
  };

  const track = (event, properties) => send("track", event, { ...properties });

  // The view is told a moment after it begins, when its title and its results stand on the page.
  const tell = () => {
    if (!view || told) return;
    told = 1;
    page.title = document.title;
    send("page", undefined, page);
    const found = document.querySelector("[data-amana-search]");
    if (found) track("Products Searched", { query: found.dataset.amanaSearch, results: +found.dataset.amanaResults });
  };

  // Adds the time since the last look if the page had eyes on it, and reports the total. Totals with a sequence number:
  // a report that is lost is made good by the next one, and one that comes twice changes nothing.
  const look = event => {
    const now = performance.now();
    const leaving = event && event.type == "pagehide";
    const visible = document.visibilityState == "visible";
    // Pages that are opened in the background or prerendered begin when they are first seen.
    if (!view && visible && !leaving) begin();
    // A longer gap than two heartbeats means that the machine slept.
    if (since >= 0) seen += Math.min(now - since, 2 * heartbeat);
    since = visible && !leaving && document.hasFocus() ? now : -1;
    clearTimeout(timer);
    if (since >= 0) timer = setTimeout(look, heartbeat);
    if (leaving) tell();
    if (Math.round(seen) > reported) {
      reported = Math.round(seen);
      track("Time Engaged", { view, sequence: ++sequence, engaged_ms: reported });
    }
  };

  // Of the address only the path and the campaign are sent: queries carry tokens and what people typed.
  const begin = () => {
    const query = new URLSearchParams(location.search);
    const given = name => query.get("utm_" + name) || undefined;
    campaign = { source: given("source"), medium: given("medium"), name: given("campaign") };
    page = {
      path: location.pathname,
      url: location.origin + location.pathname,
      referrer: view ? location.origin : guarded(() => new URL(document.referrer).origin),
    };
    place = location.pathname + location.search;
    view = random();
    told = seen = reported = sequence = 0;
    setTimeout(tell, 200);
  };

  // A new view of the same document: the one before ends first.
  const turn = () => {
    look({ type: "pagehide" });
    begin();
    look();
  };
  const moved = () => place != location.pathname + location.search && view && turn();

  const click = event => {
    const link = event.button < 2 && event.target.closest("a[href]");
    // The page that signs in binds its word to this browser by the end of its identifier.
    if (link && person && "amanaSignIn" in link.dataset) {
      const address = new URL(link.href);
      address.searchParams.set("browser", person.slice(-8));
      link.href = address;
    }
    if (link && /^http/.test(link.protocol) && link.host != location.host) track("Link Followed", { host: link.hostname });
  };

  // Only an allowed category makes an identifier; refusing all of them deletes it, and the next one will be another.
  const consent = wishes => {
    if (wishes) {
      choices = { ...wishes };
      if (navigator.globalPrivacyControl) stopped.forEach(category => category in choices && (choices[category] = false));
      person = Object.values(choices).some(Boolean) ? person || random() : "";
      guarded(() => person ? storage().setItem("amana", JSON.stringify([person, choices])) : storage().removeItem("amana"));
    }
    return { ...choices };
  };

  const start = () => {
    const waiting = window.amana || [];
    // Twice on one page would count twice.
    if (waiting.track) return;
    window.amana = { track, consent, page: turn, push: act => act(window.amana) };
    const kept = guarded(() => JSON.parse(storage().getItem("amana")));
    if (kept) {
      person = kept[0];
      consent(kept[1]);
    }
    // Back from there: the word is used once, and leaves the address bar before anybody copies it.
    handover = location.hash.split("#amana=")[1];
    if (handover) {
      history.replaceState(history.state, "", location.pathname + location.search);
      if (person) send("identify");
      handover = undefined;
    }
    ["focus", "blur", "pagehide", "visibilitychange"].forEach(name => window.addEventListener(name, look));
    window.addEventListener("pageshow", event => event.persisted && turn());
    window.addEventListener("popstate", moved);
    window.addEventListener("click", click, true);
    window.addEventListener("auxclick", click, true);
    const push = history.pushState;
    history.pushState = function () {
      push.apply(this, arguments);
      moved();
    };
    look();
    waiting.forEach(window.amana.push);
  };

  document.readyState == "loading" ? document.addEventListener("DOMContentLoaded", start) : start();
})(window, document, navigator, location, history, () => localStorage);
