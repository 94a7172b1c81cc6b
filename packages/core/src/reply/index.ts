export {
  type EnvelopeFacts,
  type EnvelopeOptions,
  formatElapsed,
  formatEnvelope,
  formatRpcEnvelope,
  formatTimestamp,
  fromLabel,
  stripEnvelope,
  withMessageHints,
} from "./envelope.ts";
