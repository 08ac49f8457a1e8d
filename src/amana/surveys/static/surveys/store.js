// What a tablet keeps, in IndexedDB: its own key, which can be used and not read, what it may ask, and answers as
// envelopes that nobody here can open. Nothing of an answer is ever written in the open.
(function (root) {
  "use strict";
  const Amana = (root.Amana = root.Amana || {});
  const NAME = "amana-tablet";
  const LAYOUT = 1;
  let opening = null;

  function open() {
    if (opening) return opening;
    opening = new Promise((done, fail) => {
      const request = root.indexedDB.open(NAME, LAYOUT);
      request.onupgradeneeded = () => {
        const made = request.result;
        made.createObjectStore("kept");
        made.createObjectStore("answers", { keyPath: "n", autoIncrement: true }).createIndex("id", "id", { unique: true });
        made.createObjectStore("refused", { keyPath: "n", autoIncrement: true }).createIndex("id", "id", { unique: true });
      };
      request.onsuccess = () => {
        const database = request.result;
        // Another window with a newer layout waits for this one; a browser short of room may close it.
        database.onversionchange = () => database.close();
        database.onclose = () => (opening = null);
        done(database);
      };
      request.onerror = () => fail(request.error);
    });
    opening.catch(() => (opening = null));
    return opening;
  }

  // Does some work in one transaction; done when it is on the disk, with what `work` returned a reader for.
  async function within(mode, work) {
    const database = await open();
    return new Promise((done, fail) => {
      const transaction = database.transaction(["kept", "answers", "refused"], mode, { durability: "strict" });
      let read = null;
      transaction.oncomplete = () => done(read ? read() : undefined);
      transaction.onabort = () => fail(transaction.error || new Error("aborted"));
      read = work((name) => transaction.objectStore(name), transaction);
    });
  }

  function get(name) {
    return within("readonly", (store) => {
      const request = store("kept").get(name);
      return () => request.result;
    });
  }

  function put(name, value) {
    return within("readwrite", (store) => {
      store("kept").put(value, name);
      return null;
    });
  }

  // Keeps one envelope with the number its signature counted to. The same answer again is kept already.
  async function keep(id, line, sequence) {
    try {
      await within("readwrite", (store) => {
        store("answers").add({ id: id, line: line });
        store("kept").put(sequence, "sequence");
        return null;
      });
    } catch (failure) {
      if (failure.name !== "ConstraintError") throw failure;
    }
  }

  // The first envelopes that wait, at most so many and so long together; one at least, however long it is.
  function batch(most, letters) {
    return within("readonly", (store) => {
      const found = [];
      let size = 0;
      store("answers").openCursor().onsuccess = (event) => {
        const cursor = event.target.result;
        if (!cursor || found.length === most) return;
        size += cursor.value.line.length + 1;
        if (found.length && size > letters) return;
        found.push(cursor.value);
        cursor.continue();
      };
      return () => found;
    });
  }

  // Lets go of what the server keeps, and lays aside, with the reason, what it does not.
  function settle(kept, refused) {
    return within("readwrite", (store) => {
      kept.forEach((one) => store("answers").delete(one.n));
      refused.forEach((one) => {
        store("answers").delete(one.envelope.n);
        store("refused").add({ id: one.envelope.id, line: one.envelope.line, code: one.code });
      });
      return null;
    });
  }

  // Lets everything wait again that was laid aside.
  function again() {
    return within("readwrite", (store) => {
      store("refused").openCursor().onsuccess = (event) => {
        const cursor = event.target.result;
        if (!cursor) return;
        store("answers").add({ id: cursor.value.id, line: cursor.value.line });
        cursor.delete();
        cursor.continue();
      };
      return null;
    });
  }

  // How many wait, and how many were laid aside for which reason.
  function counts() {
    return within("readonly", (store) => {
      const waiting = store("answers").count();
      const codes = {};
      let refused = 0;
      store("refused").openCursor().onsuccess = (event) => {
        const cursor = event.target.result;
        if (!cursor) return;
        refused += 1;
        codes[cursor.value.code] = (codes[cursor.value.code] || 0) + 1;
        cursor.continue();
      };
      return () => ({ waiting: waiting.result, refused: refused, codes: codes });
    });
  }

  // Whether there is room for so many bytes more; where a browser does not tell, only writing will.
  async function room(bytes) {
    const storage = root.navigator.storage;
    if (!storage || !storage.estimate) return true;
    const { quota, usage } = await storage.estimate();
    return !quota || quota - usage > bytes;
  }

  async function persist() {
    const storage = root.navigator.storage;
    if (!storage || !storage.persist) return false;
    return (await storage.persisted()) || storage.persist();
  }

  Amana.store = { get, put, keep, batch, settle, again, counts, room, persist };
})(window);
