import assert from "node:assert/strict";
import { test } from "node:test";

import { Saver } from "../js/autosave_saver.js";

/* A saver with answers given one after the other, and a clock that the test moves. */
function makeSaver(answers, { hasFreshToken = false } = {}) {
  const told = [];
  const sent = [];
  const timers = {
    next: null,
    setTimeout: (run, ms) => ((timers.next = { run, ms }), 1),
    clearTimeout: () => (timers.next = null),
    async pass() {
      const { run } = timers.next;
      timers.next = null;
      await run();
    },
  };
  const saver = new Saver({
    timers,
    freshToken: async () => hasFreshToken,
    tell: (state, details) => told.push([state, details]),
    send: async (isLeaving) => {
      sent.push(isLeaving);
      const next = answers.shift();
      if (next instanceof Error) throw next;
      return { answer: {}, retryAfter: 0, ...next };
    },
  });
  return { saver, told, sent, timers, states: () => told.map(([state]) => state) };
}

test("words are saved after a quiet moment", async () => {
  const { saver, timers, states, told } = makeSaver([{ status: 200, answer: { saved_at: "14:02", version: 2 } }]);
  saver.changed();
  assert.equal(timers.next.ms, 1200);
  assert.ok(saver.hasUnsavedWords);
  await timers.pass();
  assert.deepEqual(states(), ["changed", "saving", "saved"]);
  assert.equal(told.at(-1)[1].saved_at, "14:02");
  assert.ok(!saver.hasUnsavedWords);
});

test("what is typed while a save is on its way is saved too", async () => {
  const { saver, timers, sent } = makeSaver([{ status: 200 }, { status: 200 }]);
  saver.changed();
  const saving = saver.saveNow();
  saver.changed();
  await saving;
  assert.ok(saver.hasUnsavedWords);
  await timers.pass();
  assert.ok(!saver.hasUnsavedWords);
  assert.equal(sent.length, 2);
});

test("two saves at once never overlap", async () => {
  const { saver, sent } = makeSaver([{ status: 200 }, { status: 200 }]);
  saver.changed();
  assert.deepEqual(await Promise.all([saver.saveNow(), saver.saveNow()]), [true, true]);
  assert.equal(sent.length, 1);
});

test("a lost connection is tried again, more and more slowly", async () => {
  const { saver, timers, states } = makeSaver([new Error("offline"), { status: 503 }, { status: 200 }]);
  saver.changed();
  await timers.pass();
  assert.equal(timers.next.ms, 2000);
  await timers.pass();
  assert.equal(timers.next.ms, 4000);
  await timers.pass();
  assert.equal(states().at(-1), "saved");
});

test("Retry-After is kept to", async () => {
  const { saver, timers } = makeSaver([{ status: 429, retryAfter: 30 }]);
  saver.changed();
  await timers.pass();
  assert.equal(timers.next.ms, 30_000);
});

test("an expired sign-in keeps the words and waits for the person", async () => {
  const { saver, timers, states, sent } = makeSaver([{ status: 401, answer: { sign_in: "/in/" } }, { status: 200 }]);
  saver.changed();
  await timers.pass();
  assert.equal(states().at(-1), "signed_out");
  assert.equal(timers.next, null);
  saver.changed();
  assert.equal(timers.next, null);
  assert.ok(await saver.tryAgain());
  assert.equal(sent.length, 2);
});

test("an old CSRF token is replaced and the save tried once more", async () => {
  const { saver, sent } = makeSaver([{ status: 403 }, { status: 200 }], { hasFreshToken: true });
  saver.changed();
  assert.ok(await saver.saveNow());
  assert.equal(sent.length, 2);
});

test("a clash stops saving until one text is chosen", async () => {
  const clash = { status: 409, answer: { theirs: "other", version: 4 } };
  const { saver, states } = makeSaver([clash, { status: 200 }]);
  saver.changed();
  assert.equal(await saver.saveNow(), false);
  assert.equal(states().at(-1), "clash");
  assert.ok(saver.hasUnsavedWords);
  assert.ok(await saver.tryAgain());
});

test("ended access says so and never throws the words away", async () => {
  const { saver, told, timers } = makeSaver([{ status: 409, answer: { reason: "The rental has ended." } }]);
  saver.changed();
  await saver.saveNow();
  assert.deepEqual(told.at(-1), ["refused", { reason: "The rental has ended." }]);
  assert.equal(timers.next, null);
  assert.ok(saver.hasUnsavedWords);
});

test("words that the server refuses are sent again when they change", async () => {
  const { saver, states, timers } = makeSaver([{ status: 422, answer: { errors: {} } }, { status: 200 }]);
  saver.changed();
  await saver.saveNow();
  assert.equal(states().at(-1), "errors");
  saver.changed();
  await timers.pass();
  assert.equal(states().at(-1), "saved");
});

test("leaving the page sends what is unsaved", () => {
  const { saver, sent } = makeSaver([{ status: 200 }]);
  saver.leave();
  saver.changed();
  saver.leave();
  assert.deepEqual(sent, [true]);
});
