// Asking the server. Every failure is one of a few kinds; what the server says in words goes along.
// network: no answer; server: one that may pass; session: nobody, or somebody else, is signed in; final: it stays so.

const PATIENCE_MS = 20000;

export class Failure extends Error {
  constructor(kind, code, message) {
    super(message || code);
    this.kind = kind;
    this.code = code;
    this.words = message || "";
  }
}

export class Server {
  constructor(addresses, person) {
    this.addresses = addresses;
    this.person = person;
  }

  get token() {
    const input = document.querySelector('input[name="csrf_token"]');
    return input ? input.value : "";
  }

  set token(token) {
    document.querySelectorAll('input[name="csrf_token"]').forEach((input) => { input.value = token; });
  }

  // Send pairs; a token of an earlier session of the same person is renewed once, without asking.
  async post(address, pairs) {
    try {
      return await this.send(address, pairs);
    } catch (failure) {
      if (failure.code !== "form_expired") { throw failure; }
      await this.renew();
      return this.send(address, pairs);
    }
  }

  // Take the token of whoever is signed in, if it is still the same person.
  async renew() {
    const found = await ask(this.addresses.session, {});
    if (found.person !== this.person) { throw new Failure("session", "other_person", found.name); }
    this.token = found.csrf_token;
  }

  send(address, pairs) {
    const body = new URLSearchParams(pairs);
    body.append("person", this.person);
    return ask(address, { method: "POST", body, headers: { "X-CSRFToken": this.token } });
  }
}

async function ask(address, options) {
  const patience = new AbortController();
  const timer = window.setTimeout(() => patience.abort(), PATIENCE_MS);
  const headers = Object.assign({ Accept: "application/json" }, options.headers);
  let answer;
  let told = null;
  try {
    answer = await fetch(address, Object.assign({}, options, { headers, signal: patience.signal, credentials: "same-origin", cache: "no-store" }));
    told = await answer.json().catch((error) => { if (error.name === "AbortError") { throw error; } return null; });
  } catch (error) {
    throw new Failure("network", "network");
  } finally {
    window.clearTimeout(timer);
  }
  if (answer.ok && told) { return told; }
  throw failureOf(answer.status, told || {});
}

function failureOf(status, told) {
  if (status === 401 || told.code === "other_person") { return new Failure("session", told.code || "signed_out", told.message); }
  if (told.code === "form_expired") { return new Failure("session", told.code, told.message); }
  if (status >= 500 || status === 429 || !told.code) { return new Failure("server", told.code || "server_error", told.message); }
  return new Failure("final", told.code, told.message);
}
