// How a tablet speaks with the server: it makes itself known, sends what waits, hears what to ask, and tells how it is.
// Nothing is let go before the server said that it keeps it; what is sent twice counts once, by its number.
(function (root) {
  "use strict";
  const Amana = (root.Amana = root.Amana || {});
  const store = Amana.store;
  const DOOR = "/v1/surveys/";
  const MOST = 500;
  const LETTERS = 2000000;
  const EVERY_MS = 60000;
  const FIRST_WAIT_MS = 4000;
  const LONGEST_WAIT_MS = 300000;
  const PATIENCE_MS = 90000;
  const CANNOT_CARRY = ["envelopes_too_large", "envelopes_too_many", "answer_too_large"];

  class Refused extends Error {
    constructor(status, body, after) {
      super(body && body.code ? body.code : "http_" + status);
      this.status = status;
      this.code = this.message;
      this.told = body && body.message;
      this.after = after;
    }
  }

  async function ask(path, options) {
    const given = root.AbortController ? new AbortController() : null;
    const over = given && setTimeout(() => given.abort(), PATIENCE_MS);
    try {
      const answer = await fetch(DOOR + path, Object.assign(
        { credentials: "omit", cache: "no-store", signal: given ? given.signal : undefined }, options));
      const body = await answer.json().catch(() => null);
      if (answer.ok && body) return body;
      throw new Refused(answer.status, body, 1000 * Number(answer.headers.get("Retry-After") || 0));
    } finally {
      if (over) clearTimeout(over);
    }
  }

  // ---- the device ----

  class Tablet {
    constructor(software) {
      this.software = software;
      this.device = null;
      this.told = null;
      this.sequence = 0;
      this.latest = 0;
      this.failures = 0;
      this.problem = null;
      this.round = null;
      this.timer = null;
      this.onChange = () => {};
    }

    async load() {
      [this.device, this.told] = await Promise.all([store.get("device"), store.get("told")]);
      this.sequence = (await store.get("sequence")) || 0;
      this.latest = (await store.get("latest")) || 0;
      return this;
    }

    // Raises Refused where the code is wrong; the private half of the key never leaves this browser.
    async enrol(code, language) {
      const pair = await Amana.envelope.deviceKey();
      const key = await Amana.envelope.publicJwk(pair);
      const body = JSON.stringify({ code: code, key: key, software: this.software });
      const made = await ask("devices", {
        method: "POST", body: body, headers: { "Content-Type": "application/json", "Accept-Language": language },
      });
      this.device = { id: made.device, pair: pair, revoked: false };
      await store.put("device", this.device);
      await store.persist().catch(() => false);
      await this.hear(made, []);
    }

    async hear(told, forms) {
      const now = Date.now();
      this.told = {
        name: told.name, shop: told.shop, key: told.key, policy: told.policy, staleAfter: 1000 * told.stale_after,
        ahead: told.time - now, confirmed: now, forms: forms,
      };
      await this.passed(now, true);
      await store.put("told", this.told);
    }

    // The latest moment this tablet has seen: a clock that was set back makes no old policy young.
    async passed(now, anew) {
      const late = anew ? now : Math.max(now, this.latest);
      if (late === this.latest) return;
      this.latest = late;
      await store.put("latest", late);
    }

    stale() {
      return !this.told || Math.max(Date.now(), this.latest) - this.told.confirmed > this.told.staleAfter;
    }

    // ---- answers ----

    async sealed(submission) {
      const envelope = await Amana.envelope.seal(submission, this.told.key);
      this.sequence += 1;
      const sequence = this.sequence;
      return { line: await Amana.envelope.sign(envelope, this.device.id, this.device.pair.privateKey, sequence), sequence: sequence };
    }

    // Seals, signs and keeps an answer. Where there is no room for it, it goes to the server at once or is not taken.
    async keep(submission) {
      const made = await this.sealed(submission);
      try {
        await store.keep(submission.id, made.line, made.sequence);
      } catch (full) {
        const said = await this.post([made.line]);
        if (!said.kept.includes(submission.id)) throw full;
      }
      await this.passed(Date.now(), false).catch(() => {});
    }

    post(lines) {
      return ask("answers", { method: "POST", body: lines.join("\n"), headers: { "Content-Type": "application/jose" } });
    }

    async send() {
      let most = MOST;
      for (;;) {
        const envelopes = await store.batch(most, LETTERS);
        if (!envelopes.length) return;
        try {
          await this.settle(envelopes, await this.post(envelopes.map((one) => one.line)));
        } catch (refused) {
          if (!CANNOT_CARRY.includes(refused.code)) throw refused;
          if (envelopes.length === 1) await store.settle([], [{ envelope: envelopes[0], code: refused.code }]);
          most = Math.max(1, Math.floor(envelopes.length / 2));
        }
        this.onChange();
      }
    }

    async settle(envelopes, said) {
      const keeps = new Set(said.kept);
      const kept = envelopes.filter((one) => keeps.has(one.id));
      const refused = [];
      envelopes.forEach((envelope, at) => {
        const code = said.refused[envelope.id] || said.refused["line " + (at + 1)];
        if (code && !keeps.has(envelope.id)) refused.push({ envelope: envelope, code: code });
      });
      await store.settle(kept, refused);
      if (!kept.length && !refused.length) throw new Error("nothing was said of what was sent");
    }

    // ---- the round ----

    async signed(text) {
      this.sequence += 1;
      await store.put("sequence", this.sequence);
      return Amana.envelope.sign(text, this.device.id, this.device.pair.privateKey, this.sequence);
    }

    async fetchForms() {
      const said = await ask("device", { headers: { Authorization: "Device " + (await this.signed("forms")) } });
      await this.hear(said, said.forms);
    }

    async tell() {
      const { waiting, refused } = await store.counts();
      const state = {
        at: Date.now(), unsent: waiting + refused, battery: await battery(), software: this.software, policy: this.told.policy,
      };
      await ask("device/state", { method: "POST", body: await this.signed(JSON.stringify(state)) });
    }

    // Each part is tried whatever became of the one before: what waits must not keep the policy from being heard.
    async attempt() {
      const problems = [];
      for (const part of [() => this.send(), () => this.fetchForms(), () => this.tell()]) {
        try {
          await part();
        } catch (problem) {
          problems.push(problem);
          if (problem.code === "device_revoked") await this.end();
          if (!(problem instanceof Refused)) break;
        }
      }
      return problems;
    }

    async end() {
      this.device.revoked = true;
      await store.put("device", this.device);
    }

    sync() {
      if (!this.device) return Promise.resolve();
      if (!this.round) {
        clearTimeout(this.timer);
        this.round = this.attempt().then((problems) => this.after(problems));
      }
      return this.round;
    }

    after(problems) {
      this.round = null;
      this.problem = problems[0] || null;
      this.failures = problems.length ? this.failures + 1 : 0;
      const asked = problems.reduce((longest, one) => Math.max(longest, one.after || 0), 0);
      this.timer = setTimeout(() => this.sync(), Math.max(asked, this.pause()));
      this.onChange();
    }

    pause() {
      if (!this.failures) return EVERY_MS;
      const grown = Math.min(LONGEST_WAIT_MS, FIRST_WAIT_MS * Math.pow(2, this.failures - 1));
      // Tablets of one shop lose the network together and must not all come back at one moment.
      return grown * (0.5 + Math.random() / 2);
    }
  }

  async function battery() {
    if (!root.navigator.getBattery) return null;
    try {
      return Math.round(100 * (await root.navigator.getBattery()).level);
    } catch (unknown) {
      return null;
    }
  }

  Amana.sync = { Tablet, Refused, battery };
})(window);
