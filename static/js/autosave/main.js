// Saves answers while they are typed: 800 ms after the last key, at once on leaving a field, one request at a time.
// The page works the same without it: its buttons save with the same protection. Others listen to two events of the
// document: answers:saved (names, by "me" or "others") and answers:state (state, unsaved).

import { answersOf, readShown, writeShown } from "./answers.js";
import { Copies } from "./copies.js";
import { clearChange, clearClash, clearRefusal, showChange, showClash, showRefusal } from "./marks.js";
import { Offer } from "./offer.js";
import { Presence } from "./presence.js";
import { Server } from "./server.js";
import { SignInAgain } from "./sign-in.js";
import { State } from "./state.js";
import { wordsOf } from "./words.js";

const PAUSE_MS = 800;
const BACK_OFF_MS = [2000, 4000, 8000, 15000, 30000];

class Autosave {
  constructor(root, form) {
    const facts = root.dataset;
    this.form = form;
    this.words = wordsOf(root);
    this.server = new Server({ save: facts.autosave, presence: facts.presence, session: facts.session }, facts.person);
    this.copies = new Copies(facts.person, facts.application, { path: location.pathname, title: facts.pageTitle });
    this.answers = form ? answersOf(form) : [];
    this.state = new State(root);
    this.signIn = new SignInAgain(this.server, this.words, () => this.goOn());
    this.newRow = "newRow" in facts && form ? rowOf(form) : null;
    this.timer = 0;
    this.failures = 0;
    this.flight = null;
    this.trouble = null;
    this.leaving = false;
    this.savedWords = root.querySelector("[data-save-words]").textContent;
    this.adoptWhatCameBack();
    this.listen();
    new Offer(this.copies, this.answers, this.words, this.newRow !== null).show((answer, values, base) => this.restore(answer, values, base));
    this.presence = new Presence(this.server, root, {
      shown: () => (form ? readShown(form) : {}),
      changed: (changes) => this.takeChanges(changes),
      closed: (reason) => this.stop(reason),
      signedOut: (failure) => this.endSession(failure),
    });
    if (this.sendable().length) { this.schedule(0); }
    this.tell();
  }

  // A page that came back from the button: what could not be read is still unsaved, what is disputed waits for its box.
  adoptWhatCameBack() {
    this.answers.forEach((answer) => {
      const disputed = document.getElementById(answer.inputs[0].id + "-theirs") || document.getElementById(answer.name + "-theirs");
      if (disputed) { answer.clash = { onPage: true }; }
      if (answer.box.classList.contains("is-bad")) {
        answer.refusal = { text: answer.text() };
        answer.stored = null;
        this.copies.keep(answer);
      }
    });
  }

  // Questions that appear while one types are saved like the rest.
  adoptWhatWasAdded() {
    const known = this.answers.map((answer) => answer.name);
    this.answers.push(...answersOf(this.form).filter((answer) => !known.includes(answer.name)));
  }

  listen() {
    if (this.form) {
      this.form.addEventListener("input", (event) => this.typed(event));
      this.form.addEventListener("change", (event) => this.typed(event));
      this.form.addEventListener("focusout", (event) => this.left(event));
    }
    this.state.retry.addEventListener("click", () => this.goOn());
    this.state.signIn.addEventListener("click", () => this.signIn.open());
    document.addEventListener("submit", (event) => this.submitted(event));
    document.addEventListener("click", (event) => this.followed(event));
    document.addEventListener("live:asked", () => this.adoptWhatWasAdded());
    window.addEventListener("online", () => { if (this.trouble && this.trouble.kind !== "final") { this.goOn(); } });
    window.addEventListener("beforeunload", (event) => {
      if (!this.leaving && this.unsaved().length) { event.preventDefault(); }
    });
  }

  // ---- what is to be saved

  answerOf(target) { return this.answers.find((answer) => answer.inputs.includes(target)); }

  unsaved() { return this.answers.filter((answer) => answer.isDirty() || answer.clash); }

  sendable() {
    return this.answers.filter((answer) => answer.isDirty() && !answer.clash && !answer.isHalfTyped()
      && !(answer.refusal && answer.refusal.text === answer.text()));
  }

  typed(event) {
    const answer = this.answerOf(event.target);
    if (!answer || event.detail === "filled") { return; }
    clearChange(answer);
    if (answer.isDirty()) { this.copies.keep(answer); } else { this.forgive(answer); }
    const atOnce = event.type === "change" && (event.target.type === "radio" || event.target.type === "checkbox" || event.target.tagName === "SELECT");
    this.schedule(atOnce ? 0 : PAUSE_MS);
    this.tell();
  }

  left(event) {
    const answer = this.answerOf(event.target);
    if (!answer || answer.inputs.includes(event.relatedTarget)) { return; }
    if (answer.refusal && answer.refusal.message && answer.refusal.text === answer.text()) {
      showRefusal(answer, answer.refusal.message);
      this.tell();
    }
    if (answer.isDirty()) { this.schedule(0); }
    if (answer.isDirty() && this.trouble && this.trouble.kind === "session") { this.signIn.remind(); }
  }

