// `pnpm bench:chaos [kills] [seed]` prints what became of every message and exits with 1 when one was lost, doubled or
// misdirected. The ordinary tests kill 20 times; nightly runs kill 300 times.
import { sourceCommand } from "../command.ts";
import { runChaos } from "./chaos.ts";

const [kills = "300", seed = String(Date.now() % 1_000_000)] = process.argv.slice(2);
console.log(`killing the gateway ${kills} times, seed ${seed}`);
const report = await runChaos({
  command: sourceCommand,
  kills: Number(kills),
  seed: Number(seed),
  progress: (done) => {
    if (done % 10 === 0) console.log(`${done} kills`);
  },
});
const { lost, doubled, misdirected, inDoubt } = report;
console.log("| channel | sent | answered | in doubt | lost | doubled | misdirected |\n|---|---|---|---|---|---|---|");
console.log(
  `| telegram | ${report.sent} | ${report.answered} | ${inDoubt.length} | ${lost.length} | ${doubled.length} | ${misdirected.length} |`,
);
for (const [what, marks] of Object.entries({ lost, doubled, misdirected }))
  if (marks.length > 0) console.log(`${what}: ${marks.join(" ")}`);
for (const [mark, fate] of Object.entries(report.fates)) console.log(`${mark}: ${fate}`);
process.exit(lost.length + doubled.length + misdirected.length === 0 ? 0 : 1);
