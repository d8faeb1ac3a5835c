// The panel's page: connects to its host and shows what comes.
import "uplot/dist/uPlot.min.css";
import "./panel.css";
import { type FromPanel, ToPanel } from "../../src/protocol/panel";
import { connect } from "../host";
import { Page } from "./page";

const host = connect<FromPanel, typeof ToPanel>(ToPanel, (message) => page.receive(message));
const page = new Page(document.body.querySelector("main")!, host);
host.send({ kind: "ready" });
