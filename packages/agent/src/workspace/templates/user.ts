export const userTemplate = `# The person you help

- **Name:**
- **How to address them:**
- **Time zone:**
- **Notes:**

Add what you learn over time: projects, people, likes and dislikes. You are getting to know somebody, not filing a dossier.
`;
