// A block copied in Excel or WPS and pasted into a table is not squeezed into one input: its page is offered, where every
// cell is looked at first. On the page of a whole table, pasting anywhere leads there.
(function () {
  "use strict";

  function linesOf(text) { return text.replace(/\r\n?/g, "\n").replace(/\n+$/, "").split("\n"); }

  // In an input several cells are a block; in a text area only what has rows and columns, for texts have lines too.
  function isBlock(text, target) {
    var lines = linesOf(text), tabs = text.indexOf("\t") >= 0;
    return target.tagName === "TEXTAREA" ? tabs && lines.length > 1 : tabs || lines.length > 1;
  }

  function isTyping(target) { return target.matches("input, textarea, select, [contenteditable]"); }

  document.querySelectorAll("[data-table-paste]").forEach(function (place) {
    var form = document.getElementById(place.dataset.tablePaste);
    var notice = place.querySelector("[data-paste-notice]");
    if (!form) { return; }
    if (!notice) {
      document.addEventListener("paste", function (event) {
        var text = event.clipboardData.getData("text");
        if (isTyping(event.target) || !text.trim()) { return; }
        event.preventDefault();
        form.elements.text.value = text;
        form.submit();
      });
      return;
    }
    var words = notice.querySelector("[data-paste-words]"), input = null;
    place.addEventListener("paste", function (event) {
      var text = event.clipboardData.getData("text");
      if (!isTyping(event.target) || !isBlock(text, event.target)) { return; }
      event.preventDefault();
      input = event.target;
      form.elements.text.value = text;
      var lines = linesOf(text);
      words.textContent = words.dataset.template.replace("{r}", lines.length).replace("{c}", lines[0].split("\t").length);
      notice.hidden = false;
      notice.querySelector("[type=submit]").focus();
    });
    notice.querySelector("[data-paste-keep]").addEventListener("click", function () {
      notice.hidden = true;
      input.focus();
      input.setRangeText(form.elements.text.value, input.selectionStart, input.selectionEnd, "end");
      input.dispatchEvent(new Event("input", { bubbles: true }));
    });
  });
})();
