// A whole date pasted into the year fills year, month and day. The server reads it as well; this only shows it at once.
(function () {
  "use strict";
  var WHOLE = /^(\d{4})\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})\s*日?$/;
  var COMPACT = /^(\d{4})(\d{2})(\d{2})$/;

  document.addEventListener("paste", function (event) {
    var box = event.target.closest && event.target.closest("[data-date-parts]");
    var inputs = box ? box.querySelectorAll("input") : [];
    if (event.target !== inputs[0]) { return; }
    var text = event.clipboardData.getData("text").normalize("NFKC").trim();
    var found = WHOLE.exec(text) || COMPACT.exec(text);
    if (!found) { return; }
    event.preventDefault();
    inputs.forEach(function (input, index) {
      input.value = index ? String(Number(found[index + 1])) : found[1];
      input.dispatchEvent(new Event("input", { bubbles: true }));
    });
    inputs[2].focus();
  });
})();
