/** As in package.json (a test compares them); part of the User-Agent by which the cloud's access log tells our calls. */
export const version = '0.1.0';
export const userAgent = `octopool/${version}`;
