// Style sheets are imported for their effect: the bundler gathers them in panel.css beside panel.js.
declare module "*.css";
