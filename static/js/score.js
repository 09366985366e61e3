// Arrow keys add and take a step, the level of the score is marked, the total follows. The server counts again.
(function () {
  "use strict";
  var inputs = document.querySelectorAll("[data-score] input[data-step]");
  if (!inputs.length) { return; }
  function hundredths(text) {
    var found = /^(\d{1,4})(?:\.(\d{1,2}))?$/.exec(text.normalize("NFKC").trim());
    return found ? Number(found[1]) * 100 + Number((found[2] || "").padEnd(2, "0")) : null;
  }
  function written(value) { return value % 100 ? (value / 100).toFixed(value % 10 ? 2 : 1) : String(value / 100); }
  function mark(input) {
    var value = hundredths(input.value), found = false;
    input.closest("[data-score]").querySelectorAll("[data-since]").forEach(function (level) {
      var here = !found && value !== null && value >= hundredths(level.dataset.since);
      found = found || here;
      level.classList.toggle("is-here", here);
    });
  }
  function total() {
    var figure = document.querySelector("[data-score-total]"), sum = 0;
    if (!figure) { return; }
    inputs.forEach(function (input) { sum += hundredths(input.value) || 0; });
    figure.textContent = (sum / 100).toFixed(1);
  }
  inputs.forEach(function (input) {
    input.addEventListener("input", function () { mark(input); total(); });
    input.addEventListener("keydown", function (event) {
      if (event.key !== "ArrowUp" && event.key !== "ArrowDown") { return; }
      event.preventDefault();
      var step = hundredths(input.dataset.step) * (event.key === "ArrowUp" ? 1 : -1);
      var next = Math.min(hundredths(input.dataset.max), Math.max(0, (hundredths(input.value) || 0) + step));
      input.value = written(next);
      input.dispatchEvent(new Event("input", { bubbles: true }));
    });
  });
})();
