import en from './correct.en.json';
import { addTexts } from './i18n';
import zh from './correct.zh-CN.json';

addTexts({ 'zh-CN': zh, en });
