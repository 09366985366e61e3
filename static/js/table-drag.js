// Rows of a table are put in order by dragging too, with a mouse, a pen or a finger. Whoever cannot drag, and whoever has
// no script, has the buttons beside each row; both send the same form, so both are refused where the order has changed.
(function () {
  "use strict";
  var table = document.querySelector("table[data-drag]");
  if (!table) { return; }
  var EDGE_PX = 48, STEP_PX = 12;
  var body = table.tBodies[0], box = table.closest(".scroll"), moving = null;

  function rows() { return Array.from(body.rows).filter(function (row) { return row.dataset.move; }); }

  function place(row) { return rows().indexOf(row); }

  function handle(row) {
    var grip = document.createElement("span");
    grip.className = "grip";
    grip.setAttribute("aria-hidden", "true"); // the buttons say the same to those who hear the page
    grip.title = table.dataset.drag;
    grip.addEventListener("pointerdown", function (event) { if (event.button === 0 && event.isPrimary) { take(event, row); } });
    row.cells[0].prepend(grip);
  }

  function take(event, row) {
    event.preventDefault();
    moving = { row: row, from: place(row), next: row.nextSibling, pointer: event.pointerId };
    row.classList.add("is-moving");
  }

  // The row goes before the first whose middle is below the pointer.
  function follow(event) {
    if (!moving || event.pointerId !== moving.pointer) { return; }
    var below = rows().find(function (row) {
      var at = row.getBoundingClientRect();
      return row !== moving.row && event.clientY < at.top + at.height / 2;
    });
    if (below ? below !== moving.row.nextElementSibling : moving.row !== body.lastElementChild) { body.insertBefore(moving.row, below || null); }
    scroll(event.clientY);
  }

  function scroll(y) {
    var at = box.getBoundingClientRect(), top = Math.max(at.top, 0), end = Math.min(at.bottom, window.innerHeight);
    var by = y < top + EDGE_PX ? -STEP_PX : (y > end - EDGE_PX ? STEP_PX : 0);
    if (by && box.scrollHeight > box.clientHeight) { box.scrollTop += by; } else if (by) { window.scrollBy(0, by); }
  }

  function drop(event) {
    if (!moving || event.pointerId !== moving.pointer) { return; }
    var by = place(moving.row) - moving.from, row = moving.row;
    end();
    if (by) { send(row, by); }
  }

  function cancel() {
    if (!moving) { return; }
    body.insertBefore(moving.row, moving.next);
    end();
  }

  function end() {
    moving.row.classList.remove("is-moving");
    moving = null;
  }

  function send(row, by) {
    var form = table.closest("form"), to = document.createElement("input");
    to.type = "hidden";
    to.name = "to";
    to.value = (by > 0 ? "+" : "") + by;
    form.append(to);
    form.action = row.dataset.move;
    form.submit();
  }

  var moved = body.querySelector("tr.is-on");
  if (moved && document.activeElement === document.body) { moved.scrollIntoView({ block: "nearest" }); }
  rows().forEach(handle);
  // not captured: a row that moves in the page would lose the pointer
  document.addEventListener("pointermove", follow);
  document.addEventListener("pointerup", drop);
  document.addEventListener("pointercancel", cancel);
  document.addEventListener("keydown", function (event) { if (event.key === "Escape") { cancel(); } });
})();
