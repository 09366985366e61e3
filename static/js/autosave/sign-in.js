// Signing in again without leaving the page: a dialog that opens the sign-in in another tab and then goes on.
// The page takes no other person's session: what was typed here belongs to whom it was shown.

export class SignInAgain {
  constructor(server, words, resumed) {
    this.server = server;
    this.words = words;
    this.resumed = resumed;
    this.dialog = document.querySelector("[data-sign-in-again]");
    this.line = this.dialog.querySelector("[data-sign-in-line]");
    this.ended = false;
    this.reminded = false;
    this.dialog.querySelector("[data-sign-in-done]").addEventListener("click", () => this.resume(true));
    this.dialog.querySelector("[data-sign-in-later]").addEventListener("click", () => this.dialog.close());
    window.addEventListener("focus", () => { if (this.ended) { this.resume(false); } });
  }

  // The session has ended; ``aloud`` opens the dialog.
  end(failure, aloud) {
    this.ended = true;
    if (failure.code === "other_person") { this.line.textContent = this.words("OtherPerson"); }
    if (aloud) { this.open(); }
  }

  open() {
    this.reminded = true;
    if (!this.dialog.open) { this.dialog.showModal(); }
  }

  // Once per ended session, for somebody who goes on typing.
  remind() {
    if (!this.reminded) { this.open(); }
  }

  async resume(isAsked) {
    try {
      await this.server.renew();
    } catch (failure) {
      if (failure.code === "other_person" || failure.code === "role_missing") {
        this.line.textContent = this.words("OtherPerson");
      } else if (isAsked) {
        this.line.textContent = this.words(failure.kind === "network" ? "StillOffline" : "StillOut");
      }
      return;
    }
    this.ended = false;
    this.reminded = false;
    this.line.textContent = "";
    if (this.dialog.open) { this.dialog.close(); }
    this.resumed();
  }
}
