/** One style sheet for every widget of the page, made when the first one needs it. */
import answer from './answer.css';
import frame from './frame.css';
import theme from './theme.css';

/** @type {CSSStyleSheet | null} */
let made = null;

export const sheet = () => {
  if (made) return made;
  made = new CSSStyleSheet();
  made.replaceSync(theme + frame + answer);
  return made;
};
