// What this browser kept and the server never had: offered after a crash or a closed tab, with both texts.

import { made, part } from "./words.js";

export class Offer {
  // ``isNewRow``: the page adds a row, whose cells have other names each time it is opened.
  constructor(copies, answers, words, isNewRow) {
    this.copies = copies;
    this.isNewRow = isNewRow;
    this.words = words;
    this.found = [];
    this.elsewhere = new Map();
    copies.all().forEach(([name, record]) => this.sort(name, record, answers));
  }

  sort(name, record, answers) {
    const answer = answers.find((one) => one.name === name || this.isSameCell(one.name, name, record));
    if (answer) {
      const values = record.values.map(([input, value]) => [input.replace(name, answer.name), value]);
      if (JSON.stringify(values) === answer.text()) { this.copies.drop(name); } else { this.found.push({ name, answer, values, record }); }
    } else if (record.path === this.copies.page.path) {
      this.found.push({ name, answer: null, values: record.values, record });
    } else if (String(record.path).startsWith("/apply/")) {
      const there = this.elsewhere.get(record.path) || { title: record.page, count: 0 };
      there.count += 1;
      this.elsewhere.set(record.path, there);
    }
  }

  // A row that was deleted under somebody comes back as a new one on the same page.
  isSameCell(here, kept, record) {
    return this.isNewRow && record.path === this.copies.page.path && here.split("--")[0] === kept.split("--")[0];
  }

  // Show it above the page's content; ``restore`` is called with each answer and its copy.
  show(restore) {
    if (!this.found.length && !this.elsewhere.size) { return; }
    const panel = made("offer");
    part(panel, "title").textContent = this.found.length
      ? this.words("Found", { n: this.found.length }) : this.words("FoundElsewhere");
    part(panel, "list").replaceChildren(...this.found.map((one) => this.line(one)));
    part(panel, "buttons").hidden = !this.found.length;
    part(panel, "elsewhere").replaceChildren(...Array.from(this.elsewhere, ([path, there]) => this.link(path, there)));
    part(panel, "restore").addEventListener("click", () => this.end(panel, () => {
      this.found.forEach((one) => { if (one.answer) { restore(one.answer, one.values, one.record.base); } });
    }));
    part(panel, "discard").addEventListener("click", () => this.end(panel, () => {}));
    document.querySelector(".sheetcol").prepend(panel);
  }

  end(panel, work) {
    this.found.forEach((one) => this.copies.drop(one.name));
    work();
    panel.remove();
    const first = this.found.find((one) => one.answer);
    (first ? first.answer.inputs[0] : document.getElementById("main")).focus();
  }

  line(one) {
    const item = made("offered");
    part(item, "label").textContent = one.answer ? one.answer.label() : one.record.label;
    part(item, "kept").textContent = (one.answer ? one.answer.words(one.values) : one.values.map((pair) => pair[1]).join("、")) || this.words("Empty");
    part(item, "now").textContent = one.answer ? one.answer.words(one.answer.values()) || this.words("Empty") : this.words("NotHere");
    return item;
  }

  link(path, there) {
    const item = document.createElement("li");
    const link = document.createElement("a");
    link.href = path;
    link.textContent = this.words("Elsewhere", { page: there.title, n: there.count });
    item.append(link);
    return item;
  }
}
