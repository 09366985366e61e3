// The amount in capital figures and in the other unit while it is typed. Works on digit strings: no floating point.
(function () {
  "use strict";
  var DIGITS = "零壹贰叁肆伍陆柒捌玖", SMALL = ["", "拾", "佰", "仟"], LARGE = ["", "万", "亿", "万亿"];

  // Whole fen of a typed amount as a string of digits, or null while it is not an amount.
  function fenOf(text, isWan) {
    var plain = text.normalize("NFKC").replace(/[\s,]/g, "");
    var found = /^(\d{1,14})(?:\.(\d*))?$/.exec(plain);
    var places = isWan ? 6 : 2;
    if (!found || (found[2] || "").replace(/0+$/, "").length > places) { return null; }
    var fen = (found[1] + (found[2] || "").slice(0, places).padEnd(places, "0")).replace(/^0+(?=\d)/, "");
    return BigInt(fen) > 1000000000000000n ? null : fen;
  }

  function group(digits) {
    var words = "", zero = false;
    for (var i = 0; i < digits.length; i += 1) {
      var digit = Number(digits[i]);
      if (digit === 0) { zero = words !== ""; continue; }
      words += (zero ? "零" : "") + DIGITS[digit] + SMALL[digits.length - 1 - i];
      zero = false;
    }
    return words;
  }

  function whole(yuan) {
    var words = "", parts = [];
    for (var end = yuan.length, rank = 0; end > 0; end -= 4, rank += 1) {
      parts.unshift([yuan.slice(Math.max(0, end - 4), end), rank]);
    }
    parts.forEach(function (part, index) {
      var said = group(part[0]);
      if (!said) { return; }
      words += (words && part[0][0] === "0" ? "零" : "") + said + (part[1] === 3 && Number(parts[index + 1][0]) ? "万" : LARGE[part[1]]);
    });
    return words;
  }

  function capitals(fen, marks) {
    var padded = fen.padStart(3, "0"), yuan = padded.slice(0, -2), jiao = Number(padded.at(-2)), cent = Number(padded.at(-1));
    var said = whole(yuan);
    var words = marks.prefix + (said ? said + "元" : "");
    if (!jiao && !cent) { return words + (said ? "整" : "零元整"); }
    if (jiao) { words += DIGITS[jiao] + "角"; } else if (said) { words += "零"; }
    return words + (cent ? DIGITS[cent] + "分" : "");
  }

  function grouped(digits) { return digits.replace(/\B(?=(\d{3})+(?!\d))/g, ","); }

  // Hundredths of 万元 are rounded half up, as on the server.
  function counterpart(fen, marks) {
    var places = marks.isWan ? 2 : 6;
    var padded = fen.padStart(places + 1, "0");
    if (marks.isWan) {
      var rest = padded.slice(-2);
      return grouped(padded.slice(0, -2)) + (rest === "00" ? "" : "." + rest) + " " + marks.yuan;
    }
    var hundredths = ((BigInt(padded) + 5000n) / 10000n).toString().padStart(3, "0");
    var tail = hundredths.slice(-2).replace(/0+$/, "");
    return grouped(hundredths.slice(0, -2)) + (tail ? "." + tail : "") + " " + marks.wan;
  }

  // Inputs may come later, so the page listens for all of them.
  document.addEventListener("input", function (event) {
    var input = event.target;
    var line = input.id && document.querySelector('[data-capitals="' + CSS.escape(input.id) + '"]');
    if (!line) { return; }
    var isWan = line.dataset.unit === "wan_yuan";
    var marks = { prefix: line.dataset.prefix, yuan: line.dataset.yuan, wan: line.dataset.wan, isWan: isWan };
    var fen = fenOf(input.value, isWan);
    line.querySelector("b").textContent = fen === null ? "" : capitals(fen, marks);
    line.querySelector("span").textContent = fen === null ? "" : counterpart(fen, marks);
  });
})();
