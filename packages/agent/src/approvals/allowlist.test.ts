import { spawnSync } from "node:child_process";
import { chmodSync, mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { globExpression } from "./allowlist.ts";
import { bindCommand } from "./binding.ts";
import { evaluateCommand } from "./evaluate-command.ts";
import { DEFAULT_SAFE_BINS } from "./safe-bins.ts";
import type { ExecPolicy } from "./types.ts";
import { visible } from "./visible.ts";

let cwd: string;
beforeEach(() => {
  cwd = realpathSync(mkdtempSync(join(tmpdir(), "allow-")));
  mkdirSync(join(cwd, "bin"));
  for (const name of ["tool", "other", "ls"]) program(join(cwd, "bin", name), 'echo ran "$@"');
  writeFileSync(join(cwd, "file.txt"), "secret\n");
});
afterEach(() => rmSync(cwd, { recursive: true, force: true }));

function program(path: string, body: string): void {
  writeFileSync(path, `#!/bin/sh\n${body}\n`);
  chmodSync(path, 0o755);
}

const PATH = "/usr/local/bin:/usr/bin:/bin";
function judge(
  command: string,
  patterns: string[] = [],
  policy: Partial<ExecPolicy> = {},
  path = `${cwd}/bin:${PATH}`,
) {
  return evaluateCommand({
    command,
    cwd,
    path,
    home: cwd,
    safeBins: DEFAULT_SAFE_BINS,
    skillBins: ["other"],
    policy: {
      security: "allowlist",
      ask: "on-miss",
      askFallback: "deny",
      autoAllowSkills: false,
      ...policy,
      allowlist: patterns.map((pattern) => ({ pattern })),
    },
  });
}
const allowed = (command: string, ...patterns: string[]) => judge(command, patterns).satisfied;

test("a program is allowed by a pattern on its full path, every segment of a chain by itself", () => {
  const own = `${cwd}/bin/tool`;
  for (const command of [
    "tool",
    `${own} a 'b c'`,
    "./bin/tool",
    "tool | tool && tool || tool; tool",
    "~/bin/tool *.txt",
  ]) {
    expect(allowed(command, own), command).toBe(true);
  }
  for (const command of ["tool | other", "tool && other", "tool; other", "other || tool"]) {
    expect(allowed(command, own), command).toBe(false);
  }
  expect(allowed("tool | other", `${cwd}/*/tool`, "~/bin/OTHER")).toBe(true);
  expect(allowed("tool", "tool")).toBe(false);
  expect(allowed("tool", `${cwd}/*`)).toBe(false);
  expect(allowed("tool", `${cwd}/**`)).toBe(true);
});

test("tricks of the shell never pass, whatever the allowlist has", () => {
  const tricks = [
    "tool $(other)",
    "tool `other`",
    'tool "$(other)"',
    'tool "`other`"',
    "tool $((a[$(other)]))",
    "tool ${x@P}",
    "tool $HOME",
    "$SHELL",
    "tool > file.txt",
    "tool >> ~/.bashrc",
    "tool < file.txt",
    "tool <(other)",
    "tool <<< other",
    "tool << EOF",
    "tool 2>&1",
    "tool & other",
    "tool &",
    "tool |& other",
    "(tool)",
    "{ tool; }",
    "tool {a,b}",
    "tool\nother",
    "tool\r\nother",
    "tool \\\nother",
    "tool 'a\nb'",
    "PATH=/tmp tool",
    "LD_PRELOAD=x tool",
    "a[0]=1 tool",
    "if tool; then other; fi",
    "! tool",
    "time tool",
    "function f { tool; }",
    "f() { other; }; f",
    "tool # comment",
    "/usr/b?n/env other",
    "to[o]l",
    "tool 'open",
    'tool "open',
    "tool \\",
    "| tool",
    "tool &&",
    "tool ||",
    ";",
    "",
    "eval tool",
    "exec tool",
    "source ./bin/tool",
    ". ./bin/tool",
    "command tool",
    "builtin echo",
    "cd / && tool",
    "alias x=tool",
    "tool\u0000other",
    "tool\u001b[2K",
    "tool\u202eexe",
    "tool\u200b",
    "t\u200dool",
    "\u0085tool",
    "tool \u2028 other",
    "~root/bin/tool",
    "~+/bin/tool",
    "no-such-program",
  ];
  for (const trick of tricks)
    expect(judge(trick, [`${cwd}/bin/*`]), trick).toMatchObject({ satisfied: false, outcome: "ask" });
});

test("what is run are the words that were judged, so a shell cannot read them differently", () => {
  const run = (command: string) => {
    const { exact = "false" } = judge(command, [`${cwd}/bin/tool`]);
    const { stdout } = spawnSync("/bin/bash", ["--norc", "-c", exact], { cwd, encoding: "utf8" });
    return stdout;
  };
  expect(run(`tool 'a;other' "b|c" d\\&e '' "it's" \\$HOME '$(id)'`)).toBe("ran a;other b|c d&e  it's $HOME $(id)\n");
  expect(run("tool *.txt '*.txt' ~ ~/x")).toBe(`ran file.txt *.txt ${cwd} ${cwd}/x\n`);
  expect(run("tool\ta\u00a0b")).toBe("ran a\u00a0b\n");
});

test("programs that run others count only when they are named", () => {
  for (const command of [
    "bash -c other",
    "env other",
    "xargs other",
    "python3 -c x",
    "perl -e x",
    "find . -exec x",
    "sudo x",
  ]) {
    expect(allowed(command, "/usr/bin/*", "/bin/*", "/usr/**"), command).toBe(false);
  }
  expect(allowed("bash -c other", "/usr/bin/bash")).toBe(true);
  expect(allowed("uname -a", "/usr/bin/*")).toBe(true);
});

test("a program of the same name elsewhere, a link, or a path that climbs is judged by where it is", () => {
  expect(allowed("ls", "/usr/bin/ls", "/bin/ls")).toBe(false);
  expect(judge("ls", ["/usr/bin/ls"], {}, `relative::${PATH}`).satisfied).toBe(true);
  symlinkSync(join(cwd, "bin"), join(cwd, "link"));
  mkdirSync(join(cwd, "good"));
  symlinkSync("/usr", join(cwd, "good", "out"));
  expect(allowed(`${cwd}/good/out/../usr/bin/id`, `${cwd}/good/**`)).toBe(false);
  expect(allowed(`${cwd}/link/tool`, `${cwd}/bin/tool`)).toBe(true);
});

test("safe programs filter their input and touch nothing else", () => {
  const good = [
    "grep -i error",
    "sort -rn | uniq -c | head -5",
    "cut -d : -f 1",
    "jq -r .name",
    "tr a-z A-Z",
    "wc -l",
    "tail -n 3",
    "grep -e foo",
    "tr -d '\\n'",
  ];
  for (const command of good) expect(allowed(command), command).toBe(true);
  const bad = [
    "grep secret file.txt",
    "grep -r secret",
    "grep -rsecret",
    "grep secret .",
    "grep -f file.txt",
    "grep --file=file.txt",
    "grep -e a b",
    "head /etc/passwd",
    "head file.txt",
    "sort -o out",
    "sort -oout",
    "sort --output=out",
    "sort --compress-program=other",
    "sort --files0-from=-",
    "sort -T /tmp",
    "uniq a b",
    "jq -f file.txt",
    "jq --rawfile x file.txt .",
    "jq env",
    "jq '$ENV'",
    "jq -n 'input_filename'",
    "jq 'import \"a\" as a; .'",
    "jq . file.txt",
    "tail -f",
    "tail --follow=name",
    "wc --files0-from=file.txt",
    "cut -f1 *",
    "head ~/x",
    "tr a b c",
  ];
  for (const command of bad) expect(allowed(command), command).toBe(false);
  program(join(cwd, "bin", "wc"), "true");
  expect(allowed("wc -l")).toBe(false);
});

test("security and ask decide together", () => {
  const outcome = (policy: Partial<ExecPolicy>, command = "other") =>
    judge(command, [`${cwd}/bin/tool`], policy).outcome;
  expect(outcome({})).toBe("ask");
  expect(outcome({}, "tool")).toBe("run");
  expect(outcome({ ask: "off" })).toBe("deny");
  expect(outcome({ ask: "off" }, "tool")).toBe("run");
  expect(outcome({ ask: "always" }, "tool")).toBe("ask");
  expect(outcome({ security: "full" }, "other $(x)")).toBe("run");
  expect(outcome({ security: "full", ask: "always" })).toBe("ask");
  expect(outcome({ security: "deny", ask: "always" }, "tool")).toBe("deny");
  expect(outcome({ autoAllowSkills: true })).toBe("run");
  expect(outcome({ autoAllowSkills: true }, "./bin/other")).toBe("ask");
});

test("patterns", () => {
  const match = (pattern: string, path: string) => globExpression(pattern).test(path);
  expect(match("/usr/*/x", "/usr/a/x")).toBe(true);
  expect(match("/usr/*/x", "/usr/a/b/x")).toBe(false);
  expect(match("/usr/**/x", "/usr/x")).toBe(true);
  expect(match("/a.b", "/aXb")).toBe(false);
  expect(match("/a?c", "/a/c")).toBe(false);
  expect(match("/A", "/a")).toBe(true);
});

test("an approval is bound to the text, the place, the variables and the files", () => {
  const base = {
    command: "sh run.sh",
    cwd,
    env: { A: "1" },
    host: "gateway",
    programs: [],
    path: `${cwd}/bin:${PATH}`,
    home: cwd,
  };
  program(join(cwd, "run.sh"), "echo good");
  const bound = bindCommand(base);
  expect(bindCommand(base)).toBe(bound);
  expect(bindCommand({ ...base, command: "sh  run.sh" })).not.toBe(bound);
  expect(bindCommand({ ...base, env: { A: "2" } })).not.toBe(bound);
  expect(bindCommand({ ...base, cwd: join(cwd, "bin") })).not.toBe(bound);
  program(join(cwd, "run.sh"), "echo evil");
  expect(bindCommand(base)).not.toBe(bound);
  const swapped = bindCommand({ ...base, command: "tool" });
  rmSync(join(cwd, "bin/tool"));
  symlinkSync("/bin/ls", join(cwd, "bin/tool"));
  expect(bindCommand({ ...base, command: "tool" })).not.toBe(swapped);
  writeFileSync(join(cwd, "file.txt"), "a log grows\n");
  const log = bindCommand({ ...base, command: "cat file.txt" });
  writeFileSync(join(cwd, "file.txt"), "a log grows and grows\n");
  expect(bindCommand({ ...base, command: "cat file.txt" })).toBe(log);
});

test("what is shown for approval hides nothing", () => {
  expect(visible("ls\u001b[2K\u001b[1Grm -rf \u202e txt.\u200b\r")).toBe(
    "ls\\u{1b}[2K\\u{1b}[1Grm -rf \\u{202e} txt.\\u{200b}\\u{d}",
  );
  expect(visible("a\nb")).toBe("a\\n\nb");
  expect(visible("naïve 日本語 👍")).toBe("naïve 日本語 👍");
});
