import { OpenClawError } from "@openclaw/core";
import type { CheckGroup, DoctorCheck, DoctorContext, Finding, Severity } from "./check.ts";
import { doctorChecks } from "./checks.ts";
import { type DoctorOptions, readContext } from "./context.ts";

export interface RunDoctorOptions extends DoctorOptions {
  /** `all`, or the ids of checks whose fixes are applied. Default: none, and nothing is written. */
  fix?: "all" | readonly string[];
  /** Default: every check. */
  checks?: readonly DoctorCheck[];
}

/** A finding as it is told and printed with `--json`. */
export interface ReportedFinding {
  severity: Severity;
  message: string;
  hint?: string;
  /** What `--fix` would do about it. */
  fix?: string;
  /** Why the fix that was asked for did not work. */
  fixError?: string;
}

export interface CheckReport {
  id: string;
  group: CheckGroup;
  title: string;
  /** What is left after fixing. */
  findings: ReportedFinding[];
  /** What was repaired, a sentence each. */
  fixed: string[];
  /** Not looked at, because there is no configuration that can be used. */
  skipped?: true;
}

export interface DoctorReport {
  /** No errors are left. */
  ok: boolean;
  errors: number;
  warnings: number;
  fixed: number;
  checks: CheckReport[];
}

/**
 * Looks at everything and says what is wrong; repairs what `fix` names. Never rejects for what it finds: a check that
 * fails itself is an error in its own report.
 */
export async function runDoctor({
  fix = [],
  checks = doctorChecks,
  ...options
}: RunDoctorOptions): Promise<DoctorReport> {
  const reports: CheckReport[] = [];
  let context = await readContext(options);
  for (const check of checks) {
    const { id, group, title } = check;
    if (check.needsConfiguration && !context.config) {
      reports.push({ id, group, title, findings: [], fixed: [], skipped: true });
      continue;
    }
    let findings = await findingsOf(check, context);
    const wanted =
      fix === "all" || fix.includes(id) ? [...new Set(findings.flatMap((finding) => finding.fix ?? []))] : [];
    const fixed: string[] = [];
    const failures: string[] = [];
    for (const { summary, apply } of wanted) {
      try {
        fixed.push((await apply()) ?? summary);
      } catch (error) {
        failures.push(reason(error));
      }
    }
    if (wanted.length > 0) {
      context = await readContext(options);
      findings = await findingsOf(check, context);
    }
    reports.push({ id, group, title, findings: findings.map((finding) => reported(finding, failures)), fixed });
  }
  const count = (severity: Severity) =>
    reports.reduce((sum, { findings }) => sum + findings.filter((finding) => finding.severity === severity).length, 0);
  const errors = count("error");
  const fixed = reports.reduce((sum, report) => sum + report.fixed.length, 0);
  return { ok: errors === 0, errors, warnings: count("warning"), fixed, checks: reports };
}

/** One check's report, nothing fixed. */
export async function reportOf(check: DoctorCheck, context: DoctorContext): Promise<CheckReport> {
  const { id, group, title } = check;
  const findings = await findingsOf(check, context);
  return { id, group, title, findings: findings.map((finding) => reported(finding, [])), fixed: [] };
}

async function findingsOf(check: DoctorCheck, context: DoctorContext): Promise<Finding[]> {
  try {
    return await check.run(context);
  } catch (error) {
    const hint = OpenClawError.is(error) ? error.hint : undefined;
    return [{ severity: "error", message: `This could not be looked at: ${reason(error)}`, ...(hint ? { hint } : {}) }];
  }
}

function reported({ severity, message, hint, fix }: Finding, failures: readonly string[]): ReportedFinding {
  return {
    severity,
    message,
    ...(hint ? { hint } : {}),
    ...(fix ? { fix: fix.summary } : {}),
    ...(fix && failures.length > 0 ? { fixError: failures.join(" ") } : {}),
  };
}

const reason = (error: unknown) => (error instanceof Error ? error.message : String(error));
