// What follows from what is typed, a moment after each change: questions that come and go, values that are worked out, the
// expected amount, what is missing. The server lays the page over the draft and answers; nothing is stored by this.
(function () {
  "use strict";
  var desk = document.querySelector("[data-live]"), form = desk && desk.querySelector("form.sheet");
  if (!form) { return; }
  var PAUSE_MS = 400;
  var PICTURES = { done: "check", part: "half", warn: "alert", bad: "cross", fail: "cross", unknown: "ask" };
  var TONES = { fail: "c-law", warn: "c-cau", unknown: "c-cau" };
  var timer = null, asked = 0, shownInput = form.querySelector("input[name='shown']");

  function find(name) { return desk.querySelector("[data-" + name + "]"); }

  function element(tag, text, className) {
    var made = document.createElement(tag);
    made.textContent = text;
    if (className) { made.className = className; }
    return made;
  }

  // A picture of the sprite, made from one that the page has.
  function paint(svg, name) {
    var use = svg.querySelector("use");
    use.setAttribute("href", use.getAttribute("href").replace(/#.*$/, "#" + name));
    return svg;
  }

  // A waiting input takes its place; from now on the form says that it shows it, and how it stood.
  function open(template) {
    var shown = JSON.parse(shownInput.value || "{}"), base = JSON.parse(template.dataset.base);
    Object.keys(base).forEach(function (name) { shown[name] = base[name]; });
    shownInput.value = JSON.stringify(shown);
    template.replaceWith(template.content);
  }

  // What is not asked any more is only put out of sight: what was typed there is neither lost nor sent as empty. What the
  // server has refused stays, for it can be mended only where it can be seen.
  function ask(names) {
    var wanted = new Set(names), added = [], removed = 0;
    form.querySelectorAll("template[data-later]").forEach(function (template) {
      if (wanted.has(template.dataset.later)) { open(template); added.push(template.dataset.later); }
    });
    form.querySelectorAll(".field[data-name]").forEach(function (field) {
      var hide = !wanted.has(field.dataset.name) && !field.classList.contains("is-bad");
      if (field.hidden && !hide) { added.push(field.dataset.name); }
      if (!field.hidden && hide) { removed += 1; }
      field.hidden = hide;
    });
    if (added.length) { document.dispatchEvent(new CustomEvent("live:asked", { detail: { names: added } })); }
    tell(added.length, removed);
  }

  function tell(added, removed) {
    var line = document.querySelector("[data-live-status]");
    if (!line || (!added && !removed)) { return; }
    line.textContent = added ? line.dataset.added.replace("{n}", added) : line.dataset.removed.replace("{n}", removed);
  }

  // Tables and worked-out values that are asked for now and not on the page come with the next saving.
  function mention(parts) {
    var line = find("live-more");
    if (!line) { return; }
    line.hidden = parts.every(function (path) {
      return document.getElementById("table-" + path.replace(/\./g, "-")) || desk.querySelector('[data-computed="' + path + '"]');
    });
  }

  function fund(funding) {
    var box = find("funding");
    if (!box) { return; }
    box.hidden = !funding;
    if (!funding) { return; }
    find("funding-amount").textContent = funding.amount;
    find("funding-steps").replaceChildren.apply(find("funding-steps"), funding.steps.map(function (step) {
      var line = document.createElement("div");
      line.append(element("dt", step[0]), element("dd", step[1]));
      return line;
    }));
    find("live-words").textContent = find("live-words").dataset.liveWords;
  }

  function link(text, url) {
    var made = element("a", text);
    made.href = url;
    return made;
  }

  function miss(gaps) {
    var box = find("gaps");
    if (!box) { return; }
    box.hidden = !gaps.length;
    find("gaps-count").textContent = gaps.length;
    box.querySelector("ul").replaceChildren.apply(box.querySelector("ul"), gaps.map(function (gap) {
      var line = document.createElement("li");
      line.append(link(gap.text, gap.url));
      return line;
    }));
  }

  function advise(advice) {
    var box = find("advice"), picture = desk.querySelector(".sections .icon");
    if (!box) { return; }
    box.hidden = !advice.length;
    box.querySelector("ul").replaceChildren.apply(box.querySelector("ul"), advice.map(function (one) {
      var line = document.createElement("li"), mark = element("span", "", TONES[one.verdict]), words = document.createElement("span");
      mark.append(paint(picture.cloneNode(true), PICTURES[one.verdict]));
      words.append(element("b", one.title), "，" + one.text);
      if (one.url) { words.append(" ", link(one.label, one.url)); }
      line.append(mark, words);
      return line;
    }));
  }

  function list(sections) {
    sections.forEach(function (section) {
      desk.querySelectorAll('[data-section="' + section.key + '"]').forEach(function (line) {
        line.className = section.state ? "is-" + section.state : "";
        line.querySelector("[data-note]").textContent = section.note;
        paint(line.querySelector("svg"), PICTURES[section.state] || "ring");
      });
    });
  }

  function show(answer) {
    ask(answer.shown);
    Object.keys(answer.computed).forEach(function (place) {
      desk.querySelectorAll('[data-computed="' + place + '"]').forEach(function (text) { text.textContent = answer.computed[place]; });
    });
    mention(answer.parts);
    fund(answer.funding);
    miss(answer.gaps);
    advise(answer.advice);
    list(answer.sections);
    var bar = find("progress");
    bar.value = answer.progress.percent;
    bar.textContent = answer.progress.percent + "%";
    find("progress-words").textContent = answer.progress.words;
  }

  // Where the server cannot be asked the page stays as it is; what keeps things from being saved is told elsewhere.
  function consult() {
    var turn = asked += 1;
    fetch(desk.dataset.live, { method: "POST", body: new FormData(form), headers: { Accept: "application/json" } })
      .then(function (answer) { return answer.ok ? answer.json() : null; })
      .then(function (answer) { if (answer && turn === asked) { show(answer); } })
      .catch(function () { return null; });
  }

  function soon() {
    window.clearTimeout(timer);
    timer = window.setTimeout(consult, PAUSE_MS);
  }

  form.addEventListener("input", soon);
  form.addEventListener("change", soon);
  document.addEventListener("answers:saved", soon);
  window.addEventListener("pageshow", function (event) {
    var entry = performance.getEntriesByType("navigation")[0];
    if (event.persisted || (entry && entry.type !== "navigate")) { soon(); }  // the browser may have put texts back
  });
})();
