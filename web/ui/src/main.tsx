import { render } from 'preact';

render(<h1>Кабинет НМО</h1>, document.getElementById('app')!);
