import { DatabaseSync } from "node:sqlite";
import { join } from "node:path";
import { type GatewayProcess, startGatewayProcess } from "@openclaw/testkit/gateway-process";
import { startScriptedLlm } from "@openclaw/testkit/llm";
import { type TelegramEmulator, startTelegramEmulator } from "@openclaw/testkit/telegram";
import { modelConfig } from "../measures/turns.ts";

export interface ChaosOptions {
  command: readonly string[];
  /** How often the gateway is killed. */
  kills: number;
  /** People writing at the same time. Default 5. */
  people?: number;
  /** Seed of the random moments; printed, so that a bad run can be repeated. */
  seed: number;
  /** Told after each kill. */
  progress?(done: number): void;
}

export interface ChaosReport {
  seed: number;
  kills: number;
  sent: number;
  answered: number;
  /** Accepted by nobody's answer and not recorded as in doubt. */
  lost: string[];
  /** Answered more than once. */
  doubled: string[];
  /** Answered in somebody else's chat. */
  misdirected: string[];
  /** The ledger says that the outcome is unknown: the platform cannot be asked. */
  inDoubt: string[];
  /** What the store says of the lost and the doubled. */
  fates: Record<string, string>;
}

/** Between messages of one person, ms. */
const PACE_MS = 60;
const SHORTEST_LIFE_MS = 150;
const LONGEST_LIFE_MS = 1_500;
const SETTLE_MS = 60_000;

/**
 * People write to the bot without pause while the gateway is killed at random moments. Every message carries a mark
 * that the scripted model repeats, so what the platform shows in the end tells what was lost, doubled or misdirected.
 */
export async function runChaos({ command, kills, people = 5, seed, progress }: ChaosOptions): Promise<ChaosReport> {
  const random = mulberry32(seed);
  const telegram = await startTelegramEmulator();
  const llm = await startScriptedLlm({
    script: ({ lastUserText }) => ({ kind: "answer", text: `heard ${marksIn(lastUserText).join(" ")}` }),
  });
  const gateway = await startGatewayProcess({
    command,
    config: {
      ...modelConfig(llm.baseUrl["openai-completions"]),
      // Everybody has a session, and the queue is deep enough that only crashes could lose something.
      session: { dmScope: "per-channel-peer" },
      messages: { queue: { mode: "collect", cap: 10_000, debounceMs: 0 } },
      channels: {
        telegram: { botToken: telegram.token, apiRoot: telegram.apiRoot, dmPolicy: "open", allowFrom: ["*"] },
      },
    },
  });
  try {
    const marks = new Map<string, number>();
    const updates: number[] = [];
    const stop = new AbortController();
    const writers = Array.from({ length: people }, async (_, index) => {
      const chat = 9_000 + index;
      for (let count = 0; !stop.signal.aborted; count++) {
        const mark = `m${index}x${count}`;
        marks.set(mark, chat);
        const { update } = telegram.inject.dm({ from: chat, text: `please repeat ${mark}` });
        if (update) updates.push(update.update_id);
        await pause(PACE_MS * (0.5 + random()));
      }
    });
    for (let kill = 0; kill < kills; kill++) {
      await pause(SHORTEST_LIFE_MS + random() * (LONGEST_LIFE_MS - SHORTEST_LIFE_MS));
      await gateway.kill();
      // Platforms deliver again what they are not sure about.
      const again = updates[Math.floor(random() * updates.length)];
      if (again !== undefined) telegram.redeliver(again);
      await gateway.start();
      progress?.(kill + 1);
    }
    stop.abort();
    await Promise.all(writers);
    await settled(telegram, gateway, marks);
    await gateway.stop();
    const result = report({ seed, kills, marks, telegram, inDoubt: marksInDoubt(gateway) });
    return {
      ...result,
      fates: Object.fromEntries([...result.lost, ...result.doubled].map((mark) => [mark, fateOf(mark, gateway)])),
    };
  } finally {
    await gateway.dispose();
    await llm.close();
    await telegram.close();
  }
}

/** Waits until every mark was answered or is recorded as in doubt, or nothing moves any more. */
async function settled(
  telegram: TelegramEmulator,
  gateway: GatewayProcess,
  marks: ReadonlyMap<string, number>,
): Promise<void> {
  const deadline = performance.now() + SETTLE_MS;
  while (performance.now() < deadline) {
    const doubt = marksInDoubt(gateway);
    const open = [...marks].some(([mark, chat]) => !doubt.has(mark) && answers(telegram, chat, mark) === 0);
    if (!open) break;
    await pause(250);
  }
  // Long enough for a double to show.
  await pause(1_000);
}

function report({
  seed,
  kills,
  marks,
  telegram,
  inDoubt,
}: {
  seed: number;
  kills: number;
  marks: ReadonlyMap<string, number>;
  telegram: TelegramEmulator;
  inDoubt: ReadonlySet<string>;
}): Omit<ChaosReport, "fates"> {
  const chats = new Set(marks.values());
  const result: Omit<ChaosReport, "fates"> = {
    seed,
    kills,
    sent: marks.size,
    answered: 0,
    lost: [],
    doubled: [],
    misdirected: [],
    inDoubt: [],
  };
  for (const [mark, chat] of marks) {
    const count = answers(telegram, chat, mark);
    if (count > 0) result.answered++;
    if (count > 1) result.doubled.push(mark);
    if (count === 0) (inDoubt.has(mark) ? result.inDoubt : result.lost).push(mark);
    for (const other of chats) if (other !== chat && answers(telegram, other, mark) > 0) result.misdirected.push(mark);
  }
  return result;
}

const answers = (telegram: TelegramEmulator, chat: number, mark: string) =>
  telegram.messages(chat).filter(({ fromBot, text }) => fromBot && marksIn(text).includes(mark)).length;

const marksIn = (text: string): string[] => text.match(/\bm\d+x\d+\b/g) ?? [];

function marksInDoubt({ stateDir }: GatewayProcess): Set<string> {
  const db = new DatabaseSync(join(stateDir, "openclaw.sqlite"), { readOnly: true });
  try {
    const rows = db.prepare("SELECT payload FROM outbox WHERE state = 'unknown'").all() as { payload: string }[];
    return new Set(rows.flatMap(({ payload }) => marksIn(payload)));
  } finally {
    db.close();
  }
}

/** Where a mark's way ended, for whoever mends it. */
function fateOf(mark: string, { stateDir }: GatewayProcess): string {
  const db = new DatabaseSync(join(stateDir, "openclaw.sqlite"), { readOnly: true });
  try {
    const like = `% ${mark}"%`;
    const inbox = db.prepare("SELECT state, reason, turn_id FROM inbox WHERE message LIKE ?").all(like);
    const ids = inbox.map(({ turn_id }) => turn_id as string | null);
    const turns = ids.map((id) => db.prepare("SELECT id, state, starts, outcome FROM turns WHERE id = ?").get(id));
    const outbox = ids.map((id) => db.prepare("SELECT state, error, payload FROM outbox WHERE turn_id = ?").all(id));
    return JSON.stringify({ inbox, turns, outbox });
  } finally {
    db.close();
  }
}

const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

/** Small seeded generator: the same seed kills at the same moments. */
function mulberry32(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let value = Math.imul(state ^ (state >>> 15), 1 | state);
    value = (value + Math.imul(value ^ (value >>> 7), 61 | value)) ^ value;
    return ((value ^ (value >>> 14)) >>> 0) / 4_294_967_296;
  };
}
