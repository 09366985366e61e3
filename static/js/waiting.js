// While a worker is at something the page asks again now and then, and loads anew once it is done; without this, "refresh" does.
(function () {
  "use strict";
  var FIRST_MS = 1500, SLOWEST_MS = 10000, PATIENCE = 60;
  var asked = 0, pause = FIRST_MS;

  function later() {
    if (asked < PATIENCE && document.querySelector("[data-waiting]")) {
      window.setTimeout(ask, pause);
      asked += 1;
      pause = Math.min(pause * 1.3, SLOWEST_MS);
    }
  }
  function ask() {
    fetch(window.location.href, { credentials: "same-origin", headers: { Accept: "text/html" } })
      .then(function (answer) { return answer.ok && !answer.redirected ? answer.text() : ""; })
      .then(look, later);
  }
  function look(text) {
    if (text && !new DOMParser().parseFromString(text, "text/html").querySelector("[data-waiting]")) {
      window.location.reload();
    } else {
      later();
    }
  }
  later();
})();
