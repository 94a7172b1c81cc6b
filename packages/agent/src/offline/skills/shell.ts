import { callTool, formRule, type Rule } from "../engine/rule.ts";
import { fenced } from "./file-steps.ts";

const programs =
  "ls|pwd|cd|cat|echo|date|cal|whoami|who|id|uname|hostname|uptime|df|du|ps|top|free|env|git|npm|pnpm|npx|node|python3?|pip|make|docker|systemctl|curl|wget|ping|ssh|head|tail|wc|grep|sed|awk|sort|find|mkdir|touch|cp|mv|rm|chmod|tar|zip|unzip";
const run = formRule({
  id: "shell.run",
  group: "shell",
  title: "Run a command",
  examples: ["run `ls -la`", "/run ls -la", "exécute `date`"],
  needs: [["exec", "bash"]],
  writes: true,
  freeText: true,
  longText: true,
  slash: { names: ["run", "sh"], slot: "command" },
  forms: [
    [
      /^(?:run|execute|exec|launch|exécute|lance)(?: the| this| la)?(?: (?:shell )?command(?:e)?)?:? `(?<command>[^`]+)`(?: in (?:the |a )?(?:shell|terminal))?$/is,
      1,
    ],
    [/^(?:run|execute|exec|exécute|lance)(?: the| this| la)? (?:shell )?command(?:e)?:? (?<command>\S.*)$/is, 0.9],
    [/^\$ (?<command>\S.*)$/s, 1],
    [new RegExp(`^(?:run|execute|exec|exécute) (?<command>(?:${programs})(?: .*)?|\\S*/\\S.*|\\S+ -.*)$`, "is"), 0.6],
  ],
  describe: ({ command = "" }) => `run \`${command}\``,
  *plan({ command = "" }, turn) {
    const outcome = yield* callTool(turn.tools.exec(command));
    const text = outcome.text.trim();
    if (outcome.isError)
      return { say: `\`${command}\` did not succeed:\n${fenced(text || "no output")}`, failed: true };
    return { say: text ? `\`${command}\`:\n${fenced(text)}` : `\`${command}\` ran without output.`, payload: text };
  },
});

export const shellRules: readonly Rule[] = [run];
