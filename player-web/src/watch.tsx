import './styles/base.css';
import './styles/board.css';
import './styles/parts.css';
import './styles/picture.css';
import './styles/slider.css';
import './styles/watch.css';
import './styles/company.css';
import './styles/over.css';
import './i18n/watch';

import { render } from 'preact';

import { Frame } from './ui/frame';
import { WatchPage } from './ui/watch-page';

const root = document.getElementById('app');
if (root) {
  root.textContent = '';
  render(
    <Frame>
      <WatchPage path={location.pathname} />
    </Frame>,
    root,
  );
}
