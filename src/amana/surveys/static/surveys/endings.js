// How a survey ends: thanks, the receipt of what was allowed, and a code for whoever told nothing of themselves.
(function (root) {
  "use strict";
  const Amana = (root.Amana = root.Amana || {});
  const { make } = Amana.widgets;
  // No letter or digit that is mistaken for another; `taking.codes` reads them.
  const LETTERS = "234789ACDEFGHJKMNPQRTVWXY";

  function code() {
    let made = "";
    while (made.length < 8) {
      const byte = root.crypto.getRandomValues(new Uint8Array(1))[0];
      // Beyond the last whole multiple the first letters would come more often.
      if (byte < 256 - (256 % LETTERS.length)) made += LETTERS[byte % LETTERS.length];
    }
    return made;
  }

  const spelt = (text) => text.slice(0, 4) + "-" + text.slice(4);
  const title = (asked) => make("h1", { tabindex: "-1" }, asked.say("thanks"));

  function enough(asked, quota) {
    const farewell = asked.options.farewell;
    return [title(asked), make("p", { class: "lead" }, asked.text(quota.message)), farewell ? farewell(asked.language) : null];
  }

  // `receipt` is a link, or null where nothing was told of anybody; `waiting` while the answers are not taken in yet.
  function thanks(asked, receipt, waiting) {
    const words = asked.text(asked.form.thanks);
    const parts = [title(asked)];
    if (words) parts.push(make("p", { class: "lead" }, words));
    if (waiting) parts.push(make("p", { role: "status", class: "muted" }, asked.say("waiting")));
    if (receipt) parts.push(receipted(asked, receipt));
    if (!asked.named()) parts.push(coded(asked));
    return parts;
  }

  function receipted(asked, link) {
    return make("div", { class: "card" }, make("h2", {}, asked.say("receipt")), make("p", {}, asked.say("receipt_more")),
      make("p", { class: "small muted" }, asked.say("confirm")), make("p", {}, make("a", { class: "btn", href: link, target: "_top" }, asked.say("receipt_open"))));
  }

  function coded(asked) {
    const address = asked.options.codeAddress;
    const link = address && make("p", {}, make("a", { class: "btn quiet", href: address[asked.language], target: "_top" }, asked.say("code_open")));
    return make("div", { class: "card code" }, make("h2", {}, asked.say("code")), make("p", { class: "spelt" }, make("bdi", { dir: "ltr" }, spelt(asked.code))),
      make("p", {}, asked.say("code_more")), link);
  }

  Amana.endings = { code: code, spelt: spelt, thanks: thanks, enough: enough };
})(window);