  schedule(delay) {
    if (this.trouble && this.trouble.kind !== "final") { return; }
    window.clearTimeout(this.timer);
    this.timer = window.setTimeout(() => this.save(), delay);
  }

  // Typed back to what the server has: nothing is to be saved, and nothing was wrong.
  forgive(answer) {
    this.copies.drop(answer.name);
    answer.refusal = null;
    clearRefusal(answer);
  }

  // ---- saving

  // Send what is to be saved; resolves when nothing is under way any more.
  save() {
    window.clearTimeout(this.timer);
    if (!this.flight) {
      this.flight = this.sendAll().finally(() => {
        this.flight = null;
        this.tell();
      });
    }
    return this.flight;
  }

  async sendAll() {
    for (let batch = this.sendable(); batch.length; batch = this.sendable()) {
      this.batch = batch.map((answer) => ({ answer, text: answer.text(), values: answer.values() }));
      this.tell(true);
      try {
        this.take(await this.server.post(this.server.addresses.save, this.pairs()));
        this.trouble = null;
        this.failures = 0;
      } catch (failure) {
        this.fail(failure);
        return;
      } finally {
        this.batch = null;
      }
    }
  }

  pairs() {
    const shown = {};
    const pairs = [];
    this.batch.forEach((one) => {
      shown[one.answer.name] = one.answer.base;
      pairs.push(...one.values);
    });
    pairs.push(["shown", JSON.stringify(shown)]);
    if (this.newRow) { pairs.push(["new_table", this.newRow.table], ["new_row", this.newRow.row]); }
    return pairs;
  }

  take(told) {
    const saved = this.batch.filter((one) => told.saved[one.answer.name]);
    saved.forEach((one) => this.takeSaved(one, told.saved[one.answer.name]));
    this.batch.forEach((one) => {
      const message = told.refused[one.answer.name];
      const clash = told.conflicts[one.answer.name];
      if (message) { this.takeRefusal(one, message); }
      if (clash) { this.takeClash(one.answer, clash); }
      if (!message && !clash && !saved.includes(one)) { one.answer.refusal = { text: one.text, message: this.words("NotAsked") }; }
    });
    if (saved.length) {
      this.savedWords = this.words("Saved", { time: told.saved_time });
      writeShown(this.form, this.answers);
      this.announce("answers:saved", { names: saved.map((one) => one.answer.name), by: "me" });
    }
    if (this.newRow && saved.some((one) => one.answer.base[0] > 0)) {
      this.newRow = null;
      history.replaceState(history.state, "", this.form.action);
      this.copies.page.path = location.pathname;
    }
  }

  takeSaved(one, base) {
    one.answer.base = base;
    one.answer.stored = one.text;
    one.answer.refusal = null;
    clearRefusal(one.answer);
    if (one.answer.isDirty()) { this.copies.keep(one.answer); } else { this.copies.drop(one.answer.name); }
  }

  // Somebody still at the field has not finished: why it was refused is shown when they leave it.
  takeRefusal(one, message) {
    one.answer.refusal = { text: one.text, message };
    if (!one.answer.hasFocus() && one.answer.text() === one.text) { showRefusal(one.answer, message); }
  }

  takeClash(answer, clash) {
    answer.clash = clash;
    showClash(answer, clash, this.words, (side) => {
      answer.clash = null;
      answer.base = clash.base;
      clearClash(answer);
      if (side === "theirs") {
        answer.set(clash.inputs);
        answer.stored = answer.text();
        this.forgive(answer);
        writeShown(this.form, this.answers);
        this.announce("answers:saved", { names: [answer.name], by: "others" });
      }
      this.tell();
      this.schedule(0);
    });
  }

  // ---- what goes wrong

  fail(failure) {
    if (failure.kind === "session") {
      this.endSession(failure);
      this.signIn.open();
      return;
    }
    this.trouble = { kind: failure.kind, code: failure.code, words: failure.kind === "network" ? this.words("Offline") : failure.words || this.words("Broken") };
    if (failure.kind === "final") { return; }
    const pause = BACK_OFF_MS[Math.min(this.failures, BACK_OFF_MS.length - 1)];
    this.failures += 1;
    this.timer = window.setTimeout(() => this.save(), pause * (0.75 + Math.random() / 2));
  }

  endSession(failure) {
    this.trouble = { kind: "session", words: this.words("SignedOut") };
    this.signIn.end(failure, false);
    this.tell();
  }

  // Not to be edited any more; what is unsaved stays on the page and in this browser.
  stop(reason) {
    if (this.trouble && this.trouble.kind === "session") { return; }
    this.trouble = { kind: "final", words: reason };
    this.tell();
  }

