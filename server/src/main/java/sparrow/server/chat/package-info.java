/**
 * OpenAI's Chat Completions with audio. {@link sparrow.server.chat.ChatEndpoint} reads the request as a chat history,
 * runs the model, and sends the reply either when it is complete or as a stream of events while it is generated.
 */
package sparrow.server.chat;
