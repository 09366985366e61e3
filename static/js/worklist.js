// The worklist by keyboard: up and down move, Enter opens, space selects, / searches; and one box ticks the page.
(function () {
  "use strict";
  var table = document.querySelector("table.mail");
  var rows = table ? Array.from(table.querySelectorAll("tbody tr")) : [];
  var at = -1;

  function typing(target) { return target.matches("input:not([type=checkbox]), textarea, select, summary, button"); }
  function move(to) {
    if (!rows[to]) { return; }
    if (rows[at]) { rows[at].classList.remove("is-cursor"); }
    at = to;
    rows[at].classList.add("is-cursor");
    var link = rows[at].querySelector("a");
    if (link) { link.focus({ preventScroll: true }); }
    rows[at].scrollIntoView({ block: "nearest" });
  }
  function countSelected() {
    document.querySelectorAll("[data-selected-count]").forEach(function (line) {
      var n = document.querySelectorAll("tbody input[type=checkbox]:checked").length;
      line.textContent = line.dataset.template.replace("{n}", String(n));
    });
  }
  document.addEventListener("keydown", function (event) {
    if (event.ctrlKey || event.metaKey || event.altKey || typing(event.target)) { return; }
    if (event.key === "/" && document.querySelector("[data-find]")) { event.preventDefault(); document.querySelector("[data-find]").focus(); return; }
    if (!rows.length) { return; }
    if (event.key === "ArrowDown") { event.preventDefault(); move(Math.min(at + 1, rows.length - 1)); }
    if (event.key === "ArrowUp") { event.preventDefault(); move(Math.max(at - 1, 0)); }
    if (event.key === " " && at >= 0 && !event.target.matches("input")) {
      var box = rows[at].querySelector("input[type=checkbox]");
      if (box) { event.preventDefault(); box.click(); }
    }
  });
  document.addEventListener("change", function (event) {
    var box = event.target;
    if (box.matches("[data-select-all]")) {
      document.querySelectorAll('tbody input[name="' + box.dataset.selectAll + '"]').forEach(function (row) {
        row.checked = box.checked;
        row.closest("tr").classList.toggle("is-on", box.checked);
      });
    } else if (box.matches("tbody input[type=checkbox]")) {
      box.closest("tr").classList.toggle("is-on", box.checked);
    }
    countSelected();
  });
})();
