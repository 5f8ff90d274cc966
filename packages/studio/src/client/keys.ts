/** Single keys of the page: not while somebody writes, and never with a key of the system. */

const WRITES = 'input:not([type="checkbox"]):not([type="range"]), textarea, select, canvas, dialog';

export const plainKey = ({ target, ctrlKey, metaKey, altKey }: KeyboardEvent): boolean =>
  !ctrlKey && !metaKey && !altKey && !(target instanceof Element && target.closest(WRITES));
