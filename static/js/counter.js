// Counts characters while they are typed: 612 / 2000. Beyond the limit nothing is cut off, the count says so. It counts as the
// server does: code points (an emoji is one) of the composed text, a line end as one, blanks at either end not at all.
(function () {
  "use strict";
  function count(input) {
    var line = document.querySelector('[data-counter="' + CSS.escape(input.id) + '"]');
    if (!line) { return; }
    var limit = Number(line.dataset.limit);
    var typed = Array.from(input.value.normalize("NFC").replace(/\r\n/g, "\n").trim()).length;
    line.querySelector("b").textContent = typed > limit ? line.dataset.over + " " + (typed - limit) + "，" + typed : String(typed);
    line.classList.toggle("is-over", typed > limit);
  }
  document.addEventListener("input", function (event) { if (event.target.id) { count(event.target); } });
  document.querySelectorAll("[data-counter]").forEach(function (line) {
    var input = document.getElementById(line.dataset.counter);
    if (input) { count(input); }
  });
})();
