// What stands around a widget: its question, its hint, and the place where it is said what is wrong.
(function (root) {
  "use strict";
  const Amana = (root.Amana = root.Amana || {});
  const { make } = Amana.widgets;
  // A single control has a label; what has several is a group with a legend.
  const LABELLED = new Set(["number", "date", "phone", "email", "short_text", "long_text"]);

  function labelled(asked, made, name, attributes) {
    const { question } = made;
    made.label = make("span", {}, asked.text(question.label));
    // Most questions need no answer: those that do are marked.
    const needed = question.required === true;
    return make(name, attributes, made.label, needed ? make("span", { class: "needed" }, " (" + asked.say("needed") + ")") : null);
  }

  function framed(asked, made) {
    const { question, widget } = made;
    const id = "q." + question.name;
    const frame = { class: "q", id: "q-" + question.name, "data-kind": question.kind };
    const error = make("p", { class: "error", id: "e-" + id, hidden: true });
    if (question.kind === "consent") return make("div", frame, ...introduced(asked), widget.node, error);
    made.hint = question.hint ? make("p", { class: "hint", id: "h-" + id }, asked.text(question.hint)) : null;
    const described = made.hint ? { "aria-describedby": made.hint.id } : {};
    if (!LABELLED.has(question.kind)) {
      frame["aria-describedby"] = ((made.hint ? made.hint.id + " " : "") + error.id);
      return make("fieldset", frame, labelled(asked, made, "legend", {}), made.hint, widget.node, error);
    }
    const input = widget.node.matches("input, textarea") ? widget.node : widget.node.querySelector("input, textarea");
    Object.keys(described).forEach((name) => input.setAttribute(name, described[name]));
    return make("div", frame, labelled(asked, made, "label", { for: id }), made.hint, widget.node, error);
  }

  // Said once, before the first thing that may be allowed; and what the browser's own signal means here.
  function introduced(asked) {
    if (asked.list.querySelector(".before")) return [];
    const said = [make("p", { class: "hint before" }, asked.say("consents"))];
    return asked.options.gpc ? said.concat(make("p", { class: "hint gpc" }, asked.say("gpc"))) : said;
  }

  Amana.frames = { LABELLED: LABELLED, labelled: labelled, framed: framed };
})(window);
