/**
 * The commands {@code ask}, {@code chat}, {@code say} and {@code transcribe}, and the reports they print after an
 * answer.
 */
package sparrow.app.answer;
