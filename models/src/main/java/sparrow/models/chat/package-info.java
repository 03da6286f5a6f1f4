/**
 * What a model remembers of a conversation. A {@link sparrow.models.chat.ChatHistory} is a question with the turns before it; a {@link
 * sparrow.models.chat.Window} drops the oldest turns of one that no longer fits the model's context; a {@link
 * sparrow.models.chat.ChatPrompt} is its token list, which a sequence holds before the reply begins. Nothing here computes: {@link
 * sparrow.models.pool} asks the model.
 */
package sparrow.models.chat;
