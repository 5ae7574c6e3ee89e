import { addTexts } from './i18n';
import en from './inspect.en.json';
import zh from './inspect.zh-CN.json';

/** Texts of spot checks. */
addTexts({ 'zh-CN': zh, en });
