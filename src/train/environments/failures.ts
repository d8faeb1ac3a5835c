// Why an environment could not be made, in words: from what pip, venv or uv have printed. Knows no process.
import { lastLines } from "../native/command";

/** How the machine calls itself, for the sentence that something is not built for it. */
export interface Where {
  /** Packages that were asked for. */
  packages: readonly string[];
  /** `Python 3.11.7`. */
  python: string;
  /** `linux x64`. */
  machine: string;
}

const NETWORK =
  /NewConnectionError|Failed to establish a new connection|Connection refused|Name or service not known|Temporary failure in name resolution|getaddrinfo failed|nodename nor servname|ConnectTimeout|Read timed out|ReadTimeout|Network is unreachable|No route to host|RemoteDisconnected|Connection reset|ConnectionResetError|ProtocolError|dns error|error sending request|tcp connect error|client error \(Connect\)/i;

/** In the order of what tells most. */
const CAUSES: readonly (readonly [RegExp, (output: string, where: Where) => string])[] = [
  [
    /No space left on device|Errno 28\b|ENOSPC|There is not enough space on the disk|WinError 112\b/i,
    () =>
      "The disk is full. Free some space (TensorFlow and PyTorch take 2 to 6 GB with all that they need), then try again.",
  ],
  [/Disk quota exceeded|Errno 122\b|EDQUOT/i, () => "The disk quota is used up. Free some space, then try again."],
  [
    /Windows Long Path support|WinError 206\b|The filename or extension is too long/i,
    () =>
      "A path became longer than Windows allows. Move the workspace to a shorter folder, or enable long paths in Windows, then try again.",
  ],
  [
    /CERTIFICATE_VERIFY_FAILED|SSLCertVerificationError|invalid peer certificate/i,
    (output) =>
      `${indexOf(output)} was reached, but its certificate is not trusted, as behind a proxy that looks into connections. Give pip that proxy's certificate (the variable PIP_CERT, or pip config set global.cert FILE), then try again.`,
  ],
  [
    /ProxyError|Cannot connect to proxy|Tunnel connection failed|407 Proxy Authentication/i,
    (output) =>
      `${indexOf(output)} could not be reached, because the proxy did not answer or refused. Check the setting http.proxy, or the variables HTTPS_PROXY and HTTP_PROXY.`,
  ],
  [
    NETWORK,
    (output) =>
      `${indexOf(output)} could not be reached. Check the connection; behind a proxy set http.proxy in the settings, or the variable HTTPS_PROXY.`,
  ],
  [
    /\b(401|403) (Client Error|Forbidden|Unauthorized)|HTTP error 40[13]|User for \S+:|status code 40[13]/i,
    (output) => `${indexOf(output)} refused to answer: it asks for a name and password, or forbids what was asked for.`,
  ],
  [
    /No matching distribution found|Could not find a version that satisfies|has no wheels with a matching|is not a supported wheel/i,
    (output, { packages, python, machine }) => {
      const wanted = /(?:No matching distribution found for|satisfies the requirement) ([^\s(]+)/.exec(output)?.[1];
      return `There is no ${wanted ?? packages.join(" and ")} for ${python} on this machine (${machine}). Choose another Python or another backend.`;
    },
  ],
  [
    /ResolutionImpossible|conflicting dependencies/i,
    (_output, { packages }) =>
      `No versions of ${packages.join(" and ")} fit together under the constraints that are set for pip on this machine. Look at PIP_CONSTRAINT and pip's configuration.`,
  ],
  [
    /Permission ?denied|Errno 13\b|EACCES|WinError 5\b|Read-only file system|Errno 30\b|Operation not permitted/i,
    (output) => {
      const file = /(?:Permission denied|Read-only file system|Access is denied)[^\n]*?['"]([^'"\n]+)['"]/i.exec(
        output,
      )?.[1];
      return `Writing is not permitted${file === undefined ? "" : `: ${file}`}. Change the folder's permissions, and close programs that use the environment.`;
    },
  ],
];

/** What went wrong, and what to do. */
export function whyNot(output: string, where: Where): string {
  const cause = CAUSES.find(([pattern]) => pattern.test(output));
  if (cause) return cause[1](output, where);
  const error = [...output.matchAll(/^\s*(?:ERROR|error):? (.+)$/gim)].at(-1)?.[1];
  const said = error?.trim().slice(0, 600) || lastLines(output);
  return said === "" ? "It ended without a word." : said;
}

/** Nothing will come from the index, whatever else is asked for. */
export const isNetwork = (output: string): boolean => NETWORK.test(output);

/** The index that could not be used, or that pip has looked at, without a password in its address. */
function indexOf(output: string): string {
  const failed = /^\s*Could not fetch URL (\S+?)\/?[\w.-]*\/?: /m.exec(output)?.[1];
  const named = /^\s*Looking in indexes: ([^\s,]+)/m.exec(output)?.[1];
  const host = /HTTPS?ConnectionPool\(host='([^']+)'/.exec(output)?.[1];
  const asked = failed ?? named ?? host ?? /\b(?:for url|fetch:?|url) [`(]?(https?:\/\/[^\s)`]+)/i.exec(output)?.[1];
  // pip names its index only where it is another than the usual one.
  if (asked === undefined) return "The Python Package Index (PyPI)";
  return `The package index ${asked.replace(/\/\/[^/@]*@/, "//")}`;
}
