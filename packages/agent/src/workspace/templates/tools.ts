export const toolsTemplate = `# Notes on tools

What is special about this machine: host names, devices, favourite programs, where things lie.
`;
