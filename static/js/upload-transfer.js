// One file on its way, in pieces. Whatever breaks, the server says how far it has come, and it goes on from there.
// window.transferFile(file, place, tell) -> {cancel(), again()}
//   place: {begin, slot, row, token()} ; token() gives the page's form token, renew() asks the server for a fresh one.
//   tell(state, facts): "starting" | "begun" {id} | "sending" {there, size} | "checking" | "waiting" {why: offline|busy, there, size}
//                       | "signed-out" {there, size} | "refused" {message} | "gone" | "arrived" {message, is_new, slot} | "cancelled"
(function () {
  "use strict";
  var FEWEST = 64 * 1024, FIRST = 1024 * 1024, QUICK_MS = 600, SLOW_MS = 6000, PAUSES_S = [1, 2, 4, 8, 15, 30], STILL_MS = 60000;

  // Asks once. Rejects with {why: "offline"} where no answer came; else {status, body}.
  function ask(method, url, body, headers, progress) {
    var request = new XMLHttpRequest();
    var answered = new Promise(function (resolve, reject) {
      var still;
      function alive() { clearTimeout(still); still = setTimeout(function () { request.abort(); }, STILL_MS); }
      function lost() { clearTimeout(still); reject({ why: "offline" }); }
      request.open(method, url);
      request.setRequestHeader("Accept", "application/json");
      Object.keys(headers).forEach(function (name) { request.setRequestHeader(name, headers[name]); });
      request.upload.onprogress = function (event) { alive(); if (progress) { progress(event.loaded); } };
      request.onload = function () {
        var read = null;
        clearTimeout(still);
        try { read = JSON.parse(request.responseText); } catch (error) { read = {}; }
        resolve({ status: request.status, body: read });
      };
      request.onerror = request.onabort = lost;
      if (body instanceof Blob) { alive(); }
      request.send(body);
    });
    return { answered: answered, abort: function () { request.abort(); } };
  }

  window.transferFile = function (file, place, tell) {
    var cancelled = false, running = null, wake = null, upload = null, piece = 0, failures = 0;

    function there(extra) { return { there: Math.min((upload ? upload.offset : 0) + (extra || 0), file.size), size: file.size }; }
    function post(url, fields) {
      var form = new FormData();
      Object.keys(fields).forEach(function (name) { form.append(name, fields[name]); });
      running = ask("POST", url, form, { "X-CSRFToken": place.token() });
      return running.answered;
    }
    function begin() {
      tell("starting", there());
      return post(place.begin, {
        slot: place.slot, row: place.row, name: file.name, size: String(file.size), mark: String(file.lastModified)
      });
    }
    function send() {
      var from = upload.offset, part = file.slice(from, from + piece), since = Date.now();
      running = ask("PATCH", upload.url, part, {
        "X-CSRFToken": place.token(), "Upload-Offset": String(from), "Content-Type": "application/octet-stream"
      }, function (loaded) { tell("sending", there(Math.min(loaded, part.size))); });
      return running.answered.then(function (answer) {
        var took = Date.now() - since;
        if (took < QUICK_MS) { piece = Math.min(piece * 2, upload.piece_bytes); }
        if (took > SLOW_MS) { piece = Math.max(piece / 2, FEWEST); }
        return answer;
      });
    }
    function look() {
      running = ask("GET", upload.url, null, {});
      return running.answered;
    }
    function finish() {
      tell("checking", there());
      return post(upload.finish_url, {});
    }

    function pause(why) {
      var seconds = PAUSES_S[Math.min(failures, PAUSES_S.length - 1)];
      failures += 1;
      piece = Math.max(piece / 2, FEWEST);
      var facts = there();
      facts.why = why;
      tell("waiting", facts);
      return new Promise(function (resolve) {
        var timer = setTimeout(done, seconds * 1000);
        function done() { clearTimeout(timer); window.removeEventListener("online", done); wake = null; resolve(); }
        window.addEventListener("online", done);
        wake = done;
      });
    }

    // What an answer means: go on, wait, or stop with a word.
    function read(answer, step) {
      var status = answer.status, body = answer.body;
      if (status === 0 || status === 429 || status >= 500 || body.code === "file_busy") { throw { why: "busy" }; }
      if (status === 401 || body.code === "signed_out" || body.code === "form_expired") { throw { stop: "signed-out" }; }
      if (status === 404 && step !== begin) { throw { stop: "gone" }; }
      if (status >= 400 && body.offset === undefined) { throw { stop: "refused", message: body.message || "", final: status === 422 }; }
      failures = 0;
      return body;
    }
    function step(action) { return action().then(function (answer) { return read(answer, action); }); }

    function next() {
      if (cancelled) { return Promise.reject({ stop: "cancelled" }); }
      if (!upload) { return step(begin).then(function (body) { 
        upload = body;
        piece = piece || Math.min(FIRST, upload.piece_bytes);
        tell("begun", { id: upload.id });
        return next();
      }); }
      if (upload.offset < upload.size && !upload.arrived) {
        tell("sending", there());
        return step(send).then(function (body) { upload = body; return next(); });
      }
      return step(finish).then(function (body) {
        if (body.offset !== undefined) { upload = body; return next(); }
        return body;
      });
    }
    function go() {
      next().then(function (body) { tell("arrived", body); }, function (fault) {
        if (cancelled) { tell("cancelled", {}); return; }
        if (fault.stop) {
          var facts = there();
          facts.message = fault.message;
          if (fault.stop === "gone") { upload = null; }
          tell(fault.stop, facts);
          if (fault.final && upload) { giveUp(); }
          return;
        }
        pause(fault.why || "offline").then(function () {
          if (cancelled) { tell("cancelled", {}); return; }
          if (!upload) { go(); return; }
          step(look).then(function (body) { upload = body; go(); }, function (again) {
            if (again.stop === "gone") { upload = null; }
            go();
          });
        });
      });
    }
    function giveUp() {
      var url = upload.discard_url;
      upload = null;
      post(url, {}).catch(function () { return null; }); // what stays is swept after a day
    }

    go();
    return {
      cancel: function () {
        cancelled = true;
        if (wake) { wake(); } else if (running) { running.abort(); }
        if (upload) { giveUp(); }
        tell("cancelled", {});
      },
      again: function () { place.renew().then(go); }
    };
  };
})();
