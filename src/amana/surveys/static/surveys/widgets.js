// One widget for each kind of question: what is shown, and what is read of what was typed. Plain elements, ES2017.
// A widget is {node, value(), problem()}; `value()` is null while there is nothing, `problem()` names what is wrong.
(function (root) {
  "use strict";
  const Amana = (root.Amana = root.Amana || {});
  const INDIC = new Set(["SA", "KW", "BH", "OM", "QA"]);
  const PREFIXES = { AE: "+971", SA: "+966", KW: "+965", BH: "+973", OM: "+968", QA: "+974" };
  const MOUTHS = ["M8 17c2-3 6-3 8 0", "M8 16.5c2-1.6 6-1.6 8 0", "M8 16h8", "M8 15c2 1.8 6 1.8 8 0", "M7.5 14c1.5 4.5 7.5 4.5 9 0"];
  const FACES = ["one", "two", "three", "four", "five"];
  const TYPES = {
    name: { autocomplete: "name", maxlength: 120 },
    email: { type: "email", inputmode: "email", autocomplete: "email", dir: "ltr", maxlength: 320 },
    mobile: { type: "tel", inputmode: "tel", autocomplete: "tel", dir: "ltr", maxlength: 40 },
    phone: { type: "tel", inputmode: "tel", autocomplete: "tel", dir: "ltr", maxlength: 40 },
    birth_date: { inputmode: "numeric", autocomplete: "bday", dir: "ltr", maxlength: 40 },
    address: { autocomplete: "street-address", maxlength: 400 },
  };
  const MOST_LETTERS = 2000;
  const LONGEST_SIDE = 1600;
  const LARGEST_PHOTO = 290000;
  const SVG = "http://www.w3.org/2000/svg";

  // Digits of any script people type here: Arabic-Indic and Persian.
  function western(text) {
    return String(text)
      .replace(/[\u0660-\u0669]/g, (one) => String(one.charCodeAt(0) - 0x660))
      .replace(/[\u06f0-\u06f9]/g, (one) => String(one.charCodeAt(0) - 0x6f0))
      .replace(/[\u200b-\u200f\u202a-\u202e\u2066-\u2069\u061c\ufeff]/g, "");
  }

  function written(number, country, language) {
    const text = String(number);
    if (language !== "ar" || !INDIC.has(country)) return text;
    return text.replace(/\d/g, (digit) => String.fromCharCode(0x660 + Number(digit))).replace(".", "\u066b");
  }

  function make(name, attributes, ...inside) {
    const element = document.createElement(name);
    Object.keys(attributes || {}).forEach((key) => {
      const value = attributes[key];
      if (value === null || value === undefined || value === false) return;
      element.setAttribute(key, value === true ? "" : value);
    });
    inside.forEach((one) => one !== null && one !== undefined && element.append(one));
    return element;
  }

  function drawn(name, attributes, ...inside) {
    const element = document.createElementNS(SVG, name);
    Object.keys(attributes).forEach((key) => element.setAttribute(key, attributes[key]));
    element.append(...inside);
    return element;
  }

  function face(step, label) {
    return drawn("svg", { viewBox: "0 0 24 24", role: "img", "aria-label": label },
      drawn("circle", { cx: 12, cy: 12, r: 9.5 }),
      drawn("path", { d: "M9 10h.01M15 10h.01" }),
      drawn("path", { d: MOUTHS[step - 1] }));
  }

  function readNumber(text) {
    const plain = western(text).trim().replace(/\u066b/g, ".").replace(/[\u066c\u2212]/g, (one) => (one === "\u2212" ? "-" : ""));
    return /^-?\d{1,15}([.,]\d{1,9})?$/.test(plain) ? Number(plain.replace(",", ".")) : null;
  }

  function readDate(text) {
    const plain = western(text).trim();
    const year = /^(\d{4})-(\d{1,2})-(\d{1,2})$/.exec(plain);
    const day = /^(\d{1,2})\s*[\/.\-\u060d ]\s*(\d{1,2})\s*[\/.\-\u060d ]\s*(\d{4})$/.exec(plain);
    const parts = year ? [year[1], year[2], year[3]] : day ? [day[3], day[2], day[1]] : null;
    if (!parts) return null;
    const [y, m, d] = parts.map(Number);
    const made = new Date(Date.UTC(y, m - 1, d));
    const real = y >= 1000 && made.getUTCFullYear() === y && made.getUTCMonth() === m - 1 && made.getUTCDate() === d;
    return real ? made.toISOString().slice(0, 10) : null;
  }

  const readers = {
    email: (text) => [text, /^[^\s@]+@[^\s@.]+(\.[^\s@.]+)+$/.test(text) ? null : "email"],
    mobile: (text) => {
      const plain = western(text).replace(/[\s().\-\u2010-\u2015]/g, "");
      return [plain, /^(\+|00)?\d{7,15}$/.test(plain) ? null : "phone"];
    },
    birth_date: (text) => [readDate(text) || text, readDate(text) ? null : "date"],
  };
  readers.phone = readers.mobile;
  const readField = (name, text) => (readers[name] ? readers[name](text) : [text, null]);

  // ---- what is chosen ----

  function options(question, ask, type, choices, name, chosen) {
    return choices.map((choice) => {
      const input = make("input", { type: type, name: name, value: choice.name });
      input.checked = chosen(choice.name);
      return make("label", { class: "choice" }, input, make("span", {}, ask.text(choice.label)));
    });
  }

  const checked = (node) => Array.from(node.querySelectorAll("input:checked"), (input) => input.value);

  function single(question, ask) {
    const list = make("div", { class: "choices" },
      ...options(question, ask, "radio", ask.ordered(question), ask.id, (name) => ask.held === name));
    return { node: list, value: () => checked(list)[0] || null, problem: () => null };
  }

  function multiple(question, ask) {
    const held = ask.held || [];
    const list = make("div", { class: "choices" },
      ...options(question, ask, "checkbox", ask.ordered(question), ask.id, (name) => held.includes(name)));
    const alone = new Set(question.choices.filter((choice) => choice.exclusive).map((choice) => choice.name));
    list.addEventListener("change", (event) => {
      if (!event.target.checked) return;
      const exclusive = alone.has(event.target.value);
      list.querySelectorAll("input:checked").forEach((input) => {
        if (input !== event.target && (exclusive || alone.has(input.value))) input.checked = false;
      });
    });
    // In the order of the survey, whichever order they were shown in.
    const value = () => {
      const found = new Set(checked(list));
      const names = question.choices.map((choice) => choice.name).filter((name) => found.has(name));
      return names.length ? names : null;
    };
    return { node: list, value: value, problem: () => tooMany(question, value()) };
  }

  function tooMany(question, names) {
    const many = names ? names.length : 0;
    if (!many) return null;
    if (typeof question.least === "number" && many < question.least) return ["few", question.least];
    if (typeof question.most === "number" && many > question.most) return ["many", question.most];
    return null;
  }

  function matrix(question, ask) {
    const held = ask.held || {};
    const rows = question.rows.map((row) => {
      const chips = question.choices.map((choice) => chip(ask.id + "." + row.name, choice.name, ask.text(choice.label), held[row.name] === choice.name));
      return make("fieldset", { class: "line", "data-row": row.name }, make("legend", {}, ask.text(row.label)), make("div", { class: "chips" }, ...chips));
    });
    const node = make("div", { class: "matrix" }, ...rows);
    const value = () => {
      const found = {};
      rows.forEach((row) => {
        const [one] = checked(row);
        if (one) found[row.dataset.row] = one;
      });
      return Object.keys(found).length ? found : null;
    };
    return { node: node, value: value, problem: () => null };
  }

  function chip(name, value, label, on) {
    const input = make("input", { type: "radio", name: name, value: value });
    input.checked = on;
    return make("label", { class: "chip" }, input, make("span", {}, label));
  }

  function scale(question, ask) {
    const smiley = question.kind === "smiley";
    const kind = smiley ? "faces" : question.kind === "csat" ? "chips words" : "chips scale";
    const steps = [];
    for (let step = question.least; step <= question.most; step += 1) steps.push(step);
    const labels = steps.map((step) =>
      smiley ? make("label", { class: "face" }, radio(step), face(step, ask.say(FACES[step - 1])))
        : make("label", { class: "chip" }, radio(step), make("span", {}, question.kind === "csat" ? ask.say("csat" + step) : ask.digits(step))));
    function radio(step) {
      const input = make("input", { type: "radio", name: ask.id, value: step });
      input.checked = ask.held === step;
      return input;
    }
    const row = make("div", { class: kind, "data-steps": steps.length }, ...labels);
    const ends = question.ends || {};
    const node = make("div", { class: "scaled" }, row);
    if (ends.low || ends.high) {
      node.append(make("div", { class: "ends", "aria-hidden": "true" }, make("span", {}, ask.text(ends.low || {})), make("span", {}, ask.text(ends.high || {}))));
    }
    const value = () => (checked(row).length ? Number(checked(row)[0]) : null);
    return { node: node, value: value, problem: () => null };
  }

  // ---- what is written ----

  function typed(ask, attributes, read) {
    const input = make("input", Object.assign({ type: "text", id: ask.id, name: ask.id, autocomplete: "off" }, attributes));
    input.value = ask.raw === undefined ? (ask.held === undefined || ask.held === null ? "" : ask.held) : ask.raw;
    const text = () => input.value.trim();
    return {
      node: input,
      value: () => (text() ? read(text())[0] : null),
      problem: () => (text() ? read(text())[1] : null),
      raw: () => input.value,
    };
  }

  function number(question, ask) {
    return typed(ask, { inputmode: "decimal", dir: "ltr", maxlength: 24, class: "short" }, (text) => {
      const found = readNumber(text);
      if (found === null) return [null, "number"];
      if (typeof question.least === "number" && found < question.least) return [found, ["least", question.least]];
      if (typeof question.most === "number" && found > question.most) return [found, ["most", question.most]];
      return [found, null];
    });
  }

  function date(question, ask) {
    const attributes = { inputmode: "numeric", dir: "ltr", maxlength: 24, class: "short", placeholder: ask.say("day") };
    return typed(ask, attributes, (text) => [readDate(text), readDate(text) ? null : "date"]);
  }

  function shortText(question, ask) {
    return typed(ask, { maxlength: 500 }, (text) => [text, null]);
  }

  function longText(question, ask) {
    const area = make("textarea", { id: ask.id, name: ask.id, rows: 5, maxlength: MOST_LETTERS });
    area.value = ask.held || "";
    const left = make("p", { class: "hint left", "aria-live": "polite" });
    area.addEventListener("input", () => {
      const rest = MOST_LETTERS - area.value.length;
      left.textContent = rest < 200 ? ask.say("letters", { n: ask.digits(rest) }) : "";
    });
    return { node: make("div", { class: "wordy" }, area, left), value: () => area.value.trim() || null, problem: () => null };
  }

  function prefixed(field, input, country) {
    if ((field !== "mobile" && field !== "phone") || !PREFIXES[country]) return input;
    return make("div", { class: "prefixed", dir: "ltr" }, make("span", { class: "prefix", "aria-hidden": "true" }, PREFIXES[country]), input);
  }

  function phone(question, ask) {
    const field = question.category || "mobile";
    const made = typed(ask, TYPES[field], (text) => readField(field, text));
    return Object.assign({}, made, { node: prefixed(field, made.node, ask.country) });
  }

  function email(question, ask) {
    return typed(ask, TYPES.email, (text) => readField("email", text));
  }

  function contact(question, ask) {
    const held = ask.raw || ask.held || {};
    const inputs = {};
    const fields = question.fields.map((field) => {
      const id = ask.id + "." + field;
      const many = (ask.form.options || {})[field];
      const input = many ? selected(id, many, ask) : make("input", Object.assign({ type: "text" }, TYPES[field], { id: id, name: id }));
      if (field === "birth_date") input.placeholder = ask.say("day");
      input.value = held[field] || "";
      inputs[field] = input;
      const error = make("p", { class: "error", id: "e-" + id, hidden: true });
      return make("div", { class: "field", "data-field": field }, make("label", { for: id }, ask.text(ask.form.fields[field])), prefixed(field, input, ask.country), error);
    });
    const node = make("div", { class: "fields" }, ...fields);
    const raw = () => pick((field) => inputs[field].value);
    const pick = (read) => {
      const found = {};
      question.fields.forEach((field) => {
        const one = inputs[field].value.trim() && read(field);
        if (one) found[field] = one;
      });
      return found;
    };
    const value = () => {
      const found = pick((field) => readField(field, inputs[field].value.trim())[0]);
      return Object.keys(found).length ? found : null;
    };
    const problems = () => pick((field) => readField(field, inputs[field].value.trim())[1]);
    return { node: node, value: value, raw: raw, problem: () => null, problems: problems };
  }

  function selected(id, many, ask) {
    // Names of countries are sorted anew in each language.
    const place = (one) => (one.order ? one.order[ask.language] : 0);
    const placed = many.slice().sort((one, other) => place(one) - place(other));
    return make("select", { id: id, name: id, autocomplete: "off" }, make("option", { value: "" }, ask.say("unsaid")),
      ...placed.map((one) => make("option", { value: one.name }, ask.text(one.label))));
  }

  function consent(question, ask) {
    const found = (ask.form.consents || []).find((one) => one.purpose === question.purpose && (one.channel || null) === (question.channel || null));
    const input = make("input", { type: "checkbox", name: ask.id, id: ask.id });
    input.checked = ask.held === true;
    const detail = found && ask.text(found.detail || {});
    const node = make("label", { class: "choice consent", for: ask.id }, input, make("span", {}, ask.text(found ? found.text : {})), detail ? make("small", {}, detail) : null);
    return { node: node, value: () => (input.checked ? true : null), problem: () => null };
  }

  // Drawn anew, a photo keeps nothing of where and when it was taken: what is sent is what a canvas holds.
  async function redrawn(file) {
    const image = await root.createImageBitmap(file);
    const canvas = document.createElement("canvas");
    for (let side = LONGEST_SIDE; side >= 400; side -= 300) {
      const ratio = Math.min(1, side / Math.max(image.width, image.height));
      canvas.width = Math.max(1, Math.round(image.width * ratio));
      canvas.height = Math.max(1, Math.round(image.height * ratio));
      const brush = canvas.getContext("2d");
      brush.fillStyle = "#fff";
      brush.fillRect(0, 0, canvas.width, canvas.height);
      brush.drawImage(image, 0, 0, canvas.width, canvas.height);
      for (const quality of [0.82, 0.65, 0.5]) {
        const text = canvas.toDataURL("image/jpeg", quality).split(",")[1] || "";
        if (text && text.length * 0.75 <= LARGEST_PHOTO) return { text: text, canvas: canvas };
      }
    }
    throw new Error("photo");
  }

  function photo(question, ask) {
    let kept = ask.held || null;
    const input = make("input", { type: "file", accept: "image/*", name: ask.id });
    const said = make("span", {}, ask.say(kept ? "photo_other" : "photo"));
    const label = make("label", { class: "filed" }, input, make("span", { class: "btn quiet" }, said));
    const away = make("button", { type: "button", class: "btn plain", hidden: !kept }, ask.say("photo_away"));
    const told = make("p", { class: "hint", role: "status" }, kept ? ask.say("photo_added") : "");
    const shown = make("div", { class: "shown" });
    const settle = (text, canvas, word) => {
      kept = text;
      shown.replaceChildren(...(canvas ? [canvas] : []));
      said.textContent = ask.say(text ? "photo_other" : "photo");
      away.hidden = !text;
      told.textContent = word ? ask.say(word) : "";
      ask.changed();
    };
    input.addEventListener("change", async () => {
      const [file] = input.files;
      if (!file) return;
      try {
        const { text, canvas } = await redrawn(file);
        canvas.setAttribute("aria-hidden", "true");
        settle(text, canvas, "photo_added");
      } catch (unread) {
        settle(null, null, "photo_bad");
      }
      input.value = "";
    });
    away.addEventListener("click", () => settle(null, null, null));
    const node = make("div", { class: "photo" }, make("div", { class: "row" }, label, away), told, shown);
    return { node: node, value: () => kept, problem: () => null };
  }

  const kinds = {
    single: single, multiple: multiple, matrix: matrix, rating: scale, nps: scale, csat: scale, smiley: scale,
    number: number, date: date, phone: phone, email: email, short_text: shortText, long_text: longText,
    photo: photo, consent: consent, contact: contact,
  };

  Amana.widgets = { kinds: kinds, make: make, written: written, western: western, readNumber: readNumber, readDate: readDate, readField: readField };
})(window);
