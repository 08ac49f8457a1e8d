// A draft as it will be asked, to be tried by whoever writes it: the runner itself, and nothing is sealed, sent or kept.
(function () {
  "use strict";
  const Amana = window.Amana;
  const place = document.getElementById("take");
  const told = JSON.parse(place.dataset.told);
  let asked = null;
  asked = Amana.runner.mount(place, {
    form: told.form, language: document.documentElement.lang, way: told.way, shop: null, full: [], gpc: false,
    policyAddress: told.policy, codeAddress: told.code, held: Amana.adopted(place),
    onSubmit: () => Promise.resolve(asked.finish(null, false)),
    onLanguage: () => undefined,
    onSection: () => undefined,
  });
})();
