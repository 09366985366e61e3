// Counts characters while they are typed: 612 / 2000. Beyond the limit nothing is cut off, the count says so.
(function () {
  "use strict";
  document.querySelectorAll("[data-counter]").forEach(function (line) {
    var input = document.getElementById(line.dataset.counter), figure = line.querySelector("b");
    if (!input) { return; }
    var limit = Number(line.dataset.limit);
    function count() {
      var typed = Array.from(input.value.replace(/\r\n/g, "\n")).length;
      figure.textContent = typed > limit ? line.dataset.over + " " + (typed - limit) + "，" + typed : String(typed);
      line.classList.toggle("is-over", typed > limit);
    }
    input.addEventListener("input", count);
    count();
  });
})();
