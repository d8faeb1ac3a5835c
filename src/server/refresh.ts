// Lets the editor ask again for what it shows, where it can: after settings, Python or another cell of a notebook have changed.
import {
  type ClientCapabilities,
  CodeLensRefreshRequest,
  type Connection,
  DiagnosticRefreshRequest,
  InlayHintRefreshRequest,
} from "vscode-languageserver";

/** How long typing rests before other cells are asked for again, in milliseconds. */
const REST = 400;

export class Refresh {
  private lenses = false;
  private diagnostics = false;
  private hints = false;
  private timer: NodeJS.Timeout | undefined;

  constructor(private readonly connection: Connection) {}

  initialize({ workspace }: ClientCapabilities): void {
    this.lenses = workspace?.codeLens?.refreshSupport === true;
    this.hints = workspace?.inlayHint?.refreshSupport === true;
    this.diagnostics = workspace?.diagnostics?.refreshSupport === true;
  }

  now(): void {
    clearTimeout(this.timer);
    if (this.lenses) void this.connection.sendRequest(CodeLensRefreshRequest.type).catch(() => {});
    if (this.hints) void this.connection.sendRequest(InlayHintRefreshRequest.type).catch(() => {});
    if (this.diagnostics) void this.connection.sendRequest(DiagnosticRefreshRequest.type).catch(() => {});
  }

  hintsNow(): void {
    if (this.hints) void this.connection.sendRequest(InlayHintRefreshRequest.type).catch(() => {});
  }

  soon(): void {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.now(), REST).unref();
  }
}
