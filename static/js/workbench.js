// The rule workbench: faults as one types (asked of the server, nothing is stored by it), names put in at the cursor, and a copy
// of what is not saved yet, kept in this browser until it is.
(function () {
  "use strict";
  var form = document.querySelector("form[data-workbench]");
  if (!form) { return; }
  var PAUSE_MS = 400;
  var timer = null, asked = 0, dirty = false, last = null;
  var bar = form.querySelector("[data-fault-state]");
  var fields = Array.prototype.filter.call(form.elements, function (field) {
    return field.name && field.name !== "csrf_token" && field.name !== "seen" && field.type !== "hidden";
  });

  function fill(template, values) {
    return template.replace(/\{(\w+)\}/g, function (whole, key) { return values[key]; });
  }

  // ---- faults
  function inputOf(name) {
    return Array.prototype.find.call(form.elements, function (field) { return field.name === name && field.type !== "radio"; });
  }

  function goTo(field, line, column) {
    var lines = field.value.split("\n"), place = 0, index;
    for (index = 0; index < Math.min(line - 1, lines.length); index += 1) { place += lines[index].length + 1; }
    place = Math.min(place + Math.max((column || 1) - 1, 0), field.value.length);
    field.focus();
    if (field.setSelectionRange) { field.setSelectionRange(place, Math.min(place + 1, field.value.length)); }
    if (field.scrollHeight > field.clientHeight) {
      field.scrollTop = Math.max(0, (line - 4) * field.scrollHeight / Math.max(lines.length, 1));
    }
  }

  function line(list, fault) {
    var item = document.createElement("li"), place = document.createElement("b");
    place.textContent = fill(fault.column ? list.dataset.place : list.dataset.line, fault);
    item.append(place, " " + fault.message);
    link(item, list, fault.line, fault.column);
    return item;
  }

  function link(item, list, row, column) {
    var field = inputOf(list.dataset.faults), button = document.createElement("button");
    if (!field || !field.setSelectionRange) { return; }
    button.type = "button";
    button.className = "faults__go";
    button.append.apply(button, item.childNodes);
    button.addEventListener("click", function () { goTo(field, row, column); });
    item.append(button);
  }

  function wrap(list) {
    Array.prototype.forEach.call(list.children, function (item) {
      link(item, list, Number(item.dataset.line), Number(item.dataset.column) || 0);
    });
  }

  function tell(answer) {
    var lists = form.querySelectorAll("[data-faults]"), shown = 0;
    lists.forEach(function (list) {
      var own = answer.faults.filter(function (fault) { return fault.entry === list.dataset.faults; });
      shown += own.length;
      list.replaceChildren.apply(list, own.map(function (fault) { return line(list, fault); }));
      var field = inputOf(list.dataset.faults);
      if (field) { if (own.length) { field.setAttribute("aria-invalid", "true"); } else { field.removeAttribute("aria-invalid"); } }
    });
    state(answer.faults.length, answer.elsewhere + 0);
  }

  function state(count, elsewhere) {
    var other = bar.querySelector("[data-elsewhere]");
    bar.querySelector("b").textContent = count ? fill(bar.dataset.bad, { n: count }) : bar.dataset.good;
    bar.classList.toggle("is-bad", count > 0);
    other.hidden = !elsewhere;
    other.querySelector("[data-elsewhere-count]").textContent = elsewhere;
  }

  function check() {
    var number = asked += 1;
    bar.querySelector("b").textContent = bar.dataset.busy;
    fetch(form.dataset.check, { method: "POST", body: new FormData(form), headers: { Accept: "application/json" }, credentials: "same-origin" })
      .then(function (answer) { if (!answer.ok) { throw new Error(answer.status); } return answer.json(); })
      .then(function (answer) { if (number === asked) { tell(answer); } })
      .catch(function () { if (number === asked) { bar.querySelector("b").textContent = bar.dataset.lost; } });
  }

  // ---- what is not saved yet
  function values() {
    var found = {};
    fields.forEach(function (field) {
      if (field.type !== "radio" || field.checked) { found[field.name] = field.value; }
    });
    return found;
  }

  function store(action) { try { return action(window.localStorage); } catch (error) { return null; } }

  function read(key) { return store(function (box) { return box.getItem(key); }); }

  function write(key, text) { store(function (box) { if (text === null) { box.removeItem(key); } else { box.setItem(key, text); } }); }

  // A copy that is offered and not decided about is put aside before it is written over: it may be all there is of an evening.
  var KEEP = form.dataset.keep, ASIDE = KEEP + ":aside", offered = null;

  function keep() {
    if (offered === KEEP) { write(ASIDE, read(KEEP)); offered = ASIDE; }
    write(KEEP, JSON.stringify(values()));
  }

  function take(kept) {
    var found = JSON.parse(kept);
    fields.forEach(function (field) {
      if (!(field.name in found)) { return; }
      if (field.type === "radio") { field.checked = field.value === found[field.name]; } else { field.value = found[field.name]; }
    });
  }

  function offer() {
    var line = form.querySelector("[data-kept]"), shown = JSON.stringify(values()), kept;
    if (form.hasAttribute("data-unsaved")) { dirty = true; write(KEEP, shown); } else if (read(KEEP) === shown) { write(KEEP, null); }
    if (form.dataset.begun && (JSON.parse(read(form.dataset.begun) || "{}").key === form.elements.key.value)) { write(form.dataset.begun, null); }
    offered = [ASIDE, KEEP].filter(function (key) { return read(key) && read(key) !== shown; })[0] || null;
    if (!offered) { return; }
    kept = read(offered);
    line.hidden = false;
    line.querySelector("[data-kept-take]").addEventListener("click", function () { settle(); take(kept); changed(); });
    line.querySelector("[data-kept-drop]").addEventListener("click", settle);
    function settle() { line.hidden = true; write(offered, null); offered = null; if (dirty) { keep(); } }
  }

  function changed() {
    dirty = true;
    modes();
    keep();
    window.clearTimeout(timer);
    timer = window.setTimeout(check, PAUSE_MS);
  }

  // ---- a condition or a named check
  function modes() {
    var chosen = form.querySelector("input[name='mode']:checked");
    form.querySelectorAll("[data-mode]").forEach(function (box) { box.hidden = Boolean(chosen) && box.dataset.mode !== chosen.value; });
  }

  // ---- names
  function insert(name) {
    var field = last || inputOf("require") || inputOf("text");
    if (!field) { return; }
    field.focus();
    field.setRangeText(name, field.selectionStart, field.selectionEnd, "end");
    field.dispatchEvent(new Event("input", { bubbles: true }));
  }

  function names(panel) {
    var find = panel.querySelector("#names-find"), none = panel.querySelector("[data-names-none]");
    panel.querySelectorAll("li[data-name]").forEach(function (item) {
      var code = item.querySelector("code"), button = document.createElement("button");
      button.type = "button";
      button.className = "names__insert";
      code.replaceWith(button);
      button.append(code);
      button.addEventListener("click", function () { insert(item.dataset.name); });
    });
    if (!find) { return; }
    find.addEventListener("input", function () {
      var wanted = find.value.trim().toLowerCase(), hits = 0;
      panel.querySelectorAll("details").forEach(function (group) {
        var here = 0;
        group.querySelectorAll("li[data-name]").forEach(function (item) {
          var hit = !wanted || (item.dataset.name + " " + item.dataset.words).toLowerCase().indexOf(wanted) >= 0;
          item.hidden = !hit;
          here += hit ? 1 : 0;
        });
        group.hidden = here === 0;
        group.open = Boolean(wanted) && here > 0;
        hits += here;
      });
      none.hidden = hits > 0;
    });
  }

  form.addEventListener("input", changed);
  form.addEventListener("change", modes);
  form.addEventListener("focusin", function (event) { if (event.target.setSelectionRange && event.target.name) { last = event.target; } });
  form.addEventListener("submit", function () { dirty = false; });
  window.addEventListener("beforeunload", function (event) { if (dirty) { event.preventDefault(); event.returnValue = form.dataset.leave; } });
  document.addEventListener("keydown", function (event) {
    if ((event.ctrlKey || event.metaKey) && event.key === "s") { event.preventDefault(); form.requestSubmit(); }
  });
  form.querySelectorAll("[data-faults]").forEach(wrap);
  document.querySelectorAll("[data-names]").forEach(names);
  modes();
  offer();
})();
