// Shows the name of the chosen file and takes files dropped on the box.
(function () {
  "use strict";
  document.querySelectorAll("[data-file-drop]").forEach(function (box) {
    var input = box.querySelector("input[type=file]"), name = box.querySelector("[data-file-name]");
    function show() {
      var names = Array.from(input.files).map(function (file) { return file.name; });
      name.textContent = names.length ? name.dataset.template + names.join("、") : "";
    }
    function over(event) { event.preventDefault(); box.classList.add("is-over"); }
    function out() { box.classList.remove("is-over"); }
    input.addEventListener("change", show);
    box.addEventListener("dragover", over);
    box.addEventListener("dragleave", out);
    box.addEventListener("drop", function (event) {
      event.preventDefault();
      out();
      if (event.dataTransfer.files.length) { input.files = event.dataTransfer.files; show(); }
    });
  });
})();
