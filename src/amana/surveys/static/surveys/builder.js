// The builder's keys, and nothing typed lost when another page is opened. Without it everything works by its buttons.
(function () {
  "use strict";
  var form = document.getElementById("part");
  if (!form) { return; }
  var written = false, leaving = false;

  form.addEventListener("input", function () { written = true; });
  form.addEventListener("submit", function () { leaving = true; });
  window.addEventListener("beforeunload", function (event) {
    if (written && !leaving) { event.preventDefault(); }
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

  // A link of the outline saves what is typed on its way.
  document.addEventListener("click", function (event) {
    var link = event.target.closest && event.target.closest("a[data-part]");
    if (!link || !written || event.ctrlKey || event.metaKey || event.shiftKey || event.button) { return; }
    event.preventDefault();
    var go = document.createElement("input");
    go.type = "hidden";
    go.name = "do";
    go.value = "go:" + link.getAttribute("data-part");
    form.appendChild(go);
    form.requestSubmit();
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
      if (typing(document.activeElement) && written) { return; }
      done = press(key === "y" || event.shiftKey ? "redo" : "undo");
    } else if (event.altKey && event.shiftKey && (key === "arrowup" || key === "arrowdown")) {
      done = press(key === "arrowup" ? "step:up" : "step:down");
    }
    if (done) { event.preventDefault(); }
  });
}());
