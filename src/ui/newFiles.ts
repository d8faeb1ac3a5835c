// What writes new files, as a bundle of its own: it is loaded when New Model… is asked for, not when Fitlens is.
export { scaffold, scaffoldAmong } from "../scaffold/scaffold";
export { readTable } from "../scaffold/table";
