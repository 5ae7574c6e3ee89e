import en from './between.en.json';
import zh from './between.zh-CN.json';
import { addTexts } from './i18n';

/** Texts of what comes between lessons. */
addTexts({ 'zh-CN': zh, en });
