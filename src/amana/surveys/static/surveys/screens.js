// What a tablet shows around a survey: the bar above it, why it takes no answers, how it is, and the policy to read.
(function (root) {
  "use strict";
  const Amana = (root.Amana = root.Amana || {});
  const { make } = Amana.widgets;
  const SVG = "http://www.w3.org/2000/svg";
  const MOUTHS = ["M8 17c2-3 6-3 8 0", "M8 16.5c2-1.6 6-1.6 8 0", "M8 16h8", "M8 15c2 1.8 6 1.8 8 0", "M7.5 14c1.5 4.5 7.5 4.5 9 0"];

  function say(language, key, parts) {
    let text = Amana.tabletWords[language][key];
    Object.keys(parts || {}).forEach((name) => (text = text.replace("{" + name + "}", parts[name])));
    return text;
  }

  function turn(language) {
    const page = document.documentElement;
    page.lang = language;
    page.dir = language === "ar" ? "rtl" : "ltr";
  }

  // Puts a screen in place of the one before, with nothing left of that.
  function show(place, language, ...parts) {
    turn(language);
    document.getElementById("leaving").hidden = true;
    const made = parts.filter(Boolean);
    place.className = made.some((one) => one.classList.contains("attract")) ? "wide" : "";
    place.replaceChildren(...made);
    root.scrollTo(0, 0);
    const title = place.querySelector("h1");
    if (!title) return;
    title.tabIndex = -1;
    title.focus({ preventScroll: true });
  }

  function head(tablet, told, language, turned, ended) {
    const shop = tablet.told ? " · " + tablet.told.shop.name[language] : "";
    const other = make("button", { type: "button", class: "btn quiet switch", lang: language === "ar" ? "en" : "ar" }, say(language, "other"));
    other.addEventListener("click", turned);
    const buttons = [other];
    if (ended) {
      const over = make("button", { type: "button", class: "btn quiet switch" }, say(language, "over"));
      over.addEventListener("click", () => ended());
      buttons.push(over);
    }
    return make("header", { class: "bar-top" }, make("b", {}, told.brand[language] + shop), make("div", { class: "row" }, ...buttons));
  }

  function svg(name, attributes) {
    const made = document.createElementNS(SVG, name);
    Object.keys(attributes).forEach((key) => made.setAttribute(key, attributes[key]));
    return made;
  }

  function faces() {
    const row = make("div", { class: "row-of-faces", "aria-hidden": "true" });
    MOUTHS.forEach((mouth) => {
      const face = svg("svg", { viewBox: "0 0 24 24" });
      face.append(svg("circle", { cx: 12, cy: 12, r: 9.5 }), svg("path", { d: "M9 10h.01M15 10h.01" }), svg("path", { d: mouth }));
      row.append(face);
    });
    return row;
  }

  // Why nobody is asked now, in both languages at once, and what staff can do.
  function blocked(why) {
    const first = document.documentElement.lang;
    const sides = ["ar", "en"].map((language) => {
      const staff = Amana.tabletWords[language][why + "_staff"];
      return make("section", { lang: language, dir: language === "ar" ? "rtl" : "ltr", class: "side" },
        make(language === first ? "h1" : "h2", {}, say(language, why)), make("p", { class: "lead" }, say(language, why + "_more")),
        staff ? make("p", { class: "muted" }, staff) : null);
    });
    return make("div", { class: "attract blocked", "data-why": why }, make("div", { class: "sides" }, ...sides));
  }

  // How long somebody has before the screen is cleared. The question is said aloud once, the seconds are not.
  function count(left, language, seconds, stay) {
    if (left.hidden || left.lang !== language) {
      const button = make("button", { type: "button", class: "btn" }, say(language, "stay"));
      button.addEventListener("click", stay);
      left.lang = language;
      left.dir = language === "ar" ? "rtl" : "ltr";
      left.replaceChildren(make("div", {}, make("b", {}, say(language, "there")), make("p", { class: "seconds", "aria-hidden": "true" })), button);
      left.hidden = false;
    }
    left.querySelector(".seconds").textContent = say(language, "clears", { n: seconds });
  }

  function announce(text) {
    const line = document.getElementById("said");
    line.textContent = text;
  }

  async function facts(tablet, language, digits) {
    const [counts, power, kept] = await Promise.all([Amana.store.counts(), Amana.sync.battery(), Amana.store.persist().catch(() => false)]);
    const known = tablet.told;
    const script = digits(1, language) === "1" ? "latn" : "arab";
    const when = new Intl.DateTimeFormat((language === "ar" ? "ar-AE" : "en-GB") + "-u-nu-" + script, { dateStyle: "medium", timeStyle: "short" });
    const lines = [
      ["status_name", known && known.name], ["status_shop", known && known.shop.name[language]],
      ["status_synced", known && when.format(known.confirmed)],
      ["status_unsent", digits(counts.waiting, language)], ["status_refused", digits(counts.refused, language)],
      ["status_battery", power === null ? null : digits(power, language) + (language === "ar" ? "٪" : "%")],
      ["status_policy", known && digits(known.policy, language)], ["status_software", tablet.software],
      ["status_clock", known && digits(Math.round(-known.ahead / 1000), language)],
      ["status_space", say(language, kept ? "yes" : "no")],
    ];
    const list = make("dl", { class: "card tells" });
    lines.forEach(([key, value]) => list.append(make("dt", {}, say(language, key)), make("dd", {}, make("bdi", {}, value || say(language, "status_none")))));
    return list;
  }

  async function refused(told, language, digits) {
    const { codes, refused } = await Amana.store.counts();
    if (!refused) return null;
    const list = make("ul", { class: "refused" });
    Object.keys(codes).forEach((code) => {
      const known = told.refusals[code];
      list.append(make("li", {}, (known ? known[language] : code) + " ", make("b", {}, "(" + digits(codes[code], language) + ")")));
    });
    return list;
  }

  // The notice as the server writes it, on this very screen, without a way to anywhere else.
  async function notice(frame, place, language, address) {
    const sheet = make("main", { class: "sheet" });
    const close = make("button", { type: "button", class: "btn" }, say(language, "close"));
    close.addEventListener("click", () => {
      sheet.remove();
      place.hidden = false;
      root.scrollTo(0, 0);
    });
    const top = make("div", { class: "bar-top" }, make("b", {}, say(language, "policy")), close);
    sheet.append(top, await text(address).catch(() => make("p", {}, say(language, "no_policy"))));
    if (place.hidden) return;
    place.hidden = true;
    frame.append(sheet);
    root.scrollTo(0, 0);
    close.focus();
  }

  async function text(address) {
    const answer = await fetch(address, { credentials: "omit" });
    if (!answer.ok) throw new Error("no notice");
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const main = page.querySelector("main");
    main.querySelectorAll("script, form, svg, nav, button, input, link, style").forEach((one) => one.remove());
    main.querySelectorAll("a").forEach((one) => one.removeAttribute("href"));
    const shown = make("div", { class: "policy", lang: page.documentElement.lang });
    shown.append(...Array.from(main.childNodes, (one) => document.importNode(one, true)));
    return shown;
  }

  Amana.screens = { say, turn, show, head, faces, blocked, count, announce, facts, refused, notice };
})(window);
