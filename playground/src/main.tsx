import { render } from "preact";
import { App } from "./app.js";
import { acceptDrops } from "./controls/drop.js";
import { open } from "./state/session.js";
import "./style.css";

open();
acceptDrops(window);
render(<App />, document.getElementById("page") as HTMLElement);
