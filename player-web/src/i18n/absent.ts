import { addTexts } from './i18n';
import en from './absent.en.json';
import zh from './absent.zh-CN.json';

/** Texts of a class's absent list, which comes after the office's page. */
addTexts({ 'zh-CN': zh, en });
