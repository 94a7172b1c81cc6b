/** A channel's manifest before it is compiled: what its section holds, and where else its values come from. */
export interface ChannelSource {
  id: string;
  label: string;
  description: string;
  schema: object;
  /** Variables that stand in for the default account's credentials. */
  envVars?: readonly string[];
  /** Spellings of earlier versions, as plain moves. */
  rewrites?: readonly { from: string; to: string; because: string; when?: string; copy?: boolean }[];
}
