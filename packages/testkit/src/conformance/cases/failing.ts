import assert from "node:assert/strict";
import type { ConformanceCase } from "../conformance-case.ts";
import { eventually, failureOf, openSession, unhurried } from "../session.ts";
import { createTestHost } from "../test-host.ts";

const message = { id: "1", text: "only once" };
const only = (texts: { text: string }[]) => texts.filter(({ text }) => text === message.text).length;

export const failingCases: readonly ConformanceCase[] = [
  {
    id: "refuses-bad-credentials",
    title: "says at open that the platform refuses its credentials",
    async run(harness) {
      const opening = harness.definition.open(harness.refusedAccount, createTestHost(), unhurried);
      const error = await failureOf(opening);
      assert.equal(error.kind, "auth");
      assert.ok(error.message.length > 20, `"${error.message}" does not say what to do`);
    },
  },
  {
    id: "surfaces-rate-limit",
    title: "reports a rate limit with its delay and does not retry by itself",
    async run(harness) {
      const session = await openSession(harness);
      const target = await session.directTarget();
      harness.platform.failNextSend({ type: "rate-limited", retryAfterMs: 3000 });
      const error = await failureOf(session.connection.send(target, message, unhurried));
      assert.deepEqual([error.kind, error.retryAfterMs, error.outcome], ["rate-limited", 3000, "not-sent"]);
      assert.equal(only(harness.platform.seen(target)), 0);
      await session.connection.close();
    },
  },
  {
    id: "refused-connection-is-not-sent",
    title: "knows that nothing was sent when it could not connect",
    async run(harness) {
      const session = await openSession(harness);
      const target = await session.directTarget();
      await harness.platform.refuseConnections();
      const error = await failureOf(session.connection.send(target, message, unhurried));
      await harness.platform.acceptConnections();
      assert.deepEqual([error.kind, error.outcome], ["unavailable", "not-sent"]);
      await session.connection.close();
    },
  },
  {
    id: "lost-request-is-no-success",
    title: "does not report a message as sent whose request was lost",
    async run(harness) {
      const session = await openSession(harness);
      const target = await session.directTarget();
      harness.platform.failNextSend({ type: "lost-request" });
      // From here a lost request looks like a lost answer: either outcome is honest.
      const error = await failureOf(session.connection.send(target, message, unhurried));
      assert.equal(error.kind, "unavailable");
      assert.equal(only(harness.platform.seen(target)), 0);
      await session.connection.close();
    },
  },
  {
    id: "lost-answer-is-unknown",
    title: "reports the outcome as unknown when the answer was lost, and does not send again",
    needs: (capabilities) => !capabilities.idempotentSend,
    async run(harness) {
      const session = await openSession(harness);
      const target = await session.directTarget();
      harness.platform.failNextSend({ type: "lost-answer" });
      const error = await failureOf(session.connection.send(target, message, unhurried));
      assert.deepEqual([error.kind, error.outcome], ["unavailable", "unknown"]);
      assert.equal(only(harness.platform.seen(target)), 1);
      await session.connection.close();
    },
  },
  {
    id: "lost-answer-settles",
    title: "settles a lost answer by sending under the same key, without a double",
    needs: (capabilities) => capabilities.idempotentSend,
    async run(harness) {
      const session = await openSession(harness);
      const target = await session.directTarget();
      harness.platform.failNextSend({ type: "lost-answer" });
      await session.connection
        .send(target, message, unhurried)
        .catch(() => session.connection.send(target, message, unhurried));
      assert.equal(only(harness.platform.seen(target)), 1);
      await session.connection.close();
    },
  },
  {
    id: "forbidden-chat",
    title: "tells a chat that shut it out from trouble that passes",
    async run(harness) {
      const session = await openSession(harness);
      const target = await session.directTarget();
      harness.platform.failNextSend({ type: "forbidden" });
      const error = await failureOf(session.connection.send(target, message, unhurried));
      assert.deepEqual([error.kind, error.outcome], ["forbidden", "not-sent"]);
      await session.connection.close();
    },
  },
  {
    id: "aborted-early-is-not-sent",
    title: "sends nothing when it is aborted beforehand, and says so",
    async run(harness) {
      const session = await openSession(harness);
      const target = await session.directTarget();
      const error = await failureOf(session.connection.send(target, message, AbortSignal.abort()));
      assert.equal(error.outcome, "not-sent");
      assert.equal(only(harness.platform.seen(target)), 0);
      await session.connection.close();
    },
  },
  {
    id: "keeps-secrets",
    title: "shows no secret in logs, errors or health, whatever goes wrong",
    async run(harness) {
      const { platform, secrets } = harness;
      const session = await openSession(harness);
      const target = await session.directTarget();
      const shown: unknown[] = [];
      const attempt = async () => {
        const error = await failureOf(session.connection.send(target, message, unhurried));
        shown.push(error.message, error.hint, error.stack, error.details, String(error.cause));
      };
      for (const type of ["forbidden", "lost-request", "lost-answer"] as const) {
        platform.failNextSend({ type });
        await attempt().catch(() => {});
      }
      await platform.refuseConnections();
      await attempt();
      await eventually(() => session.connection.health().outbound.state !== "up", "health notices");
      shown.push(session.connection.health(), session.host.logs);
      await platform.acceptConnections();
      await session.connection.close();
      const text = JSON.stringify(shown);
      for (const secret of secrets) assert.ok(!text.includes(secret), "a secret is shown");
    },
  },
];
