// What somebody answered in the form without scripts while the scripts were still on their way.
(function (root) {
  "use strict";
  const Amana = (root.Amana = root.Amana || {});
  const { readField, readNumber } = Amana.widgets;
  const COUNTED = new Set(["rating", "nps", "csat", "smiley"]);

  const readers = {
    single: (values) => values[0],
    multiple: (values) => values,
    number: (values) => readNumber(values[0]),
    date: () => null,
    phone: (values) => readField("mobile", values[0])[0],
    photo: () => null,
    consent: () => true,
  };

  function read(kind, values) {
    if (COUNTED.has(kind)) return Number(values[0]);
    return readers[kind] ? readers[kind](values) : values[0];
  }

  // Names are `q.question` or, in a matrix and a contact block, `q.question.part`.
  function adopted(place) {
    const form = place.querySelector("form");
    const held = {};
    if (!form) return held;
    const found = new FormData(form);
    Array.from(new Set(found.keys())).forEach((key) => {
      const [mark, name, part] = key.split(".");
      const frame = mark === "q" && document.getElementById("q-" + name);
      const values = found.getAll(key).filter((value) => typeof value === "string" && value.trim());
      if (!frame || !values.length) return;
      if (part) held[name] = Object.assign(held[name] || {}, { [part]: values[0] });
      else held[name] = read(frame.dataset.kind, values);
      if (held[name] === null) delete held[name];
    });
    return held;
  }

  Amana.adopted = adopted;
})(window);
