import './styles/base.css';
import './styles/parts.css';
import './styles/cabinet.css';

import { render } from 'preact';

import { App } from './app.tsx';
import { followAddress } from './route.ts';

followAddress();
render(<App />, document.getElementById('app')!);
