import { PROGRAMS } from './code.js';

const $ = (id) => document.getElementById(id);

/** Shows the program in the language of the button that was pressed, and copies it if the browser allows it. */
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

/** Copies a text, and returns a sentence that states whether it succeeded. */
export async function copied(text) {
  try {
    await navigator.clipboard.writeText(text);
    return 'Copied.';
  } catch {
    return 'The browser does not allow this page to copy.';
  }
}
