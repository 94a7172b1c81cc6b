import assert from "node:assert/strict";
import { setTimeout as sleep } from "node:timers/promises";
import type { ConformanceCase } from "../conformance-case.ts";
import { eventually, openSession, unhurried } from "../session.ts";

export const receivingCases: readonly ConformanceCase[] = [
  {
    id: "receives-direct",
    title: "hands over a direct message with its sender, time and reply address",
    async run(harness) {
      const session = await openSession(harness);
      const before = Date.now();
      const inbound = await session.hear({ where: "direct", text: "good morning" });
      assert.equal(inbound.chat.kind, "direct");
      assert.equal(inbound.text, "good morning");
      assert.notEqual(inbound.sender.id, "");
      assert.ok(Math.abs(inbound.timestamp - before) < 60_000, `timestamp ${inbound.timestamp} is not now in ms`);
      await session.connection.close();
    },
  },
  {
    id: "receives-group",
    title: "hands over a group message as one, under the group's address",
    async run(harness) {
      const session = await openSession(harness);
      const direct = await session.hear({ where: "direct", text: "alone" });
      const group = await session.hear({ where: "group", text: "all together", mention: true });
      assert.notEqual(group.chat.kind, "direct");
      assert.notEqual(group.target, direct.target);
      await session.connection.close();
    },
  },
  {
    id: "receives-mention",
    title: "tells a mention of the bot from talk among others",
    async run(harness) {
      const session = await openSession(harness);
      const mention = await session.hear({ where: "group", text: "what do you say?", mention: true });
      const talk = await session.hear({ where: "group", text: "just us" });
      if (mention.canDetectMention === false) return;
      assert.equal(mention.mentioned, true);
      assert.notEqual(talk.mentioned, true);
      await session.connection.close();
    },
  },
  {
    id: "receives-thread",
    title: "keeps a thread apart from its group",
    needs: (capabilities) => capabilities.threads,
    async run(harness) {
      const session = await openSession(harness);
      const group = await session.hear({ where: "group", text: "outside", mention: true });
      const thread = await session.hear({ where: "thread", text: "inside", mention: true });
      assert.ok(thread.chat.threadId ?? thread.chat.parentId, "no thread in chat");
      assert.notEqual(thread.target, group.target);
      await session.connection.send(thread.target, { id: "1", text: "in the thread" }, unhurried);
      assert.ok(harness.platform.seen(thread.target).some((message) => message.text.includes("in the thread")));
      await session.connection.close();
    },
  },
  {
    id: "receives-quote",
    title: "hands over what a message answers to, and knows its own",
    async run(harness) {
      const session = await openSession(harness);
      const target = await session.directTarget();
      const own = await session.connection.send(target, { id: "1", text: "the moon is new" }, unhurried);
      const answer = await session.hear({ where: "direct", text: "really?", answerTo: own.messageId });
      assert.equal(answer.quote?.messageId, own.messageId);
      assert.equal(answer.quote?.fromSelf, true);
      await session.connection.close();
    },
  },
  {
    id: "receives-media",
    title: "hands over a file and fetches its bytes, up to the limit",
    async run(harness) {
      const session = await openSession(harness);
      const data = new Uint8Array([0, 10, 13, 45, 45, 255]);
      const media = { data, mimeType: "application/pdf", fileName: "a plan.pdf" };
      const inbound = await session.hear({ where: "direct", text: "see here", media });
      const file = inbound.media?.[0];
      assert.ok(file, "no media");
      assert.equal(inbound.text, "see here");
      const fetched = await session.connection.fetchMedia?.(file, 1000, unhurried);
      assert.deepEqual(fetched?.data, data);
      await assert.rejects(async () => await session.connection.fetchMedia?.(file, 3, unhurried));
      await session.connection.close();
    },
  },
  {
    id: "acknowledges-after-storing",
    title: "acknowledges an event only after the gateway has stored it",
    async run(harness) {
      const session = await openSession(harness);
      const release = session.host.holdReceive();
      await harness.platform.write({ where: "direct", text: "precious" });
      await eventually(() => session.host.calls.length > 0, "the event reaches the gateway");
      await sleep(50);
      assert.notEqual(harness.platform.unacknowledged(), 0, "acknowledged while it was not stored");
      release();
      await eventually(() => harness.platform.unacknowledged() === 0, "the event is acknowledged");
      await session.connection.close();
    },
  },
  {
    id: "repeats-after-failed-storing",
    title: "offers an event again when the gateway could not store it",
    async run(harness) {
      const session = await openSession(harness);
      session.host.failReceive(1);
      await session.hear({ where: "direct", text: "precious" });
      await session.connection.close();
    },
  },
  {
    id: "stable-keys",
    title: "gives a redelivered event the same key, and every event its own",
    needs: (_, harness) => harness.platform.redeliverLast !== undefined,
    async run(harness) {
      const session = await openSession(harness);
      await session.hear({ where: "direct", text: "one" });
      await session.hear({ where: "direct", text: "two" });
      harness.platform.redeliverLast?.();
      await eventually(() => session.host.calls.length >= 3, "the event comes again");
      const keys = session.host.calls.map((inbound) => inbound.key);
      assert.notEqual(keys[0], keys[1]);
      assert.equal(keys[1], keys[2]);
      await session.connection.close();
    },
  },
  {
    id: "targets-round-trip",
    title: "writes and reads its targets without loss",
    async run(harness) {
      const session = await openSession(harness);
      const { target, capabilities } = harness.definition;
      const places = capabilities.threads ? (["direct", "group", "thread"] as const) : (["direct", "group"] as const);
      for (const where of places) {
        const inbound = await session.hear({ where, text: "here", mention: true });
        assert.equal(target.encode(target.decode(inbound.target)), inbound.target);
      }
      await session.connection.close();
    },
  },
];
