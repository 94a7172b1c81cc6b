export { createEgress } from "./egress.ts";
export type { Egress, EgressOptions, EgressRequest, EgressResponse } from "./egress.ts";
export type { AllowPrivate, EgressLookup } from "./target.ts";
