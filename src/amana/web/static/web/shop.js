// The demo shop's own script: says to the tag what the page shows, and asks for consent. It keeps nothing itself.
(() => {
  const amana = act => (window.amana = window.amana || []).push(act);
  const told = element => JSON.parse(element.dataset.told);

  // An event is written on the element it is about: told when the page shows it, or when it is used.
  const occasions = { FORM: "submit", DETAILS: "toggle", INPUT: "change" };
  document.querySelectorAll("[data-event]").forEach(element => {
    const tell = () => amana(tag => tag.track(element.dataset.event, told(element)));
    const occasion = occasions[element.tagName];
    occasion ? element.addEventListener(occasion, tell) : tell();
  });

  const band = document.getElementById("consent");
  if (!band) return;
  const boxes = Array.from(band.querySelectorAll("input"));
  const show = choices => {
    const any = Object.values(choices).some(Boolean);
    boxes.forEach(box => { box.checked = Boolean(choices[box.name]); });
    const answered = Object.keys(choices).length > 0;
    band.querySelectorAll("[data-when]").forEach(part => {
      part.hidden = part.dataset.when !== (answered ? (any ? "allowed" : "refused") : "asked");
    });
  };
  const decide = wishes => amana(tag => show(tag.consent(wishes)));
  band.querySelector("form").addEventListener("submit", event => {
    event.preventDefault();
    const refused = event.submitter && event.submitter.value === "none";
    decide(Object.fromEntries(boxes.map(box => [box.name, !refused && box.checked])));
  });
  amana(tag => {
    show(tag.consent());
    // The browser's own signal is an answer already.
    band.querySelector("[data-signal]").hidden = !navigator.globalPrivacyControl;
    band.hidden = false;
  });
})();
