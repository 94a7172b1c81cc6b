export const toolsTemplate = `# Notes on tools

What is special about this machine: host names, device names, favourite programs, where things lie.
(These are notes for you. They do not decide which tools exist.)
`;
