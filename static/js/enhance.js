// Small things that need a script are hidden without one; this shows them and wires what is common to all pages.
(function () {
  "use strict";
  document.querySelectorAll("[data-needs-script], [data-print]").forEach(function (part) { part.hidden = false; });
  document.querySelectorAll("[data-print]").forEach(function (button) {
    button.addEventListener("click", function () { window.print(); });
  });

  // The error summary takes the focus, so that it is read first and its links are next.
  var summary = document.querySelector("[data-focus-on-load]");
  if (summary) { summary.focus(); }

  // Whoever signs out leaves nothing of what they typed in this browser; whoever is asked and stays goes on with it.
  function forget() {
    try {
      Object.keys(localStorage).forEach(function (key) { if (key.indexOf("grants.draft:") === 0) { localStorage.removeItem(key); } });
    } catch (error) { /* nothing is kept where nothing may be kept */ }
  }
  Array.from(document.forms).filter(function (form) { return String(form.action).indexOf("/sign-out") >= 0; }).forEach(function (form) {
    form.addEventListener("submit", function () { window.addEventListener("pagehide", forget); });
  });
  ["pointerdown", "keydown"].forEach(function (name) {
    document.addEventListener(name, function () { window.removeEventListener("pagehide", forget); }, true);
  });

  // Open menus close when the visitor goes elsewhere or presses Escape.
  var menus = document.querySelectorAll("details[data-close-outside]");
  document.addEventListener("click", function (event) {
    menus.forEach(function (menu) { if (!menu.contains(event.target)) { menu.open = false; } });
  });
  document.addEventListener("keydown", function (event) {
    if (event.key !== "Escape") { return; }
    menus.forEach(function (menu) {
      if (menu.open) { menu.open = false; menu.querySelector("summary").focus(); }
    });
  });
})();
