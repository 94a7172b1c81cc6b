import type { Sandbox } from "../sandbox/types.ts";

export interface SandboxSectionInput {
  sandbox: Sandbox;
  /** `sandbox.docker.network` */
  network: string;
  /** What an elevated call does; undefined: there is none. */
  elevated?: "ask" | "full";
}

/** What the model must know of the place its tools work in. */
export function sandboxSection({ sandbox, network, elevated }: SandboxSectionInput): string {
  const agent = sandbox.mounts.find(({ writable }) => !writable);
  const lines = [
    `Your tools work in a sandbox. Only ${sandbox.workdir} keeps files${sandbox.backend === "bubblewrap" ? "; other directories last one command" : ""}.`,
    ...(agent ? [`Your agent workspace is at ${agent.inside}, read-only.`] : []),
    network === "none" ? "There is no network." : "",
    elevated
      ? `exec with elevated runs on the host${elevated === "ask" ? "; a person is asked first where approvals say so" : ""}.`
      : "",
  ];
  return `## Sandbox\n${lines.filter(Boolean).join(" ")}`;
}
