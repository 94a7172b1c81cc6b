import assert from "node:assert/strict";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { ConformanceCase } from "../conformance-case.ts";
import { openSession, unhurried } from "../session.ts";

/** Names and markup that have broken renderers before. */
const HOSTILE = [
  "<b>&lt;/b> **unclosed `code [x](javascript:alert(1)) ![](<>) </pre> <script>",
  "_a*b_c* ~~x **__y__ ||z| > q\n```\nnever closed",
  "\u202eright to left\u202c \u200b\u0000 \ud83d\ude00 e\u0301",
  "[](https://x.y) [a](b(c)) <https://x> &amp;amp; \\*",
];

export const sendingCases: readonly ConformanceCase[] = [
  {
    id: "sends-text",
    title: "sends one message and returns its id",
    async run(harness) {
      const session = await openSession(harness);
      const target = await session.directTarget();
      const before = harness.platform.seen(target).length;
      const { messageId } = await session.connection.send(target, { id: "1", text: "good evening" }, unhurried);
      const added = harness.platform.seen(target).slice(before);
      assert.deepEqual(
        added.map((message) => [message.messageId, message.text]),
        [[messageId, "good evening"]],
      );
      await session.connection.close();
    },
  },
  {
    id: "sends-markdown",
    title: "sends markdown with no word of it lost",
    async run(harness) {
      const session = await openSession(harness);
      const target = await session.directTarget();
      const text =
        "# Title\n\nSome **bold**, _slanted_ and `code`.\n\n- first\n- second\n\n```ts\nconst x = 1 < 2;\n```";
      await session.connection.send(target, { id: "1", text }, unhurried);
      const shown = harness.platform.seen(target).at(-1)?.text ?? "";
      for (const word of ["Title", "bold", "slanted", "code", "first", "second", "const x = 1 < 2;"])
        assert.ok(shown.includes(word), `"${word}" is missing in: ${shown}`);
      await session.connection.close();
    },
  },
  {
    id: "sends-long-text",
    title: "sends text of the length it claims to take, whole",
    async run(harness) {
      const session = await openSession(harness);
      const target = await session.directTarget();
      const text = "word ".repeat(harness.definition.limits.text).slice(0, harness.definition.limits.text - 1) + "!";
      await session.connection.send(target, { id: "1", text }, unhurried);
      assert.equal(harness.platform.seen(target).at(-1)?.text.length, text.length);
      await session.connection.close();
    },
  },
  {
    id: "survives-hostile-text",
    title: "sends hostile text, in whatever form, and reads it from others",
    async run(harness) {
      const session = await openSession(harness);
      for (const text of HOSTILE) {
        const inbound = await session.hear({ where: "direct", text, senderName: text.slice(0, 60) });
        const before = harness.platform.seen(inbound.target).length;
        await session.connection.send(inbound.target, { id: "1", text }, unhurried);
        assert.ok(harness.platform.seen(inbound.target).length > before, `not sent: ${text}`);
      }
      await session.connection.close();
    },
  },
  {
    id: "sends-reply",
    title: "answers a message under it",
    async run(harness) {
      const session = await openSession(harness);
      const inbound = await session.hear({ where: "direct", text: "question" });
      await session.connection.send(inbound.target, { id: "1", text: "answer", replyTo: inbound.messageId }, unhurried);
      assert.equal(harness.platform.seen(inbound.target).at(-1)?.replyTo, inbound.messageId);
      await session.connection.close();
    },
  },
  {
    id: "sends-media",
    title: "sends a file of every kind it claims, with its caption",
    needs: (capabilities) => capabilities.media.length > 0,
    async run(harness) {
      const session = await openSession(harness);
      const target = await session.directTarget();
      const folder = await mkdtemp(join(tmpdir(), "conformance-"));
      const types = {
        image: "image/png",
        audio: "audio/mpeg",
        voice: "audio/ogg",
        video: "video/mp4",
        document: "text/plain",
      };
      for (const kind of harness.definition.capabilities.media) {
        const path = join(folder, kind);
        await writeFile(path, "bytes");
        const media = { kind, path, mimeType: types[kind], fileName: `the ${kind}.bin` };
        await session.connection.send(target, { id: "1", media, text: `this is ${kind}` }, unhurried);
        const seen = harness.platform.seen(target).at(-1);
        assert.equal(seen?.hasMedia, true, `${kind} arrived without a file`);
        assert.equal(seen?.text, `this is ${kind}`);
      }
      await rm(folder, { recursive: true });
      await session.connection.close();
    },
  },
  {
    id: "edits",
    title: "changes the text of a message in place, and takes no change for done",
    needs: (capabilities) => capabilities.edit,
    async run(harness) {
      const session = await openSession(harness);
      const target = await session.directTarget();
      const { messageId } = await session.connection.send(target, { id: "1", text: "one" }, unhurried);
      await session.connection.edit?.(target, messageId, "two", unhurried);
      await session.connection.edit?.(target, messageId, "two", unhurried);
      const seen = harness.platform.seen(target).find((message) => message.messageId === messageId);
      assert.equal(seen?.text, "two");
      await session.connection.close();
    },
  },
  {
    id: "removes",
    title: "takes a message away",
    needs: (capabilities) => capabilities.remove,
    async run(harness) {
      const session = await openSession(harness);
      const target = await session.directTarget();
      const { messageId } = await session.connection.send(target, { id: "1", text: "oops" }, unhurried);
      await session.connection.remove?.(target, messageId, unhurried);
      assert.ok(!harness.platform.seen(target).some((message) => message.messageId === messageId));
      await session.connection.close();
    },
  },
  {
    id: "reacts",
    title: "sets a reaction and takes it back",
    needs: (capabilities) => capabilities.react,
    async run(harness) {
      const session = await openSession(harness);
      const inbound = await session.hear({ where: "direct", text: "look" });
      const reactions = () => harness.platform.seen(inbound.target).at(-1)?.reactions;
      await session.connection.react?.(inbound.target, inbound.messageId, "👍", unhurried);
      assert.deepEqual(reactions(), ["👍"]);
      await session.connection.react?.(inbound.target, inbound.messageId, "", unhurried);
      assert.deepEqual(reactions(), []);
      await session.connection.close();
    },
  },
  {
    id: "types",
    title: "shows that it is typing, without a message",
    needs: (capabilities) => capabilities.typing,
    async run(harness) {
      const session = await openSession(harness);
      const target = await session.directTarget();
      const before = harness.platform.seen(target).length;
      await session.connection.typing?.(target, unhurried);
      assert.equal(harness.platform.seen(target).length, before);
      await session.connection.close();
    },
  },
];
