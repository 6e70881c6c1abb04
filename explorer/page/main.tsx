import { render } from "preact";
import { App } from "./app.tsx";
import { LanguageProvider } from "./language.tsx";
import "./style.css";

render(
  <LanguageProvider>
    <App />
  </LanguageProvider>,
  document.getElementById("app")!,
);
