// The graph's page: connects to its host and shows what comes.
import "./graph.css";
import { type FromGraph, ToGraph } from "../../src/protocol/graph";
import { connect } from "../host";
import { Page } from "./page";

const host = connect<FromGraph, typeof ToGraph>(ToGraph, (message) => page.receive(message));
const page = new Page(document.body.querySelector("main")!, host);
host.send({ kind: "ready" });
