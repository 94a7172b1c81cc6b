import assert from "node:assert/strict";
import { setTimeout as sleep } from "node:timers/promises";
import { createFakeClock } from "../../fake-clock.ts";
import type { ConformanceCase } from "../conformance-case.ts";
import { eventually, failureOf, openSession, unhurried } from "../session.ts";

/** A deaf channel must be red within this (trust.md), ms. */
const DEAFNESS_BOUND_MS = 90_000;
const STEP_MS = 5000;

export const livingCases: readonly ConformanceCase[] = [
  {
    id: "healthy-after-open",
    title: "says who it is and that both directions work",
    async run(harness) {
      const { connection } = await openSession(harness);
      const health = connection.health();
      assert.equal(health.outbound.state, "up");
      assert.ok(health.identity, "no identity");
      await eventually(() => connection.health().inbound.state === "up", "inbound comes up");
      assert.equal(connection.health().problem, undefined);
      await connection.close();
    },
  },
  {
    id: "notices-deafness",
    title: "turns red within 90 s when nothing reaches it any more, and hears again afterwards",
    async run(harness) {
      const clock = createFakeClock({ now: Date.now() });
      const session = await openSession(harness, { clock });
      const target = await session.directTarget();
      const inbound = () => session.connection.health().inbound.state;
      await eventually(() => inbound() === "up", "inbound comes up");
      harness.platform.stopDelivering();
      for (let waited = 0; waited < DEAFNESS_BOUND_MS && inbound() === "up"; waited += STEP_MS) {
        await clock.advance(STEP_MS);
        await sleep(20);
      }
      assert.notEqual(inbound(), "up", `still "up" ${DEAFNESS_BOUND_MS} ms after the last event could reach it`);
      await session.connection.send(target, { id: "1", text: "still speaking" }, unhurried);
      assert.equal(session.connection.health().outbound.state, "up");
      await harness.platform.write({ where: "direct", text: "can you hear me?" });
      harness.platform.resumeDelivering();
      const heard = () => session.host.received.some((one) => one.text === "can you hear me?") && inbound() === "up";
      for (let waited = 0; waited < 2 * DEAFNESS_BOUND_MS && !heard(); waited += STEP_MS) {
        await clock.advance(STEP_MS);
        await sleep(20);
      }
      assert.ok(heard(), "did not hear again");
      await session.connection.close();
    },
  },
  {
    id: "recovers-from-drops",
    title: "hears again, once, after its connections were cut",
    async run(harness) {
      const session = await openSession(harness);
      await session.directTarget();
      await harness.platform.dropConnections();
      await harness.platform.write({ where: "direct", text: "after the cut" });
      await session.host.waitForInbound((inbound) => inbound.text === "after the cut", 10_000);
      const times = session.host.received.filter((inbound) => inbound.text === "after the cut").length;
      assert.equal(times, 1);
      await session.connection.close();
    },
  },
  {
    id: "close-frees-connections",
    title: "leaves no connection behind when closed",
    async run(harness) {
      const session = await openSession(harness);
      const target = await session.directTarget();
      await session.connection.send(target, { id: "1", text: "bye" }, unhurried);
      await session.connection.close();
      await eventually(() => harness.platform.openConnections() === 0, "connections are closed", 2000);
    },
  },
  {
    id: "close-twice",
    title: "can be closed twice, also at once, and sends nothing afterwards",
    async run(harness) {
      const session = await openSession(harness);
      const target = await session.directTarget();
      await Promise.all([session.connection.close(), session.connection.close()]);
      await session.connection.close();
      const error = await failureOf(session.connection.send(target, { id: "1", text: "ghost" }, unhurried));
      assert.equal(error.outcome, "not-sent");
    },
  },
  {
    id: "abort-closes",
    title: "closes itself when the signal of open aborts",
    async run(harness) {
      const aborting = new AbortController();
      const session = await openSession(harness, { signal: aborting.signal });
      await session.directTarget();
      aborting.abort();
      await eventually(() => harness.platform.openConnections() === 0, "connections are closed", 2000);
      await session.connection.close();
    },
  },
];
