import { addTexts } from './i18n';
import en from './notes.en.json';
import zh from './notes.zh-CN.json';

/** Texts of writing notes, on whichever page. */
addTexts({ 'zh-CN': zh, en });
