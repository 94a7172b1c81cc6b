import { Api } from "grammy";
import { expect, it } from "vitest";
import { startTelegramEmulator } from "./index.ts";

/** Small, seeded and good enough: the run is the same every time. */
function createRandom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state * 1_103_515_245 + 12_345) % 2_147_483_648;
    return state / 2_147_483_648;
  };
}

it("keeps count through thousands of messages, faults and cuts", { timeout: 60_000 }, async () => {
  const emulator = await startTelegramEmulator();
  const api = new Api(emulator.token, { apiRoot: emulator.apiRoot });
  const random = createRandom(7);
  const total = 3000;
  const heard = new Set<number>();
  let offset = 0;
  let written = 0;
  const sent = { ok: 0, refused: 0, unknown: 0 };
  while (heard.size < total) {
    for (let burst = 0; burst < 50 && written < total; burst += 1) {
      written += 1;
      emulator.inject.dm({ from: 1 + (written % 20), text: `message ${written}` });
    }
    if (random() < 0.1) emulator.failNext({ method: "getUpdates", reset: "after-accept" });
    if (random() < 0.1) await emulator.dropConnections();
    const updates = await api.getUpdates({ offset, timeout: 0 }).catch(() => []);
    for (const update of updates) {
      heard.add(update.update_id);
      offset = update.update_id + 1;
      const dice = random();
      if (dice < 0.02) emulator.failNext({ method: "sendMessage", retryAfter: 1 });
      else if (dice < 0.03) emulator.failNext({ method: "sendMessage", reset: "before" });
      else if (dice < 0.04) emulator.failNext({ method: "sendMessage", reset: "after-accept" });
      const answer = api.sendMessage(update.message?.chat.id ?? 0, `answer ${update.message?.text}`);
      await answer.then(
        () => (sent.ok += 1),
        (error: { error_code?: number }) => (error.error_code === 429 ? (sent.refused += 1) : (sent.unknown += 1)),
      );
    }
  }
  const stands = Array.from({ length: 20 }, (_, index) => emulator.messages(index + 1))
    .flat()
    .filter((message) => message.fromBot).length;
  const lostAnswers = emulator.calls("sendMessage").filter((call) => call.outcome === "lost" && call.accepted).length;
  expect(heard.size).toBe(total);
  expect(sent.ok + sent.refused + sent.unknown).toBe(total);
  expect(stands).toBe(sent.ok + lostAnswers);
  await emulator.close();
});
