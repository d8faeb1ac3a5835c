/** Fitlens's own version, put in by esbuild.js. */
declare const FITLENS_VERSION: string;
