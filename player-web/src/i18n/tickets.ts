import { addTexts } from './i18n';
import en from './tickets.en.json';
import zh from './tickets.zh-CN.json';

/** Texts of the board of tickets, which comes after the office's page. */
addTexts({ 'zh-CN': zh, en });
