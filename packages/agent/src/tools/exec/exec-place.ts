import { OpenClawError } from "@openclaw/core";
import {
  isAsk,
  isSecurity,
  stricterAsk,
  stricterSecurity,
  type ExecAsk,
  type ExecSecurity,
} from "../../approvals/types.ts";
import type { ExecAccess } from "../../types.ts";
import type { ExecSettings } from "./exec-settings.ts";

export interface ExecPlaceQuestion {
  settings: ExecSettings;
  /** What the turn brings: the session's choices, and whether its sender may go elevated. */
  access: ExecAccess;
  /** What the call asks for. */
  params: { elevated?: boolean; host?: string; security?: string; ask?: string };
  sandboxed: boolean;
  /** `exec-approvals.json` names a security for this agent. */
  fileStates: boolean;
}

export type ExecPlace =
  | { where: "sandbox" }
  /** On the host without questions. */
  | { where: "host"; elevated: boolean }
  | { where: "host"; elevated: boolean; security: ExecSecurity; ask: ExecAsk };

/**
 * Where a command runs and what guards it. Configuration and session set the host, and a call may only be stricter;
 * elevation alone leads out of the sandbox. Without a sandbox a command runs on the host, and without anything said
 * about security it does so unasked. Throws `EXEC_ELEVATED`, `EXEC_HOST` or `EXEC_NODE`.
 */
export function placeCommand({ settings, access, params, sandboxed, fileStates }: ExecPlaceQuestion): ExecPlace {
  const level = elevation(access, params.elevated);
  const configured = access.host ?? settings.host;
  const wanted = params.host ?? configured;
  if (!level && wanted !== configured) {
    throw new OpenClawError({
      code: "EXEC_HOST",
      message: `Commands run on host "${configured}" here, not on "${wanted}".`,
      hint: "tools.exec.host or /exec host= decides; an elevated call runs on the gateway.",
    });
  }
  if (!level && wanted === "node") {
    throw new OpenClawError({
      code: "EXEC_NODE",
      message: "tools.exec.host is node, and exec reaches no node.",
      hint: "Use the nodes tool, or set tools.exec.host to sandbox or gateway.",
    });
  }
  if (!level && wanted === "sandbox" && sandboxed) return { where: "sandbox" };
  if (
    !level &&
    wanted === "gateway" &&
    sandboxed &&
    settings.host !== "gateway" &&
    access.elevated?.refused !== undefined
  ) {
    throw new OpenClawError({
      code: "EXEC_HOST",
      message: `This session runs in a sandbox, and /exec host=gateway is not for everybody in it: ${access.elevated.refused}`,
    });
  }
  if (level === "full") return { where: "host", elevated: true };
  const said = [access.security ?? settings.security, params.security].filter(isSecurity);
  const asks = [access.ask ?? settings.ask, params.ask].filter(isAsk);
  const plain = wanted === "sandbox" && level === undefined;
  if (plain && said.length === 0 && !asks.includes("always") && !fileStates) return { where: "host", elevated: false };
  return {
    where: "host",
    elevated: level !== undefined,
    security: said.length > 0 ? said.reduce(stricterSecurity) : plain ? "full" : "allowlist",
    ask: asks.length > 0 ? asks.reduce(stricterAsk) : "on-miss",
  };
}

/** `full`, `ask`, or undefined when the command is not elevated. */
function elevation({ elevated }: ExecAccess, wanted: boolean | undefined): "ask" | "full" | undefined {
  const level = elevated?.refused === undefined ? (elevated?.level ?? "off") : "off";
  if (wanted === false || (wanted === undefined && level === "off")) return undefined;
  if (level === "off") {
    throw new OpenClawError({
      code: "EXEC_ELEVATED",
      message: elevated?.refused ?? "Elevated commands are off in this session.",
      hint: "Someone named in tools.elevated.allowFrom switches them on with /elevated on.",
    });
  }
  return level === "full" ? "full" : "ask";
}
