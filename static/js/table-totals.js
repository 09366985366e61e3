// The sums under a table filled in place follow what is typed. Works on whole millionths: no floating point. What
// cannot be read leaves a dash; the server's figure is the one that counts.
(function () {
  "use strict";
  var PLACES = 6;

  // Millionths of a typed number, null where it is none; nothing typed is 0.
  function millionths(text) {
    var plain = text.normalize("NFKC").replace(/[\s,¥]|万?元$/g, "");
    if (!plain) { return 0n; }
    var found = /^([-−]?)(\d{0,15})(?:\.(\d{0,6}))?$/.exec(plain);
    if (!found || !(found[2] || found[3])) { return null; }
    var digits = BigInt((found[2] || "0") + (found[3] || "").padEnd(PLACES, "0"));
    return found[1] ? -digits : digits;
  }

  function written(sum) {
    var digits = (sum < 0n ? -sum : sum).toString().padStart(PLACES + 1, "0");
    var whole = digits.slice(0, -PLACES).replace(/\B(?=(\d{3})+(?!\d))/g, ",");
    var rest = digits.slice(-PLACES).replace(/0+$/, "");
    return (sum < 0n ? "-" : "") + whole + (rest ? "." + rest : "");
  }

  function total(table, cell) {
    var sum = 0n;
    table.querySelectorAll("tbody tr").forEach(function (row) {
      var input = row.cells[cell.cellIndex] && row.cells[cell.cellIndex].querySelector("input");
      var value = input ? millionths(input.value) : 0n;
      sum = sum === null || value === null ? null : sum + value;
    });
    var text = sum === null ? "–" : written(sum);
    if (cell.textContent !== text) { cell.textContent = text; }
  }

  document.querySelectorAll("table[data-totals]").forEach(function (table) {
    table.addEventListener("input", function () {
      table.querySelectorAll("tfoot [data-total]").forEach(function (cell) { total(table, cell); });
    });
  });
})();
