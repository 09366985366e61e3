// The answers of a page: each has a name, its inputs, the base it was shown with, and what the server is known to have.
// A date is three inputs, a choice several; what they would post is a list of pairs [name, value].

export class Answer {
  constructor(name, inputs, base) {
    this.name = name;
    this.inputs = inputs;
    this.base = base;
    this.box = inputs[0].closest(".field, .cell") || inputs[0].parentElement;
    this.stored = JSON.stringify(inputs.filter(wasPosted).map((input) => [input.name, defaultOf(input)]));
    this.refusal = null;
    this.clash = null;
  }

  values() {
    return this.inputs.filter(isPosted).map((input) => [input.name, input.value]);
  }

  text() { return JSON.stringify(this.values()); }

  isDirty() { return this.text() !== this.stored; }

  hasFocus() { return this.inputs.includes(document.activeElement); }

  isDate() { return this.inputs.some((input) => input.name !== this.name); }

  // A date is not sent while somebody is still at its parts.
  isHalfTyped() { return this.isDate() && this.hasFocus() && this.inputs.some((input) => input.value === ""); }

  isChoice() { return this.inputs.some((input) => isTicked(input) || input.tagName === "SELECT"); }

  label() {
    const words = this.box.querySelector(".field__label, legend");
    if (words) { return ownWords(words); }
    const cell = this.inputs[0].getAttribute("aria-label");
    return cell || this.name;
  }

  // Fill the inputs as if they had been typed, so that counters and amounts in capitals follow.
  set(pairs) {
    const left = pairs.slice();
    this.inputs.forEach((input) => {
      const place = left.findIndex((pair) => pair[0] === input.name && (!isTicked(input) || pair[1] === input.value));
      if (isTicked(input)) { input.checked = place >= 0; } else { input.value = place >= 0 ? left[place][1] : ""; }
      if (place >= 0) { left.splice(place, 1); }
    });
    this.inputs.forEach((input) => input.dispatchEvent(new CustomEvent("input", { bubbles: true, detail: "filled" })));
  }

  // What pairs say to a reader: the words beside a ticked box, a date with its parts.
  words(pairs) {
    const texts = pairs.map((pair) => {
      const input = this.inputs.find((one) => one.name === pair[0] && (!isTicked(one) || one.value === pair[1]));
      if (input && isTicked(input) && input.labels.length) { return input.labels[0].textContent.trim(); }
      if (input && input.tagName === "SELECT") {
        const option = Array.from(input.options).find((one) => one.value === pair[1]);
        return option && option.value ? option.textContent.trim() : "";
      }
      return this.isDate() && input && pair[1] !== "" ? pair[1] + input.labels[0].textContent.trim() : pair[1];
    }).filter((text) => text !== "");
    return texts.join(this.isDate() ? "" : "、");
  }
}

// Every answer that the form says it shows.
export function answersOf(form) {
  const shown = readShown(form);
  return Object.keys(shown).map((name) => {
    const parts = ["", "-y", "-m", "-d"].map((part) => name + part);
    const inputs = Array.from(form.elements).filter((input) => parts.includes(input.name));
    return inputs.length ? new Answer(name, inputs, shown[name]) : null;
  }).filter((answer) => answer !== null);
}

export function readShown(form) {
  try { return JSON.parse(form.elements.shown.value || "{}"); } catch (error) { return {}; }
}

// The form's own hidden field follows, so that its button afterwards meets no conflict with this page itself.
export function writeShown(form, answers) {
  const shown = readShown(form);
  answers.forEach((answer) => { shown[answer.name] = answer.base; });
  form.elements.shown.value = JSON.stringify(shown);
}

function isTicked(input) { return input.type === "radio" || input.type === "checkbox"; }

function isPosted(input) { return !isTicked(input) || input.checked; }

// As the server made the page, whatever the browser has put back into it since.
function wasPosted(input) { return !isTicked(input) || input.defaultChecked; }

function defaultOf(input) {
  if (input.tagName !== "SELECT") { return isTicked(input) ? input.value : input.defaultValue; }
  const option = Array.from(input.options).find((one) => one.defaultSelected) || input.options[0];
  return option ? option.value : "";
}

function ownWords(element) {
  return Array.from(element.childNodes).filter((node) => node.nodeType === Node.TEXT_NODE)
    .map((node) => node.textContent).join("").trim() || element.textContent.trim();
}
