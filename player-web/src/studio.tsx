import './styles/base.css';
import './styles/board.css';
import './styles/parts.css';
import './styles/preflight.css';
import './styles/studio.css';
import './i18n/studio';

import { render } from 'preact';

import { Frame } from './ui/frame';
import { StudioPage } from './ui/studio/studio-page';

const root = document.getElementById('app');
if (root) {
  root.textContent = '';
  render(
    <Frame>
      <StudioPage path={location.pathname} />
    </Frame>,
    root,
  );
}
