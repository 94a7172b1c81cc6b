export const heartbeatTemplate = `# Heartbeat

<!-- Lines below this one are checked at every heartbeat. With none, the model is not even asked. -->
`;
