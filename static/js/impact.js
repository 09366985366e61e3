// A preview that is still being worked out: look again every two seconds until it is finished, then show the whole page anew.
(function () {
  "use strict";
  var EVERY_MS = 2000;
  var box = document.querySelector("[data-impact-progress]");
  if (!box || !box.hasAttribute("data-impact-running")) { return; }

  function look() {
    fetch(window.location.href, { credentials: "same-origin" })
      .then(function (answer) { if (!answer.ok) { throw new Error(answer.status); } return answer.text(); })
      .then(function (text) {
        var fresh = new DOMParser().parseFromString(text, "text/html").querySelector("[data-impact-progress]");
        if (!fresh || !fresh.hasAttribute("data-impact-running")) { window.location.reload(); return; }
        box.replaceChildren.apply(box, Array.prototype.slice.call(fresh.childNodes));
        window.setTimeout(look, EVERY_MS);
      })
      .catch(function () { window.setTimeout(look, 5 * EVERY_MS); });
  }

  window.setTimeout(look, EVERY_MS);
})();
