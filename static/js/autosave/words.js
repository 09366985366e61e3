// Words come from the page: its data attributes, with {name} to be filled in.

export function wordsOf(element) {
  return (name, facts) => (element.dataset["word" + name] || "").replace(/\{(\w+)\}/g, (all, key) => {
    const value = (facts || {})[key];
    return value === undefined ? all : String(value);
  });
}

// A fresh copy of the first element of a <template>.
export function made(name) {
  return document.querySelector('template[data-make="' + name + '"]').content.firstElementChild.cloneNode(true);
}

export function part(element, name) { return element.querySelector('[data-part="' + name + '"]'); }
