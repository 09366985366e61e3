// While a PDF is being made the page asks again now and then and shows what has become of it; without this, "refresh" does.
(function () {
  "use strict";
  var FIRST_MS = 1500, SLOWEST_MS = 10000, PATIENCE = 30;
  var asked = 0, pause = FIRST_MS;

  function later() {
    if (asked < PATIENCE && document.querySelector("#papers [data-waiting]")) {
      window.setTimeout(ask, pause);
      asked += 1;
      pause = Math.min(pause * 1.5, SLOWEST_MS);
    }
  }
  function ask() {
    fetch(window.location.href, { credentials: "same-origin", headers: { Accept: "text/html" } })
      .then(function (answer) { return answer.ok && !answer.redirected ? answer.text() : ""; })
      .then(show, function () { /* no network: the next turn asks again */ })
      .then(later);
  }
  function show(text) {
    var fresh = text && new DOMParser().parseFromString(text, "text/html").getElementById("papers");
    var shown = document.getElementById("papers");
    if (!fresh || fresh.querySelectorAll("[data-waiting]").length === shown.querySelectorAll("[data-waiting]").length) { return; }
    var focused = shown.contains(document.activeElement);
    shown.replaceChildren.apply(shown, Array.from(fresh.childNodes));
    var next = shown.querySelector("a.btn");
    if (focused && next) { next.focus(); }
  }
  later();
})();
