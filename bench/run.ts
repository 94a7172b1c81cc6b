// `pnpm bench` measures, prints the table and exits with 1 when a promise is broken or a figure is more than 15 % worse
// than the stored baseline. `pnpm bench --update` stores this run. `pnpm bench memory` runs what has that in its name.
import { cpus } from "node:os";
import { readFileSync, writeFileSync } from "node:fs";
import { type BenchContext, type Measure, bareNodeRss, median, timeCommand } from "./measure.ts";
import { healthCommand, versionCommand } from "./measures/commands.ts";
import { configCold, configWarm } from "./measures/config.ts";
import { gatewayStart, idleMemory, telegramMemory } from "./measures/gateway.ts";
import { agentImport, firstToken, memorySearch } from "./measures/agent.ts";
import { longAppend, longHistory, longTurn, sessionListing } from "./measures/sessions.ts";
import { throughput, turnOverhead, turnOverheadTail } from "./measures/turns.ts";

const TOLERANCE = 1.15;
const file = new URL("baseline.json", import.meta.url);
const measures: Measure[] = [
  versionCommand,
  healthCommand,
  configCold,
  configWarm,
  gatewayStart,
  idleMemory,
  telegramMemory,
  turnOverhead,
  turnOverheadTail,
  throughput,
  sessionListing,
  longHistory,
  longAppend,
  longTurn,
  agentImport,
  firstToken,
  memorySearch,
];

const args = process.argv.slice(2);
const update = args.includes("--update");
const wanted = args.filter((arg) => !arg.startsWith("--"));
const baseline = readBaseline();

const context: BenchContext = {
  nodeMs: await median(15, () => timeCommand([process.execPath, "-e", "0"])),
  nodeRss: await bareNodeRss(),
};
console.log(
  `bare node: ${context.nodeMs.toFixed(0)} ms, ${(context.nodeRss / 1024 ** 2).toFixed(0)} MB; ${process.version}, ${cpus().length} cores (${cpus()[0]?.model.trim() ?? "unknown"})\n`,
);
console.log("| measure | now | promise | baseline | |\n|---|---|---|---|---|");

let broken = 0;
const figures: Record<string, number> = { ...baseline };
for (const measure of measures) {
  if (wanted.length > 0 && !wanted.some((word) => measure.name.includes(word))) continue;
  const value = await measure.run(context);
  const higherIsBetter = measure.unit === "turns/s";
  const before = baseline[measure.name];
  const worse = before !== undefined && (higherIsBetter ? value * TOLERANCE < before : value > before * TOLERANCE);
  const missed = higherIsBetter ? value < measure.limit : value > measure.limit;
  if (worse || missed) broken++;
  const verdict = missed ? "MISSED" : worse ? "WORSE" : "ok";
  console.log(
    `| ${measure.name} | ${show(value, measure)} | ${higherIsBetter ? "≥" : "≤"} ${show(measure.limit, measure)} | ${before === undefined ? "-" : show(before, measure)} | ${verdict} |`,
  );
  figures[measure.name] = Number(value.toFixed(2));
}
if (update) writeFileSync(file, `${JSON.stringify(figures, null, 2)}\n`);
process.exit(broken === 0 || update ? 0 : 1);

function show(value: number, { unit }: Measure): string {
  return unit.startsWith("x ") ? `${value.toFixed(2)} ${unit}` : `${value.toFixed(1)} ${unit}`;
}

function readBaseline(): Record<string, number> {
  try {
    return JSON.parse(readFileSync(file, "utf8")) as Record<string, number>;
  } catch {
    return {};
  }
}
