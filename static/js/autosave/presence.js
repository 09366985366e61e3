// Who else is in the draft, and what they change while the page is open. Said and asked every twenty seconds while the
// page is looked at.

const EVERY_MS = 20000;

export class Presence {
  constructor(server, root, handlers) {
    this.server = server;
    this.place = root.dataset.place;
    this.list = root.querySelector("[data-people]");
    this.handlers = handlers;
    this.timer = 0;
    document.addEventListener("visibilitychange", () => { if (!document.hidden) { this.beat(); } });
    this.beat();
  }

  async beat() {
    window.clearTimeout(this.timer);
    this.timer = window.setTimeout(() => this.beat(), EVERY_MS);
    if (document.hidden || this.asking) { return; }
    this.asking = true;
    try {
      const shown = JSON.stringify(this.handlers.shown());
      const told = await this.server.post(this.server.addresses.presence, [["place", this.place], ["shown", shown]]);
      document.dispatchEvent(new CustomEvent("server:time", { detail: { at: told.now } }));
      this.show(told.people);
      this.handlers.changed(told.changes);
      if (!told.editable) { this.handlers.closed(told.reason); }
    } catch (failure) {
      if (failure.kind === "session") { this.handlers.signedOut(failure); }
    } finally {
      this.asking = false;
    }
  }

  show(people) {
    this.list.hidden = people.length === 0;
    this.list.querySelector("ul").replaceChildren(...people.map((one) => {
      const line = document.createElement("li");
      const name = document.createElement("b");
      name.textContent = one.name;
      line.append(name, " " + one.text);
      return line;
    }));
  }
}
