import { addTexts } from './i18n';
import en from './group.en.json';
import zh from './group.zh-CN.json';

/** Texts for a class's group elsewhere, and its poster. */
addTexts({ 'zh-CN': zh, en });
