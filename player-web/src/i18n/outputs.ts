import { addTexts } from './i18n';
import en from './outputs.en.json';
import zh from './outputs.zh-CN.json';

/** Texts of lessons to cable and other platforms, which come after the office's page. */
addTexts({ 'zh-CN': zh, en });
