/**
 * OpenAI's Chat Completions with audio: {@link sparrow.server.chat.ChatEndpoint} reads a request as a chat, asks the
 * model, and answers whole or as a stream of events while the reply comes into being.
 */
package sparrow.server.chat;
