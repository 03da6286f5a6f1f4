import { PROGRAMS } from './code.js';

const $ = (id) => document.getElementById(id);

/** The program in the language of each button: shown, and copied where the browser allows it. */
export function offerCode(wanted) {
  for (const button of $('languages').children) {
    button.addEventListener('click', async () => {
      const program = PROGRAMS[button.value](wanted());
      $('code').hidden = false;
      $('code').textContent = program;
      $('copied').textContent = await copied(program);
    });
  }
}

/** Copies a text, and returns whether that was possible, in words. */
export async function copied(text) {
  try {
    await navigator.clipboard.writeText(text);
    return 'Copied.';
  } catch {
    return 'The browser does not allow this page to copy.';
  }
}
