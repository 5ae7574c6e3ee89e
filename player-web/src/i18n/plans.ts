import { addTexts } from './i18n';
import en from './plans.en.json';
import zh from './plans.zh-CN.json';

/** Texts of the page that puts a day online, which comes after the office's page. */
addTexts({ 'zh-CN': zh, en });
