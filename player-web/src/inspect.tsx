import './styles/base.css';
import './styles/board.css';
import './styles/parts.css';
import './styles/chip.css';
import './styles/office.css';
import './styles/inspect.css';
import './i18n/inspect';
import './i18n/office';

import { render } from 'preact';

import { Frame } from './ui/frame';
import { InspectPage } from './ui/inspect/inspect-page';

const root = document.getElementById('app');
if (root) {
  root.textContent = '';
  render(
    <Frame>
      <InspectPage />
    </Frame>,
    root,
  );
}
