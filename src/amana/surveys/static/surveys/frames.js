// What stands around a widget: its question, its hint, and the place where it is said what is wrong.
(function (root) {
  "use strict";
  const Amana = (root.Amana = root.Amana || {});
  const { make } = Amana.widgets;
  // A single control has a label; what has several is a group with a legend.
  const LABELLED = new Set(["number", "date", "phone", "email", "short_text", "long_text"]);
  // Asked of nobody by force, so there is nothing to say about it.
  const OPEN = new Set(["note", "contact", "photo", "consent"]);

  function labelled(asked, made, name, attributes) {
    const { question } = made;
    made.label = make("span", {}, asked.text(question.label));
    const optional = !OPEN.has(question.kind) && !question.required;
    return make(name, attributes, made.label, optional ? make("span", { class: "optional" }, " (" + asked.say("optional") + ")") : null);
  }

  function framed(asked, made) {
    const { question, widget } = made;
    const id = "q." + question.name;
    const frame = { class: "q", id: "q-" + question.name, "data-kind": question.kind };
    const error = make("p", { class: "error", id: "e-" + id, hidden: true });
    if (question.kind === "consent") return make("div", frame, signalled(asked), widget.node, error);
    made.hint = question.hint ? make("p", { class: "hint", id: "h-" + id }, asked.text(question.hint)) : null;
    const described = made.hint ? { "aria-describedby": made.hint.id } : {};
    if (!LABELLED.has(question.kind)) {
      return make("fieldset", Object.assign(frame, described), labelled(asked, made, "legend", {}), made.hint, widget.node, error);
    }
    const input = widget.node.matches("input, textarea") ? widget.node : widget.node.querySelector("input, textarea");
    Object.keys(described).forEach((name) => input.setAttribute(name, described[name]));
    return make("div", frame, labelled(asked, made, "label", { for: id }), made.hint, widget.node, error);
  }

  // The browser's own signal, said once and before the first thing that may be allowed.
  function signalled(asked) {
    if (!asked.options.gpc || asked.list.querySelector(".gpc")) return null;
    return make("p", { class: "hint gpc" }, asked.say("gpc"));
  }

  Amana.frames = { LABELLED: LABELLED, labelled: labelled, framed: framed };
})(window);
