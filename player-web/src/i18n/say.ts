import { addTexts } from './i18n';
import en from './say.en.json';
import zh from './say.zh-CN.json';

/** Texts of the three taps, on a family's page and after a lesson. */
addTexts({ 'zh-CN': zh, en });
