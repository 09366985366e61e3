// Runs the server's clock on and counts down to instants, from the server's time and not from this machine's.
// <time data-server-time datetime="…"> is the clock; <b data-countdown="ISO instant" data-template="还剩 {d} 天 {h} 小时 {m} 分"
// data-last="还剩 {m} 分 {s} 秒" data-over="已截止">. What hears the server's time later on sets the clock by the document's event
// server:time ({at: ISO instant}).
(function () {
  "use strict";
  var clock = document.querySelector("[data-server-time]");
  if (!clock) { return; }
  var LAST_S = 600;
  var started = performance.now(), began = Date.now(), server = Date.parse(clock.getAttribute("datetime"));
  if (Number.isNaN(server)) { return; }
  var wall = new Intl.DateTimeFormat("en-GB", { timeZone: "Asia/Shanghai", hour: "2-digit", minute: "2-digit", hour12: false });
  var day = new Intl.DateTimeFormat("en-CA", { timeZone: "Asia/Shanghai" });
  var firstDay = day.format(server);

  // One clock stands still while the machine sleeps, the other is put back by people: the one that has gone on further is right.
  function now() { return server + Math.max(performance.now() - started, Date.now() - began); }

  function set(at) {
    var told = Date.parse(at);
    if (Number.isNaN(told)) { return; }
    started = performance.now();
    began = Date.now();
    server = told;
    tick();
  }

  function write(place, text) { if (place.textContent !== text) { place.textContent = text; } }

  function tick() {
    var instant = now();
    if (day.format(instant) === firstDay) {           // past midnight the date itself is the server's to say
      document.querySelectorAll("[data-server-time]").forEach(function (shown) {
        write(shown, shown.textContent.replace(/\d{2}:\d{2}$/, wall.format(instant)));
      });
    }
    document.querySelectorAll("[data-countdown]").forEach(function (line) {
      var left = Math.floor((Date.parse(line.dataset.countdown) - instant) / 1000);
      if (left <= 0) { write(line, line.dataset.over); return; }
      var parts = { d: Math.floor(left / 86400), h: Math.floor(left / 3600) % 24, m: Math.floor(left / 60) % 60, s: left % 60 };
      var template = left < LAST_S ? line.dataset.last : line.dataset.template;
      write(line, template.replace(/\{([dhms])\}/g, function (all, part) { return parts[part]; }));
    });
  }
  tick();
  window.setInterval(tick, 1000);
  document.addEventListener("server:time", function (event) { set(event.detail.at); });
})();
