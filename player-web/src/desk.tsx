import './styles/base.css';
import './styles/board.css';
import './styles/parts.css';
import './styles/picture.css';
import './styles/notes.css';
import './styles/chip.css';
import './styles/rooms.css';
import './styles/help.css';
import './styles/desk.css';
import './i18n/desk';

import { render } from 'preact';

import { DeskPage } from './ui/desk/desk-page';
import { Frame } from './ui/frame';

const root = document.getElementById('app');
if (root) {
  root.textContent = '';
  render(
    <Frame>
      <DeskPage path={location.pathname} />
    </Frame>,
    root,
  );
}
