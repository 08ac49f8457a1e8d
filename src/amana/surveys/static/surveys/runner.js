// Asks a compiled survey, one section at a time, in either language, on the web and on a tablet. Nothing is stored and
// nothing is sent here: whoever mounts it is handed the submission.
//
//   const asked = Amana.runner.mount(element, { form, language, way, shop, onSubmit: async submission => {}, ... })
//
// Options: `gpc`, `full` (quotas that are reached), `policyAddress` and `codeAddress` ({ar, en}), `held` (answers already
// given), `onLanguage(language)`, `onSection(asked)`, `opened` where the page shows the survey's intro itself.
(function (root) {
  "use strict";
  const Amana = (root.Amana = root.Amana || {});
  const { kinds, make, written } = Amana.widgets;
  const NEEDS = { email: "email", sms: "mobile", whatsapp: "mobile" };
  const DIRECTION = { ar: "rtl", en: "ltr" };
  const { LABELLED } = Amana.frames;

  function localToday() {
    const now = new Date();
    const two = (number) => String(number).padStart(2, "0");
    return now.getFullYear() + "-" + two(now.getMonth() + 1) + "-" + two(now.getDate());
  }

  class Asked {
    constructor(element, options) {
      this.element = element;
      this.options = options;
      this.form = options.form;
      this.language = options.language;
      this.id = options.id || Amana.envelope.number();
      this.code = Amana.endings.code();
      this.started = Date.now();
      this.answers = Object.assign({}, options.held);
      this.raw = {};
      this.agreed = false;
      this.at = 0;
      this.sent = false;
      this.widgets = new Map();
      this.draw(false);
    }

    // ---- what is asked now ----
    context() {
      return { today: this.options.today ? this.options.today() : localToday(), seed: this.id, language: this.language };
    }

    flow() {
      return Amana.logic.flow(this.form, this.answers, this.context());
    }

    say(key, parts) {
      let text = Amana.words[this.language][key];
      Object.keys(parts || {}).forEach((name) => (text = text.replace("{" + name + "}", parts[name])));
      return text;
    }

    digits(number) {
      return written(number, this.form.country, this.language);
    }

    text(label) {
      return label ? Amana.logic.text(this.form, label, this.answers, this.context()) : "";
    }

    full() {
      const reached = (this.form.quotas || []).filter((quota) => (this.options.full || []).includes(quota.name));
      return reached.find((quota) => quota.when && Amana.logic.holds(quota.when, this.answers, this.context())) || null;
    }

    // ---- drawing ----

    draw(moved) {
      const flow = this.flow();
      this.at = Math.min(this.at, flow.sections.length - 1);
      const section = flow.sections[this.at];
      const last = this.at === flow.sections.length - 1;
      this.widgets.clear();
      this.list = make("div", { class: "questions" });
      this.heading = make("h1", { tabindex: "-1" }, this.text(section.title) || this.text(this.form.title));
      this.problem = make("div", { class: "problems", role: "alert", hidden: true });
      this.element.lang = this.language;
      this.element.dir = DIRECTION[this.language];
      this.element.replaceChildren(make("form", { class: "asked", novalidate: true, autocomplete: "off" },
        this.progress(flow), this.heading, this.intro(), this.problem, this.list, this.foot(last), this.buttons(last)));
      this.element.firstChild.addEventListener("submit", (event) => {
        event.preventDefault();
        this.forward();
      });
      this.fill(flow);
      if (moved) {
        this.heading.focus({ preventScroll: true });
        this.element.scrollIntoView({ block: "start" });
      }
      if (this.options.onSection) this.options.onSection(this);
    }

    progress(flow) {
      const [n, of] = [this.at + 1, flow.sections.length];
      const told = this.say("step", { n: this.digits(n), of: this.digits(of) });
      const bar = make("progress", { class: "bar", max: of, value: n, "aria-label": told });
      return of > 1 ? make("div", { class: "progress" }, bar, make("span", { class: "small muted", "aria-hidden": "true" }, told)) : null;
    }

    intro() {
      if (this.at > 0) return null;
      const intro = make("div", { class: "intro" });
      if (!this.options.opened && this.text(this.form.intro)) intro.append(make("p", { class: "lead" }, this.text(this.form.intro)));
      if (this.form.keeps_unfinished) intro.append(this.keeping());
      return intro.childNodes.length ? intro : null;
    }

    keeping() {
      const input = make("input", { type: "checkbox" });
      input.checked = this.agreed;
      input.addEventListener("change", () => {
        this.agreed = input.checked;
        if (this.options.onSection) this.options.onSection(this);
      });
      return make("label", { class: "choice" }, input, make("span", {}, this.say("keep")), make("small", {}, this.say("keep_more")));
    }

    foot(last) {
      if (!last) return null;
      const told = make("p", { class: "small muted" }, this.say("version", { n: this.digits(this.form.policy) }));
      const address = this.options.policyAddress;
      if (address) told.append(" ", make("a", { href: address[this.language], target: "_blank", rel: "noopener" }, this.say("read")));
      return told;
    }

    buttons(last) {
      this.back = make("button", { type: "button", class: "btn quiet", hidden: this.at === 0 }, this.say("back"));
      this.back.addEventListener("click", () => this.backward());
      this.next = make("button", { type: "submit", class: "btn" }, this.say(last ? "send" : "next"));
      return make("div", { class: "steps" }, this.back, this.next);
    }

    // Puts in what is asked now and takes out what is not, leaving in place what somebody is just answering.
    fill(flow) {
      const asked = flow.sections[this.at].questions;
      const names = new Set(asked.map((question) => question.name));
      this.widgets.forEach((one, name) => {
        if (names.has(name)) return;
        one.frame.remove();
        this.widgets.delete(name);
      });
      let before = this.list.firstChild;
      asked.forEach((question) => {
        const known = this.widgets.get(question.name);
        const one = known || this.ask(question);
        if (known) this.relabel(known);
        if (one.frame === before) before = before.nextSibling;
        else this.list.insertBefore(one.frame, before);
      });
    }

    ask(question) {
      const made = { question: question, frame: null, widget: null };
      this.widgets.set(question.name, made);
      if (question.kind === "note") {
        made.frame = make("div", { class: "q note", id: "q-" + question.name }, Amana.frames.labelled(this, made, "p", {}));
        return made;
      }
      made.widget = kinds[question.kind](question, this.asking(question));
      made.frame = Amana.frames.framed(this, made);
      made.frame.addEventListener("change", () => this.changed(made));
      if (LABELLED.has(question.kind)) made.frame.addEventListener("input", () => this.keep(made));
      return made;
    }

    asking(question) {
      return {
        form: this.form, country: this.form.country, language: this.language, id: "q." + question.name,
        held: this.answers[question.name], raw: this.raw[question.name],
        say: (key, parts) => this.say(key, parts), text: (label) => this.text(label), digits: (number) => this.digits(number),
        ordered: (one) => Amana.logic.ordered(one, this.id),
        changed: () => this.changed(this.widgets.get(question.name)),
      };
    }

    relabel(made) {
      if (made.label) made.label.textContent = this.text(made.question.label);
      if (made.hint) made.hint.textContent = this.text(made.question.hint);
    }

    // ---- answering ----

    keep(made) {
      const { question, widget } = made;
      const value = widget.value();
      if (widget.raw) this.raw[question.name] = widget.raw();
      if (value === null || widget.problem()) delete this.answers[question.name];
      else this.answers[question.name] = value;
    }

    changed(made) {
      this.keep(made);
      this.clear(made);
      if (!this.list.querySelector(".wrong")) this.problem.hidden = true;
      this.fill(this.flow());
    }

    clear(made) {
      made.frame.querySelectorAll(".error").forEach((error) => (error.hidden = true));
      made.frame.querySelectorAll("[aria-invalid]").forEach((one) => one.removeAttribute("aria-invalid"));
      [made.frame].concat(Array.from(made.frame.querySelectorAll(".wrong"))).forEach((one) => one.classList.remove("wrong"));
    }

    // Says of each question of this section what is wrong with it, and returns where to look first.
    check() {
      this.widgets.forEach((made) => made.widget && this.keep(made));
      const flow = this.flow();
      const wrong = [];
      this.widgets.forEach((made) => {
        if (!made.widget) return;
        this.clear(made);
        const found = this.fault(made, flow);
        if (found) wrong.push(this.blame(made, found));
        wrong.push(...this.blameFields(made));
      });
      this.problem.hidden = wrong.length === 0;
      this.problem.textContent = wrong.length ? this.say("mend") : "";
      return wrong[0] || null;
    }

    fault(made, flow) {
      const own = made.widget.problem();
      if (own) return this.told(own);
      const name = made.question.name;
      if (flow.missing.includes(name)) return this.say("required");
      if (name in flow.broken) return this.text(made.question.message) || this.say("broken");
      return null;
    }

    told(problem) {
      return typeof problem === "string" ? this.say(problem) : this.say(problem[0], { n: this.digits(problem[1]) });
    }

    blame(made, text) {
      const error = made.frame.querySelector(":scope > .error");
      return this.show(made.frame, error, made.frame.querySelector("input, select, textarea"), text);
    }

    show(frame, error, input, text) {
      error.textContent = text;
      error.hidden = false;
      frame.classList.add("wrong");
      // A group is described as a whole.
      if (input && !/^(radio|checkbox|file)$/.test(input.type)) {
        input.setAttribute("aria-invalid", "true");
        input.setAttribute("aria-describedby", error.id);
      }
      return input;
    }

    blameFields(made) {
      if (!made.widget.problems) return [];
      const problems = Object.assign(this.needed(made), made.widget.problems());
      return Object.keys(problems).map((field) => {
        const frame = made.frame.querySelector('[data-field="' + field + '"]');
        return this.show(frame, frame.querySelector(".error"), frame.querySelector("input, select"), this.say(problems[field]));
      });
    }

    // What was allowed by e-mail or text message needs its address, where the survey asks for one.
    needed(made) {
      const found = {};
      const told = this.answers[made.question.name] || {};
      this.allowed().forEach((question) => {
        const field = NEEDS[question.channel];
        if (field && made.question.fields.includes(field) && !told[field]) found[field] = "needs_" + field;
      });
      return found;
    }

    allowed() {
      const found = [];
      this.flow().sections.forEach((section) => section.questions.forEach((question) => {
        if (question.kind === "consent" && this.answers[question.name] === true) found.push(question);
      }));
      return found;
    }

    // Tells whether an address stands among the answers, so that no code is needed to be found again.
    named() {
      const kept = Amana.logic.kept(this.form, this.answers, this.context());
      return this.form.sections.some((section) => section.questions.some((one) => {
        const told = kept[one.name];
        if (one.kind === "contact") return Boolean(told && (told.email || told.mobile || told.phone));
        return Boolean(told) && (one.kind === "email" || one.kind === "phone");
      }));
    }

    // ---- moving ----

    forward() {
      if (this.sent) return;
      const wrong = this.check();
      if (wrong) {
        wrong.focus();
        return;
      }
      const full = this.full();
      if (full) {
        this.turnAway(full);
      } else if (this.at < this.flow().sections.length - 1) {
        this.at += 1;
        this.draw(true);
      } else {
        this.send();
      }
    }

    backward() {
      this.widgets.forEach((made) => made.widget && this.keep(made));
      if (this.at > 0) this.at -= 1;
      this.draw(true);
    }

    async send() {
      this.sent = true;
      this.next.disabled = this.back.disabled = true;
      this.next.textContent = this.say("sending");
      try {
        await this.options.onSubmit(this.submission(false), this);
      } catch (failure) {
        this.sent = false;
        this.next.disabled = this.back.disabled = false;
        this.next.textContent = this.say("again");
        this.problem.textContent = (failure && failure.told && failure.told[this.language]) || this.say("offline");
        this.problem.hidden = false;
      }
    }

    // The submission as the server reads it; answers to what is not asked any more are left out.
    submission(unfinished) {
      const consents = new Set();
      this.form.sections.forEach((section) => section.questions.forEach((one) => one.kind === "consent" && consents.add(one.name)));
      const kept = Amana.logic.kept(this.form, this.answers, this.context());
      const answers = {};
      Object.keys(kept).forEach((name) => {
        if (!consents.has(name)) answers[name] = kept[name];
      });
      const { form, options } = this;
      return {
        id: this.id, survey: form.survey, version: form.version, policy: form.policy, language: this.language,
        shop: options.shop || null, way: options.way, started: this.started, answered: Date.now(), answers: answers,
        permissions: unfinished ? [] : this.allowed().map((one) => (one.channel ? one.purpose + ":" + one.channel : one.purpose)),
        code: unfinished ? null : this.code, unfinished: unfinished, unfinished_agreed: unfinished && this.agreed,
      };
    }

    // What may be sent of a survey somebody left: nothing, unless they agreed and answered something.
    unfinished() {
      if (!this.agreed || this.sent || this.ending) return null;
      const made = this.submission(true);
      made.id = Amana.envelope.number();
      return Object.keys(made.answers).length ? made : null;
    }

    setLanguage(language) {
      this.widgets.forEach((made) => made.widget && this.keep(made));
      this.language = language;
      if (this.ending) this.ending();
      else this.draw(false);
      if (this.options.onLanguage) this.options.onLanguage(language);
    }

    // ---- the end ----

    // What is said to somebody of a sort of whom enough have answered; nothing of theirs is sent.
    turnAway(quota) {
      this.ending = () => this.turnAway(quota);
      this.close(...Amana.endings.enough(this, quota));
    }

    // Thanks, once the answers have arrived. `receipt` is a link, `code` is shown where nobody told who they are.
    finish(receipt, waiting) {
      this.ending = () => this.finish(receipt, waiting);
      this.close(...Amana.endings.thanks(this, receipt, waiting));
    }

    close(...parts) {
      this.widgets.clear();
      this.element.lang = this.language;
      this.element.dir = DIRECTION[this.language];
      this.element.replaceChildren(make("div", { class: "asked done" }, ...parts));
      this.element.querySelector("h1").focus({ preventScroll: true });
    }

    // Leaves nothing of what was answered, on screen or in memory.
    destroy() {
      this.widgets.clear();
      this.answers = {};
      this.raw = {};
      this.ending = null;
      this.element.replaceChildren();
    }
  }

  Amana.runner = { mount: (element, options) => new Asked(element, options) };
})(window);
