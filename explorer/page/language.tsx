// The page's language: one switch, remembered, English or Chinese.
import { createContext, type ComponentChildren } from "preact";
import { useContext, useEffect, useState } from "preact/hooks";
import { words, type WordKey } from "./words.ts";

export type Language = "en" | "zh";
type Pair = readonly [string, string];

interface Speech {
  language: Language;
  say: (key: WordKey) => string;
  pick: (pair: Pair) => string;
  /**
   * A word of the protocol, such as a role or a state, where the page knows it; else the word
   * itself.
   */
  term: (prefix: string, word: string) => string;
  switchLanguage: () => void;
}

const kStorageKey = "treeproof.language";

function speechOf(language: Language, switchLanguage: () => void): Speech {
  const pick = (pair: Pair) => pair[language === "en" ? 0 : 1];
  const say = (key: WordKey) => pick(words[key]);
  const term = (prefix: string, word: string) => {
    const key = `${prefix}_${word}`;
    return key in words ? say(key as WordKey) : word.replaceAll("_", " ");
  };
  return { language, say, pick, term, switchLanguage };
}

const SpeechContext = createContext<Speech>(speechOf("en", () => undefined));

export function useSpeech(): Speech {
  return useContext(SpeechContext);
}

function firstLanguage(): Language {
  const stored = localStorage.getItem(kStorageKey);
  if (stored === "en" || stored === "zh") return stored;
  return navigator.language.toLowerCase().startsWith("zh") ? "zh" : "en";
}

export function LanguageProvider({ children }: { children: ComponentChildren }) {
  const [language, setLanguage] = useState<Language>(firstLanguage);
  const speech = speechOf(language, () => setLanguage(language === "en" ? "zh" : "en"));
  useEffect(() => {
    localStorage.setItem(kStorageKey, language);
    document.documentElement.lang = language === "en" ? "en" : "zh-CN";
    document.title = speech.say("title");
  }, [language]);
  return <SpeechContext.Provider value={speech}>{children}</SpeechContext.Provider>;
}
