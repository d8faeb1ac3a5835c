#!/usr/bin/env node
// The language server as a program: talks to VS Code over its IPC channel, to other editors with --stdio (or --node-ipc, --socket=PORT).
import { createConnection, ProposedFeatures } from "vscode-languageserver/node";
import { grammarsBeside, pagesBeside } from "./grammars";
import { startServer } from "./server";

// Ends when the client's process has gone or the channel is closed: createConnection sees to both.
const connection = createConnection(ProposedFeatures.all);
startServer(connection, () => grammarsBeside(__dirname), pagesBeside(__dirname));
