// The builder's keys, and nothing typed lost: what has an address to keep it at is saved by itself. Without it everything works by its buttons.
(function () {
  "use strict";
  var form = document.getElementById("part"), says = document.getElementById("kept");
  if (!form) { return; }
  var PAUSE = 2000, AGAIN = 10000;
  // `touched` since the page was opened; `written` since it was saved last; `failed` when that could not be done;
  // `stopped` once only a person can decide.
  var touched = false, written = false, failed = false, leaving = false;
  var address = form.getAttribute("data-keep"), stopped = !address || says.hasAttribute("data-stopped");
  var timer = 0, flying = null;
  // Where a form holds every part's texts, only those are sent that differ from what is known to be kept.
  var partly = form.hasAttribute("data-partly"), sent = {};

  function tell(text, reload) {
    says.textContent = text;
    if (!reload) { return; }
    var link = document.createElement("a");
    link.href = location.pathname;
    link.textContent = says.getAttribute("data-reload");
    says.appendChild(document.createTextNode(" "));
    says.appendChild(link);
    link.addEventListener("click", function () { leaving = true; });
  }

  function wait(long) {
    clearTimeout(timer);
    timer = setTimeout(keep, long);
  }

  function body() {
    var all = new FormData(form), at, one;
    sent = {};
    for (at = 0; partly && at < form.elements.length; at += 1) {
      one = form.elements[at];
      if (one.tagName !== "TEXTAREA") { continue; }
      if (one.value === one.defaultValue) { all.delete(one.name); } else { sent[one.name] = one.value; }
    }
    return new URLSearchParams(all);
  }

  // Takes over what colleagues wrote meanwhile. Answers false where something else is being written in the same place.
  function follow(answer) {
    var clear = true, name, field;
    for (name in sent) { form.elements[name].defaultValue = sent[name]; }
    for (name in answer.texts) {
      field = form.elements[name];
      if (field && field.value !== field.defaultValue) { clear = false; continue; }
      if (field) { field.value = field.defaultValue = answer.texts[name]; }
    }
    form.querySelectorAll("[data-open]").forEach(function (tag) {
      tag.textContent = answer.open[tag.getAttribute("data-open")] || "";
      tag.hidden = !tag.textContent;
    });
    var left = document.getElementById("left");
    left.querySelector("bdi").textContent = answer.left;
    left.hidden = !answer.left;
    document.getElementById("none-left").hidden = !left.hidden;
    return clear;
  }

  function kept(answer) {
    if (!answer.at) {
      written = failed = true;
      stopped = answer.reload;
      return tell(answer.told, answer.reload);
    }
    if (!partly || follow(answer)) { form.elements.at.value = answer.at; }
    failed = !answer.whole;
    written = written || failed;
    var undo = document.getElementById("f-undo");
    if (undo) { undo.disabled = !answer.undo; }
    tell(answer.told);
  }

  // Answers a promise that is kept once what was typed so far is saved, or cannot be.
  function keep() {
    clearTimeout(timer);
    if (flying) { return flying.then(keep); }
    if (!written || stopped || leaving) { return Promise.resolve(); }
    written = false;
    tell(says.getAttribute("data-saving"));
    flying = fetch(address, {
      method: "POST", body: body(), credentials: "same-origin", keepalive: true
    }).then(function (answer) { return answer.json(); }).then(kept).catch(function () {
      written = failed = true;
      tell(says.getAttribute("data-away"));
      wait(AGAIN);
    }).then(function () { flying = null; });
    return flying;
  }

  function typed(event) {
    // What is picked for a rule is nothing until its button is pressed.
    if (/^(pick|pipe)\./.test(event.target.name || "")) { return; }
    touched = written = true;
    wait(PAUSE);
  }

  form.addEventListener("input", typed);
  form.addEventListener("change", typed);
  form.addEventListener("submit", function (event) {
    clearTimeout(timer);
    if (!flying) { leaving = true; return; }
    // Two saves at once would be taken for two people's.
    var button = event.submitter;
    event.preventDefault();
    flying.then(function () { form.requestSubmit(button); });
  });
  document.addEventListener("visibilitychange", function () {
    if (document.visibilityState === "hidden") { keep(); }
  });
  window.addEventListener("beforeunload", function (event) {
    if (leaving || !written) { return; }
    if (failed || stopped || flying) { event.preventDefault(); } else { keep(); }
  });

  function press(value) {
    var all = form.elements, at, one;
    for (at = 0; at < all.length; at += 1) {
      one = all[at];
      if (one.type === "submit" && one.name === "do" && one.value === value && !one.disabled) {
        one.click();
        return true;
      }
    }
    return false;
  }

  function go(part) {
    var what = document.createElement("input");
    what.type = "hidden";
    what.name = "do";
    what.value = "go:" + part;
    form.appendChild(what);
    form.requestSubmit();
  }

  // A link of the outline saves what is typed on its way; another one waits until it is saved.
  document.addEventListener("click", function (event) {
    var link = event.target.closest && event.target.closest("a[href]");
    if (!link || event.defaultPrevented || event.ctrlKey || event.metaKey || event.shiftKey || event.button) { return; }
    if (link.hasAttribute("data-part") && touched) {
      event.preventDefault();
      go(link.getAttribute("data-part"));
    } else if (flying || (written && !stopped && !leaving)) {
      event.preventDefault();
      keep().then(function () { location.href = link.href; });
    }
  });

  function typing(one) {
    return one && (one.tagName === "TEXTAREA" || (one.tagName === "INPUT" && one.type === "text"));
  }

  document.addEventListener("keydown", function (event) {
    var key = event.key.toLowerCase(), control = event.ctrlKey || event.metaKey, done = false;
    if (control && !event.altKey && key === "s") {
      done = press("save");
      if (!done) { form.requestSubmit(); done = true; }
    } else if (control && !event.altKey && (key === "z" || key === "y")) {
      // In a field that was written in, the browser takes letters back first.
      if (typing(document.activeElement) && touched) { return; }
      done = press(key === "y" || event.shiftKey ? "redo" : "undo");
    } else if (event.altKey && event.shiftKey && (key === "arrowup" || key === "arrowdown")) {
      done = press(key === "arrowup" ? "step:up" : "step:down");
    }
    if (done) { event.preventDefault(); }
  });
}());
