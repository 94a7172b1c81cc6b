import type { Clock } from "@openclaw/core";
import type { ConfigManifest, LoadedConfig, OpenClawConfig } from "@openclaw/core/config";
import type { Paths } from "@openclaw/core/paths";
import type { ConfigEditor } from "../configuration/config-editor.ts";
import type { InstanceOwner } from "../installation/instance-owner.ts";

/** `error`: something does not work, or is dangerous. `warning`: works, but look at it. `info`: worth knowing. */
export type Severity = "error" | "warning" | "info";

/** A repair that was asked for. Doing it again changes nothing. */
export interface Fix {
  /** What it does, as one sentence without a subject: `Sets gateway.mode to "local".` */
  summary: string;
  /** Resolves with what was done where that says more than the summary. Rejects when it could not be done. */
  apply(): Promise<string | void>;
}

export interface Finding {
  severity: Severity;
  /** What is wrong, naming the file, key, port or process. Never a secret. */
  message: string;
  /** What a person does next. */
  hint?: string;
  /** Absent where only a person can decide. Findings may share one. */
  fix?: Fix;
}

export type CheckGroup = "configuration" | "gateway" | "channels" | "models" | "state" | "machine";

/** What every check may look at. Checks read; only a `Fix` writes. */
export interface DoctorContext {
  paths: Paths;
  homedir: string;
  manifests: readonly ConfigManifest[];
  version: string;
  clock: Clock;
  /** The configuration file as it stands, problems included. */
  loaded: LoadedConfig;
  /** What a gateway would run with: the file, else the last known good one. Undefined when there is neither. */
  config?: OpenClawConfig;
  /** Variables with `.env` files and the configuration's own. */
  env: Readonly<Record<string, string>>;
  /** The gateway that runs now. */
  owner?: InstanceOwner;
  /** Writes into the configuration file, comments kept. */
  editor: ConfigEditor;
}

export interface DoctorCheck {
  /** Stable, kebab-case; documented in docs/doctor.md. */
  id: string;
  group: CheckGroup;
  /** What holds when nothing is found: `The configuration can be used`. */
  title: string;
  /** Not run while neither the file nor a last known good configuration can be used. */
  needsConfiguration?: true;
  run(context: DoctorContext): Promise<Finding[]> | Finding[];
}

/** A check that is left out, and reported so, while there is no configuration to look at. */
export interface ConfiguredCheck extends Omit<DoctorCheck, "run" | "needsConfiguration"> {
  run(context: DoctorContext & { config: OpenClawConfig }): Promise<Finding[]> | Finding[];
}

export function withConfiguration({ run, ...check }: ConfiguredCheck): DoctorCheck {
  return {
    ...check,
    needsConfiguration: true,
    run: (context) => (context.config ? run({ ...context, config: context.config }) : []),
  };
}
