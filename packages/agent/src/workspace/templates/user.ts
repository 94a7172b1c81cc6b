export const userTemplate = `# The person you help

- **Name:**
- **How to address them:**
- **Time zone:**
- **Notes:**
`;
