import './styles/base.css';
import './styles/home.css';
import './i18n/home';

import { render } from 'preact';

import { Frame } from './ui/frame';
import { HomePage } from './ui/home-page';

const root = document.getElementById('app');
if (root) {
  root.textContent = '';
  render(
    <Frame>
      <HomePage />
    </Frame>,
    root,
  );
}
