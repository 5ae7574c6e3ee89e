import './styles/base.css';
import './styles/board.css';
import './styles/parts.css';
import './styles/chip.css';
import './styles/office.css';
import './styles/office-board.css';
import './styles/absent.css';
import './styles/week.css';
import './i18n/office';

import { render } from 'preact';

import { Frame } from './ui/frame';
import { OfficePage } from './ui/office/office-page';

const root = document.getElementById('app');
if (root) {
  root.textContent = '';
  render(
    <Frame>
      <OfficePage />
    </Frame>,
    root,
  );
}
