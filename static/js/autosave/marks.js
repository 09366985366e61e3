// What stands at a field: why it was refused, both texts of a conflict, who else has changed it.

import { made, part } from "./words.js";

export function showRefusal(answer, message) {
  clearRefusal(answer);
  answer.box.querySelectorAll(".field__error").forEach((line) => line.remove());
  const line = made("refusal");
  line.id = answer.name + "-error";
  part(line, "message").textContent = message;
  if (answer.box.classList.contains("cell")) { answer.box.append(line); } else { answer.box.insertBefore(line, topOf(answer)); }
  answer.box.classList.add("is-bad");
  answer.inputs.forEach((input) => input.setAttribute("aria-invalid", "true"));
  describe(answer, line.id, true);
}

export function clearRefusal(answer) {
  if (!answer.box.classList.contains("is-bad")) { return; }
  answer.box.classList.remove("is-bad");
  answer.box.querySelectorAll(".field__error").forEach((line) => {
    describe(answer, line.id, false);
    line.remove();
  });
  answer.inputs.forEach((input) => input.removeAttribute("aria-invalid"));
}

// Both texts with who and when; ``choose`` is called with "theirs" or "mine".
export function showClash(answer, clash, words, choose) {
  clearClash(answer);
  const frame = made("clash");
  const box = part(frame, "box");
  frame.id = answer.name + "-clash";
  box.setAttribute("aria-label", words("ClashOf", { label: answer.label() }));
  part(frame, "by").textContent = clash.by || words("Somebody");
  part(frame, "at").textContent = words("ClashAt", { time: clash.at });
  part(frame, "theirs").textContent = clash.theirs;
  part(frame, "mine").textContent = clash.mine;
  ["theirs", "mine"].forEach((side) => {
    part(frame, "take-" + side).addEventListener("click", () => {
      choose(side);
      answer.inputs[0].focus();
    });
  });
  const grid = answer.box.closest(".panel");
  if (answer.box.classList.contains("cell") && grid) { grid.after(frame); } else { answer.box.before(frame); }
}

export function clearClash(answer) {
  const frame = document.getElementById(answer.name + "-clash");
  if (frame) { frame.remove(); }
}

export function showChange(answer, text, isWarning) {
  clearChange(answer);
  const line = made(isWarning ? "warning" : "change");
  part(line, "text").textContent = text;
  answer.box.append(line);
}

export function clearChange(answer) {
  answer.box.querySelectorAll("[data-change]").forEach((line) => line.remove());
}

// The child of the field in which its first input lies.
function topOf(answer) {
  let node = answer.inputs[0];
  while (node.parentElement !== answer.box) { node = node.parentElement; }
  return node;
}

function describe(answer, id, adds) {
  const targets = answer.box.tagName === "FIELDSET" ? [answer.box] : answer.inputs;
  targets.forEach((target) => {
    const ids = (target.getAttribute("aria-describedby") || "").split(/\s+/).filter((one) => one && one !== id);
    if (adds) { ids.push(id); }
    if (ids.length) { target.setAttribute("aria-describedby", ids.join(" ")); } else { target.removeAttribute("aria-describedby"); }
  });
}
