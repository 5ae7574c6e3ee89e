import './styles/base.css';
import './styles/board.css';
import './styles/parts.css';
import './styles/chip.css';
import './styles/office.css';
import './styles/attendance.css';
import './styles/family.css';
import './i18n/family';

import { render } from 'preact';

import { linkOfPath } from './core/api';
import { FamilyPage } from './ui/family/family-page';
import { Frame } from './ui/frame';

const root = document.getElementById('app');
if (root) {
  root.textContent = '';
  render(
    <Frame>
      <FamilyPage link={linkOfPath(location.pathname) ?? ''} />
    </Frame>,
    root,
  );
}
