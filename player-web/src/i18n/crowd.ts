import { addTexts } from './i18n';
import en from './crowd.en.json';
import zh from './crowd.zh-CN.json';

/** Texts of a lesson that many join at once. */
addTexts({ 'zh-CN': zh, en });
