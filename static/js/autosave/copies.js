// Copies of what the server does not have yet, in this browser: by person, application and answer, with the base.
// Bounded in number, size and age; a browser that keeps nothing is none the worse otherwise.

const PREFIX = "grants.draft:";
const MOST = 200;
const MOST_CHARACTERS = 100000;
const KEPT_DAYS = 14;
const DAY_MS = 86400000;

export class Copies {
  constructor(person, application, page) {
    this.prefix = PREFIX + person + ":" + application + ":";
    this.page = page;
  }

  keep(answer) {
    const record = JSON.stringify({
      values: answer.values(), base: answer.base, at: Date.now(), path: this.page.path, page: this.page.title, label: answer.label(),
    });
    if (record.length > MOST_CHARACTERS) { return; }
    const key = this.prefix + answer.name;
    if (!put(key, record)) {
      dropOldest(10);
      put(key, record);
    }
  }

  drop(name) { attempt(() => localStorage.removeItem(this.prefix + name)); }

  // All of this person's in this application, as [name, record].
  all() {
    tidy();
    return keys().filter((key) => key.startsWith(this.prefix)).map((key) => [key.slice(this.prefix.length), read(key)])
      .filter((pair) => pair[1] !== null);
  }
}

function put(key, record) {
  return attempt(() => {
    localStorage.setItem(key, record);
    return true;
  }) || false;
}

function tidy() {
  keys().forEach((key) => {
    const record = read(key);
    if (record === null || Date.now() - record.at > KEPT_DAYS * DAY_MS) { attempt(() => localStorage.removeItem(key)); }
  });
  dropOldest(keys().length - MOST);
}

function dropOldest(count) {
  if (count <= 0) { return; }
  const byAge = keys().map((key) => [key, (read(key) || { at: 0 }).at]).sort((one, other) => one[1] - other[1]);
  byAge.slice(0, count).forEach((pair) => attempt(() => localStorage.removeItem(pair[0])));
}

function keys() {
  return attempt(() => Object.keys(localStorage).filter((key) => key.startsWith(PREFIX))) || [];
}

// A record as it was written here; null for anything else.
function read(key) {
  const record = attempt(() => JSON.parse(localStorage.getItem(key)));
  const sound = record && Array.isArray(record.values) && Array.isArray(record.base) && typeof record.at === "number";
  return sound ? record : null;
}

function attempt(work) {
  try { return work(); } catch (error) { return undefined; }
}
