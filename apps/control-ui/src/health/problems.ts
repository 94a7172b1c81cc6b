import type { LinkStatus } from "../gateway/link.ts";
import type { HealthState } from "./health-watch.ts";

/** Something a person should know about, with what to do. */
export interface Problem {
  title: string;
  next: string;
}

/** What is wrong, in plain words; empty when all is well. */
export function findProblems(link: LinkStatus, health: HealthState, provider?: string): Problem[] {
  const problems: Problem[] = [];
  if (link.phase === "offline") {
    problems.push({
      title: "The gateway cannot be reached right now.",
      next: "The page keeps trying. On the gateway's machine, `openclaw gateway status` tells whether it runs.",
    });
  } else if (health.error) {
    problems.push({
      title: `The last check failed: ${health.error}`,
      next: "Press “Check now”. `openclaw logs` has the details.",
    });
  } else if (health.checkedAt !== undefined && !health.ok) {
    problems.push({ title: "The gateway reports a problem of its own.", next: "`openclaw health` names it." });
  }
  for (const channel of health.channels) {
    if (channel.tone !== "bad" && channel.tone !== "warning") continue;
    problems.push({
      title: `${channel.name}: ${channel.summary.toLowerCase()}.`,
      next: channel.problem ?? failing(channel.inbound.text, channel.outbound.text, channel.inbound.tone === "bad"),
    });
  }
  if (provider === "offline") {
    problems.push({
      title: "No AI model is connected; the assistant answers by fixed rules.",
      next: "Start Ollama on this machine, or set a key: `openclaw models set provider/model`. Ask it “connect a model” for help.",
    });
  }
  return problems;
}

function failing(inbound: string, outbound: string, deaf: boolean): string {
  return `${deaf ? inbound : outbound}. It is tried again by itself; \`openclaw channels status\` has the details.`;
}
