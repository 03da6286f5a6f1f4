/**
 * The commands {@code ask}, {@code chat}, {@code say} and {@code transcribe}. {@link sparrow.app.answer.AnswerReport}
 * prints the report that follows an answer.
 */
package sparrow.app.answer;
