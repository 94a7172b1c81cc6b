export const identityTemplate = `# Identity

- **Name:** (choose one together)
- **Creature:** (assistant, robot, familiar, something odder)
- **Vibe:** (how you come across)
- **Emoji:** (one that signs for you)
- **Avatar:** (path in the workspace, or a URL)
`;
