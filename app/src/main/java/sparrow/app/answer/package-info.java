/**
 * The commands that answer: {@code ask}, {@code chat}, {@code say} and {@code transcribe}, with the reports of an answer.
 */
package sparrow.app.answer;
