// Puts surveys into a page, each in a frame of its own that the page cannot look into:
//
//   <script async src="https://HOST/survey.js"></script>
//   <div data-amana-survey="product" data-shop="deira" data-language="ar" data-once="30"></div>
//
// No cookie. Nothing is remembered in the browser before the visitor allows it to the tag (`/amana.js`); once they did,
// a survey that was answered is not shown again for as many days as `data-once` says.
((window, document) => {
  const host = new URL(document.currentScript.src).origin;
  const DAY = 86400000;
  const frames = new Map();

  // Reading storage throws where the browser's settings forbid it.
  const guarded = (act) => {
    try {
      return act();
    } catch (refused) {
      return null;
    }
  };
  const allowed = () => {
    const tag = window.amana;
    return Boolean(tag && tag.consent && Object.values(tag.consent()).some(Boolean));
  };
  const key = (place) => "amana-survey-" + place.dataset.amanaSurvey;
  const rested = (place) => {
    const days = Number(place.dataset.once || 0);
    const answered = days && guarded(() => Number(window.localStorage.getItem(key(place))));
    return !answered || Date.now() - answered > days * DAY;
  };

  const show = (place) => {
    const { amanaSurvey, shop, language } = place.dataset;
    if (frames.has(place) || !/^[a-z0-9-]+$/.test(amanaSurvey) || !rested(place)) return;
    const spoken = language || (/^en/i.test(document.documentElement.lang) ? "en" : "ar");
    const path = shop ? "/survey/" + encodeURIComponent(shop) + "/" + amanaSurvey : "/surveys/" + amanaSurvey;
    const frame = document.createElement("iframe");
    frame.title = place.dataset.title || (spoken === "ar" ? "استبيان" : "Survey");
    frame.setAttribute("sandbox", "allow-scripts allow-forms allow-same-origin allow-popups allow-popups-to-escape-sandbox allow-top-navigation-by-user-activation");
    frame.setAttribute("referrerpolicy", "origin");
    frame.setAttribute("loading", "lazy");
    frame.width = "100%";
    // Until it says how tall it is: a survey that is closed by now leaves no hole in the page.
    frame.height = "1";
    frame.setAttribute("frameborder", "0");
    frame.src = host + "/" + spoken + path + "/frame";
    place.replaceChildren(frame);
    frames.set(place, frame);
  };

  window.addEventListener("message", (event) => {
    if (event.origin !== host) return;
    frames.forEach((frame, place) => {
      if (event.source !== frame.contentWindow) return;
      const { amanaSurvey, done } = Object(event.data);
      if (amanaSurvey > 0) frame.height = String(Math.min(Math.ceil(amanaSurvey), 20000));
      if (done && allowed()) guarded(() => window.localStorage.setItem(key(place), String(Date.now())));
    });
  });

  const all = () => document.querySelectorAll("[data-amana-survey]").forEach(show);
  if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", all);
  else all();
})(window, document);
