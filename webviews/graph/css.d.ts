// Style sheets are imported for their effect: the bundler gathers them in graph.css beside graph.js.
declare module "*.css";
