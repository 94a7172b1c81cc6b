// A whole conversation on this machine: a Telegram Bot API server on loopback, the gateway from this checkout, and a
// person who writes to the bot, pairs and is answered in offline mode. `pnpm example:telegram`
import { fileURLToPath } from "node:url";
import { startGatewayProcess } from "@openclaw/testkit/gateway-process";
import { startTelegramEmulator } from "@openclaw/testkit/telegram";

const command = [
  process.execPath,
  "--conditions=@openclaw/source",
  "--disable-warning=ExperimentalWarning",
  fileURLToPath(new URL("../../apps/cli/src/bin.ts", import.meta.url)),
];
const person = { id: 7001, first_name: "Ada", username: "ada" };

const telegram = await startTelegramEmulator();
const gateway = await startGatewayProcess({
  command,
  config: { channels: { telegram: { botToken: telegram.token, apiRoot: telegram.apiRoot } } },
});
console.log(`gateway on port ${gateway.port}, Telegram server on ${telegram.apiRoot}\n`);

try {
  const [greeting = ""] = await ask("Hello, are you there?");
  const code = /code: (\w+)/i.exec(greeting)?.[1] ?? "";
  const approved = await gateway.cli("pairing", "approve", "telegram", code);
  console.log(`\n  $ openclaw pairing approve telegram ${code}\n  ${approved.stdout.trim()}\n`);
  await ask("What is 15% of 240?");
  await ask("Remember that the spare key is with Anna");
  await ask("What do I know about the spare key?");
} finally {
  await gateway.stop();
  await gateway.dispose();
  await telegram.close();
}

/** Writes to the bot and returns its answers, once it has been silent for a moment. */
async function ask(text: string): Promise<string[]> {
  const before = telegram.messages(person.id).length + 1;
  telegram.inject.dm({ from: person, text });
  console.log(`  Ada: ${text}`);
  const deadline = Date.now() + 20_000;
  for (;;) {
    const answers = telegram
      .messages(person.id)
      .slice(before)
      .filter(({ fromBot }) => fromBot);
    if (answers.length > 0) {
      for (const answer of answers) console.log(`  Bot: ${answer.text.replaceAll("\n", "\n       ")}`);
      return answers.map((answer) => answer.text);
    }
    if (Date.now() > deadline) throw new Error(`the bot did not answer ${JSON.stringify(text)}:\n${gateway.output()}`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}
