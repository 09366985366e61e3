// Runs the server's clock on and counts down to instants, from the server's time and not from this machine's.
// <time data-server-time datetime="…"> is the clock; <b data-countdown="ISO instant" data-template="还剩 {d} 天 {h} 小时 {m} 分" data-over="已截止">.
(function () {
  "use strict";
  var clock = document.querySelector("[data-server-time]");
  if (!clock) { return; }
  var started = performance.now(), server = Date.parse(clock.getAttribute("datetime"));
  if (Number.isNaN(server)) { return; }
  var wall = new Intl.DateTimeFormat("en-GB", { timeZone: "Asia/Shanghai", hour: "2-digit", minute: "2-digit", hour12: false });
  var day = new Intl.DateTimeFormat("en-CA", { timeZone: "Asia/Shanghai" });
  var firstDay = day.format(server);

  function now() { return server + performance.now() - started; }
  function tick() {
    var instant = now();
    if (day.format(instant) === firstDay) {           // past midnight the date itself is the server's to say
      document.querySelectorAll("[data-server-time]").forEach(function (shown) {
        shown.textContent = shown.textContent.replace(/\d{2}:\d{2}$/, wall.format(instant));
      });
    }
    document.querySelectorAll("[data-countdown]").forEach(function (line) {
      var left = Math.floor((Date.parse(line.dataset.countdown) - instant) / 1000);
      if (left <= 0) { line.textContent = line.dataset.over; return; }
      var parts = { d: Math.floor(left / 86400), h: Math.floor(left / 3600) % 24, m: Math.floor(left / 60) % 60 };
      line.textContent = line.dataset.template.replace(/\{([dhm])\}/g, function (all, part) { return parts[part]; });
    });
  }
  tick();
  window.setInterval(tick, 10000);
})();
