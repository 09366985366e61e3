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
