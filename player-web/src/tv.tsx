import './styles/base.css';
import './styles/board.css';
import './styles/parts.css';
import './styles/picture.css';
import './styles/slider.css';
import './styles/watch.css';
import './styles/company.css';
import './styles/over.css';
import './styles/tv.css';
import './i18n/tv';

import { render } from 'preact';

import { Frame } from './ui/frame';
import { TvPage } from './ui/tv/tv-page';

const root = document.getElementById('app');
if (root) {
  root.textContent = '';
  render(
    <Frame>
      <TvPage />
    </Frame>,
    root,
  );
}
