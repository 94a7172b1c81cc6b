import { createServer } from "node:http";
import { Api } from "grammy";
import { afterEach, expect, it } from "vitest";
import { startTelegramEmulator } from "./index.ts";

const cleanups: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0)) await cleanup();
});

async function startReceiver(answers: number[]) {
  const seen: { text: string | undefined; secret: string | undefined }[] = [];
  let waiting: { count: number; done: () => void } | undefined;
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on("data", (chunk: Buffer) => chunks.push(chunk));
    request.on("end", () => {
      const update: { message?: { text?: string } } = JSON.parse(Buffer.concat(chunks).toString());
      const secret = request.headers["x-telegram-bot-api-secret-token"];
      seen.push({ text: update.message?.text, secret: typeof secret === "string" ? secret : undefined });
      response.writeHead(answers.shift() ?? 200).end();
      if (waiting !== undefined && seen.length >= waiting.count) waiting.done();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  cleanups.push(() => new Promise((resolve) => server.close(resolve)));
  const address = server.address();
  const port = typeof address === "object" && address !== null ? address.port : 0;
  const until = (count: number) =>
    new Promise<void>((resolve) => {
      if (seen.length >= count) resolve();
      else waiting = { count, done: resolve };
    });
  return { url: `http://127.0.0.1:${port}/hook`, seen, until };
}

it("delivers in order with the secret and repeats what was refused", async () => {
  const emulator = await startTelegramEmulator({ webhookRetryMs: 5 });
  cleanups.push(() => emulator.close());
  const receiver = await startReceiver([500, 500]);
  const api = new Api(emulator.token, { apiRoot: emulator.apiRoot });
  emulator.inject.dm({ text: "before" });
  await api.setWebhook(receiver.url, { secret_token: "s3cret" });
  emulator.inject.dm({ text: "after" });
  await receiver.until(4);
  expect(receiver.seen.map((one) => one.text)).toEqual(["before", "before", "before", "after"]);
  expect(receiver.seen.every((one) => one.secret === "s3cret")).toBe(true);
  emulator.redeliver(1000);
  await receiver.until(5);
  expect(receiver.seen.at(-1)?.text).toBe("before");
});

it("reports a receiver that refuses", async () => {
  const emulator = await startTelegramEmulator({ webhookRetryMs: 5 });
  cleanups.push(() => emulator.close());
  const receiver = await startReceiver(Array.from({ length: 50 }, () => 403));
  const api = new Api(emulator.token, { apiRoot: emulator.apiRoot });
  await api.setWebhook(receiver.url);
  emulator.inject.dm({ text: "x" });
  await receiver.until(2);
  const info = await api.getWebhookInfo();
  expect(info).toMatchObject({ pending_update_count: 1, last_error_message: expect.stringContaining("403") });
});
