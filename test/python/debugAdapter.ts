// Talks the Debug Adapter Protocol to debugpy's own adapter, as VS Code's extension does, without VS Code.
import assert from "node:assert/strict";
import { type ChildProcess, spawn } from "node:child_process";
import type { TestContext } from "node:test";
import { environment } from "./help";

const DEADLINE_MILLIS = 120_000;

interface Message {
  seq: number;
  type: "request" | "response" | "event";
  command?: string;
  event?: string;
  request_seq?: number;
  success?: boolean;
  message?: string;
  // biome-ignore lint/suspicious/noExplicitAny: bodies are as different as the requests; each test asserts what it reads.
  body?: any;
}

export class DebugAdapter {
  private readonly child: ChildProcess;
  private buffer = Buffer.alloc(0);
  private sequence = 0;
  private readonly received: Message[] = [];
  private readonly wakes = new Set<() => void>();
  private readonly taken = new Set<Message>();
  private said = "";

  constructor(t: TestContext, python: string) {
    this.child = spawn(python, ["-m", "debugpy.adapter"], { env: environment(), stdio: ["pipe", "pipe", "pipe"] });
    t.after(() => this.child.kill("SIGKILL"));
    this.child.stdout!.on("data", (data: Buffer) => this.read(data));
    this.child.stderr!.on("data", (data: Buffer) => {
      this.said += data;
    });
  }

  /** Asks and gives the answer's body; fails with the adapter's reason. */
  // biome-ignore lint/suspicious/noExplicitAny: see Message.
  async request(command: string, args: object = {}): Promise<any> {
    const answer = await this.answer(this.send(command, args));
    assert.ok(answer.success, `${command}: ${answer.message}`);
    return answer.body;
  }

  /** Asks without waiting: `launch` is answered only when the configuration is done. */
  send(command: string, args: object = {}): number {
    const seq = ++this.sequence;
    const text = JSON.stringify({ seq, type: "request", command, arguments: args });
    this.child.stdin!.write(`Content-Length: ${Buffer.byteLength(text)}\r\n\r\n${text}`);
    return seq;
  }

  answer(seq: number): Promise<Message> {
    return this.next((message) => message.type === "response" && message.request_seq === seq, `the answer to ${seq}`);
  }

  /** The next event of that name that was not given yet. */
  async event(name: string): Promise<Message> {
    return this.next((message) => message.type === "event" && message.event === name, `the event ${name}`);
  }

  /** All that was printed so far, of one category. */
  output(category: string): string {
    const events = this.received.filter(({ event, body }) => event === "output" && body.category === category);
    return events.map(({ body }) => body.output).join("");
  }

  /** Does what a client does until the program runs. */
  async launch(
    configuration: object,
    breakpoints: Readonly<Record<string, readonly number[]>>,
    exceptions: readonly string[] = [],
  ): Promise<void> {
    await this.request("initialize", { clientID: "test", adapterID: "debugpy", pathFormat: "path" });
    const launched = this.send("launch", configuration);
    await this.event("initialized");
    for (const [path, lines] of Object.entries(breakpoints)) {
      const set = { source: { path }, breakpoints: lines.map((line) => ({ line })) };
      const { breakpoints: bound } = await this.request("setBreakpoints", set);
      for (const breakpoint of bound) assert.equal(breakpoint.verified, true, JSON.stringify(breakpoint));
    }
    await this.request("setExceptionBreakpoints", { filters: exceptions });
    await this.request("configurationDone");
    const answer = await this.answer(launched);
    assert.ok(answer.success, `launch: ${answer.message}`);
  }

  private async next(fits: (message: Message) => boolean, what: string): Promise<Message> {
    const deadline = performance.now() + DEADLINE_MILLIS;
    for (;;) {
      const found = this.received.find((message) => !this.taken.has(message) && fits(message));
      if (found) {
        this.taken.add(found);
        return found;
      }
      const left = deadline - performance.now();
      assert.ok(left > 0, `waited for ${what}; the adapter said: ${this.said}${this.output("stderr")}`);
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, left);
        const wake = () => {
          clearTimeout(timer);
          this.wakes.delete(wake);
          resolve();
        };
        this.wakes.add(wake);
      });
    }
  }

  private read(data: Buffer): void {
    this.buffer = Buffer.concat([this.buffer, data]);
    for (;;) {
      const head = /^Content-Length: (\d+)\r\n(?:[^\r\n]+\r\n)*\r\n/.exec(this.buffer.toString("latin1"));
      if (!head || this.buffer.length < head[0].length + Number(head[1])) break;
      const end = head[0].length + Number(head[1]);
      this.received.push(JSON.parse(this.buffer.subarray(head[0].length, end).toString("utf8")));
      this.buffer = this.buffer.subarray(end);
    }
    for (const wake of [...this.wakes]) wake();
  }
}
