// A value that somebody changes is no longer the one that was taken from elsewhere: its note goes once the change is saved.
(function () {
  "use strict";
  document.addEventListener("answers:saved", function (event) {
    event.detail.names.forEach(function (name) {
      var field = document.querySelector("[data-name='" + window.CSS.escape(name) + "']");
      var note = field && field.querySelector("[data-origin]");
      if (note) { note.remove(); }
    });
  });
})();
