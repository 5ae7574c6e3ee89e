import en from './company.en.json';
import zh from './company.zh-CN.json';
import { addTexts } from './i18n';

/** Texts of what comes after the player. */
addTexts({ 'zh-CN': zh, en });
