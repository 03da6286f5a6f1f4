/**
 * The history of a conversation. A {@link sparrow.models.chat.ChatHistory} is a question with the previous turns. A
 * {@link sparrow.models.chat.Window} drops the oldest turns of a history that no longer fits into the model's context.
 * A {@link sparrow.models.chat.ChatPrompt} contains the history's tokens, which precede the reply in a sequence. The
 * package does not run the model; {@link sparrow.models.pool} does.
 */
package sparrow.models.chat;
