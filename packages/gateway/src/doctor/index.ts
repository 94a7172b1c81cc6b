export type { CheckGroup, DoctorCheck, DoctorContext, Finding, Fix, Severity } from "./check.ts";
export { doctorChecks } from "./checks.ts";
export { type DoctorOptions } from "./context.ts";
export { probeConfiguration, type Probe, type ProbeOptions } from "./probe.ts";
export {
  type CheckReport,
  type DoctorReport,
  type ReportedFinding,
  runDoctor,
  type RunDoctorOptions,
} from "./run-doctor.ts";
export type { ReloadPlan } from "../configuration/reload-plan.ts";
