#!/usr/bin/env node
// Kept tiny and free of imports: `--version` answers before anything is loaded, and an old Node hears so in words.
const major = Number(process.versions.node.split(".")[0]);
if (major < 22) {
  console.error(`openclaw needs Node 22 or newer; this is Node ${process.versions.node}.`);
  console.error(
    "Install a current Node from https://nodejs.org, or run it with: npx -y -p node@22 -p openclaw openclaw",
  );
  process.exit(1);
}

const args = process.argv.slice(2);
if (args.length === 1 && ["--version", "-v", "-V"].includes(args[0] ?? "")) {
  const { version } = await import("./version.ts");
  console.log(version);
} else {
  const { prepareProcess } = await import("./prepare-process.ts");
  prepareProcess();
  const { runCommandLine } = await import("./command-line/run-command-line.ts");
  process.exitCode = await runCommandLine(args);
}