  // Try again at once, after whatever it was.
  goOn() {
    this.trouble = null;
    this.failures = 0;
    this.tell();
    return this.save();
  }

  restore(answer, values, base) {
    answer.set(values);
    answer.base = base;
    answer.stored = null;
    this.copies.keep(answer);
    this.schedule(0);
    this.tell();
  }

  // ---- what colleagues change

  takeChanges(changes) {
    const updated = this.answers.filter((answer) => changes[answer.name] && this.takeChange(answer, changes[answer.name]));
    if (!updated.length) { return; }
    writeShown(this.form, this.answers);
    this.state.say(updated.map((answer) => this.words("Updated", { label: answer.label(), text: changes[answer.name].text })).join(" "));
    this.announce("answers:saved", { names: updated.map((answer) => answer.name), by: "others" });
  }

  // An answer that is being filled in here is left alone: saving it will show both texts.
  takeChange(answer, change) {
    const isOlder = change.base[0] <= answer.base[0];
    if (isOlder || answer.clash || (this.batch || []).some((one) => one.answer === answer)) { return false; }
    if (answer.isDirty()) {
      showChange(answer, this.words("Differs", { text: change.text }), true);
      return false;
    }
    if (answer.hasFocus()) { return false; }
    answer.set(change.inputs);
    answer.base = change.base;
    answer.stored = answer.text();
    showChange(answer, change.text, false);
    return true;
  }

  // ---- leaving the page

  // Before any button of the page is followed, what is under way arrives and what is dirty is saved.
  async submitted(event) {
    if (this.leaving || event.defaultPrevented || !this.mustSaveFirst()) {
      this.leaving = this.leaving || (!event.defaultPrevented && !forgets(event.target));
      return;
    }
    const form = event.target;
    const button = event.submitter;
    event.preventDefault();
    await this.saveBeforeLeaving();
    if (this.mayLeave(form)) {
      this.leaving = !forgets(form);
      form.requestSubmit(button);
    }
  }

  async followed(event) {
    const link = event.target.closest("a[href]");
    const isPlain = event.button === 0 && !event.ctrlKey && !event.metaKey && !event.shiftKey && !event.altKey;
    const staysHere = !link || link.target || link.hasAttribute("download") || link.getAttribute("href").startsWith("#");
    if (staysHere || !isPlain || event.defaultPrevented || !this.mustSaveFirst()) { return; }
    event.preventDefault();
    await this.saveBeforeLeaving();
    location.href = link.href;
  }

  mustSaveFirst() { return this.flight !== null || this.sendable().length > 0; }

  async saveBeforeLeaving() {
    if (this.flight) { await this.flight; }
    if (this.sendable().length) { await this.goOn(); }
  }

  // A refused or disputed answer, or a row that is gone, is for the form's own page to show; a lost session or network
  // is not.
  mayLeave(form) {
    return !this.trouble || (this.trouble.kind === "final" && (form !== this.form || this.trouble.code === "row_gone"));
  }

  // ---- telling

  tell(isSaving) {
    const told = this.summary(isSaving);
    this.state.show(told.kind, told.text, told.offers || "");
    this.announce("answers:state", { state: told.kind, unsaved: this.unsaved().length });
  }

  summary(isSaving) {
    const because = (reason, offers) => ({ kind: "unsaved", text: this.words("Unsaved", { reason }), offers });
    const clashes = this.answers.filter((answer) => answer.clash);
    const refused = this.answers.filter((answer) => answer.box.classList.contains("is-bad") && answer.isDirty());
    if (this.trouble) { return because(this.trouble.words, this.trouble.kind === "session" ? "sign-in" : "retry"); }
    if (clashes.length) { return because(this.words("Clash", { n: clashes.length }), "#" + (clashes[0].clash.onPage ? clashes[0].inputs[0].id : clashes[0].name + "-clash")); }
    if (isSaving || this.batch) { return { kind: "saving", text: "" }; }
    if (refused.length) { return because(this.words("Refused", { n: refused.length }), "#" + refused[0].inputs[0].id); }
    if (this.unsaved().length) { return { kind: "typing", text: this.words("Typing") }; }
    return { kind: "saved", text: this.savedWords };
  }

  announce(name, detail) { document.dispatchEvent(new CustomEvent(name, { detail })); }
}

// Signing out takes the copies along (enhance.js): where something is not saved the browser asks first.
function forgets(form) { return String(form.action).includes("/sign-out"); }

// The row of a new row's page: its address ends in tables/<table>/rows/<row>.
function rowOf(form) {
  const parts = new URL(form.action).pathname.split("/");
  return { table: decodeURIComponent(parts[parts.length - 3]), row: parts[parts.length - 1] };
}

const root = document.querySelector("[data-autosave]");
if (root) {
  const shown = document.querySelector('form.sheet input[name="shown"]');
  new Autosave(root, shown ? shown.form : null);
}
