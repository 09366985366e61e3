// The line that says how saving stands, in the quiet column and on a phone at the foot of the screen.
// Only what is news is put into the live region: a reader is not told "saving" at every pause.

const ICONS = { saved: "check", unsaved: "alert", typing: "edit" };

export class State {
  constructor(root) {
    this.box = root.querySelector("[data-save-state]");
    this.text = root.querySelector("[data-save-text]");
    this.busy = root.querySelector("[data-save-busy]");
    this.news = root.querySelector("[data-save-news]");
    this.go = root.querySelector("[data-save-go]");
    this.retry = root.querySelector("[data-save-retry]");
    this.signIn = root.querySelector("[data-save-sign-in]");
    this.shown = "";
    this.box.classList.add("is-live");
    document.documentElement.classList.add("has-savebar");
  }

  // kind: saved, typing, saving, unsaved.  offers: "retry", "sign-in", the address of a place on the page, or "".
  show(kind, text, offers) {
    this.go.hidden = !offers.startsWith("#");
    this.go.href = offers.startsWith("#") ? offers : "#main";
    this.busy.hidden = kind !== "saving";
    this.text.classList.toggle("vh", kind === "saving");
    this.retry.hidden = offers !== "retry";
    this.signIn.hidden = offers !== "sign-in";
    this.box.dataset.saveState = kind;
    if (kind === "saving" || this.shown === kind + text) { return; }
    this.shown = kind + text;
    this.text.querySelectorAll("[data-icon]").forEach((icon) => { icon.toggleAttribute("hidden", icon.dataset.icon !== ICONS[kind]); });
    this.text.querySelector("[data-save-words]").textContent = text;
  }

  // Something a colleague did: said, not shown here.
  say(text) { this.news.textContent = text; }
}
