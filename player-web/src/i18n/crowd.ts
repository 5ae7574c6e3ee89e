import { addTexts } from './i18n';
import en from './crowd.en.json';
import zh from './crowd.zh-CN.json';

/** Texts of a lesson whose picture has to wait, as many join at once. */
addTexts({ 'zh-CN': zh, en });
