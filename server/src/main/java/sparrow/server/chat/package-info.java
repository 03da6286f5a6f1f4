/**
 * OpenAI's Chat Completions with audio: {@link sparrow.server.chat.ChatEndpoint} reads a request as a chat, asks the
 * model, and sends the reply whole or as a stream of events while it is generated.
 */
package sparrow.server.chat;
