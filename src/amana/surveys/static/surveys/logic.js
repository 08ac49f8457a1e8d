// What a survey asks next, whether an answer holds, and what a text says with earlier answers in it: the same as the package
// `surveys.logic`, to the last bit. Trees come parsed from the server; nothing here reads text as code.
(function (root) {
  "use strict";
  const Amana = (root.Amana = root.Amana || {});
  const NUMBER = /^-?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)$/;
  const DATE = /^[0-9]{4}-[0-9]{2}-[0-9]{2}$/;
  const LONGEST_NUMBER = 40;
  const LONGEST_TEXT = 2000;
  const COMMA = { ar: "، ", en: ", " };

  const own = (map, name) => Object.prototype.hasOwnProperty.call(map, name);
  const isMap = (value) => typeof value === "object" && value !== null && !Array.isArray(value);
  const letters = (text) => Array.from(text);

  // ---- values (XPath 1.0, section 4) ----

  function asNumber(value) {
    if (typeof value === "boolean") return value ? 1 : 0;
    if (typeof value === "number") return value;
    if (typeof value !== "string") return NaN;
    const plain = value.replace(/^[ \t\r\n]+|[ \t\r\n]+$/g, "").replace(/[٠-٩۰-۹]/g, (digit) => String(digit.charCodeAt(0) & 15));
    return letters(plain).length <= LONGEST_NUMBER && NUMBER.test(plain) ? Number(plain) : NaN;
  }

  function written(number) {
    if (number === 0) return "0";
    const plain = String(number);
    const found = /^(-?)(\d)(?:\.(\d+))?e([+-]\d+)$/.exec(plain);
    if (!found) return plain;
    const [digits, shift] = [found[2] + (found[3] || ""), Number(found[4])];
    if (shift < 0) return found[1] + "0." + "0".repeat(-shift - 1) + digits;
    return found[1] + digits.padEnd(shift + 1, "0");
  }

  function asText(value) {
    if (typeof value === "boolean") return value ? "true" : "false";
    if (typeof value === "string") return value;
    if (Array.isArray(value)) return value.join(" ");
    return typeof value === "number" ? written(value) : "";
  }

  function asTruth(value) {
    if (typeof value === "boolean") return value;
    if (typeof value === "number") return value !== 0 && !Number.isNaN(value);
    return (isMap(value) ? Object.keys(value) : value).length > 0;
  }

  // ---- patterns: a program over places, in time linear in the text ----

  function follow(program, waiting) {
    const seen = new Set();
    const found = [];
    while (waiting.length) {
      const at = waiting.pop();
      if (seen.has(at)) continue;
      seen.add(at);
      const step = program[at];
      if (step[0] === "j") waiting.push(at + step[1]);
      else if (step[0] === "s") waiting.push(at + step[1], at + step[2]);
      else found.push(at);
    }
    return found;
  }

  function takes(step, code) {
    return step[0] === "c" && step[1].some((range) => range[0] <= code && code <= range[1]) !== step[2];
  }

  function matches(program, text) {
    const all = letters(text);
    if (all.length > LONGEST_TEXT) return false;
    let places = follow(program, [0]);
    for (const letter of all) {
      const code = letter.codePointAt(0);
      places = follow(program, places.filter((at) => takes(program[at], code)).map((at) => at + 1));
      if (!places.length) return false;
    }
    return places.some((at) => program[at][0] === "m");
  }

  // ---- evaluation ----

  function equal(left, right) {
    if (typeof left === "boolean" || typeof right === "boolean") return asTruth(left) === asTruth(right);
    if (typeof left === "number" || typeof right === "number") return asNumber(left) === asNumber(right);
    return asText(left) === asText(right);
  }

  const isDate = (value) => typeof value === "string" && DATE.test(value);
  const comparing = (compare) => (left, right) =>
    isDate(left) && isDate(right) ? compare(left, right) : compare(asNumber(left), asNumber(right));
  const counting = (count) => (left, right) => count(asNumber(left), asNumber(right));

  const OPERATORS = {
    "=": equal,
    "!=": (left, right) => !equal(left, right),
    "<": comparing((left, right) => left < right),
    "<=": comparing((left, right) => left <= right),
    ">": comparing((left, right) => left > right),
    ">=": comparing((left, right) => left >= right),
    "+": counting((left, right) => left + right),
    "-": counting((left, right) => left - right),
    "*": counting((left, right) => left * right),
    div: counting((left, right) => left / right),
    mod: counting((left, right) => left % right),
    neg: (value) => -asNumber(value),
  };

  function selected(value, name) {
    const wanted = asText(name);
    if (Array.isArray(value)) return value.includes(wanted);
    if (isMap(value)) return Object.keys(value).some((key) => value[key] === wanted);
    return wanted !== "" && asText(value) === wanted;
  }

  function count(value) {
    if (Array.isArray(value)) return value.length;
    if (isMap(value)) return Object.keys(value).length;
    return asText(value) === "" ? 0 : 1;
  }

  function first(...values) {
    const found = values.find((value) => asText(value) !== "" || isMap(value));
    return found === undefined ? "" : found;
  }

  // Half up, and never a negative nought, which only a division would show.
  function rounded(value) {
    const number = asNumber(value);
    if (!Number.isFinite(number)) return number;
    const below = Math.floor(number);
    return (number - below >= 0.5 ? below + 1 : below) + 0;
  }

  const FUNCTIONS = {
    not: (value) => !asTruth(value),
    true: () => true,
    false: () => false,
    selected: selected,
    "count-selected": count,
    coalesce: first,
    "string-length": (value) => letters(asText(value)).length,
    contains: (value, part) => asText(value).includes(asText(part)),
    "starts-with": (value, part) => asText(value).startsWith(asText(part)),
    concat: (...values) => values.map(asText).join(""),
    round: rounded,
    int: (value) => Math.trunc(asNumber(value)) + 0,
    number: asNumber,
    string: asText,
    min: (...values) => Math.min(...values.map(asNumber)) + 0,
    max: (...values) => Math.max(...values.map(asNumber)) + 0,
  };

  function call(name, given, scene) {
    if (name === "if") return valued(given[asTruth(valued(given[0], scene)) ? 1 : 2], scene);
    if (name === "today") return scene.today;
    return FUNCTIONS[name](...given.map((part) => valued(part, scene)));
  }

  function valued(node, scene) {
    switch (node[0]) {
      case "num": case "text": return node[1];
      case "ref": return own(scene.answers, node[1]) ? scene.answers[node[1]] : "";
      case "this": return scene.self;
      case "and": return asTruth(valued(node[1], scene)) && asTruth(valued(node[2], scene));
      case "or": return asTruth(valued(node[1], scene)) || asTruth(valued(node[2], scene));
      case "call": return call(node[1], node.slice(2), scene);
      case "regex": return matches(node[2], asText(valued(node[1], scene)));
      default: return OPERATORS[node[0]](...node.slice(1).map((part) => valued(part, scene)));
    }
  }

  function evaluate(node, answers, context, self) {
    return valued(node, { answers: answers, self: self === undefined ? "" : self, today: context.today });
  }

  const holds = (node, answers, context, self) => asTruth(evaluate(node, answers, context, self));

  // ---- order ----

  function fnv(seed) {
    let made = 0x811c9dc5;
    new TextEncoder().encode(seed).forEach((byte) => (made = Math.imul(made ^ byte, 0x01000193)));
    return made >>> 0;
  }

  function mulberry(state) {
    return function () {
      state = (state + 0x6d2b79f5) | 0;
      let mixed = Math.imul(state ^ (state >>> 15), state | 1);
      mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
      return (mixed ^ (mixed >>> 14)) >>> 0;
    };
  }

  function shuffled(items, seed) {
    const made = items.slice();
    const draw = mulberry(fnv(seed));
    for (let last = made.length - 1; last > 0; last -= 1) {
      const other = draw() % (last + 1);
      [made[last], made[other]] = [made[other], made[last]];
    }
    return made;
  }

  function ordered(question, seed) {
    const choices = (question.choices || []).slice();
    if (!question.shuffled) return choices;
    const free = choices.filter((one) => !one.exclusive);
    return shuffled(free, seed + ":" + question.name).concat(choices.filter((one) => one.exclusive));
  }

  // ---- flow ----

  const absent = (value) => value === undefined || value === null;

  function answered(value) {
    if (absent(value) || value === "" || value === false) return false;
    return typeof value !== "object" || Object.keys(value).length > 0;
  }

  const relevant = (part, known, context) => absent(part.relevant) || holds(part.relevant, known, context);

  function asked(question, answers, known, context) {
    if (!relevant(question, known, context)) return false;
    if (own(answers, question.name) && answered(answers[question.name])) known[question.name] = answers[question.name];
    return true;
  }

  function required(question, known, context) {
    const rule = question.required;
    return typeof rule === "boolean" ? rule : !absent(rule) && holds(rule, known, context);
  }

  function outside(question, given) {
    if (question.kind !== "number" && question.kind !== "multiple") return false;
    const size = Array.isArray(given) ? given.length : given;
    if (typeof size !== "number") return true;
    return (!absent(question.least) && size < question.least) || (!absent(question.most) && size > question.most);
  }

  function judge(question, found, context) {
    const name = question.name;
    if (question.kind === "note") return;
    if (!own(found.kept, name)) {
      if (required(question, found.kept, context)) found.missing.push(name);
      return;
    }
    const given = found.kept[name];
    const rule = question.constraint;
    if (outside(question, given) || (!absent(rule) && !holds(rule, found.kept, context, given))) {
      found.broken[name] = absent(question.message) ? null : question.message;
    }
  }

  function flow(form, answers, context) {
    const found = { sections: [], kept: {}, missing: [], broken: {} };
    form.sections.forEach((section) => {
      if (!relevant(section, found.kept, context)) return;
      const questions = section.questions.filter((one) => asked(one, answers, found.kept, context));
      if (!questions.length) return;
      const order = section.shuffled ? shuffled(questions, context.seed + ":" + section.name) : questions;
      found.sections.push(Object.assign({}, section, { questions: order }));
    });
    found.sections.forEach((section) => section.questions.forEach((one) => judge(one, found, context)));
    return found;
  }

  // ---- texts ----

  function named(labels, value, language) {
    const said = own(labels, value) ? labels[value][language] : "";
    return typeof said === "string" && said ? said : value;
  }

  function shown(question, value, language) {
    const labels = {};
    ((question && question.choices) || []).forEach((one) => (labels[one.name] = one.label));
    if (question && Array.isArray(value)) return value.map((one) => named(labels, one, language)).join(COMMA[language]);
    return typeof value === "string" ? named(labels, value, language) : asText(value);
  }

  function text(form, label, answers, context) {
    const said = label[context.language] || "";
    if (typeof said === "string") return said;
    const byName = {};
    form.sections.forEach((section) => section.questions.forEach((one) => (byName[one.name] = one)));
    return said.slice(1).map((part) => {
      if (part[0] === "text") return part[1];
      return shown(byName[part[1]], own(answers, part[1]) ? answers[part[1]] : "", context.language);
    }).join("");
  }

  Amana.logic = {
    evaluate: evaluate, holds: holds, flow: flow, ordered: ordered, shuffled: shuffled, text: text, asText: asText,
    kept: (form, answers, context) => flow(form, answers, context).kept,
  };
})(window);
