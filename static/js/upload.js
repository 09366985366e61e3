// Slots take files that are dropped on them or chosen: several at once, a bar each, going on after whatever broke.
// Words and pieces stand in the page ([data-uploads] of components/slots.html); the server draws the slots.
(function () {
  "use strict";
  var home = document.querySelector("[data-uploads]");
  if (!home || !window.transferFile || !window.fetch) { return; }
  var words = home.dataset, AT_ONCE = 2, POLLS_S = [2, 2, 3, 5, 8, 15, 30], PREVIEW_S = 4;
  var PICTURES = { busy: "up", wait: "clock", bad: "cross" };
  var line = [], under = 0, polls = 0, stopped = [];
  document.documentElement.classList.add("uploads-ready");

  function say(text, loud) {
    var place = home.querySelector(loud ? "[data-alarm]" : "[data-news]");
    place.textContent = "";
    setTimeout(function () { place.textContent = text; }, 50); // read again although the same words stand there
  }
  function fill(template, facts) {
    return template.replace(/\{(\w+)\}/g, function (whole, name) { return facts[name] === undefined ? whole : facts[name]; });
  }
  function size(bytes) {
    var tenths = Math.ceil(bytes * 10 / 1048576);
    if (bytes < 1048576) { return Math.max(1, Math.ceil(bytes / 1024)) + " KB"; }
    return (tenths % 10 ? (tenths / 10).toFixed(1) : tenths / 10) + " MB";
  }
  function sizes(facts) { return { there: size(facts.there), size: size(facts.size) }; }
  function token() { return document.querySelector(".slot input[name=csrf_token]").value; }

  // ---- the page as the server has it now -------------------------------------------------------------------------
  function fresh() {
    return fetch(words.page, { headers: { Accept: "text/html" }, redirect: "manual", credentials: "same-origin" }).then(function (answer) {
      if (!answer.ok) { throw new Error(String(answer.status)); }
      return answer.text();
    }).then(function (text) { return new DOMParser().parseFromString(text, "text/html"); });
  }
  function renew() { // a page of the session that is open now carries its token
    return fresh().then(function (page) {
      var given = page.querySelector(".slot input[name=csrf_token]");
      if (!given) { return; }
      document.querySelectorAll("input[name=csrf_token]").forEach(function (input) { input.value = given.value; });
    }).catch(function () { return null; });
  }
  function swap(slot, now) {
    var moving = slot.querySelector("[data-transfers]"), inside = slot.contains(document.activeElement) ? document.activeElement : null;
    var focused = inside && inside.id;
    now.querySelector("[data-transfers]").replaceWith(moving);
    now.querySelectorAll("[data-needs-script]").forEach(function (part) { part.hidden = false; });
    now.querySelectorAll(".file").forEach(function (file) {
      if (file.id.indexOf("upload-") === 0 && moving.querySelector('[data-upload="' + file.id + '"]')) { file.remove(); }
    });
    slot.querySelectorAll("details[open]").forEach(function (box, place) {
      var same = now.querySelectorAll("details")[place];
      if (same && box.contains(inside)) { same.open = true; }
    });
    slot.replaceWith(now);
    if (!inside || now.contains(document.activeElement)) { return; }
    var again = focused && now.querySelector("#" + CSS.escape(focused));
    if (again) { again.focus({ preventScroll: true }); }
    if (document.activeElement !== again || !again) { now.querySelector(".slot__title").focus({ preventScroll: true }); }
  }
  function tellScans(slot, now) {
    slot.querySelectorAll("[data-pending]").forEach(function (file) {
      var after = now.querySelector("#" + CSS.escape(file.id));
      if (!after || after.hasAttribute("data-pending")) { return; }
      var facts = { name: after.querySelector(".file__name").textContent, words: after.querySelector("[data-scan]").textContent };
      say(fill(words.scanned, facts), after.classList.contains("file--bad"));
      setTimeout(refresh, PREVIEW_S * 1000, slot.id); // by then its first page has been pictured
    });
  }
  function refresh(only) {
    return fresh().then(function (page) {
      document.querySelectorAll(".slot").forEach(function (slot) {
        var now = page.getElementById(slot.id);
        var waits = slot.querySelector("[data-pending]");
        if (!now || !(only === slot.id || waits)) { return; }
        if (only !== slot.id && now.querySelectorAll("[data-pending]").length === slot.querySelectorAll("[data-pending]").length) { return; }
        tellScans(slot, now);
        swap(slot, document.importNode(now, true));
      });
      ["[data-fresh=lead]", ".sections-col"].forEach(function (part) {
        var here = document.querySelector(part), there = page.querySelector(part);
        if (here && there && !here.contains(document.activeElement)) { here.replaceWith(document.importNode(there, true)); }
      });
    }).catch(function () { return null; }).then(watch);
  }
  var timer = null;
  function watch() {
    clearTimeout(timer);
    if (!document.querySelector(".slot [data-pending]")) { polls = 0; return; }
    var seconds = POLLS_S[Math.min(polls, POLLS_S.length - 1)];
    polls += 1;
    timer = setTimeout(function () { if (document.hidden) { watch(); } else { refresh(""); } }, seconds * 1000);
  }

  // ---- one line per file -------------------------------------------------------------------------------------------
  function Row(file, slot) {
    var part = document.importNode(home.querySelector("template[data-transfer]").content, true).querySelector("li");
    this.file = file;
    this.slot = slot.id;
    this.place = { begin: words.begin, slot: slot.dataset.slot, row: slot.dataset.row, token: token, renew: renew };
    this.part = part;
    this.transfer = null;
    this.settled = false;
    part.querySelector(".file__name").textContent = file.name;
    part.querySelector("progress").setAttribute("aria-label", file.name);
    ["again", "cancel", "go"].forEach(function (name) {
      var button = this.button(name), more = document.createElement("span");
      more.className = "vh";
      more.textContent = file.name;
      button.appendChild(more);
    }, this);
    this.button("cancel").addEventListener("click", this.cancel.bind(this));
    this.button("again").addEventListener("click", this.again.bind(this));
    var list = slot.querySelector("[data-transfers]");
    list.hidden = false;
    list.appendChild(part);
    this.show(words.queued);
  }
  Row.prototype.button = function (name) { return this.part.querySelector("[data-" + name + "]"); };
  Row.prototype.show = function (text, look) {
    var picture = this.part.querySelector("use"), kind = look || "busy";
    this.part.className = "file file--" + kind;
    picture.setAttribute("href", picture.getAttribute("href").replace(/#.*/, "#" + PICTURES[kind]));
    this.part.querySelector("[data-words]").textContent = text;
  };
  Row.prototype.bar = function (facts) { this.part.querySelector("progress").value = facts.size ? facts.there * 100 / facts.size : 0; };
  Row.prototype.offer = function (name, is) {
    var button = this.button(name), had = document.activeElement === button;
    button.hidden = !is;
    if (had && !is) { this.button("cancel").focus(); }
  };
  Row.prototype.start = function () {
    this.transfer = window.transferFile(this.file, this.place, this.tell.bind(this));
  };
  Row.prototype.cancel = function () {
    if (this.transfer) { this.transfer.cancel(); } else { line = line.filter(function (row) { return row !== this; }, this); this.end(); }
    if (!this.settled) { say(fill(words.cancelled, { name: this.file.name })); }
  };
  Row.prototype.again = function () {
    stopped = stopped.filter(function (row) { return row !== this; }, this);
    this.offer("again", false);
    this.offer("sign-in", false);
    this.transfer.again();
  };
  Row.prototype.end = function () {
    var list = this.part.parentNode, slot = document.getElementById(this.slot);
    if (!list) { return; }
    var had = this.part.contains(document.activeElement);
    this.part.remove();
    list.hidden = !list.children.length;
    if (had && slot) { slot.querySelector(".slot__title").focus({ preventScroll: true }); }
    if (this.transfer) { under -= 1; pull(); }
  };
  Row.prototype.tell = function (state, facts) {
    var shown = facts.size === undefined ? {} : sizes(facts);
    if (facts.size !== undefined) { this.bar(facts); }
    if (state === "starting") { this.show(words.starting); }
    if (state === "begun") { this.own(facts.id); }
    if (state === "sending") { this.show(fill(words.sending, shown)); }
    if (state === "checking") { this.show(words.checking); }
    if (state === "waiting") { this.show(fill(words[facts.why], { there: facts.there ? fill(words.there, shown) : "" }), "wait"); }
    if (state === "signed-out" || state === "gone") { this.stop(state === "gone" ? words.gone : words.signedOut, state); }
    if (state === "refused") { this.refuse(facts.message); }
    if (state === "cancelled") { this.end(); }
    if (state === "arrived") {
      say(facts.message);
      if (facts.is_new) { this.end(); } else { this.settle(facts.message, "wait"); } // a line that went without a word would seem lost
      polls = 0;
      refresh(this.slot);
    }
  };
  Row.prototype.own = function (id) { // the line that the server drew for this upload goes on here
    var drawn = document.getElementById(id);
    this.part.dataset.upload = id;
    if (drawn) { drawn.remove(); }
  };
  Row.prototype.stop = function (text, state) {
    this.show(text, "wait");
    this.offer("again", true);
    this.offer("sign-in", state === "signed-out");
    if (state === "signed-out") { stopped.push(this); }
    say(text, true);
  };
  Row.prototype.refuse = function (message) {
    say(this.file.name + "：" + message, true);
    this.settle(message, "bad");
  };
  Row.prototype.settle = function (message, look) { // stays until it has been read and closed
    this.show(message, look);
    this.part.querySelector("progress").hidden = true;
    this.button("cancel").firstChild.nodeValue = words.close;
    this.part.dataset.settled = "";
    this.settled = true;
    this.transfer = null;
    under -= 1;
    pull();
  };

  function pull() {
    while (under < AT_ONCE && line.length) { under += 1; line.shift().start(); }
  }
  function take(slot, files, dropped) {
    var given = Array.from(files);
    if (!given.length) { return; }
    var earlier = slot.querySelector("[data-warning]");
    if (earlier) { earlier.remove(); }
    var max = Number(slot.dataset.max), room = max - slot.querySelectorAll(".file[id^=file-], [data-transfers] .file:not([data-settled])").length;
    if (max === 1 && given.length > 1) { warn(slot, fill(words.one, { slot: slot.dataset.title })); return; }
    if (max > 1 && given.length > room) { warn(slot, fill(words.many, { slot: slot.dataset.title, max: max, room: Math.max(room, 0), n: given.length })); return; }
    given.forEach(function (file) {
      var row = new Row(file, slot);
      if (dropped && slot.dataset.replaces) { ask(row, slot.dataset.replaces); return; }
      line.push(row);
    });
    if (line.length) { say(fill(words.begun, { name: given.map(function (file) { return file.name; }).join("、") })); }
    pull();
  }
  function ask(row, name) {
    row.show(fill(words.replace, { name: name }), "wait");
    row.offer("go", true);
    row.button("go").addEventListener("click", function () { row.offer("go", false); row.show(words.queued); line.push(row); pull(); });
    row.button("go").focus();
  }
  function warn(slot, text) {
    var note = document.createElement("p");
    note.className = "field__warn";
    note.setAttribute("data-warning", "");
    note.textContent = text;
    slot.querySelector("[data-transfers]").after(note);
    say(text, true);
  }

  // ---- where files come from ---------------------------------------------------------------------------------------
  function zone(target) { return target && target.closest ? target.closest(".slot[data-slot]") : null; }
  function carriesFiles(event) { return event.dataTransfer && Array.from(event.dataTransfer.types).indexOf("Files") >= 0; }
  function mark(over) {
    document.querySelectorAll(".slot.is-over").forEach(function (slot) { if (slot !== over) { slot.classList.remove("is-over"); } });
    if (over) { over.classList.add("is-over"); }
  }
  function targets(are) {
    document.querySelectorAll(".slot[data-slot]").forEach(function (slot) { slot.classList.toggle("is-target", are); });
  }
  document.addEventListener("change", function (event) {
    var slot = event.target.matches(".slot input[type=file]") && zone(event.target);
    if (!slot) { return; }
    take(slot, event.target.files, false);
    event.target.value = "";
  });
  document.addEventListener("dragover", function (event) {
    if (!carriesFiles(event)) { return; }
    var slot = zone(event.target);
    event.preventDefault();
    event.dataTransfer.dropEffect = slot ? "copy" : "none";
    targets(true);
    mark(slot);
  });
  document.addEventListener("dragleave", function (event) {
    if (event.relatedTarget === null) { mark(null); targets(false); }
  });
  document.addEventListener("drop", function (event) {
    if (!carriesFiles(event)) { return; }
    var slot = zone(event.target);
    event.preventDefault(); // a file beside the zones must not replace the page
    mark(null);
    targets(false);
    if (slot) { take(slot, event.dataTransfer.files, true); } else { say(words.outside, true); }
  });
  window.addEventListener("beforeunload", function (event) {
    if (under || line.length) { event.preventDefault(); event.returnValue = ""; }
  });
  window.addEventListener("focus", function () { // perhaps signed in again elsewhere
    stopped.slice().forEach(function (row) { row.again(); });
  });
  watch();
})();
